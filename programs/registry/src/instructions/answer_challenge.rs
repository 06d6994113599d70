use crate::{
    events::ClaimAnswered,
    instructions::proof,
    state::{Anchor, Claim, ClaimKind, ClaimState, Log, Moment},
    RegistryError,
};
use anchor_lang::{cpi::rent_exempt_lamports, prelude::*};

/// The accounts of `answer_challenge`.
#[derive(Accounts)]
pub struct AnswerChallenge {
    /// The operator; receives the claimant's deposit. Anybody may answer for him, and nobody gains
    /// from it: neither a claimant who answers himself nor a stranger who copies an answer.
    #[account(mut)]
    pub operator: UncheckedAccount,
    /// The log.
    #[account(mut)]
    pub log: Account<Log>,
    /// The anchor of the claim's period.
    pub anchor: Account<Anchor>,
    /// The claim.
    #[account(mut)]
    pub claim: Account<Claim>,
}

impl AnswerChallenge {
    /// Reads only.
    pub fn check(&self, index: u64, path: &[[u8; 32]], now: Moment) -> Result<()> {
        let claim = &self.claim;
        claim.check_open(ClaimKind::BrokenPromise, self.log.address())?;
        let is_operator = self.log.operator == *self.operator.address();
        require!(is_operator, RegistryError::NotAuthority);
        let in_time = now.unix_seconds <= claim.answer_by_seconds;
        require!(in_time, RegistryError::AnswerTooLate);
        self.anchor.check_is(self.log.address(), claim.period)?;
        proof::check_leaf(&self.anchor, index, &claim.leaf, path)
    }

    /// Writes only.
    pub fn apply(&mut self, index: u64, now: Moment) -> Result<ClaimAnswered> {
        pay_out_deposit(&mut self.claim, self.operator.account())?;
        self.claim.index = index;
        self.claim.decide(ClaimState::Answered, 0, now);
        self.log.open_claim_count = self.log.open_claim_count.saturating_sub(1);
        self.log.invariant()?;
        Ok(ClaimAnswered { log: *self.log.address(), claim: *self.claim.address(), at: now })
    }
}

/// Pays a claim's deposit out, but for what the claim's own account needs to stay.
///
/// Rent may have risen since it was opened, and that must keep nobody from answering or settling.
pub(crate) fn pay_out_deposit(claim: &mut Account<Claim>, to: &AccountView) -> Result<()> {
    let deposit = core::mem::take(&mut claim.deposit_lamports);
    let needed = rent_exempt_lamports(claim.account().data_len())?;
    let (mut from, mut to) = (*claim.account(), *to);
    let lamports = deposit.min(from.lamports().saturating_sub(needed));
    let left = from.lamports().checked_sub(lamports).ok_or(RegistryError::Overflow)?;
    let sum = to.lamports().checked_add(lamports).ok_or(RegistryError::Overflow)?;
    from.set_lamports(left);
    to.set_lamports(sum);
    Ok(())
}
