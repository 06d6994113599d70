//! What should be there: the specification in a few plain lists.

use runseal_merkle::Tree;
use runseal_registry::{
    instructions::{OpenLogArgs, SetParametersArgs},
    state::{Leaf, Moment, Name},
};
use solana_address::Address;
use std::collections::{BTreeMap, BTreeSet};

const THIRTY_DAYS: i64 = 30 * 86_400;

/// Everything that the program keeps, as the specification has it.
pub(super) struct Model {
    pub(super) authority: Held,
    pub(super) parameters: SetParametersArgs,
    pub(super) paused: bool,
    pub(super) agents: Vec<AgentModel>,
    pub(super) versions: Vec<VersionModel>,
    pub(super) certifiers: BTreeMap<Address, CertifierModel>,
    pub(super) attestations: Vec<AttestationModel>,
    pub(super) logs: Vec<LogModel>,
    pub(super) auditors: BTreeMap<Address, Name>,
    pub(super) claims: Vec<ClaimModel>,
    /// What is in each token account.
    pub(super) tokens: BTreeMap<Address, u64>,
}

/// An authority that changes hands in two steps.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) by: Address,
    pub(super) pending: Option<(Address, i64)>,
}

impl Held {
    pub(super) fn by(by: Address) -> Self {
        Self { by, pending: None }
    }

    pub(super) fn may_propose(&self, signer: Address, to: Address) -> bool {
        signer == self.by && to != self.by && to != Address::default()
    }

    pub(super) fn may_cancel(&self, signer: Address) -> bool {
        signer == self.by && self.pending.is_some()
    }

    pub(super) fn may_accept(&self, signer: Address, notice_seconds: u64, now: Moment) -> bool {
        self.pending.is_some_and(|(pending, at)| {
            let from = at + i64::try_from(notice_seconds).unwrap();
            pending == signer && (from..=from + THIRTY_DAYS).contains(&now.unix_seconds)
        })
    }

    pub(super) fn accept(&mut self) {
        if let Some((pending, _)) = self.pending.take() {
            self.by = pending;
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct AgentModel {
    pub(super) address: Address,
    pub(super) identity: Address,
    pub(super) vendor: Held,
    pub(super) status: u8,
    pub(super) versions: Vec<usize>,
    pub(super) manifest_hash: [u8; 32],
    pub(super) last_heartbeat_at: Moment,
}

#[derive(Clone, Debug)]
pub(super) struct VersionModel {
    pub(super) address: Address,
    pub(super) agent: usize,
    pub(super) index: u64,
    pub(super) yanked: bool,
    /// For each stage the newest of the attestations.
    pub(super) newest: [Option<usize>; 5],
}

#[derive(Clone, Debug)]
pub(super) struct CertifierModel {
    pub(super) address: Address,
    pub(super) stages: u8,
    /// The void-from slot, once it is suspended.
    pub(super) suspended: Option<u64>,
}

#[derive(Clone, Debug)]
pub(super) struct AttestationModel {
    pub(super) address: Address,
    pub(super) version: usize,
    pub(super) stage: u8,
    /// The certifier's key.
    pub(super) certifier: Address,
    pub(super) round: u32,
    pub(super) passed: bool,
    pub(super) issued_at: Moment,
    pub(super) expires_at: Moment,
    pub(super) previous: Option<usize>,
    /// Reason, moment and key, for good.
    pub(super) revoked: Option<(u8, Moment, Address)>,
}

impl AttestationModel {
    /// Whether it holds at this very moment.
    pub(super) fn holds(&self, now: Moment, certifier: &CertifierModel) -> bool {
        self.passed
            && self.revoked.is_none()
            && now.slot < self.expires_at.slot
            && now.unix_seconds < self.expires_at.unix_seconds
            && certifier.suspended.is_none_or(|void_from| self.issued_at.slot < void_from)
    }
}

pub(super) struct LogModel {
    pub(super) address: Address,
    pub(super) operator: Held,
    pub(super) args: OpenLogArgs,
    pub(super) anchoring_key: Address,
    /// First period and key, newest first.
    pub(super) promise_keys: Vec<(u64, Address)>,
    pub(super) periods: Vec<PeriodModel>,
    pub(super) late: u64,
    pub(super) missed: u64,
    pub(super) upheld: u64,
    pub(super) open_claims: u32,
    pub(super) bond: u64,
    pub(super) unbond: u64,
    pub(super) unbond_at: i64,
}

/// An anchored period.
pub(super) struct PeriodModel {
    pub(super) anchor: Address,
    pub(super) leaves: Vec<Leaf>,
    pub(super) tree: Tree,
    pub(super) hash: [u8; 32],
    pub(super) timeliness: u8,
    pub(super) posted_at: Moment,
    pub(super) payer: Address,
    pub(super) cosigners: BTreeSet<[u8; 32]>,
    pub(super) closed: bool,
}

impl LogModel {
    /// When a period ends, as far as it fits a number.
    pub(super) fn end(&self, period: u64) -> Option<i64> {
        let seconds = period.checked_add(1)?.checked_mul(self.args.cadence_seconds)?;
        self.args.start_seconds.checked_add_unsigned(seconds)
    }

    pub(super) fn deadline(&self, period: u64) -> Option<i64> {
        self.end(period)?.checked_add_unsigned(self.args.grace_seconds)
    }

    pub(super) fn challenge_deadline(&self, period: u64) -> Option<i64> {
        self.deadline(period)?.checked_add_unsigned(self.args.challenge_window_seconds)
    }

    pub(super) fn next_period(&self) -> u64 {
        self.periods.len() as u64
    }

    pub(super) fn period(&self, period: u64) -> Option<&PeriodModel> {
        self.periods.get(usize::try_from(period).ok()?)
    }

    /// The period's anchor, while its account is there.
    pub(super) fn open_period(&self, period: u64) -> Option<&PeriodModel> {
        self.period(period).filter(|period| !period.closed)
    }

    /// The first period that has not begun.
    pub(super) fn first_period_after(&self, now: i64) -> u64 {
        match u64::try_from(now - self.args.start_seconds) {
            Ok(passed) => passed / self.args.cadence_seconds + 1,
            Err(_) => 0,
        }
    }

    pub(super) fn promise_key(&self, period: u64) -> Option<Address> {
        self.promise_keys.iter().find(|(from, _)| *from <= period).map(|(_, key)| *key)
    }

    /// How long the log itself asks a withdrawal to wait.
    pub(super) fn challengeable_seconds(&self) -> u64 {
        let args = &self.args;
        args.cadence_seconds
            + args.grace_seconds
            + args.challenge_window_seconds
            + args.answer_window_seconds
    }

    pub(super) fn head(&self) -> [u8; 32] {
        self.periods.last().map_or([0; 32], |period| period.hash)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ClaimStateModel {
    Open,
    Answered,
    Upheld { slashed: u64 },
}

#[derive(Clone, Debug)]
pub(super) struct ClaimModel {
    pub(super) address: Address,
    pub(super) log: usize,
    /// A disorder claim, and not a challenge.
    pub(super) disorder: bool,
    pub(super) period: u64,
    /// Where the leaf stands, as far as that is known.
    pub(super) index: u64,
    pub(super) leaf: Leaf,
    pub(super) claimant: Address,
    pub(super) deposit: u64,
    pub(super) answer_by: i64,
    pub(super) state: ClaimStateModel,
}

impl Model {
    /// How many rounds a certifier gave a stage of a version.
    pub(super) fn rounds(&self, version: usize, stage: u8, certifier: Address) -> u32 {
        let of = |attestation: &&AttestationModel| {
            (attestation.version, attestation.stage, attestation.certifier)
                == (version, stage, certifier)
        };
        u32::try_from(self.attestations.iter().filter(of).count()).unwrap()
    }
}
