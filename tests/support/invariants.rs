//! What holds between the accounts of a chain, whatever happened on it.

use crate::Chain;
use runseal_client::registry::{self, Found, RegistryAccount};
use runseal_merkle::{Tree, leaf_hash};
use runseal_registry::{
    constants::{
        AGENT_SEED, ANCHOR_SEED, ATTESTATION_SEED, AUDITOR_SEED, CERTIFIER_SEED, CLAIM_SEED,
        CONFIG_SEED, COSIGNATURE_SEED, LOG_SEED, VERSION_SEED,
    },
    state::{
        Agent, Anchor, Attestation, Auditor, Certifier, Claim, ClaimKind, ClaimState, Config,
        Cosignature, Log, Moment, Timeliness, Version, period_context,
    },
};
use solana_address::Address;
use std::{collections::BTreeSet, mem::size_of};

const NOBODY: Address = Address::new_from_array([0; 32]);
const NEVER: Moment = Moment { slot: 0, unix_seconds: 0 };

/// Everything that the program has on a chain.
struct Accounts {
    configs: Vec<Found<Config>>,
    agents: Vec<Found<Agent>>,
    versions: Vec<Found<Version>>,
    certifiers: Vec<Found<Certifier>>,
    attestations: Vec<Found<Attestation>>,
    logs: Vec<Found<Log>>,
    anchors: Vec<Found<Anchor>>,
    auditors: Vec<Found<Auditor>>,
    cosignatures: Vec<Found<Cosignature>>,
    claims: Vec<Found<Claim>>,
}

impl Chain {
    /// Every account of one kind.
    pub fn all<T: RegistryAccount>(&self) -> Vec<Found<T>> {
        let accounts = self.svm.get_program_accounts(&registry::PROGRAM);
        let of_kind = accounts.iter().filter(|(_, raw)| raw.data.starts_with(T::DISCRIMINATOR));
        of_kind.map(|(address, _)| self.read(*address)).collect()
    }

    /// Panics unless every account of the program is sound in itself and fits all the others.
    pub fn check_invariants(&self) {
        let accounts = Accounts {
            configs: self.all(),
            agents: self.all(),
            versions: self.all(),
            certifiers: self.all(),
            attestations: self.all(),
            logs: self.all(),
            anchors: self.all(),
            auditors: self.all(),
            cosignatures: self.all(),
            claims: self.all(),
        };
        let written = self.svm.get_program_accounts(&registry::PROGRAM).len();
        assert_eq!(accounts.count(), written, "an account of no known kind");
        accounts.check_config();
        accounts.check_agents();
        accounts.check_certification();
        accounts.check_auditors();
        for log in &accounts.logs {
            accounts.check_log(log);
            accounts.check_range(log);
            self.check_bond(log);
        }
        accounts.check_anchors();
        for claim in &accounts.claims {
            self.check_claim(claim);
        }
    }

    /// A bond is worth what its log says, or more: anybody may send tokens there that do not count.
    fn check_bond(&self, log: &Found<Log>) {
        let bond = self.svm.get_account(&registry::bond_address(&log.address));
        let tokens = bond.and_then(|raw| Some(*raw.data.get(64..)?.first_chunk::<8>()?));
        let held = tokens.map_or(0, u64::from_le_bytes);
        let said = log.account.bond_amount;
        assert!(said <= held, "the bond of {} is {held}, and {said} is said", log.address);
    }

    /// A claim holds its deposit beside its rent, and is decided once.
    fn check_claim(&self, found: &Found<Claim>) {
        let claim = &found.account;
        let (period, leaf) = (claim.period.to_le_bytes(), &claim.leaf);
        let promise = claim.kind == ClaimKind::BrokenPromise as u8;
        let sequence = u64::from_be_bytes(leaf.sequence);
        let number = if promise { sequence } else { claim.index }.to_le_bytes();
        let (kind, log) = ([claim.kind], claim.log.as_ref());
        let seeds = [CLAIM_SEED, log, &kind, &period, &leaf.agent, &number, &leaf.digest];
        check_place(found.address, claim.bump, &seeds);
        assert!(promise || claim.kind == ClaimKind::Disorder as u8);
        let open = claim.state == ClaimState::Open as u8;
        let upheld = claim.state == ClaimState::Upheld as u8;
        assert!(open || upheld || (promise && claim.state == ClaimState::Answered as u8));
        assert_eq!(claim.decided_at == NEVER, open);
        assert!(upheld || claim.slashed_amount == 0);
        assert!((open && promise) || claim.deposit_lamports == 0);
        assert_eq!((claim.version, claim.reserved), (1, [0; 64]));
        let rent = self.svm.minimum_balance_for_rent_exemption(8 + size_of::<Claim>());
        let lamports = self.svm.get_balance(&found.address).unwrap();
        assert!(lamports >= rent + claim.deposit_lamports, "deposit of {}", found.address);
    }
}

impl Accounts {
    fn count(&self) -> usize {
        self.configs.len()
            + self.agents.len()
            + self.versions.len()
            + self.certifiers.len()
            + self.attestations.len()
            + self.logs.len()
            + self.anchors.len()
            + self.auditors.len()
            + self.cosignatures.len()
            + self.claims.len()
    }

    fn check_config(&self) {
        assert!(self.configs.len() <= 1);
        for Found { address, account } in &self.configs {
            check_place(*address, account.bump, &[CONFIG_SEED]);
            account.invariant().unwrap();
            check_proposal(&account.pending_authority, account.proposed_at);
            assert_eq!(account.reserved, [0; 64]);
        }
    }

    /// Versions are numbered without gaps, and each agent knows how many it has.
    fn check_agents(&self) {
        for Found { address, account } in &self.agents {
            check_place(*address, account.bump, &[AGENT_SEED, account.identity.as_ref()]);
            account.invariant().unwrap();
            check_proposal(&account.pending_authority, account.proposed_at);
            let own = self.versions.iter().filter(|version| version.account.agent == *address);
            let indices: BTreeSet<u64> = own.map(|version| version.account.index).collect();
            assert_eq!(indices, (0..account.version_count).collect());
            assert_eq!(account.reserved, [0; 64]);
        }
        for Found { address, account } in &self.versions {
            let index = account.index.to_le_bytes();
            check_place(*address, account.bump, &[VERSION_SEED, account.agent.as_ref(), &index]);
            account.invariant().unwrap();
            assert_eq!(account.yanked_at == NEVER, account.yanked == 0);
            assert!(account.yanked <= 1 && account.reserved == [0; 64]);
        }
    }

    /// From a version's newest attestation of a stage every other one is reached, once.
    fn check_certification(&self) {
        for Found { address, account } in &self.certifiers {
            check_place(*address, account.bump, &[CERTIFIER_SEED, account.authority.as_ref()]);
            account.invariant().unwrap();
            let never = account.suspended_at == NEVER;
            assert_eq!((never, account.reserved), (account.suspended == 0, [0; 64]));
            assert!(account.suspended == 1 || account.void_from_slot == u64::MAX);
        }
        for Found { address, account } in &self.attestations {
            let (version, certifier) = (account.agent_version, account.certifier);
            let (stage, round) = ([account.stage], account.round.to_le_bytes());
            let seeds =
                [ATTESTATION_SEED, version.as_ref(), &stage, certifier.as_ref(), round.as_ref()];
            check_place(*address, account.bump, &seeds);
            account.invariant().unwrap();
            let revoked = account.revoked_reason != 0;
            assert_eq!((account.revoked_at != NEVER, account.reserved), (revoked, [0; 64]));
            assert_eq!(account.revoked_by != NOBODY, revoked);
        }
        for version in &self.versions {
            for (stage, newest) in (1..).zip(&version.account.newest_attestations) {
                self.check_chain(version.address, stage, *newest);
            }
        }
    }

    fn check_chain(&self, version: Address, stage: u8, newest: Address) {
        let of_stage = |found: &&Found<Attestation>| {
            found.account.agent_version == version && found.account.stage == stage
        };
        let mut left: Vec<&Found<Attestation>> =
            self.attestations.iter().filter(of_stage).collect();
        let mut next = newest;
        while next != NOBODY {
            let index = left.iter().position(|found| found.address == next).unwrap();
            next = left.swap_remove(index).account.previous;
        }
        assert!(left.is_empty(), "attestations of stage {stage} that nothing leads to");
    }

    fn check_auditors(&self) {
        for Found { address, account } in &self.auditors {
            check_place(*address, account.bump, &[AUDITOR_SEED, account.authority.as_ref()]);
            account.invariant().unwrap();
            assert_eq!(account.reserved, [0; 64]);
        }
        for Found { address, account } in &self.cosignatures {
            let (anchor, organisation) = (account.anchor.as_ref(), &account.organisation.bytes);
            check_place(*address, account.bump, &[COSIGNATURE_SEED, anchor, organisation]);
            assert_eq!((account.version, account.reserved), (1, [0; 32]));
            let auditor = self.auditors.iter().find(|found| found.address == account.auditor);
            assert_eq!(auditor.unwrap().account.organisation, account.organisation);
        }
    }

    fn check_log(&self, Found { address, account }: &Found<Log>) {
        check_place(
            *address,
            account.bump,
            &[LOG_SEED, account.founder.as_ref(), &account.name.bytes],
        );
        account.invariant().unwrap();
        account.check_parameters().unwrap();
        check_proposal(&account.pending_operator, account.proposed_at);
        assert!(account.unbond_requested_at != NEVER || account.unbond_amount == 0);
        assert_eq!(account.reserved, [0; 64]);
        let claims =
            self.claims.iter().map(|found| found.account).filter(|claim| claim.log == *address);
        let (mut open, mut upheld) = (0, 0);
        for claim in claims {
            let promise = claim.kind == ClaimKind::BrokenPromise as u8;
            open += u32::from(promise && claim.state == ClaimState::Open as u8);
            upheld += u64::from(claim.state == ClaimState::Upheld as u8);
        }
        assert_eq!((account.open_claim_count, account.upheld_count), (open, upheld));
        let known = account.promise_keys.iter().take_while(|entry| entry.key != NOBODY);
        let from: Vec<u64> = known.map(|entry| entry.from_period).collect();
        assert!(from.is_sorted_by(|newer, older| newer > older), "{from:?}");
    }

    /// The anchors that are still there are one unbroken chain, which the log's counters describe.
    fn check_range(&self, Found { address, account: log }: &Found<Log>) {
        let mut anchors: Vec<&Anchor> = self
            .anchors
            .iter()
            .map(|found| &found.account)
            .filter(|anchor| anchor.log == *address)
            .collect();
        anchors.sort_by_key(|anchor| anchor.period);
        for pair in anchors.windows(2).filter(|pair| pair[0].period + 1 == pair[1].period) {
            assert_eq!(pair[1].previous_anchor_hash, pair[0].anchor_hash);
            let sum = pair[0].cumulative_leaf_count + pair[1].leaf_count;
            assert_eq!(pair[1].cumulative_leaf_count, sum);
        }
        if let Some(newest) = anchors.last().filter(|anchor| anchor.period + 1 == log.next_period) {
            assert_eq!(log.head_anchor_hash, newest.anchor_hash);
            assert_eq!(log.cumulative_leaf_count, newest.cumulative_leaf_count);
        }
        assert!(anchors.iter().all(|anchor| anchor.period < log.next_period));
        // Of a log that closed anchors there is no more to see.
        if u64::try_from(anchors.len()).unwrap() != log.next_period {
            return;
        }
        let leaves = anchors.iter().map(|anchor| leaf_hash(&[&anchor.anchor_hash]));
        assert_eq!(log.range_root().unwrap(), Tree::from_leaf_hashes(leaves).root());
        let count = |kind| anchors.iter().filter(|anchor| anchor.timeliness == kind as u8).count();
        let counts = [count(Timeliness::Late), count(Timeliness::Missed)];
        assert_eq!(counts.map(|count| count as u64), [log.late_count, log.missed_count]);
        assert!(
            !anchors.is_empty()
                || (log.head_anchor_hash, log.cumulative_leaf_count) == ([0; 32], 0)
        );
    }

    fn check_anchors(&self) {
        for Found { address, account } in &self.anchors {
            let period = account.period.to_le_bytes();
            check_place(*address, account.bump, &[ANCHOR_SEED, account.log.as_ref(), &period]);
            account.invariant().unwrap();
            let log = self.logs.iter().find(|log| log.address == account.log).unwrap();
            let context = period_context(&log.account.genesis_hash, &log.address, account.period);
            assert_eq!((account.context, account.anchor_hash), (context, account.compute_hash()));
            let under = self.cosignatures.iter().filter(|found| found.account.anchor == *address);
            let count = u32::try_from(under.count()).unwrap();
            assert_eq!((account.cosignature_count, account.reserved), (count, [0; 32]));
        }
    }
}

/// An account is where its contents say, with the canonical bump.
fn check_place(address: Address, bump: u8, seeds: &[&[u8]]) {
    let place = Address::find_program_address(seeds, &registry::PROGRAM);
    assert_eq!((address, bump), place);
}

/// Somebody is proposed if and only if it is known since when.
fn check_proposal(pending: &Address, proposed_at: Moment) {
    assert_eq!(*pending == NOBODY, proposed_at == NEVER);
}
