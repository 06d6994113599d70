//! Parts of bundles, policies, and both together.

use super::*;

impl Town {
    pub fn place(&self) -> Place {
        *self.periods[PERIOD as usize].place()
    }

    pub fn sealed(&self) -> &SealedPeriod {
        &self.periods[PERIOD as usize]
    }

    pub fn agent_address(&self) -> Address {
        ours(&self.agent.0)
    }

    /// A bundle of one statement; the accounts come later.
    pub fn parts(&self, statement: Statement, shown: &[usize]) -> BundleParts {
        let text = |index: usize| self.written[index].text();
        BundleParts {
            program: program(),
            place: self.place(),
            leaf_count: self.sealed().leaf_count(),
            statement,
            receipts: shown.iter().map(|index| text(*index)).collect(),
            previous: shown.first().map(|index| text(index - 1)),
            events: (shown.len() == 1).then(|| self.written[shown[0]].events.clone()),
            addenda: Vec::new(),
            approvals: Vec::new(),
            policies: Vec::new(),
            anchor: None,
            log_path: Some(self.log_path()),
            accounts: Vec::new(),
        }
    }

    /// That the receipt with number 3 is there.
    pub fn inclusion(&self) -> BundleParts {
        let inclusion = self.sealed().prove_inclusion(self.agent_address(), Sequence(3));
        self.parts(Statement::Inclusion(inclusion.unwrap()), &[3])
    }

    /// That the agent's first receipt is there, in the log's first period.
    pub fn first(&self) -> BundleParts {
        let sealed = &self.periods[0];
        let inclusion = sealed.prove_inclusion(self.agent_address(), Sequence(0)).unwrap();
        let mut parts = self.parts(Statement::Inclusion(inclusion), &[3]);
        parts.receipts = vec![self.written[0].text()];
        (parts.place, parts.previous) = (*sealed.place(), None);
        parts
    }

    pub fn absence(&self) -> BundleParts {
        let absence = self.sealed().prove_absence(self.agent_address(), Sequence(6));
        self.parts(Statement::Absence(absence.unwrap()), &[])
    }

    pub fn ends(&self) -> BundleParts {
        let ends = self.sealed().prove_ends(self.agent_address(), Sequence(2), Sequence(5));
        self.parts(Statement::Ends(ends.unwrap()), &[2, 5])
    }

    pub fn span(&self) -> BundleParts {
        let span = self.sealed().prove_span(self.agent_address(), Sequence(2), Sequence(5));
        self.parts(Statement::Span(span.unwrap()), &[2, 3, 4, 5])
    }

    pub fn anchor_facts(&self) -> AnchorFacts {
        let anchor = &self.anchors[PERIOD as usize].1;
        AnchorFacts {
            context: self.place().context(),
            root: Digest::new(anchor.root),
            leaf_count: anchor.leaf_count,
            cumulative_leaf_count: anchor.cumulative_leaf_count,
            previous_anchor_hash: Digest::new(anchor.previous_anchor_hash),
            start_seconds: anchor.start_seconds,
            end_seconds: anchor.end_seconds,
            posted_slot: anchor.posted_at.slot,
            posted_unix_seconds: anchor.posted_at.unix_seconds,
        }
    }

    fn log_path(&self) -> LogPath {
        let hashes = self.anchors.iter().map(|(_, anchor)| anchor.anchor_hash);
        let tree = runseal_merkle::Tree::from_leaves(hashes);
        let path = tree.inclusion_path(PERIOD).unwrap().into_iter().map(Digest::new).collect();
        LogPath { count: tree.count(), path }
    }
}

/// The bytes of an account as an endpoint returns them.
pub fn raw<T: Discriminator + NoUninit>((address, account): &(Key, T)) -> RawAccount {
    let data = [T::DISCRIMINATOR, bytes_of(account)].concat();
    RawAccount { address: ours(address), owner: program(), lamports: 1_000_000, data }
}

/// What the two endpoints say of an account.
pub fn observed(account: RawAccount) -> Observation {
    let answer = |endpoint: &&str| Answer {
        endpoint: (*endpoint).to_owned(),
        slot: 5_000,
        commitment: Commitment::Finalized,
    };
    Observation { account, answers: ENDPOINTS.iter().map(answer).collect() }
}

/// A caller who asks for everything that there is.
pub fn policy() -> Policy {
    let mut policy = Policy::strict(Digest::new(GENESIS), program());
    policy.minimum_stage = 3;
    policy.recorded_answers = true;
    policy
}

/// A town, a bundle about it and a policy: everything that a verdict depends on.
pub struct Scene {
    pub town: Town,
    pub parts: BundleParts,
    pub policy: Policy,
    /// Accounts that are kept from the bundle.
    pub hidden: BTreeSet<Address>,
    /// What is done to the accounts' bytes and answers in the end.
    pub spoil: fn(&mut Vec<Observation>),
}

impl Scene {
    pub fn new(parts: fn(&Town) -> BundleParts) -> Self {
        let town = Town::new();
        let parts = parts(&town);
        Self { town, parts, policy: policy(), hidden: BTreeSet::new(), spoil: |_| {} }
    }

    pub fn hide(&mut self, address: Key) {
        self.hidden.insert(ours(&address));
    }

    pub fn finish(&self) -> BundleParts {
        let shown = self.town.accounts().into_iter();
        let shown = shown.filter(|account| !self.hidden.contains(&account.address));
        let mut parts = self.parts.clone();
        parts.accounts.extend(shown.map(observed));
        (self.spoil)(&mut parts.accounts);
        parts
    }

    pub fn report(&self) -> Report {
        match runseal_engine::Bundle::new(self.finish()) {
            Ok(bundle) => verify_text(&bundle.to_bytes(), &self.policy, &Registry),
            Err(_) => verify_text(b"", &self.policy, &Registry),
        }
    }
}

/// The agent's key.
pub fn agent_key() -> SigningKey {
    SigningKey::from_bytes(&[AGENT_SEED; 32])
}
