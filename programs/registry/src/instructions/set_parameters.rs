use crate::{
    events::ParametersSet,
    state::{Config, Moment},
    RegistryError,
};
use anchor_lang::prelude::*;

/// Every parameter anew.
#[derive(Clone, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct SetParametersArgs {
    /// Whose token account receives the treasury's part of a slash.
    pub treasury: Address,
    /// The SPL mint that the bonds of logs opened from now on are posted in.
    pub bond_mint: Address,
    /// The smallest bond that counts as one, and what one upheld claim costs.
    pub smallest_bond_amount: u64,
    /// What a claimant deposits with a claim.
    pub claim_deposit_lamports: u64,
    /// How long a proposed authority waits before it may accept.
    pub authority_notice_seconds: u64,
    /// How long a bond stays claimable after its withdrawal was requested.
    pub unbond_notice_seconds: u64,
    /// The part of a slashed bond that goes to the claimant.
    pub slash_claimant_basis_points: u16,
}

/// The accounts of `set_parameters`.
#[derive(Accounts)]
pub struct SetParameters {
    /// The config's authority.
    pub authority: Signer,
    /// The config.
    #[account(mut)]
    pub config: Account<Config>,
}

impl SetParameters {
    /// Reads only. The parameters are checked by the account's own invariant.
    pub fn check(&self, args: &SetParametersArgs) -> Result<()> {
        self.config.check_authority(self.authority.address())?;
        // Whoever stole the authority's key could otherwise hand everything over at once.
        let notice = args.authority_notice_seconds >= self.config.authority_notice_seconds;
        require!(notice, RegistryError::NoticeShortened);
        Ok(())
    }

    /// Writes only.
    pub fn apply(&mut self, args: &SetParametersArgs, now: Moment) -> Result<ParametersSet> {
        let config = &mut self.config;
        config.treasury = args.treasury;
        config.bond_mint = args.bond_mint;
        config.smallest_bond_amount = args.smallest_bond_amount;
        config.claim_deposit_lamports = args.claim_deposit_lamports;
        config.authority_notice_seconds = args.authority_notice_seconds;
        config.unbond_notice_seconds = args.unbond_notice_seconds;
        config.slash_claimant_basis_points = args.slash_claimant_basis_points;
        config.updated_at = now;
        config.invariant()?;
        Ok(ParametersSet { config: *config.address(), at: now })
    }
}
