//! Anchors: posted, cosigned, and closed when they are old.

use super::{Life, Object, Step, model::PeriodModel};
use crate::log_args;
use runseal_client::{instructions::logs, registry};
use runseal_merkle::{EMPTY_ROOT, Tree};
use runseal_registry::{
    instructions::PostAnchorArgs,
    state::{Anchor, Leaf, Moment, period_context},
};
use solana_address::Address;
use std::collections::BTreeSet;

impl Life {
    /// Up to seven leaves, mostly in order.
    fn leaves(&mut self) -> Vec<Leaf> {
        let count = self.random.below(8);
        let mut leaves: Vec<Leaf> = (0..count).map(|_| self.leaf()).collect();
        leaves.sort_by_key(|leaf| (leaf.agent, u64::from_be_bytes(leaf.sequence)));
        if self.random.chance(70) {
            leaves.dedup_by_key(|leaf| (leaf.agent, leaf.sequence));
        } else if leaves.len() > 1 && self.random.chance(50) {
            let at = self.random.index(leaves.len() - 1);
            leaves.swap(at, at + 1);
        }
        leaves
    }

    /// A receipt of one of three agents.
    pub(super) fn leaf(&mut self) -> Leaf {
        let agent = [u8::try_from(self.random.below(3)).unwrap(); 32];
        let sequence = self.random.below(30).to_be_bytes();
        Leaf { agent, sequence, digest: self.random.bytes() }
    }

    pub(super) fn post_anchor(&mut self, index: usize) -> Step {
        let leaves = self.leaves();
        let right = self.model.logs[index].anchoring_key;
        let (key, payer) = (self.mostly(right), self.actor());
        let log = &self.model.logs[index];
        let (period, head) = (log.next_period(), log.head());
        let late = log.deadline(period);
        let cadence = i64::try_from(log.args.cadence_seconds).unwrap();
        let edges = [log.end(period), late, late.map(|late| late + cadence)];
        let edge = self.random.index(edges.len());
        self.approach(edges[edge]);
        let log = &self.model.logs[index];
        let context = period_context(&log.args.genesis_hash, &log.address, period);
        let tree = Tree::from_leaf_hashes(leaves.iter().map(|leaf| leaf.hash(&context)));
        let args = PostAnchorArgs {
            period: self.random.mostly(period, period + 1),
            leaf_count: tree.count(),
            root: if self.random.chance(98) { tree.root() } else { EMPTY_ROOT },
            previous_anchor_hash: self.random.mostly(head, [1; 32]),
        };
        let (now, log) = (self.chain.now(), &self.model.logs[index]);
        let over = log.end(period).is_some_and(|end| now.unix_seconds >= end);
        let legal = over
            && key == right
            && args.period == period
            && args.root == tree.root()
            && args.previous_anchor_hash == head;
        let anchor = registry::anchor_address(&log.address, period);
        let post = logs::post_anchor(payer, key, log.address, args);
        Step::new("post_anchor", post, &[payer, key], legal, move |life| {
            life.write_anchor(index, anchor, leaves, tree, (payer, now));
        })
    }

    fn write_anchor(
        &mut self,
        index: usize,
        anchor: Address,
        leaves: Vec<Leaf>,
        tree: Tree,
        (payer, posted_at): (Address, Moment),
    ) {
        let log = &mut self.model.logs[index];
        let period = log.periods.len();
        let late_by = posted_at.unix_seconds - log.deadline(period as u64).unwrap();
        let timeliness = match u64::try_from(late_by) {
            Err(_) | Ok(0) => 0,
            Ok(seconds) if seconds <= log.args.cadence_seconds => 1,
            Ok(_) => 2,
        };
        log.late += u64::from(timeliness == 1);
        log.missed += u64::from(timeliness == 2);
        let account = self.chain.read::<Anchor>(anchor).account;
        let cosigners = BTreeSet::new();
        let mut posted = PeriodModel {
            anchor,
            leaves,
            tree,
            hash: [0; 32],
            timeliness,
            posted_at,
            payer,
            cosigners,
            closed: false,
        };
        posted.hash = super::check::anchor_hash(&self.model.logs[index], &posted);
        assert_eq!(account.anchor_hash, posted.hash);
        self.model.logs[index].periods.push(posted);
        self.learn(anchor, Object::Anchor(index, period));
    }

    /// One of the log's anchored periods, mostly of the last; a number that is none if there is none.
    pub(super) fn some_period(&mut self, log: usize) -> u64 {
        match self.model.logs[log].periods.len() {
            0 => self.random.below(3),
            count => self.random.recent(count) as u64,
        }
    }

    pub(super) fn close_anchor(&mut self, index: usize) -> Step {
        let count = self.model.logs[index].periods.len() as u64;
        // Old ones, for only they can be closed.
        let period = self.random.below(count.max(1));
        let signer = self.operator(index);
        let log = &self.model.logs[index];
        let retention = i64::try_from(log.args.retention_seconds).unwrap();
        let posted = log.period(period).map(|period| period.posted_at.unix_seconds);
        self.approach(posted.map(|posted| posted + retention));
        let now = self.chain.now().unix_seconds;
        let paid = self.model.logs[index].period(period).map(|period| period.payer);
        let payer = paid.unwrap_or(signer);
        let payer = self.mostly(payer);
        let log = &self.model.logs[index];
        let ripe = log.open_period(period).is_some_and(|period| {
            period.payer == payer && now > period.posted_at.unix_seconds + retention
        });
        let legal = signer == log.operator.by && ripe && log.open_claims == 0;
        let close = logs::close_anchor(signer, payer, log.address, period);
        Step::new("close_anchor", close, &[signer], legal, move |life| {
            let at = usize::try_from(period).unwrap();
            life.model.logs[index].periods[at].closed = true;
        })
    }

    pub(super) fn cosign_anchor(&mut self, index: usize) -> Step {
        let period = self.some_period(index);
        let auditors: Vec<Address> = self.model.auditors.keys().copied().collect();
        let signer = match auditors.len() {
            0 => self.actor(),
            count => auditors[self.random.index(count)],
        };
        let (signer, payer) = (self.mostly(signer), self.actor());
        let organisation = self.model.auditors.get(&signer).copied();
        let log = &self.model.logs[index];
        let anchor = registry::anchor_address(&log.address, period);
        let hash = log.period(period).map_or([1; 32], |period| period.hash);
        let shown = self.random.mostly(hash, [1; 32]);
        let named = organisation.unwrap_or(log_args().name);
        let log = &self.model.logs[index];
        let fresh = log
            .open_period(period)
            .is_some_and(|period| shown == period.hash && !period.cosigners.contains(&named.bytes));
        let legal = organisation.is_some() && fresh;
        let cosign = logs::cosign_anchor(payer, signer, anchor, &named, shown);
        Step::new("cosign_anchor", cosign, &[payer, signer], legal, move |life| {
            let at = usize::try_from(period).unwrap();
            life.model.logs[index].periods[at].cosigners.insert(named.bytes);
        })
    }
}
