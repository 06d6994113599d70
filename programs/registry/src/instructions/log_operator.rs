//! The three steps in which a log changes its operator.

use crate::{
    events::{AuthorityAccepted, AuthorityCancelled, AuthorityProposed},
    state::{Log, Moment},
};
use anchor_lang::prelude::*;

/// The accounts of `propose_operator`, `cancel_operator` and `accept_operator`.
#[derive(Accounts)]
pub struct LogOperator {
    /// The operator; or, to accept, the one who was proposed.
    pub signer: Signer,
    /// The log.
    #[account(mut)]
    pub log: Account<Log>,
}

impl LogOperator {
    /// Writes the proposal.
    pub fn propose(&mut self, pending: Address, now: Moment) -> Result<AuthorityProposed> {
        self.log.check_operator(self.signer.address())?;
        self.log.handover().propose(pending, now)?;
        self.log.invariant()?;
        let (account, authority) = (*self.log.address(), self.log.operator);
        Ok(AuthorityProposed { account, authority, pending, at: now })
    }

    /// Withdraws it.
    pub fn cancel(&mut self, now: Moment) -> Result<AuthorityCancelled> {
        self.log.check_operator(self.signer.address())?;
        self.log.handover().cancel()?;
        self.log.invariant()?;
        let (account, authority) = (*self.log.address(), self.log.operator);
        Ok(AuthorityCancelled { account, authority, at: now })
    }

    /// Gives the log to the signer.
    pub fn accept(&mut self, now: Moment) -> Result<AuthorityAccepted> {
        let previous = self.log.operator;
        self.log.handover().accept(self.signer.address(), 0, now)?;
        self.log.invariant()?;
        let (account, authority) = (*self.log.address(), self.log.operator);
        Ok(AuthorityAccepted { account, previous, authority, at: now })
    }
}
