//! What must hold after every step.

use super::{
    Life, Object,
    model::{ClaimStateModel, Held, LogModel, PeriodModel},
};
use runseal_client::registry;
use runseal_merkle::{Tree, leaf_hash};
use runseal_registry::state::{
    Agent, Anchor, Attestation, Certifier, Claim, Config, Cosignature, Log, Moment, Version,
    period_context,
};
use sha2::{Digest, Sha256};
use solana_account::Account;
use solana_address::Address;
use solana_signer::Signer;

impl Life {
    /// A refusal costs its fee and changes nothing else.
    pub(super) fn assert_only_fee_paid(
        &self,
        addresses: &[Address],
        before: &[Account],
        after: &[Account],
        fee: u64,
        shown: &str,
    ) {
        let owner = self.chain.owner.pubkey();
        for ((address, before), after) in addresses.iter().zip(before).zip(after) {
            let mut expected = before.clone();
            if *address == owner {
                expected.lamports -= fee;
            }
            assert_eq!(*after, expected, "{address} after a refusal: {shown}");
        }
    }

    /// Compares everything that there is with the model.
    pub fn check_everything(&self) {
        for address in self.known.keys().chain(self.model.tokens.keys()) {
            self.check(address, "everything");
        }
        let tokens: u64 = self.model.tokens.values().sum();
        assert_eq!(tokens, self.actors.len() as u64 * super::PURSE);
        let live = |object: &Object| match *object {
            Object::Anchor(log, period) => !self.model.logs[log].periods[period].closed,
            _ => true,
        };
        let cosigned = self.model.logs.iter().flat_map(|log| &log.periods);
        let expected = self.known.values().filter(|object| live(object)).count()
            + self.model.auditors.len()
            + cosigned.map(|period| period.cosigners.len()).sum::<usize>();
        let found = self.chain.svm.get_program_accounts(&registry::PROGRAM);
        let found = found.iter().filter(|(_, account)| account.lamports > 0).count();
        assert_eq!(found, expected, "accounts of the program");
        (0..self.model.logs.len()).for_each(|index| self.check_range(index));
    }

    /// Compares what is at an address with the model.
    pub(super) fn check(&self, address: &Address, shown: &str) {
        if let Some(amount) = self.model.tokens.get(address) {
            assert_eq!(self.chain.token_amount(address), *amount, "tokens: {shown}");
        }
        match self.known.get(address) {
            None => {}
            Some(Object::Config) => self.check_config(),
            Some(Object::Agent(index)) => self.check_agent(*index),
            Some(Object::Version(index)) => self.check_version(*index),
            Some(Object::Certifier(key)) => self.check_certifier(key),
            Some(Object::Attestation(index)) => self.check_attestation(*index),
            Some(Object::Log(index)) => self.check_log(*index),
            Some(Object::Anchor(log, period)) => self.check_anchor(*log, *period),
            Some(Object::Claim(index)) => self.check_claim(*index),
        }
    }

    fn check_config(&self) {
        let account = self.chain.read::<Config>(registry::config_address()).account;
        account.invariant().unwrap();
        let (model, parameters) = (&self.model, &self.model.parameters);
        check_held(
            &model.authority,
            account.authority,
            account.pending_authority,
            account.proposed_at,
        );
        assert_eq!(account.paused, u8::from(model.paused));
        assert_eq!(
            (account.treasury, account.bond_mint),
            (parameters.treasury, parameters.bond_mint)
        );
        assert_eq!(account.smallest_bond_amount, parameters.smallest_bond_amount);
        assert_eq!(account.claim_deposit_lamports, parameters.claim_deposit_lamports);
        assert_eq!(account.authority_notice_seconds, parameters.authority_notice_seconds);
        assert_eq!(account.unbond_notice_seconds, parameters.unbond_notice_seconds);
        assert_eq!(account.slash_claimant_basis_points, parameters.slash_claimant_basis_points);
    }

    fn check_agent(&self, index: usize) {
        let model = &self.model.agents[index];
        let account = self.chain.read::<Agent>(model.address).account;
        account.invariant().unwrap();
        check_held(
            &model.vendor,
            account.authority,
            account.pending_authority,
            account.proposed_at,
        );
        assert_eq!((account.identity, account.status), (model.identity, model.status));
        assert_eq!(account.version_count, model.versions.len() as u64);
        assert_eq!(account.manifest_hash, model.manifest_hash);
        assert_eq!(account.last_heartbeat_at, model.last_heartbeat_at);
    }

    fn check_version(&self, index: usize) {
        let model = &self.model.versions[index];
        let account = self.chain.read::<Version>(model.address).account;
        account.invariant().unwrap();
        assert_eq!(account.agent, self.model.agents[model.agent].address);
        assert_eq!((account.index, account.yanked), (model.index, u8::from(model.yanked)));
        let newest = model.newest.map(|newest| {
            newest.map_or_else(Address::default, |index| self.model.attestations[index].address)
        });
        assert_eq!(account.newest_attestations, newest);
    }

    fn check_certifier(&self, key: &Address) {
        let model = &self.model.certifiers[key];
        let account = self.chain.read::<Certifier>(model.address).account;
        account.invariant().unwrap();
        assert_eq!((account.authority, account.stages), (*key, model.stages));
        assert_eq!(account.suspended, u8::from(model.suspended.is_some()));
        assert_eq!(account.void_from_slot, model.suspended.unwrap_or(u64::MAX));
    }

    fn check_attestation(&self, index: usize) {
        let model = &self.model.attestations[index];
        let account = self.chain.read::<Attestation>(model.address).account;
        account.invariant().unwrap();
        assert_eq!((account.stage, account.round), (model.stage, model.round));
        assert_eq!(account.outcome, if model.passed { 1 } else { 2 });
        assert_eq!((account.issued_at, account.expires_at), (model.issued_at, model.expires_at));
        assert_eq!(account.agent_version, self.model.versions[model.version].address);
        assert_eq!(account.certifier, registry::certifier_address(&model.certifier));
        let previous = model.previous.map(|index| self.model.attestations[index].address);
        assert_eq!(account.previous, previous.unwrap_or_default());
        let revoked = (account.revoked_reason, account.revoked_at, account.revoked_by);
        assert_eq!(revoked, model.revoked.unwrap_or_default());
    }

    fn check_log(&self, index: usize) {
        let model = &self.model.logs[index];
        let account = self.chain.read::<Log>(model.address).account;
        account.invariant().unwrap();
        check_held(
            &model.operator,
            account.operator,
            account.pending_operator,
            account.proposed_at,
        );
        assert_eq!(
            (account.next_period, account.head_anchor_hash),
            (model.next_period(), model.head())
        );
        let leaves = model.periods.iter().map(|period| period.leaves.len() as u64);
        assert_eq!(account.cumulative_leaf_count, leaves.sum::<u64>());
        let counters = (account.late_count, account.missed_count, account.upheld_count);
        assert_eq!(counters, (model.late, model.missed, model.upheld));
        assert_eq!(account.open_claim_count, model.open_claims);
        assert_eq!((account.bond_amount, account.unbond_amount), (model.bond, model.unbond));
        assert_eq!(account.unbond_requested_at.unix_seconds, model.unbond_at);
        assert_eq!(account.anchoring_key, model.anchoring_key);
        let known = account.promise_keys.iter().filter(|entry| entry.key != Address::default());
        let known: Vec<(u64, Address)> =
            known.map(|entry| (entry.from_period, entry.key)).collect();
        assert_eq!(known, model.promise_keys);
        let bond = registry::bond_address(&model.address);
        let held = self.model.tokens.get(&bond).copied().unwrap_or(0);
        assert!(held >= model.bond, "a bond of {} with {held} tokens", model.bond);
        let open = self.model.claims.iter().filter(|claim| {
            claim.log == index && !claim.disorder && claim.state == ClaimStateModel::Open
        });
        assert_eq!(open.count(), usize::try_from(model.open_claims).unwrap());
        // The whole range is hashed anew when it has grown, and at the end.
        if model.periods.last().is_some_and(|last| last.posted_at == self.chain.now()) {
            self.check_range(index);
        }
    }

    /// The mountain range is the tree over all anchors, closed ones included.
    fn check_range(&self, index: usize) {
        let model = &self.model.logs[index];
        let hashes = model.periods.iter().map(|period| leaf_hash(&[&period.hash]));
        let account = self.chain.read::<Log>(model.address).account;
        assert_eq!(account.range_root().unwrap(), Tree::from_leaf_hashes(hashes).root());
    }

    fn check_anchor(&self, log: usize, period: usize) {
        let model = &self.model.logs[log].periods[period];
        let raw = self.chain.svm.get_account(&model.anchor).unwrap_or_default();
        if model.closed {
            assert!(raw.data.is_empty(), "a closed anchor is back");
            return;
        }
        let account = self.chain.read::<Anchor>(model.anchor).account;
        account.invariant().unwrap();
        assert_eq!((account.anchor_hash, account.compute_hash()), (model.hash, model.hash));
        assert_eq!((account.period, account.timeliness), (period as u64, model.timeliness));
        assert_eq!((account.root, account.payer), (model.tree.root(), model.payer));
        assert_eq!(account.cosignature_count as usize, model.cosigners.len());
        for organisation in &model.cosigners {
            let name = runseal_registry::state::Name { bytes: *organisation };
            let address = registry::cosignature_address(&model.anchor, &name);
            let cosigned = self.chain.read::<Cosignature>(address).account;
            assert_eq!((cosigned.anchor, cosigned.anchor_hash), (model.anchor, model.hash));
        }
    }

    fn check_claim(&self, index: usize) {
        let model = &self.model.claims[index];
        let account = self.chain.read::<Claim>(model.address).account;
        let (state, slashed) = match model.state {
            ClaimStateModel::Open => (1, 0),
            ClaimStateModel::Answered => (2, 0),
            ClaimStateModel::Upheld { slashed } => (3, slashed),
        };
        assert_eq!((account.state, account.slashed_amount), (state, slashed));
        assert_eq!((account.kind, account.period), (1 + u8::from(model.disorder), model.period));
        assert_eq!((account.leaf, account.index), (model.leaf, model.index));
        assert_eq!((account.claimant, account.deposit_lamports), (model.claimant, model.deposit));
        assert_eq!(account.answer_by_seconds, model.answer_by);
        assert_eq!(account.log, self.model.logs[model.log].address);
    }
}

fn check_held(model: &Held, by: Address, pending: Address, proposed_at: Moment) {
    let (expected, at) = model.pending.unwrap_or_default();
    assert_eq!((by, pending, proposed_at.unix_seconds), (model.by, expected, at));
}

/// The hash of an anchor that comes next in a log, from the specification's bytes.
pub(super) fn anchor_hash(log: &LogModel, posted: &PeriodModel) -> [u8; 32] {
    let period = log.next_period();
    let count = posted.leaves.len() as u64;
    let before: u64 = log.periods.iter().map(|period| period.leaves.len() as u64).sum();
    let end = log.end(period).unwrap();
    let start = end - i64::try_from(log.args.cadence_seconds).unwrap();
    Sha256::new()
        .chain_update(b"runseal/anchor/v1")
        .chain_update(period_context(&log.args.genesis_hash, &log.address, period))
        .chain_update(posted.tree.root())
        .chain_update(count.to_le_bytes())
        .chain_update((before + count).to_le_bytes())
        .chain_update(log.head())
        .chain_update(start.to_le_bytes())
        .chain_update(end.to_le_bytes())
        .chain_update(posted.posted_at.slot.to_le_bytes())
        .chain_update(posted.posted_at.unix_seconds.to_le_bytes())
        .finalize()
        .into()
}
