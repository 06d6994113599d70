//! What operators and auditors do.

use super::{
    Life, Object, Step,
    model::{Held, LogModel, PeriodModel},
};
use crate::log_args;
use runseal_client::{instructions::logs, registry};
use runseal_merkle::{EMPTY_ROOT, Tree};
use runseal_registry::{
    instructions::{OpenLogArgs, PostAnchorArgs, RotateLogKeysArgs},
    state::{Anchor, Leaf, Moment, Name, period_context},
};
use solana_address::Address;
use std::collections::BTreeSet;

impl Life {
    pub(super) fn log_step(&mut self) -> Step {
        let choice = self.random.below(40);
        if choice < 2 || self.model.logs.is_empty() {
            return self.open_log();
        }
        let log = self.random.recent(self.model.logs.len());
        match choice {
            2 => self.propose_operator(log),
            3 | 4 => {
                let pending = |log: &LogModel| log.operator.pending.is_some();
                let found = self.model.logs.iter().rposition(pending).unwrap_or(log);
                match self.random.chance(60) {
                    true => self.accept_operator(found),
                    false => self.cancel_operator(found),
                }
            }
            5..8 => self.rotate_log_keys(log),
            8..11 => self.close_anchor(log),
            11..17 => self.cosign_anchor(log),
            _ => self.post_anchor(log),
        }
    }

    fn open_log(&mut self) -> Step {
        let (payer, operator) = (self.actor(), self.actor());
        let name = format!("log-{}", self.random.below(10 + self.model.logs.len() as u64 * 2));
        let (anchoring_key, promise_key) = (self.actor(), self.new_key());
        let now = self.chain.now().unix_seconds;
        let cadence = 60 + self.random.below(300);
        let windows = [100, 400, 900, 150].map(|most| 1 + self.random.below(most));
        let longest = cadence + windows[0] + windows[1] + windows[2];
        let start = now - i64::try_from(self.random.below(400)).unwrap();
        let args = OpenLogArgs {
            name: Name::parse(&name).unwrap(),
            genesis_hash: [9; 32],
            anchoring_key: self.random.mostly(anchoring_key, Address::default()),
            promise_key: self.random.mostly(promise_key, Address::default()),
            start_seconds: start,
            cadence_seconds: self.random.mostly(cadence, 0),
            grace_seconds: windows[0],
            answer_window_seconds: self.random.mostly(windows[1], 0),
            challenge_window_seconds: windows[2],
            retention_seconds: self.random.mostly(longest + windows[3], longest - 1),
        };
        let address = registry::log_address(&operator, &args.name);
        let legal = !self.model.paused
            && !self.is_known(&address)
            && args.anchoring_key != Address::default()
            && args.promise_key != Address::default()
            && args.cadence_seconds > 0
            && args.answer_window_seconds > 0
            && args.retention_seconds >= longest;
        let open = logs::open(payer, operator, OpenLogArgs { ..args.clone() });
        Step::new("open_log", open, &[payer, operator], legal, move |life| {
            life.learn(address, Object::Log(life.model.logs.len()));
            life.model.logs.push(LogModel {
                address,
                operator: Held::by(operator),
                anchoring_key: args.anchoring_key,
                promise_keys: vec![(0, args.promise_key)],
                args,
                periods: Vec::new(),
                late: 0,
                missed: 0,
                upheld: 0,
                open_claims: 0,
                bond: 0,
                unbond: 0,
                unbond_at: 0,
            });
        })
    }

    /// Who runs the log, mostly.
    pub(super) fn operator(&mut self, log: usize) -> Address {
        let right = self.model.logs[log].operator.by;
        self.mostly(right)
    }

    fn propose_operator(&mut self, index: usize) -> Step {
        let (signer, to) = (self.operator(index), self.actor());
        let log = &self.model.logs[index];
        let legal = log.operator.may_propose(signer, to);
        let at = self.chain.now().unix_seconds;
        let propose = logs::propose_operator(signer, log.address, to);
        Step::new("propose_operator", propose, &[signer], legal, move |life| {
            life.model.logs[index].operator.pending = Some((to, at));
        })
    }

    fn accept_operator(&mut self, index: usize) -> Step {
        let pending = self.model.logs[index].operator.pending;
        let signer = pending.map_or_else(|| self.actor(), |(pending, _)| pending);
        let signer = self.mostly(signer);
        let log = &self.model.logs[index];
        let legal = log.operator.may_accept(signer, 0, self.chain.now());
        let accept = logs::accept_operator(signer, log.address);
        Step::new("accept_operator", accept, &[signer], legal, move |life| {
            life.model.logs[index].operator.accept();
        })
    }

    fn cancel_operator(&mut self, index: usize) -> Step {
        let signer = self.operator(index);
        let log = &self.model.logs[index];
        let legal = log.operator.may_cancel(signer);
        let cancel = logs::cancel_operator(signer, log.address);
        Step::new("cancel_operator", cancel, &[signer], legal, move |life| {
            life.model.logs[index].operator.pending = None;
        })
    }

    fn rotate_log_keys(&mut self, index: usize) -> Step {
        let signer = self.operator(index);
        let nothing = Address::default();
        let anchoring_key = if self.random.chance(30) { self.actor() } else { nothing };
        let promise_key = if self.random.chance(70) { self.new_key() } else { nothing };
        let now = self.chain.now().unix_seconds;
        let log = &self.model.logs[index];
        let from = log.first_period_after(now);
        let may_forget = match log.promise_keys.as_slice() {
            [_, _, (third, _), _] => log.challenge_deadline(third - 1).is_some_and(|end| now > end),
            _ => true,
        };
        let may_promise = promise_key == nothing || (from > log.promise_keys[0].0 && may_forget);
        let something = anchoring_key != nothing || promise_key != nothing;
        let legal = signer == log.operator.by && something && may_promise;
        let keys = RotateLogKeysArgs { anchoring_key, promise_key };
        let rotate = logs::rotate_keys(signer, log.address, keys);
        Step::new("rotate_log_keys", rotate, &[signer], legal, move |life| {
            let log = &mut life.model.logs[index];
            if anchoring_key != nothing {
                log.anchoring_key = anchoring_key;
            }
            if promise_key != nothing {
                log.promise_keys.insert(0, (from, promise_key));
                log.promise_keys.truncate(4);
            }
        })
    }

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

    fn post_anchor(&mut self, index: usize) -> Step {
        let leaves = self.leaves();
        let right = self.model.logs[index].anchoring_key;
        let (key, payer) = (self.mostly(right), self.actor());
        let log = &self.model.logs[index];
        let (period, head) = (log.next_period(), log.head());
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

    fn close_anchor(&mut self, index: usize) -> Step {
        let count = self.model.logs[index].periods.len() as u64;
        // Old ones, for only they can be closed.
        let period = self.random.below(count.max(1));
        let signer = self.operator(index);
        let now = self.chain.now().unix_seconds;
        let paid = self.model.logs[index].period(period).map(|period| period.payer);
        let payer = paid.unwrap_or(signer);
        let payer = self.mostly(payer);
        let log = &self.model.logs[index];
        let retention = i64::try_from(log.args.retention_seconds).unwrap();
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

    fn cosign_anchor(&mut self, index: usize) -> Step {
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
