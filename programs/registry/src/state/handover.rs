use super::Moment;
use crate::{RegistryError, constants::PROPOSAL_EXPIRY_SECONDS};
use anchor_lang::prelude::*;

/// The two steps in which an authority changes hands, the same for every account that has one.
///
/// A typo cannot lock an account, because whoever is proposed must sign to accept.
pub struct Handover<'a> {
    /// Who has the authority.
    pub authority: &'a mut Address,
    /// Who was proposed; the default address while nobody was.
    pub pending: &'a mut Address,
    /// When.
    pub proposed_at: &'a mut Moment,
}

impl Handover<'_> {
    /// Proposes `to`; an earlier proposal is forgotten.
    pub fn propose(&mut self, to: Address, now: Moment) -> Result<()> {
        require!(to != Address::default(), RegistryError::AddressNotSet);
        require!(to != *self.authority, RegistryError::AlreadyAuthority);
        *self.pending = to;
        *self.proposed_at = now;
        Ok(())
    }

    /// Withdraws the proposal.
    pub fn cancel(&mut self) -> Result<()> {
        require!(*self.pending != Address::default(), RegistryError::NobodyProposed);
        *self.pending = Address::default();
        *self.proposed_at = Moment::default();
        Ok(())
    }

    /// Gives the authority to `signer`, who was proposed, once `notice_seconds` have passed.
    pub fn accept(&mut self, signer: &Address, notice_seconds: u64, now: Moment) -> Result<()> {
        require!(*self.pending != Address::default(), RegistryError::NobodyProposed);
        require!(*self.pending == *signer, RegistryError::NotProposed);
        let from = self.proposed_at.plus_seconds(notice_seconds)?;
        require!(now.unix_seconds >= from, RegistryError::ProposalTooEarly);
        let until = from.saturating_add_unsigned(PROPOSAL_EXPIRY_SECONDS);
        require!(now.unix_seconds <= until, RegistryError::ProposalExpired);
        *self.authority = *signer;
        *self.pending = Address::default();
        *self.proposed_at = Moment::default();
        Ok(())
    }
}
