//! From a run's events to its signed receipt.

use crate::{
    keys, registry,
    store::{CheckedReceipt, NewRun, Receipts, RunState, Runs, StoreError},
};
use runseal_ed25519::{PointError, PublicKey};
use runseal_receipt::{
    BatchError, Event, EventError, MemberError, Nonce, Receipt, ReceiptError, ReceiptFacts, Role,
    Signature, SignatureDraft, SignatureError, Statements, Status, Trace, TraceError, json::Object,
};
use runseal_types::{Digest, Leaf, Sequence, Timestamp};
use solana_signer::{Signer, SignerError};

/// How many events are read from the store at a time.
const EVENTS_AT_A_TIME: usize = 1_000;

/// What is known of a run when it ends, beside its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The index of the agent's version that ran.
    pub agent_version: u64,
    /// What is known of the runtime.
    pub runtime: Option<Object>,
    /// When the run ended.
    pub ended_at: Timestamp,
    /// How.
    pub status: Status,
    /// Why.
    pub reason: Option<String>,
    /// What it follows from, which states it changed, which policies it was under.
    pub statements: Statements,
    /// The hash of the compact that it was under.
    pub compact: Option<Digest>,
    /// A reference to what was paid for it.
    pub payment: Option<String>,
}

/// A receipt that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRun {
    /// Agent, sequence and digest.
    pub leaf: Leaf,
    /// The receipt's text.
    pub text: Vec<u8>,
    /// Whether the run had ended before, with this receipt.
    pub was_finished: bool,
}

/// Why a run has no receipt yet.
#[derive(Debug, thiserror::Error)]
pub enum SealRunError {
    /// There is no such run.
    #[error("there is no run {run_id:?}")]
    UnknownRun {
        /// Which.
        run_id: String,
    },
    /// The agent has had as many receipts as there are numbers.
    #[error("the agent's receipts have come to their last number")]
    NoSequenceLeft,
    /// A stored event is none.
    #[error("event {seq} of the run is damaged: {reason}")]
    BadEvent {
        /// Its number.
        seq: u64,
        /// Why.
        reason: EventError,
    },
    /// The events do not follow each other.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// What is known of the run makes no receipt.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// The agent's key is none that anybody accepts.
    #[error("the agent's key is not acceptable: {0}")]
    Key(#[from] PointError),
    /// The key did not sign.
    #[error("signing failed: {0}")]
    Signing(#[from] SignerError),
    /// The signature cannot stand in the receipt.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The signature's entry is malformed.
    #[error(transparent)]
    Entry(#[from] MemberError),
    /// What was signed does not verify.
    #[error("the new receipt does not verify: {0}")]
    Check(#[from] BatchError),
    /// The store did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Ends a run: computes its receipt from the stored events, has the agent's key sign it and stores
/// both together. A run that has ended already keeps its receipt.
///
/// One call at a time for an agent: the next receipt names the one before.
pub fn finish_run(
    store: &(impl Runs + Receipts + ?Sized),
    run_id: &str,
    ending: &Ending,
    nonce: Nonce,
    identity: &dyn Signer,
) -> Result<SealedRun, SealRunError> {
    let unknown = || SealRunError::UnknownRun { run_id: run_id.to_owned() };
    let row = store.list_runs(Some(run_id), false, None, 1)?.items.pop().ok_or_else(unknown)?;
    if let RunState::Finished { receipt } = row.state {
        let stored = store.find_receipt(&receipt)?.ok_or_else(unknown)?;
        return Ok(SealedRun { leaf: stored.leaf, text: stored.text, was_finished: true });
    }
    let receipt = draft_receipt(store, row.run, ending, nonce, Object::new())?;
    let checked = check(sign(receipt, ending.ended_at, identity)?)?;
    let (leaf, text) = (checked.columns().leaf, checked.text().to_vec());
    store.finish_run(run_id, checked, None)?;
    Ok(SealedRun { leaf, text, was_finished: false })
}

/// Computes the receipt of a run so far, as the next of its agent's; `extra` is said beside it.
pub fn draft_receipt(
    store: &(impl Runs + Receipts + ?Sized),
    run: NewRun,
    ending: &Ending,
    nonce: Nonce,
    extra: Object,
) -> Result<Receipt, SealRunError> {
    let trace = stored_trace(store, &run.run_id)?;
    let last = store.last_leaf(&run.agent)?;
    let sequence = match last {
        Some(last) => last.sequence.next().ok_or(SealRunError::NoSequenceLeft)?,
        None => Sequence::FIRST,
    };
    let facts = ReceiptFacts {
        run_id: run.run_id,
        trace_id: run.trace_id,
        agent: run.agent,
        agent_version: ending.agent_version,
        adapter: run.adapter,
        runtime: ending.runtime.clone(),
        started_at: run.started_at,
        ended_at: ending.ended_at,
        status: ending.status,
        reason: ending.reason.clone(),
        sequence,
        previous: last.map(|last| last.digest),
        nonce,
        event_chain: trace.head(),
        hashes: trace.hashes(),
        telemetry: Some(trace.telemetry().clone()),
        statements: ending.statements.clone(),
        compact: ending.compact,
        payment: ending.payment.clone(),
    };
    Ok(Receipt::new(&facts, extra)?)
}

/// Follows the events that are stored of a run.
pub fn stored_trace(store: &(impl Runs + ?Sized), run_id: &str) -> Result<Trace, SealRunError> {
    let mut trace = Trace::default();
    let mut after = None;
    loop {
        let events = store.list_events(run_id, after, EVENTS_AT_A_TIME)?;
        let Some(last) = events.last() else { return Ok(trace) };
        after = Some(last.seq);
        for stored in &events {
            let bad = |reason| SealRunError::BadEvent { seq: stored.seq, reason };
            trace.push(&Event::parse(&stored.text).map_err(bad)?)?;
        }
    }
}

/// Has the agent's key sign a receipt.
pub fn sign(
    mut receipt: Receipt,
    at: Timestamp,
    identity: &dyn Signer,
) -> Result<Receipt, SealRunError> {
    let signer_id = receipt.facts().agent.to_string();
    let signature = signature(&receipt.digest(), &signer_id, Role::Agent, at, identity)?;
    receipt.attach(signature)?;
    Ok(receipt)
}

/// Has a key sign the document with this digest.
pub fn signature(
    digest: &Digest,
    signer_id: &str,
    role: Role,
    at: Timestamp,
    signer: &dyn Signer,
) -> Result<Signature, SealRunError> {
    let key = PublicKey::parse(&signer.try_pubkey()?.to_bytes())?;
    let draft = SignatureDraft::new(signer_id, role, &key, at);
    let signature = signer.try_sign_message(&draft.message(digest))?;
    Ok(draft.complete(signature.into())?)
}

/// Checks a receipt's signature as everybody else will: with the key that the agent's address
/// follows from.
pub fn check(receipt: Receipt) -> Result<CheckedReceipt, SealRunError> {
    let text = receipt.document().to_value().canonical();
    Ok(CheckedReceipt::check(text, agent_key)?)
}

/// Finds the key of a receipt's agent among those that its signatures print: the one that the
/// agent's address follows from, so that no other can stand there.
pub fn agent_key(receipt: &Receipt) -> Option<PublicKey> {
    let printed = receipt.document().signatures().iter().filter_map(|it| it.public_key);
    let own = |key: &runseal_types::Address| {
        keys::ours(&registry::agent_address(&keys::theirs(key))) == receipt.facts().agent
    };
    let key = printed.into_iter().find(own)?;
    PublicKey::parse(key.as_bytes()).ok()
}
