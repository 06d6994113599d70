//! Agents for tests, and receipts that they signed.

use ed25519_dalek::{Signer, SigningKey};
use runseal_client::store::{CheckedAddendum, CheckedReceipt, NewEvent, NewRun};
use runseal_ed25519::PublicKey;
use runseal_receipt::{
    Addendum, Event, Nonce, Receipt, ReceiptFacts, Role, SignatureDraft, Statements, Status, Trace,
};
use runseal_types::{Address, Digest, Leaf, Sequence, Timestamp};

/// An agent whose key everybody knows.
pub struct Agent {
    key: SigningKey,
    account: Address,
    /// Where its receipts stand: the number of the next one, and the digest of the last.
    pub next: Sequence,
    pub previous: Option<Digest>,
}

/// What a test wants to be otherwise in a receipt.
#[derive(Clone, Default)]
pub struct Wish {
    pub run_id: Option<String>,
    pub trace_id: Option<String>,
    pub status: Option<Status>,
    pub ended_seconds: Option<u64>,
    pub statements: Statements,
    pub events: Vec<NewEvent>,
    pub nonce: u8,
}

impl Agent {
    pub fn new(number: u64) -> Self {
        let mut seed = [0x5a; 32];
        seed[..8].copy_from_slice(&number.to_le_bytes());
        let key = SigningKey::from_bytes(&seed);
        let account = Address::new(key.verifying_key().to_bytes());
        Self { key, account, next: Sequence::FIRST, previous: None }
    }

    /// Gives it an account, as the registry does.
    #[must_use]
    pub fn registered(self, account: Address) -> Self {
        Self { account, ..self }
    }

    /// Returns its keypair as Solana's tools keep it in a file.
    pub fn keypair_file(&self) -> String {
        format!("{:?}", self.key.to_keypair_bytes())
    }

    /// Goes on behind a receipt that is stored already.
    pub fn resume(number: u64, last: Option<Leaf>) -> Self {
        let next = last.map_or(Sequence::FIRST, |leaf| leaf.sequence.next().unwrap());
        Self { next, previous: last.map(|leaf| leaf.digest), ..Self::new(number) }
    }

    /// The agent's address is its key, so that everybody can tell the key of a receipt's agent; unless
    /// it has an account.
    pub fn address(&self) -> Address {
        self.account
    }

    pub fn key(&self) -> PublicKey {
        PublicKey::parse(self.key.verifying_key().as_bytes()).unwrap()
    }

    /// Returns the text of its next receipt.
    pub fn text(&mut self, wish: &Wish) -> Vec<u8> {
        let receipt = self.receipt(wish);
        self.next = self.next.next().unwrap();
        self.previous = Some(receipt.digest());
        receipt.document().to_value().canonical()
    }

    /// Returns its next receipt, checked.
    pub fn sign(&mut self, wish: &Wish) -> CheckedReceipt {
        checked(self.text(wish))
    }

    /// Returns so many receipts without anything special in them.
    pub fn sign_many(&mut self, count: usize) -> Vec<CheckedReceipt> {
        (0..count).map(|_| self.sign(&Wish::default())).collect()
    }

    fn receipt(&self, wish: &Wish) -> Receipt {
        let number = self.next.0;
        let mut trace = Trace::default();
        for new in &wish.events {
            trace.push(&new.event).unwrap();
        }
        let unique = Digest::of(&[self.address().as_bytes(), &number.to_le_bytes(), &[wish.nonce]]);
        let ended = wish.ended_seconds.unwrap_or(1_773_705_600 + number);
        let facts = ReceiptFacts {
            // As random as the ids that people use.
            run_id: wish
                .run_id
                .clone()
                .unwrap_or_else(|| format!("run-{}", &unique.to_string()[..32])),
            trace_id: wish.trace_id.clone().unwrap_or_else(|| format!("trace-{number}")),
            agent: self.address(),
            agent_version: 0,
            adapter: "openclaw".to_owned(),
            runtime: None,
            started_at: time(ended.min(1_773_705_600 + number)),
            ended_at: time(ended),
            status: wish.status.unwrap_or(Status::Completed),
            reason: None,
            sequence: self.next,
            previous: self.previous,
            nonce: Nonce::new(&unique.as_bytes()[..16]).unwrap(),
            event_chain: trace.head(),
            hashes: trace.hashes(),
            telemetry: Some(trace.telemetry().clone()),
            statements: wish.statements.clone(),
            compact: None,
            payment: None,
        };
        let mut receipt = Receipt::new(&facts, Default::default()).unwrap();
        let draft = SignatureDraft::new("agent:one", Role::Agent, &self.key(), facts.ended_at);
        let bytes = self.key.sign(&draft.message(&receipt.digest())).to_bytes();
        receipt.attach(draft.complete(bytes).unwrap()).unwrap();
        receipt
    }

    /// Returns an addendum to a receipt.
    pub fn addendum(&self, receipt: Digest, statements: &Statements) -> CheckedAddendum {
        let mut addendum =
            Addendum::new(receipt, self.address(), time(1_800_000_000), statements).unwrap();
        let at = time(1_800_000_000);
        let draft = SignatureDraft::new("agent:one", Role::Agent, &self.key(), at);
        let digest = addendum.document().digest();
        let bytes = self.key.sign(&draft.message(&digest)).to_bytes();
        addendum.attach(draft.complete(bytes).unwrap()).unwrap();
        let text = addendum.document().to_value().canonical();
        CheckedAddendum::check(text, &self.key()).unwrap()
    }

    /// Returns a run that it starts.
    pub fn run(&self, run_id: &str) -> NewRun {
        NewRun {
            run_id: run_id.to_owned(),
            trace_id: "trace".to_owned(),
            agent: self.address(),
            adapter: "openclaw".to_owned(),
            session_key: None,
            started_at: time(1_773_705_600),
            trigger: Some("{}".to_owned()),
        }
    }
}

/// The key of a receipt's agent: here, its address.
pub fn key_of(receipt: &Receipt) -> Option<PublicKey> {
    PublicKey::parse(receipt.facts().agent.as_bytes()).ok()
}

pub fn checked(text: Vec<u8>) -> CheckedReceipt {
    CheckedReceipt::check_all(vec![text], key_of).remove(0).unwrap()
}

pub fn time(seconds: u64) -> Timestamp {
    Timestamp::new(seconds, 0).unwrap()
}

pub fn event(event_id: &str, seq: u64, content: &str) -> NewEvent {
    let text = format!(
        r#"{{"event_id":"{event_id}","type":"message.received","timestamp":"t","source":"s","seq":{seq},"data":{{"content":"{content}"}}}}"#
    );
    NewEvent { event: Event::parse(text.as_bytes()).unwrap(), text: text.into_bytes() }
}
