use crate::{
    constants::CLAIM_SEED,
    events::ClaimOpened,
    instructions::proof,
    state::{Anchor, Claim, ClaimKind, ClaimState, Leaf, Log, Moment},
};
use anchor_lang::prelude::*;

/// The accounts of `open_disorder_claim`.
#[derive(Accounts)]
#[instruction(index: u64, leaf: Leaf)]
pub struct OpenDisorderClaim {
    /// Who accuses; pays the claim's rent.
    #[account(mut)]
    pub claimant: Signer,
    /// The log.
    pub log: Account<Log>,
    /// The anchor of the period.
    pub anchor: Account<Anchor>,
    /// The account to create.
    #[account(
        init,
        payer = claimant,
        seeds = [
            CLAIM_SEED,
            log.address().as_ref(),
            &[ClaimKind::Disorder as u8],
            &anchor.period.to_le_bytes(),
            leaf.agent.as_ref(),
            &index.to_le_bytes(),
            leaf.digest.as_ref()
        ],
        bump
    )]
    pub claim: Account<Claim>,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl OpenDisorderClaim {
    /// Reads only: the first of the two leaves stands where it is said to.
    pub fn check(&self, index: u64, leaf: &Leaf, path: &[[u8; 32]]) -> Result<()> {
        self.anchor.check_is(self.log.address(), self.anchor.period)?;
        proof::check_leaf(&self.anchor, index, leaf, path)
    }

    /// Writes only. It waits for no answer, so it does not count as open against the log.
    pub fn apply(&mut self, index: u64, leaf: Leaf, bump: u8, now: Moment) -> Result<ClaimOpened> {
        let claim = &mut self.claim;
        claim.version = Claim::VERSION;
        claim.bump = bump;
        claim.kind = ClaimKind::Disorder as u8;
        claim.state = ClaimState::Open as u8;
        claim.period = self.anchor.period;
        claim.index = index;
        claim.opened_at = now;
        claim.log = *self.log.address();
        claim.claimant = *self.claimant.address();
        claim.leaf = leaf;
        Ok(ClaimOpened {
            log: claim.log,
            claim: *claim.address(),
            kind: claim.kind.into(),
            period: claim.period,
            claimant: claim.claimant,
            at: now,
        })
    }
}
