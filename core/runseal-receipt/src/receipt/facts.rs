use super::{Nonce, RECEIPT_VERSION, ReceiptError};
use crate::{
    chain::ChainHead,
    json::{Object, Value},
    member::{MemberError, Members, integer, object_of},
    statement::Statements,
    telemetry::Telemetry,
    trace::RunHashes,
    word::words,
};
use runseal_types::{Address, Digest, Sequence, Timestamp};

words! {
    /// How a run ended.
    Status {
        /// As it should.
        Completed = "completed",
        /// It went wrong.
        Failed = "failed",
        /// It did not: it was sealed so far and goes on.
        Checkpoint = "checkpoint",
        /// Nobody knows: it fell silent.
        Interrupted = "interrupted",
        /// It never began, because a rule did not allow it.
        Refused = "refused",
    }
}

/// What a receipt says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptFacts {
    /// What the run is called.
    pub run_id: String,
    /// What the work is called that the run is a part of.
    pub trace_id: String,
    /// The agent's account in the registry.
    pub agent: Address,
    /// The index of the agent's version that ran.
    pub agent_version: u64,
    /// What the events were seen through.
    pub adapter: String,
    /// What is known of the runtime.
    pub runtime: Option<Object>,
    /// When the run started, as the receipt says.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// How.
    pub status: Status,
    /// Why.
    pub reason: Option<String>,
    /// The receipt's number among its agent's.
    pub sequence: Sequence,
    /// The digest of the agent's receipt before; none of the first.
    pub previous: Option<Digest>,
    /// Random bytes.
    pub nonce: Nonce,
    /// How many events there are, and the last link of their chain.
    pub event_chain: ChainHead,
    /// The hashes of input, output and environment.
    pub hashes: RunHashes,
    /// How often what happened.
    pub telemetry: Option<Telemetry>,
    /// What it follows from, which states it changed, which policies it was under.
    pub statements: Statements,
    /// The hash of the compact that the run was under.
    pub compact: Option<Digest>,
    /// What was paid for the run: a reference that whoever took the payment understands.
    pub payment: Option<String>,
}

impl ReceiptFacts {
    pub(super) fn read(members: Members<'_>) -> Result<Self, MemberError> {
        let text = |member| members.text(member).map(str::to_owned);
        let find_text =
            |member| members.optional(member, Members::text).map(|text| text.map(str::to_owned));
        Ok(Self {
            run_id: text("run_id")?,
            trace_id: text("trace_id")?,
            agent: members.address("agent")?,
            agent_version: members.integer("agent_version")?,
            adapter: text("adapter")?,
            runtime: members.optional("runtime", Members::object)?.cloned(),
            started_at: members.timestamp("started_at")?,
            ended_at: members.timestamp("ended_at")?,
            status: members.word("status", Status::find)?,
            reason: find_text("reason")?,
            sequence: Sequence(members.integer("sequence")?),
            previous: members.optional("previous", Members::digest)?,
            nonce: members.word("nonce", Nonce::parse)?,
            event_chain: read_chain(Members(members.object("event_chain")?))?,
            hashes: read_hashes(Members(members.object("hashes")?))?,
            telemetry: members.optional("telemetry", Telemetry::read)?,
            statements: Statements::read(members)?,
            compact: members.optional("compact", Members::digest)?,
            payment: find_text("payment")?,
        })
    }

    /// Refuses facts that contradict each other.
    pub(super) fn check(&self) -> Result<(), ReceiptError> {
        if self.ended_at < self.started_at {
            return Err(ReceiptError::EndsBeforeStart);
        }
        match (self.sequence, self.previous) {
            (Sequence::FIRST, Some(_)) => return Err(ReceiptError::FirstHasPrevious),
            (Sequence::FIRST, None) | (_, Some(_)) => {}
            (sequence, None) => return Err(ReceiptError::NoPrevious { sequence }),
        }
        let ChainHead { count, root } = self.event_chain;
        if (count == 0) != (root == Digest::ZERO) {
            return Err(ReceiptError::ImpossibleChain { count, root });
        }
        match &self.telemetry {
            Some(Telemetry { event_count: counted, .. }) if *counted != count => {
                Err(ReceiptError::TelemetryCount { counted: *counted, count })
            }
            _ => Ok(()),
        }
    }

    /// Adds every fact to an object that becomes a document.
    pub(super) fn write(&self, object: &mut Object) {
        object.extend(self.run_members());
        object.extend(self.chain_members());
        self.statements.write(object);
    }

    fn run_members(&self) -> Object {
        object_of([
            ("version", Value::from(RECEIPT_VERSION)),
            ("run_id", Value::from(self.run_id.as_str())),
            ("trace_id", Value::from(self.trace_id.as_str())),
            ("agent", Value::from(self.agent)),
            ("agent_version", integer(self.agent_version)),
            ("adapter", Value::from(self.adapter.as_str())),
            ("runtime", Value::from(self.runtime.clone())),
            ("started_at", Value::Text(self.started_at.to_string())),
            ("ended_at", Value::Text(self.ended_at.to_string())),
            ("status", Value::from(self.status.as_str())),
            ("reason", Value::from(self.reason.as_deref())),
        ])
    }

    fn chain_members(&self) -> Object {
        let RunHashes { input, output, environment } = self.hashes;
        let hashes = [("input", input), ("output", output), ("environment", environment)];
        let chain = [
            ("count", integer(self.event_chain.count)),
            ("root", Value::from(self.event_chain.root)),
        ];
        object_of([
            ("sequence", integer(self.sequence.0)),
            ("previous", Value::from(self.previous)),
            ("nonce", Value::from(self.nonce.as_str())),
            ("event_chain", Value::Object(object_of(chain))),
            ("hashes", Value::Object(object_of(hashes.map(|(key, hash)| (key, hash.into()))))),
            ("telemetry", Value::from(self.telemetry.as_ref().map(Telemetry::to_object))),
            ("compact", Value::from(self.compact)),
            ("payment", Value::from(self.payment.as_deref())),
        ])
    }
}

fn read_chain(members: Members<'_>) -> Result<ChainHead, MemberError> {
    Ok(ChainHead { count: members.integer("count")?, root: members.digest("root")? })
}

fn read_hashes(members: Members<'_>) -> Result<RunHashes, MemberError> {
    let hash = |member| members.optional(member, Members::digest);
    Ok(RunHashes {
        input: hash("input")?,
        output: hash("output")?,
        environment: hash("environment")?,
    })
}
