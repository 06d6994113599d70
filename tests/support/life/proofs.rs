//! What anybody asks the program, and what it must answer.

use super::{Life, Step};
use litesvm::types::TransactionMetadata;
use runseal_client::instructions::{
    certification::{self, NewestThen},
    proofs,
};
use runseal_merkle::{Tree, leaf_hash};
use runseal_registry::{instructions::AbsenceArgs, state::Leaf};
use solana_instruction::Instruction;

impl Life {
    pub(super) fn proof_step(&mut self) -> Step {
        if self.model.logs.is_empty() || self.model.versions.is_empty() {
            return self.log_step();
        }
        let log = self.random.recent(self.model.logs.len());
        match self.random.below(4) {
            0 => self.verify_inclusion(log),
            1 => self.verify_absence(log),
            2 => self.verify_anchor_in_log(log),
            _ => self.certification_status(),
        }
    }

    fn verify_inclusion(&mut self, log: usize) -> Step {
        let period = self.some_period(log);
        let leaves = self.model.logs[log].period(period).map(|period| period.leaves.clone());
        let leaves = leaves.unwrap_or_default();
        let leaf = match leaves.len() {
            0 => self.leaf(),
            count => leaves[self.random.index(count)],
        };
        let (place, path, proved) = self.place(log, period, &leaf);
        let anchored = self.model.logs[log].open_period(period);
        let legal = proved && anchored.is_some();
        let log = &self.model.logs[log].address;
        let anchor = runseal_client::registry::anchor_address(log, period);
        let verify = proofs::verify_inclusion(anchor, place, leaf, path);
        question("verify_inclusion", verify, legal, &(leaves.len() as u64).to_le_bytes())
    }

    /// Asks about a receipt between two neighbours; most of the time there is room for it.
    fn verify_absence(&mut self, log: usize) -> Step {
        let period = self.some_period(log);
        let Leaf { agent, sequence, .. } = self.leaf();
        let anchored = self.model.logs[log].period(period);
        let leaves = anchored.map(|period| period.leaves.clone()).unwrap_or_default();
        let key = (&agent, u64::from_be_bytes(sequence));
        let around = |pair: &[Leaf]| pair[0].sort_key() < key && key < pair[1].sort_key();
        let at = leaves.windows(2).position(around);
        let index = at.unwrap_or(0);
        let pair = leaves.get(index).zip(leaves.get(index + 1));
        let (left, right) = pair.map_or_else(Default::default, |(left, right)| (*left, *right));
        let proof = anchored.and_then(|period| period.tree.adjacent_proof(index as u64).ok());
        let index = index as u64;
        let sequence = key.1;
        let args = AbsenceArgs { agent, sequence, kind: 3, index, left, right };
        let legal = at.is_some() && self.model.logs[log].open_period(period).is_some();
        let log = &self.model.logs[log].address;
        let anchor = runseal_client::registry::anchor_address(log, period);
        let verify = proofs::verify_absence(anchor, args, proof.unwrap_or_default());
        question("verify_absence", verify, legal, &(leaves.len() as u64).to_le_bytes())
    }

    fn verify_anchor_in_log(&mut self, index: usize) -> Step {
        let period = self.some_period(index);
        let log = &self.model.logs[index];
        let hashes = log.periods.iter().map(|period| leaf_hash(&[&period.hash]));
        let path = Tree::from_leaf_hashes(hashes).inclusion_path(period).unwrap_or_default();
        let right = log.period(period).map(|period| period.hash);
        let hash = self.random.mostly(right.unwrap_or_default(), [1; 32]);
        let log = &self.model.logs[index];
        let verify = proofs::verify_anchor_in_log(log.address, period, hash, path);
        let legal = right == Some(hash);
        question("verify_anchor_in_log", verify, legal, &log.next_period().to_le_bytes())
    }

    fn certification_status(&mut self) -> Step {
        let model = &self.model;
        let leaked = model
            .attestations
            .iter()
            .rfind(|given| model.certifiers[&given.certifier].suspended.is_some());
        let version = match leaked.map(|given| given.version) {
            Some(version) if self.random.chance(30) => version,
            _ => self.random.recent(self.model.versions.len()),
        };
        let now = self.chain.now();
        let model = &self.model.versions[version];
        let newest = model.newest.iter().map_while(|newest| *newest);
        let newest: Vec<_> = newest.map(|index| &self.model.attestations[index]).collect();
        let certifier = |key| &self.model.certifiers[key];
        let held =
            newest.iter().take_while(|newest| newest.holds(now, certifier(&newest.certifier)));
        let until: Vec<u64> = held.map(|newest| newest.expires_at.slot).collect();
        let stage = if model.yanked { 0 } else { u8::try_from(until.len()).unwrap() };
        let until = if stage == 0 { u64::MAX } else { until.into_iter().min().unwrap() };
        let expected = [[stage].as_slice(), &now.slot.to_le_bytes(), &until.to_le_bytes()].concat();
        let shown: Vec<NewestThen> = newest
            .iter()
            .map(|newest| NewestThen {
                attestation: newest.address,
                certifier: certifier(&newest.certifier).address,
                next: None,
            })
            .collect();
        let slot = now.slot + u64::from(self.random.chance(20));
        let legal = slot == now.slot;
        let status = certification::status(self.model.versions[version].address, slot, &shown);
        question("certification_status", status, legal, &expected)
    }
}

/// A step that changes nothing and returns something.
fn question(name: &'static str, instruction: Instruction, legal: bool, expected: &[u8]) -> Step {
    let expected = expected.to_vec();
    let mut step = Step::new(name, instruction, &[], legal, |_| {});
    step.effect = Box::new(move |_, done: &TransactionMetadata| {
        let mut returned = done.return_data.data.clone();
        // The runtime drops the zeros at the end.
        returned.resize(expected.len(), 0);
        assert_eq!(returned, expected, "{name}");
    });
    step
}
