//! Accusations, answers and what they cost.

use super::{
    Life, Object, Step,
    model::{ClaimModel, ClaimStateModel, LogModel},
};
use runseal_client::{
    instructions::claims::{self, Slash},
    registry,
};
use runseal_registry::{
    instructions::ChallengePromiseArgs,
    state::{ClaimKind, Leaf, Promise, period_context},
};
use solana_address::Address;
use solana_signer::Signer;

impl Life {
    pub(super) fn claim_step(&mut self) -> Step {
        if self.model.logs.is_empty() {
            return self.log_step();
        }
        let log = self.random.recent(self.model.logs.len());
        match self.random.below(20) {
            _ if self.model.claims.is_empty() => self.challenge_promise(log),
            0..8 => self.challenge_promise(log),
            8..11 => self.open_disorder_claim(log),
            choice => {
                let now = self.chain.now().unix_seconds;
                let logs = &self.model.logs;
                let kept = |claim: &ClaimModel| {
                    let period = logs[claim.log].open_period(claim.period);
                    period.is_some_and(|period| period.leaves.contains(&claim.leaf))
                };
                let good = self.open_claims(|claim| match choice {
                    11..15 => !claim.disorder && now <= claim.answer_by && kept(claim),
                    15..18 => !claim.disorder && now + 60 > claim.answer_by,
                    _ => claim.disorder,
                });
                if good.is_empty() && self.random.chance(80) {
                    return self.challenge_promise(log);
                }
                let claim = self.one_of(&good);
                match choice {
                    11..15 => self.answer_challenge(claim),
                    15..18 => self.settle_challenge(claim),
                    _ => self.prove_disorder(claim),
                }
            }
        }
    }

    /// The open claims that are as wanted.
    fn open_claims(&self, wanted: impl Fn(&ClaimModel) -> bool) -> Vec<usize> {
        let claims = self.model.claims.iter().enumerate();
        let open = claims.filter(|(_, claim)| claim.state == ClaimStateModel::Open);
        open.filter(|(_, claim)| wanted(claim)).map(|(index, _)| index).collect()
    }

    /// One of these claims, if there are any and nine times out of ten; else one of all.
    fn one_of(&mut self, good: &[usize]) -> usize {
        match good.len() {
            count if count > 0 && self.random.chance(92) => good[self.random.recent(count)],
            _ => self.random.recent(self.model.claims.len()),
        }
    }

    /// A leaf of the period, or one that is not there.
    fn promised_leaf(&mut self, log: usize, period: u64) -> Leaf {
        let there = self.model.logs[log].period(period).map_or(0, |period| period.leaves.len());
        if there == 0 || self.random.chance(40) {
            return self.leaf();
        }
        let at = self.random.index(there);
        self.model.logs[log].period(period).unwrap().leaves[at]
    }

    fn challenge_promise(&mut self, index: usize) -> Step {
        let claimant = self.actor();
        let next = self.model.logs[index].next_period();
        let period = match self.random.below(20) {
            0..3 => next,
            3 => next + 1,
            4 if self.random.chance(20) => u64::MAX,
            5..17 => next.saturating_sub(1),
            _ => self.some_period(index),
        };
        let leaf = self.promised_leaf(index, period);
        let log = &self.model.logs[index];
        let edges = (log.deadline(period), log.challenge_deadline(period));
        self.approach(if period < next { edges.1 } else { edges.0 });
        let log = &self.model.logs[index];
        let right = log.promise_key(period);
        let stranger = self.actors[0];
        let key = self.random.mostly(right.unwrap_or(stranger), stranger);
        let signed_for = self.random.mostly(period, period ^ 1);
        let log = &self.model.logs[index];
        let promise = promise(log, signed_for, &leaf);
        let signature = self.keys[&key].sign_message(&promise.message());
        let args = ChallengePromiseArgs {
            period,
            agent: leaf.agent,
            sequence: u64::from_be_bytes(leaf.sequence),
            digest: leaf.digest,
        };
        let address = claim_address(log, ClaimKind::BrokenPromise, period, 0, &leaf);
        let now = self.chain.now().unix_seconds;
        let legal = (period < next || log.deadline(period).is_some_and(|end| now > end))
            && log.challenge_deadline(period).is_some_and(|end| now <= end)
            && right == Some(key)
            && signed_for == period
            && !self.is_known(&address);
        let answer_by = now + i64::try_from(log.args.answer_window_seconds).unwrap();
        let challenge = claims::challenge(claimant, log.address, args);
        let deposit = self.model.parameters.claim_deposit_lamports;
        let claim = ClaimModel {
            address,
            log: index,
            disorder: false,
            period,
            index: 0,
            leaf,
            claimant,
            deposit,
            answer_by,
            state: ClaimStateModel::Open,
        };
        let mut step = Step::new("challenge_promise", challenge, &[claimant], legal, move |life| {
            life.model.logs[index].open_claims += 1;
            life.write_claim(claim);
        });
        step.instructions.insert(0, claims::show_promise(&key, &signature, &promise));
        step
    }

    fn write_claim(&mut self, claim: ClaimModel) {
        self.learn(claim.address, Object::Claim(self.model.claims.len()));
        self.model.claims.push(claim);
    }

    fn answer_challenge(&mut self, index: usize) -> Step {
        let claim = self.model.claims[index].clone();
        self.approach(Some(claim.answer_by));
        let by = self.model.logs[claim.log].operator.by;
        let operator = self.mostly(by);
        let period = self.random.mostly(claim.period, claim.period.wrapping_add(1));
        let (place, path, proved) = self.place(claim.log, claim.period, &claim.leaf);
        let log = &self.model.logs[claim.log];
        let legal = !claim.disorder
            && claim.state == ClaimStateModel::Open
            && operator == by
            && period == claim.period
            && log.open_period(period).is_some()
            && self.chain.now().unix_seconds <= claim.answer_by
            && proved;
        let answer = claims::answer(operator, log.address, period, claim.address, place, path);
        Step::new("answer_challenge", answer, &[], legal, move |life| {
            life.model.logs[claim.log].open_claims -= 1;
            let claim = &mut life.model.claims[index];
            (claim.state, claim.index, claim.deposit) = (ClaimStateModel::Answered, place, 0);
        })
    }

    /// Where a leaf stands in a period and the path from there, and whether that proves it.
    pub(super) fn place(
        &mut self,
        log: usize,
        period: u64,
        leaf: &Leaf,
    ) -> (u64, Vec<[u8; 32]>, bool) {
        let Some(anchored) = self.model.logs[log].period(period) else {
            return (0, Vec::new(), false);
        };
        let found = anchored.leaves.iter().position(|there| there == leaf);
        let count = anchored.leaves.len() as u64;
        let right = found.map_or(0, |at| at as u64);
        let place = self.random.mostly(right, right + 1);
        let anchored = self.model.logs[log].period(period).unwrap();
        let mut path = anchored.tree.inclusion_path(place).unwrap_or_default();
        let stands = place < count && anchored.leaves[usize::try_from(place).unwrap()] == *leaf;
        let changed = self.random.chance(4);
        if changed {
            path.push([0; 32]);
        }
        (place, path, stands && !changed)
    }

    /// The accounts of a slash, and whether they are the right ones.
    fn slash(&mut self, claim: &ClaimModel) -> (Slash, bool) {
        let claimant = self.mostly(claim.claimant);
        let owner = self.mostly(claimant);
        let treasury = self.model.parameters.treasury;
        let shown = if self.random.chance(92) { treasury } else { self.treasuries[0] };
        let log = &self.model.logs[claim.log];
        let slash = Slash {
            log: log.address,
            claim: claim.address,
            claimant,
            claimant_tokens: self.purses[&owner],
            treasury_tokens: self.purses[&shown],
        };
        let tokens_right = log.bond == 0 || (owner == claimant && shown == treasury);
        (slash, claimant == claim.claimant && tokens_right)
    }

    /// Upholds a claim: tokens, counters and the claim itself.
    fn uphold(&mut self, index: usize, slash: Slash) {
        let parameters = &self.model.parameters;
        let (smallest, points) =
            (parameters.smallest_bond_amount, u64::from(parameters.slash_claimant_basis_points));
        let claim = &mut self.model.claims[index];
        let log = &mut self.model.logs[claim.log];
        let slashed = smallest.min(log.bond);
        claim.state = ClaimStateModel::Upheld { slashed };
        claim.deposit = 0;
        log.open_claims -= u32::from(!claim.disorder);
        log.upheld += 1;
        log.bond -= slashed;
        log.unbond = log.unbond.min(log.bond);
        let bond = registry::bond_address(&log.address);
        let share = slashed * points / 10_000;
        if slashed > 0 {
            self.move_tokens(bond, slash.claimant_tokens, share);
            self.move_tokens(bond, slash.treasury_tokens, slashed - share);
        }
    }

    fn settle_challenge(&mut self, index: usize) -> Step {
        let claim = self.model.claims[index].clone();
        self.approach(Some(claim.answer_by));
        let (slash, right) = self.slash(&claim);
        let legal = right
            && !claim.disorder
            && claim.state == ClaimStateModel::Open
            && self.chain.now().unix_seconds > claim.answer_by;
        let settle = claims::settle(slash);
        Step::new("settle_challenge", settle, &[], legal, move |life| life.uphold(index, slash))
    }

    fn open_disorder_claim(&mut self, index: usize) -> Step {
        let claimant = self.actor();
        let (index, period) = self.perhaps_disorderly(index);
        // Where two leaves are not in order, if there is such a place; else anywhere.
        let anchored = self.model.logs[index].period(period);
        let pairs = anchored.map(|period| period.leaves.windows(2)).into_iter().flatten();
        let wrong = |pair: &&[Leaf]| pair[0].sort_key() >= pair[1].sort_key();
        let found = pairs.clone().find(wrong).map(|pair| pair[0]);
        let leaf = match found {
            Some(leaf) => leaf,
            None => self.promised_leaf(index, period),
        };
        let (place, path, proved) = self.place(index, period, &leaf);
        let log = &self.model.logs[index];
        let address = claim_address(log, ClaimKind::Disorder, period, place, &leaf);
        let legal = proved && log.open_period(period).is_some() && !self.is_known(&address);
        let open = claims::open_disorder(claimant, log.address, period, place, leaf, path);
        let claim = ClaimModel {
            address,
            log: index,
            disorder: true,
            period,
            index: place,
            leaf,
            claimant,
            deposit: 0,
            answer_by: 0,
            state: ClaimStateModel::Open,
        };
        Step::new("open_disorder_claim", open, &[claimant], legal, move |life| {
            life.write_claim(claim);
        })
    }

    /// A period of one of the last logs in which something is not in order, mostly.
    fn perhaps_disorderly(&mut self, log: usize) -> (usize, u64) {
        let disorderly = |leaves: &[Leaf]| {
            leaves.windows(2).any(|pair| pair[0].sort_key() >= pair[1].sort_key())
        };
        let logs = (0..self.model.logs.len()).rev().take(8);
        let all = logs.flat_map(|log| {
            let periods = self.model.logs[log].periods.iter().enumerate().rev().take(40);
            periods.map(move |(at, period)| (log, at as u64, period))
        });
        let found: Vec<(usize, u64)> = all
            .filter(|(_, _, period)| !period.closed && disorderly(&period.leaves))
            .map(|(log, at, _)| (log, at))
            .collect();
        match found.len() {
            count if count > 0 && self.random.chance(85) => found[self.random.index(count)],
            _ => (log, self.some_period(log)),
        }
    }

    fn prove_disorder(&mut self, index: usize) -> Step {
        let claim = self.model.claims[index].clone();
        let (slash, right) = self.slash(&claim);
        let period = self.random.mostly(claim.period, claim.period.wrapping_add(1));
        let next = usize::try_from(claim.index).unwrap() + 1;
        let anchored = self.model.logs[claim.log].period(claim.period);
        let there = anchored.and_then(|period| period.leaves.get(next)).copied();
        let invented = self.leaf();
        let leaf = self.random.mostly(there.unwrap_or(invented), invented);
        let log = &self.model.logs[claim.log];
        let path = log
            .period(claim.period)
            .and_then(|anchored| anchored.tree.inclusion_path(claim.index + 1).ok());
        let legal = right
            && claim.disorder
            && claim.state == ClaimStateModel::Open
            && period == claim.period
            && log.open_period(period).is_some()
            && there == Some(leaf)
            && claim.leaf.sort_key() >= leaf.sort_key();
        let prove = claims::prove_disorder(slash, period, leaf, path.unwrap_or_default());
        Step::new("prove_disorder", prove, &[], legal, move |life| life.uphold(index, slash))
    }
}

fn promise(log: &LogModel, period: u64, leaf: &Leaf) -> Promise {
    Promise {
        context: period_context(&log.args.genesis_hash, &log.address, period),
        period,
        agent: leaf.agent,
        sequence: u64::from_be_bytes(leaf.sequence),
        digest: leaf.digest,
    }
}

/// Where a claim lives; a challenge has its receipt's number in its address and a disorder claim
/// the first leaf's place.
fn claim_address(log: &LogModel, kind: ClaimKind, period: u64, place: u64, leaf: &Leaf) -> Address {
    let number = match kind {
        ClaimKind::BrokenPromise => u64::from_be_bytes(leaf.sequence),
        ClaimKind::Disorder => place,
    };
    let agent = Address::new_from_array(leaf.agent);
    registry::claim_address(&log.address, kind, period, &agent, number, &leaf.digest)
}
