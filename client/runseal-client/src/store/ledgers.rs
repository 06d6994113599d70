use super::{Page, Position, StoreError};
use runseal_merkle::Tree;
use runseal_receipt::json::{Number, Object, Value};
use runseal_types::{Digest, Timestamp};

const ENTRY_DOMAIN: &[u8] = b"runseal/ledger-entry/v1";
const CHECKPOINT_DOMAIN: &[u8] = b"runseal/ledger-checkpoint/v1";

/// An entry that is to be appended to an agent's ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryDraft {
    /// What the entry is called; no other is.
    pub entry_id: String,
    /// Whose ledger.
    pub agent_id: String,
    /// When, to the service.
    pub timestamp: Timestamp,
    /// Of what kind the content is.
    pub content_type: String,
    /// The content.
    pub content: Object,
}

impl EntryDraft {
    /// Returns what the entry is about, by which it is found: its content's `about`, or else its run.
    pub fn about(&self) -> Option<&str> {
        ["about", "run_id"].into_iter().find_map(|member| match self.content.get(member) {
            Some(Value::Text(text)) => Some(text.as_str()),
            _ => None,
        })
    }
}

/// Which entries are listed: those of this type of which everything else that is said is true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// Of what kind the content is.
    pub content_type: String,
    /// Whose ledger.
    pub agent_id: Option<String>,
    /// What they are about.
    pub about: Option<String>,
    /// Whether the last one comes first.
    pub newest_first: bool,
}

/// An entry of an agent's ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRecord {
    /// What it says.
    pub draft: EntryDraft,
    /// Its number, from 0.
    pub seq: u64,
    /// The hash of the one before; none of the first.
    pub previous: Option<Digest>,
    /// Its own.
    pub hash: Digest,
}

/// A root over a span of an agent's ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointRecord {
    /// What it is called; no other is.
    pub checkpoint_id: String,
    /// Whose ledger.
    pub agent_id: String,
    /// When it was made.
    pub timestamp: Timestamp,
    /// The number of the first entry.
    pub from_seq: u64,
    /// How many entries there are.
    pub entry_count: u64,
    /// Their root.
    pub root: Digest,
    /// The hash of the checkpoint before; none of the first.
    pub previous: Option<Digest>,
    /// Its own.
    pub hash: Digest,
}

/// Returns an entry's hash: H(domain ‖ JCS of everything that it says, with number and link).
pub fn entry_hash(draft: &EntryDraft, seq: u64, previous: Option<Digest>) -> Digest {
    let object = object([
        ("agent_id", Value::from(draft.agent_id.as_str())),
        ("content", Value::Object(draft.content.clone())),
        ("content_type", Value::from(draft.content_type.as_str())),
        ("entry_id", Value::from(draft.entry_id.as_str())),
        ("previous", Value::from(previous)),
        ("seq", integer(seq)),
        ("timestamp", Value::Text(draft.timestamp.to_string())),
    ]);
    Digest::of(&[ENTRY_DOMAIN, &object.canonical()])
}

/// Returns the root over entries: RFC 9162's, with their hashes as leaves.
pub fn entries_root(hashes: impl IntoIterator<Item = Digest>) -> Digest {
    let leaves = hashes.into_iter().map(|hash| *hash.as_bytes());
    Digest::new(Tree::from_leaves(leaves).root())
}

/// Returns a checkpoint's hash, whatever it has for one now.
pub fn checkpoint_hash(checkpoint: &CheckpointRecord) -> Digest {
    let object = object([
        ("agent_id", Value::from(checkpoint.agent_id.as_str())),
        ("checkpoint_id", Value::from(checkpoint.checkpoint_id.as_str())),
        ("entry_count", integer(checkpoint.entry_count)),
        ("from_seq", integer(checkpoint.from_seq)),
        ("previous", Value::from(checkpoint.previous)),
        ("root", Value::from(checkpoint.root)),
        ("timestamp", Value::Text(checkpoint.timestamp.to_string())),
    ]);
    Digest::of(&[CHECKPOINT_DOMAIN, &object.canonical()])
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Numbers of entries stay far below what JSON can say; one beyond would be text.
fn integer(number: u64) -> Value {
    let exact = i64::try_from(number).ok().and_then(Number::from_integer);
    exact.map_or_else(|| Value::Text(number.to_string()), Value::Number)
}

/// Agents' ledgers: what happened to each agent, entry by entry, each naming the one before.
pub trait Ledgers {
    /// Appends an entry behind the agent's last one.
    fn append_entry(&self, draft: &EntryDraft) -> Result<EntryRecord, StoreError>;

    /// Lists an agent's entries by their numbers, from this one on.
    fn list_entries(
        &self,
        agent_id: &str,
        from_seq: u64,
        limit: usize,
    ) -> Result<Vec<EntryRecord>, StoreError>;

    /// Finds an entry by its id.
    fn find_entry(&self, entry_id: &str) -> Result<Option<EntryRecord>, StoreError>;

    /// Returns an agent's last entry.
    fn last_entry(&self, agent_id: &str) -> Result<Option<EntryRecord>, StoreError>;

    /// Lists entries of one type, of one agent or of all, in the order in which they were stored.
    fn find_entries(
        &self,
        filter: &EntryFilter,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<EntryRecord>, StoreError>;

    /// Makes a checkpoint over the agent's entries since the last one.
    fn put_checkpoint(
        &self,
        agent_id: &str,
        checkpoint_id: &str,
        timestamp: Timestamp,
    ) -> Result<CheckpointRecord, StoreError>;

    /// Finds a checkpoint by its id.
    fn find_checkpoint(&self, checkpoint_id: &str) -> Result<Option<CheckpointRecord>, StoreError>;

    /// Lists an agent's checkpoints by the first entry of each, from this one on.
    fn list_checkpoints(
        &self,
        agent_id: &str,
        from_seq: u64,
        limit: usize,
    ) -> Result<Vec<CheckpointRecord>, StoreError>;

    /// Lists those that begin before an entry, the newest first.
    fn list_checkpoints_before(
        &self,
        agent_id: &str,
        before_seq: u64,
        limit: usize,
    ) -> Result<Vec<CheckpointRecord>, StoreError>;
}
