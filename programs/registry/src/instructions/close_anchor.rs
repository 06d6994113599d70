use crate::{
    events::AnchorClosed,
    state::{Anchor, Log, Moment},
    RegistryError,
};
use anchor_lang::prelude::*;

/// The accounts of `close_anchor`.
#[derive(Accounts)]
pub struct CloseAnchor {
    /// The operator.
    pub operator: Signer,
    /// Who paid the anchor's rent; gets it back.
    // Often the operator as well. Nothing borrows its data, so that is sound.
    #[account(mut, unsafe(dup))]
    pub payer: UncheckedAccount,
    /// The log. Its mountain range goes on proving the anchor.
    pub log: Account<Log>,
    /// The anchor. It cannot be made again, because only the next period can be.
    #[account(mut, close = payer)]
    pub anchor: Account<Anchor>,
}

impl CloseAnchor {
    /// Reads only; the account is closed when this instruction is over.
    pub fn check(&self, now: Moment) -> Result<AnchorClosed> {
        self.log.check_operator(self.operator.address())?;
        self.anchor.check_is(self.log.address(), self.anchor.period)?;
        let paid = self.anchor.payer == *self.payer.address();
        require!(paid, RegistryError::NotAuthority);
        let until = self.anchor.posted_at.plus_seconds(self.log.retention_seconds)?;
        require!(now.unix_seconds > until, RegistryError::RetentionNotOver);
        require!(self.log.open_claim_count == 0, RegistryError::ClaimOpen);
        Ok(AnchorClosed {
            log: *self.log.address(),
            anchor: *self.anchor.address(),
            period: self.anchor.period,
            anchor_hash: self.anchor.anchor_hash,
            at: now,
        })
    }
}
