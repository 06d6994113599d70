//! Receipts that a registered agent signed somewhere else, as lines for an import.

use runseal_receipt::chain::ChainHead;
use runseal_receipt::{
    Nonce, Receipt, ReceiptFacts, Role, RunHashes, SignatureDraft, Statements, Status,
};
use runseal_types::{Address, Digest, Sequence, Timestamp};
use solana_keypair::Keypair;
use solana_signer::Signer;

/// An agent that runs elsewhere and hands in its receipts.
pub struct Elsewhere {
    identity: Keypair,
    agent: Address,
    next: Sequence,
    previous: Option<Digest>,
}

impl Elsewhere {
    /// The agent with this identity key and this account.
    pub fn new(identity: Keypair, agent: Address) -> Self {
        Self { identity, agent, next: Sequence::FIRST, previous: None }
    }

    /// Signs the next receipt; returns its digest and its line, without the line feed.
    pub fn sign(&mut self) -> (Digest, String) {
        let number = self.next.0;
        let unique = Digest::of(&[self.agent.as_bytes(), &number.to_le_bytes()]);
        let at = Timestamp::new(1_790_000_000 + number, 0).unwrap();
        let facts = ReceiptFacts {
            run_id: format!("elsewhere-{number}"),
            trace_id: format!("trace-{number}"),
            agent: self.agent,
            agent_version: 0,
            adapter: "elsewhere".to_owned(),
            runtime: None,
            started_at: at,
            ended_at: at,
            status: Status::Completed,
            reason: None,
            sequence: self.next,
            previous: self.previous,
            nonce: Nonce::new(unique.as_bytes()).unwrap(),
            event_chain: ChainHead { count: 0, root: Digest::ZERO },
            hashes: RunHashes::default(),
            telemetry: None,
            statements: Statements::default(),
            compact: None,
            payment: None,
        };
        let mut receipt = Receipt::new(&facts, Default::default()).unwrap();
        let key = runseal_ed25519::PublicKey::parse(&self.identity.pubkey().to_bytes()).unwrap();
        let draft = SignatureDraft::new("elsewhere", Role::Agent, &key, at);
        let signature = self.identity.sign_message(&draft.message(&receipt.digest()));
        receipt.attach(draft.complete(signature.into()).unwrap()).unwrap();
        self.next = self.next.next().unwrap();
        self.previous = Some(receipt.digest());
        let text = receipt.document().to_value().canonical();
        (receipt.digest(), String::from_utf8(text).unwrap())
    }
}
