//! What operators do with their logs.

use super::{
    Life, Object, Step,
    model::{Held, LogModel},
};
use runseal_client::{instructions::logs, registry};
use runseal_registry::{
    instructions::{OpenLogArgs, RotateLogKeysArgs},
    state::Name,
};
use solana_address::Address;

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
        let log = &self.model.logs[index];
        let running = log.first_period_after(self.chain.now().unix_seconds);
        self.approach(running.checked_sub(1).and_then(|running| log.end(running)));
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
}
