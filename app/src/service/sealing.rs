use super::{Agent, MOST_ENTRY_BYTES, Service};
use crate::{
    error::ApiError,
    ids,
    runproof::{Overlay, Proof, runproof_members},
    wire::Problem,
};
use runseal_client::{
    receipts::{self, Ending},
    store::{CheckedReceipt, Conflict, EntryDraft, RunRow, RunState, StoreError},
};
use runseal_receipt::{
    Role, Statements, Status,
    json::{Object, Value},
    member::object_of,
};
use runseal_types::{Digest, Timestamp};
use solana_signer::Signer;

/// How often a receipt is made anew because events came in meanwhile.
const MOST_TRIES: usize = 16;

/// What is said when a run ends, or is sealed so far.
pub(crate) struct Sealing {
    pub(crate) run_id: String,
    /// When; now, if nobody says.
    pub(crate) at: Option<Timestamp>,
    /// The member that said so.
    pub(crate) at_member: &'static str,
    pub(crate) status: Status,
    pub(crate) reason: Option<String>,
    pub(crate) agent_version: u64,
}

/// A run with its receipt.
pub(crate) struct Ended {
    pub(crate) root_hash: Digest,
    pub(crate) event_count: u64,
}

impl Service {
    /// Makes a run's receipt, has agent and service sign it, and stores it with the entry in the
    /// agent's ledger. A run that ended keeps what it has.
    pub(crate) fn seal(&self, sealing: &Sealing) -> Result<Ended, ApiError> {
        let run_id = &sealing.run_id;
        let unknown = || ApiError::not_found(format!("Run not found: {run_id}"));
        let row = self.find_run(run_id)?.ok_or_else(unknown)?;
        let agent = self.agent_at(&row.run.agent)?;
        // The next receipt names the one before, so an agent's are made one after the other.
        let _lock = self.lock(&agent.agent_id);
        for _ in 0..MOST_TRIES {
            let row = self.find_run(run_id)?.ok_or_else(unknown)?;
            if let RunState::Finished { receipt } = row.state {
                return match sealing.status {
                    Status::Checkpoint => Err(finished(run_id, receipt)),
                    _ => Ok(Ended { root_hash: receipt, event_count: row.event_count }),
                };
            }
            let (receipt, entry) = self.receipt(row, &agent, sealing)?;
            let columns = receipt.columns().clone();
            match self.store.finish_run(run_id, receipt, Some(entry)) {
                Err(StoreError::Conflict(Conflict::EventCount { .. })) => {}
                stored => {
                    stored?;
                    self.news.changed();
                    let (root_hash, event_count) = (columns.leaf.digest, columns.event_count);
                    return Ok(Ended { root_hash, event_count });
                }
            }
        }
        Err(ApiError::conflict(format!("events of run {run_id} keep coming in")))
    }

    fn receipt(
        &self,
        row: RunRow,
        agent: &Agent,
        sealing: &Sealing,
    ) -> Result<(CheckedReceipt, EntryDraft), ApiError> {
        let now = ids::now()?;
        let ended_at = ended_at(sealing, row.run.started_at, now)?;
        let ending = Ending {
            agent_version: sealing.agent_version,
            runtime: Some(runtime()),
            ended_at,
            status: sealing.status,
            reason: sealing.reason.clone(),
            statements: Statements::default(),
            compact: None,
            payment: None,
        };
        let extra = runproof_members(&agent.agent_id, &row.run);
        let draft = receipts::draft_receipt(&*self.store, row.run, &ending, ids::nonce()?, extra)?;
        let mut receipt = receipts::sign(draft, ended_at, &*agent.key)?;
        let countersignature = receipts::signature(
            &receipt.digest(),
            &self.signer_id()?,
            Role::Operator,
            now,
            &self.key,
        )?;
        receipt.attach(countersignature).map_err(ApiError::failed)?;
        let entry = EntryDraft {
            entry_id: ids::stamped("ledger")?,
            agent_id: agent.agent_id.clone(),
            timestamp: now,
            content_type: "run".to_owned(),
            content: self.entry_content(&receipt, &agent.agent_id)?,
        };
        Ok((receipts::check(receipt)?, entry))
    }

    /// What the service calls itself under a signature.
    pub(crate) fn signer_id(&self) -> Result<String, ApiError> {
        let key = runseal_ed25519::PublicKey::parse(&self.key.pubkey().to_bytes());
        Ok(format!("runtime:{}", key.map_err(ApiError::failed)?.id()))
    }

    fn entry_content(
        &self,
        receipt: &runseal_receipt::Receipt,
        agent_id: &str,
    ) -> Result<Object, ApiError> {
        let facts = receipt.facts();
        let events = self.events(&facts.run_id, facts.event_chain.count)?;
        let overlay = Overlay { agent_id: agent_id.to_owned(), ..Overlay::default() };
        let document = Proof::new(receipt.clone(), events, overlay).into_document();
        let copy = |member: &str| document.get(member).cloned().unwrap_or(Value::Null);
        let states = copy("state_proofs");
        // The events have them all; an entry must be read back whole.
        let is_small = states.canonical().len() <= MOST_ENTRY_BYTES / 2;
        Ok(object_of([
            ("run_id", Value::from(facts.run_id.as_str())),
            ("run_proof_hash", Value::from(receipt.digest())),
            ("event_proof", copy("event_proof")),
            ("state_proofs", if is_small { states } else { Value::Null }),
            ("input_hash", copy("input_hash")),
            ("output_hash", copy("output_hash")),
        ]))
    }
}

fn finished(run_id: &str, receipt: Digest) -> ApiError {
    StoreError::from(Conflict::RunFinished { run_id: run_id.to_owned(), receipt }).into()
}

/// A run that began in the future, as it says, ends when it began.
fn ended_at(
    sealing: &Sealing,
    started_at: Timestamp,
    now: Timestamp,
) -> Result<Timestamp, ApiError> {
    match sealing.at {
        None => Ok(now.max(started_at)),
        Some(at) if at >= started_at => Ok(at),
        Some(at) => {
            let (kind, message) = ("value_error", "Input should not be before the run's start");
            let input = Value::Text(at.to_string());
            Err(Problem::of("body", sealing.at_member, kind, message, &input).into())
        }
    }
}

fn runtime() -> Object {
    object_of([
        ("service", Value::from("runseal")),
        ("version", Value::from(env!("CARGO_PKG_VERSION"))),
    ])
}
