//! What the instructions that move tokens share. Only the SPL Token program is spoken to: its
//! accounts hold what they say, without fees and hooks on transfers.

use crate::{
    RegistryError,
    constants::LOG_SEED,
    state::{Config, Log},
};
use anchor_lang::prelude::*;
use pinocchio::cpi::{Seed, Signer as PdaSigner};
use pinocchio_token::{instructions::Transfer, state::Account as TokenAccount};

/// Refuses unless `account` holds tokens of `mint` for `owner`.
pub(crate) fn check_account(account: &AccountView, mint: &Address, owner: &Address) -> Result<()> {
    let account = TokenAccount::from_account_view(account)
        .map_err(|_| ProgramError::from(RegistryError::WrongTokenAccount))?;
    let right = account.mint() == mint && account.owner() == owner;
    require!(right, RegistryError::WrongTokenAccount);
    Ok(())
}

/// Moves tokens out of a log's bond. The log's own address signs.
pub(crate) fn pay_out(
    log: &Account<Log>,
    bond_account: &AccountView,
    to: &AccountView,
    amount: u64,
) -> Result<()> {
    if amount == 0 {
        return Ok(());
    }
    let bump = [log.bump];
    let seeds = [
        Seed::from(LOG_SEED),
        Seed::from(log.founder.as_ref()),
        Seed::from(log.name.bytes.as_ref()),
        Seed::from(bump.as_ref()),
    ];
    let transfer = Transfer::new(bond_account, to, log.account(), amount);
    transfer.invoke_signed(&[PdaSigner::from(&seeds)])
}

/// What one upheld claim costs: the smallest bond, or what is left of the bond.
pub(crate) fn slashed_amount(config: &Config, log: &Log) -> u64 {
    config.smallest_bond_amount.min(log.bond_amount)
}

/// The claimant's part of a slash, rounded down.
pub(crate) fn claimant_share(config: &Config, amount: u64) -> Result<u64> {
    let points = u64::from(config.slash_claimant_basis_points);
    let (whole, rest) = (amount / 10_000, amount % 10_000);
    // The rest is below 10,000, so its product cannot overflow.
    let share = whole.checked_mul(points).ok_or(RegistryError::Overflow)?;
    share.checked_add(rest * points / 10_000).ok_or(RegistryError::Overflow.into())
}
