use runseal_client::{keys::ours, receipts, registry};
use runseal_receipt::{Nonce, Receipt, ReceiptFacts, Statements, Status, Trace, json::Object};
use runseal_types::{Digest, Sequence, Timestamp};
use solana_keypair::Keypair;
use solana_signer::Signer;

/// A receipt of a run without events, signed by the agent with this key.
pub(crate) fn signed_receipt(
    identity: &Keypair,
    sequence: u64,
    previous: Option<Digest>,
) -> Receipt {
    saying(identity, sequence, previous, Statements::default())
}

/// The same, of a run that says this.
pub(crate) fn saying(
    identity: &Keypair,
    sequence: u64,
    previous: Option<Digest>,
    statements: Statements,
) -> Receipt {
    let at = Timestamp::new(1_773_705_600 + sequence, 0).unwrap();
    let trace = Trace::default();
    let facts = ReceiptFacts {
        run_id: format!("run-{sequence}"),
        trace_id: format!("trace-{sequence}"),
        agent: ours(&registry::agent_address(&identity.pubkey())),
        agent_version: 0,
        adapter: "test".to_owned(),
        runtime: None,
        started_at: at,
        ended_at: at,
        status: Status::Completed,
        reason: None,
        sequence: Sequence(sequence),
        previous,
        nonce: Nonce::new(&[7; 32]).unwrap(),
        event_chain: trace.head(),
        hashes: trace.hashes(),
        telemetry: None,
        statements,
        compact: None,
        payment: None,
    };
    receipts::sign(Receipt::new(&facts, Object::new()).unwrap(), at, identity).unwrap()
}

/// A receipt's text.
pub(crate) fn text(receipt: &Receipt) -> String {
    String::from_utf8(receipt.document().to_value().canonical()).unwrap()
}
