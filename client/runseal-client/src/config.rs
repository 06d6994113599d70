//! How a program gets its configuration.

use crate::{
    instructions,
    ledger::{Landed, Ledger, LedgerError},
    registry::{self, ReadError},
};
use runseal_registry::{instructions::InitializeConfigArgs, state::Config};
use solana_signer::Signer;

/// What became of a wish for a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Configured {
    /// It was made.
    Now(Landed),
    /// It stood there already, with these very parameters.
    Before,
}

/// Creates the config account, or finds that it is there as wished.
///
/// Safe to repeat: a config with other parameters is an error and is left as it is.
pub async fn initialize(
    ledger: &impl Ledger,
    upgrade_authority: &(dyn Signer + Sync),
    args: InitializeConfigArgs,
) -> Result<Configured, InitializeError> {
    if let Some(found) = registry::find::<Config>(ledger, registry::config_address()).await? {
        return match first_difference(&found.account, &args) {
            None => Ok(Configured::Before),
            Some(parameter) => Err(InitializeError::Different { parameter }),
        };
    }
    let payer = upgrade_authority.try_pubkey().map_err(LedgerError::from)?;
    let instruction = instructions::config::initialize(payer, payer, args);
    Ok(Configured::Now(ledger.submit(&[instruction], &[upgrade_authority]).await?))
}

fn first_difference(config: &Config, args: &InitializeConfigArgs) -> Option<&'static str> {
    let same = [
        ("authority", config.authority == args.authority),
        ("treasury", config.treasury == args.treasury),
        ("bond_mint", config.bond_mint == args.bond_mint),
        ("smallest_bond_amount", config.smallest_bond_amount == args.smallest_bond_amount),
        ("claim_deposit_lamports", config.claim_deposit_lamports == args.claim_deposit_lamports),
        (
            "authority_notice_seconds",
            config.authority_notice_seconds == args.authority_notice_seconds,
        ),
        ("unbond_notice_seconds", config.unbond_notice_seconds == args.unbond_notice_seconds),
        (
            "slash_claimant_basis_points",
            config.slash_claimant_basis_points == args.slash_claimant_basis_points,
        ),
    ];
    same.into_iter().find(|(_, same)| !same).map(|(parameter, _)| parameter)
}

/// Why there is no configuration as wished.
#[derive(Debug, thiserror::Error)]
pub enum InitializeError {
    /// There is one, and it is not the one that was asked for.
    #[error("the program is configured already, with another {parameter}")]
    Different {
        /// The first parameter that differs.
        parameter: &'static str,
    },
    /// What is there could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The ledger did not take it.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}
