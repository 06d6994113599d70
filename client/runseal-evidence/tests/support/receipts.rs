//! Receipts with real signatures.

use ed25519_dalek::{Signer, SigningKey};
use runseal_ed25519::PublicKey;
use runseal_receipt::{
    Event, Nonce, Receipt, ReceiptFacts, Role, SignatureDraft, Statements, Status, Trace,
};
use runseal_types::{Address, Digest, Leaf, Sequence};

pub const AGENT_SEED: u8 = 1;
pub const APPROVER_SEED: u8 = 2;

pub fn identity(seed: u8) -> [u8; 32] {
    SigningKey::from_bytes(&[seed; 32]).verifying_key().to_bytes()
}

/// A receipt and the texts of its events.
#[derive(Clone)]
pub struct Written {
    pub receipt: Receipt,
    pub events: Vec<String>,
}

impl Written {
    pub fn text(&self) -> String {
        text_of(&self.receipt)
    }
}

pub fn text_of(receipt: &Receipt) -> String {
    String::from_utf8(receipt.document().to_value().canonical()).unwrap()
}

/// Writes an agent's first receipts, each with two events and following from the one before.
pub fn write(agent: &Address, count: u64) -> Vec<Written> {
    let mut written: Vec<Written> = Vec::new();
    for sequence in 0..count {
        let events: Vec<String> = (0..2).map(|seq| event(sequence, seq)).collect();
        let previous = written.last().map(|one| one.receipt.digest());
        let facts = facts(agent, sequence, previous, &events);
        let receipt =
            sign(Receipt::new(&facts, Default::default()).unwrap(), AGENT_SEED, Role::Agent);
        written.push(Written { receipt, events });
    }
    written
}

fn event(run: u64, seq: u64) -> String {
    let kind = if seq == 0 { "message.received" } else { "message.sent" };
    format!(
        r#"{{"event_id":"e{seq}","type":"{kind}","timestamp":"2026-03-17T00:00:00Z","source":"channel","seq":{seq},"data":{{"run":{run}}}}}"#
    )
}

/// What a receipt of an agent says.
pub fn facts(
    agent: &Address,
    sequence: u64,
    previous: Option<Digest>,
    events: &[String],
) -> ReceiptFacts {
    let mut trace = Trace::default();
    for event in events {
        trace.push(&Event::parse(event.as_bytes()).unwrap()).unwrap();
    }
    ReceiptFacts {
        run_id: format!("run-{sequence}"),
        trace_id: "trace-1".to_owned(),
        agent: *agent,
        agent_version: 0,
        adapter: "none".to_owned(),
        runtime: None,
        started_at: "2026-03-17T00:00:00Z".parse().unwrap(),
        ended_at: "2026-03-17T00:00:08Z".parse().unwrap(),
        status: Status::Completed,
        reason: None,
        sequence: Sequence(sequence),
        previous,
        nonce: Nonce::new(&[7; 16]).unwrap(),
        event_chain: trace.head(),
        hashes: trace.hashes(),
        telemetry: Some(trace.telemetry().clone()),
        statements: Statements::default(),
        compact: None,
        payment: None,
    }
}

/// Adds a signature of the key with this seed.
pub fn sign(mut receipt: Receipt, seed: u8, role: Role) -> Receipt {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let public = PublicKey::parse(key.verifying_key().as_bytes()).unwrap();
    let draft =
        SignatureDraft::new("somebody", role, &public, "2026-03-17T00:00:09Z".parse().unwrap());
    let bytes = key.sign(&draft.message(&receipt.digest())).to_bytes();
    receipt.attach(draft.complete(bytes).unwrap()).unwrap();
    receipt
}

/// Leaves of agents that stand before and behind ours.
pub fn write_others() -> Vec<Leaf> {
    let agents = [[0x01; 32], [0x02; 32], [0xfe; 32]];
    let leaf = |agent: [u8; 32], sequence| Leaf {
        agent: Address::new(agent),
        sequence: Sequence(sequence),
        digest: Digest::of(&[b"other", &agent]),
    };
    agents.into_iter().flat_map(|agent| (0..3).map(move |number| leaf(agent, number))).collect()
}
