use super::{Handover, Moment, Name};
use crate::{
    RegistryError,
    constants::{
        MAX_CADENCE_SECONDS, MAX_RETENTION_SECONDS, MAX_WINDOW_SECONDS, MIN_WINDOW_SECONDS,
        PEAK_COUNT, PROMISE_KEY_COUNT,
    },
};
use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};

/// A key that promises, and the first period that it serves.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable, IdlType)]
pub struct PromiseKey {
    /// The first period that it serves; the next key's first period ends its service.
    pub from_period: u64,
    /// The key; the default address where none is.
    pub key: Address,
}

/// One operator's chain of anchors. Seeds `"log"`, founder, name.
///
/// Period p is the time from `start + p * cadence` up to `start + (p + 1) * cadence`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Log {
    /// Layout version; see [`Log::VERSION`].
    pub version: u8,
    /// Canonical bump of this account's address.
    pub bump: u8,
    /// Zero.
    pub reserved_flags: [u8; 2],
    /// How many challenges wait for an answer.
    pub open_claim_count: u32,
    /// How many periods are anchored, and the number of the next one.
    pub next_period: u64,
    /// How many leaves all anchors together have.
    pub cumulative_leaf_count: u64,
    /// How many periods were anchored after their grace.
    pub late_count: u64,
    /// How many periods were anchored more than a whole cadence after their grace.
    pub missed_count: u64,
    /// How many claims were upheld.
    pub upheld_count: u64,
    /// Unix time at which period 0 begins.
    pub start_seconds: i64,
    /// How long a period is.
    pub cadence_seconds: u64,
    /// How long after a period's end its anchor is still in time.
    pub grace_seconds: u64,
    /// How long the operator has to answer a challenge.
    pub answer_window_seconds: u64,
    /// How long after a period's end and grace its promises can be challenged.
    pub challenge_window_seconds: u64,
    /// How long an anchor's account is kept after it was posted.
    pub retention_seconds: u64,
    /// What can be lost, in the bond mint's base units.
    pub bond_amount: u64,
    /// How much of it the operator asked to have back.
    pub unbond_amount: u64,
    /// When he asked; zero while he has not.
    pub unbond_requested_at: Moment,
    /// When the log was opened.
    pub opened_at: Moment,
    /// When the anchoring key last changed.
    pub anchoring_key_changed_at: Moment,
    /// When the promise key last changed.
    pub promise_key_changed_at: Moment,
    /// When the pending operator was proposed; zero while there is none.
    pub proposed_at: Moment,
    /// The promise keys, newest first.
    pub promise_keys: [PromiseKey; PROMISE_KEY_COUNT],
    /// Who opened the log. Only a seed: the operator may be another by now.
    pub founder: Address,
    /// Who runs it.
    pub operator: Address,
    /// Who has been asked to take over; the default address while nobody has.
    pub pending_operator: Address,
    /// The key that posts anchors.
    pub anchoring_key: Address,
    /// The SPL mint of the bond.
    pub bond_mint: Address,
    /// Which chain this is; in every period's context, so that no anchor is taken for another chain's.
    pub genesis_hash: [u8; 32],
    /// The newest anchor's hash; zero before the first.
    pub head_anchor_hash: [u8; 32],
    /// The founder's name for the log.
    pub name: Name,
    /// The mountain range over all anchors' hashes, by level; a level counts while its bit is set in
    /// `next_period`.
    pub peaks: [[u8; 32]; PEAK_COUNT],
    /// Zero, for later versions of the layout.
    pub reserved: [u8; 64],
}

impl Log {
    /// The layout that this program writes.
    pub const VERSION: u8 = 1;

    /// Refuses anybody but the operator.
    pub fn check_operator(&self, signer: &Address) -> Result<()> {
        require!(self.operator == *signer, RegistryError::NotAuthority);
        Ok(())
    }

    /// The operator's authority, as something that changes hands.
    pub fn handover(&mut self) -> Handover<'_> {
        Handover {
            authority: &mut self.operator,
            pending: &mut self.pending_operator,
            proposed_at: &mut self.proposed_at,
        }
    }

    /// Returns when `period` begins.
    pub fn period_start(&self, period: u64) -> Result<i64> {
        let offset = period.checked_mul(self.cadence_seconds).ok_or(RegistryError::Overflow)?;
        self.start_seconds.checked_add_unsigned(offset).ok_or(RegistryError::Overflow.into())
    }

    /// Returns when `period` ends.
    pub fn period_end(&self, period: u64) -> Result<i64> {
        let end = self.period_start(period)?.checked_add_unsigned(self.cadence_seconds);
        end.ok_or(RegistryError::Overflow.into())
    }

    /// Returns until when an anchor of `period` is in time.
    pub fn period_deadline(&self, period: u64) -> Result<i64> {
        let deadline = self.period_end(period)?.checked_add_unsigned(self.grace_seconds);
        deadline.ok_or(RegistryError::Overflow.into())
    }

    /// Returns until when a promise for `period` can be challenged.
    pub fn challenge_deadline(&self, period: u64) -> Result<i64> {
        let deadline = self.period_deadline(period)?;
        let deadline = deadline.checked_add_unsigned(self.challenge_window_seconds);
        deadline.ok_or(RegistryError::Overflow.into())
    }

    /// Returns the first period that has not begun at `unix_seconds`.
    pub fn first_period_after(&self, unix_seconds: i64) -> u64 {
        let passed = unix_seconds.checked_sub(self.start_seconds).unwrap_or(i64::MAX);
        match u64::try_from(passed) {
            Ok(passed) => (passed / self.cadence_seconds).saturating_add(1),
            Err(_) => 0,
        }
    }

    /// Returns the key that promised for `period`; `None` if it is no longer remembered.
    pub fn promise_key_of(&self, period: u64) -> Option<&Address> {
        let known = self.promise_keys.iter().filter(|entry| entry.key != Address::default());
        known.into_iter().find(|entry| entry.from_period <= period).map(|entry| &entry.key)
    }

    /// Returns the root of the mountain range over all anchors.
    pub fn range_root(&self) -> Result<[u8; 32]> {
        runseal_merkle::mountain_range::root(&self.peaks, self.next_period)
            .ok_or(RegistryError::LogFull.into())
    }

    /// Holds after every instruction that writes the account.
    pub fn invariant(&self) -> Result<()> {
        require!(self.version == Self::VERSION, RegistryError::UnknownLayoutVersion);
        let keys_set = self.anchoring_key != Address::default()
            && self.promise_keys[0].key != Address::default();
        require!(keys_set, RegistryError::AddressNotSet);
        require!(self.unbond_amount <= self.bond_amount, RegistryError::AmountAboveBond);
        Ok(())
    }

    /// Refuses parameters that are fixed when the log is opened and make no sense.
    pub fn check_parameters(&self) -> Result<()> {
        let cadence = self.cadence_seconds;
        require!((1..=MAX_CADENCE_SECONDS).contains(&cadence), RegistryError::CadenceOutOfRange);
        let windows = self.grace_seconds <= MAX_WINDOW_SECONDS
            && self.challenge_window_seconds <= MAX_WINDOW_SECONDS
            && self.answer_window_seconds <= MAX_WINDOW_SECONDS
            && self.answer_window_seconds >= MIN_WINDOW_SECONDS
            && self.challenge_window_seconds >= MIN_WINDOW_SECONDS
            && self.retention_seconds <= MAX_RETENTION_SECONDS;
        require!(windows, RegistryError::WindowOutOfRange);
        // All four are bounded above, so their sum is too.
        let longest_claim = self.cadence_seconds
            + self.grace_seconds
            + self.challenge_window_seconds
            + self.answer_window_seconds;
        require!(self.retention_seconds >= longest_claim, RegistryError::RetentionTooShort);
        require!(self.challenge_deadline(1 << PEAK_COUNT).is_ok(), RegistryError::StartOutOfRange);
        require!(self.genesis_hash != [0; 32], RegistryError::GenesisHashIsZero);
        self.name.check()
    }
}
