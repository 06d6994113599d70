use super::{Conflict, Page, Position, StoreError, Stored};
use runseal_ed25519::PublicKey;
use runseal_receipt::{BatchError, Receipt, Statements, Status, check_receipt, check_receipts};
use runseal_types::{Digest, Leaf, Period, Sequence, Timestamp};

/// A receipt that its agent signed, with the text that it came as.
///
/// There is no other way to one than through [`CheckedReceipt::check_all`] and
/// [`CheckedReceipt::check`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedReceipt {
    columns: Columns,
    statements: Statements,
    text: Vec<u8>,
}

/// What is looked for in receipts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Agent, sequence and digest.
    pub leaf: Leaf,
    /// The digest of the agent's receipt before.
    pub previous: Option<Digest>,
    /// The run.
    pub run_id: String,
    /// The work that it is a part of.
    pub trace_id: String,
    /// How the run ended.
    pub status: Status,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// How many events it had.
    pub event_count: u64,
}

impl Columns {
    /// Takes what is looked for out of a receipt, and what it says of others.
    pub fn of(receipt: Receipt) -> (Self, Statements) {
        let leaf = receipt.leaf();
        let facts = receipt.into_facts();
        let columns = Self {
            leaf,
            previous: facts.previous,
            run_id: facts.run_id,
            trace_id: facts.trace_id,
            status: facts.status,
            started_at: facts.started_at,
            ended_at: facts.ended_at,
            event_count: facts.event_chain.count,
        };
        (columns, facts.statements)
    }
}

impl CheckedReceipt {
    /// Parses a text and checks that the agent signed it, with the key that is known of him.
    pub fn check(
        text: Vec<u8>,
        key_of: impl Fn(&Receipt) -> Option<PublicKey>,
    ) -> Result<Self, BatchError> {
        let (columns, statements) = Columns::of(check_receipt(&text, key_of)?);
        Ok(Self { columns, statements, text })
    }

    /// Parses texts and checks that the agent of each signed it, with the key that is known of him.
    ///
    /// Many at once are several times as fast as one by one; the answers are the same.
    pub fn check_all<T: AsRef<[u8]> + Into<Vec<u8>>>(
        texts: Vec<T>,
        key_of: impl Fn(&Receipt) -> Option<PublicKey>,
    ) -> Vec<Result<Self, BatchError>> {
        let answers = {
            let slices: Vec<&[u8]> = texts.iter().map(AsRef::as_ref).collect();
            check_receipts(&slices, key_of, Columns::of)
        };
        let checked = |(kept, text): (Result<_, BatchError>, T)| {
            kept.map(|(columns, statements)| Self { columns, statements, text: text.into() })
        };
        answers.into_iter().zip(texts).map(checked).collect()
    }

    /// Returns what is looked for in it.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Returns what it says of other receipts, states and policies.
    pub fn statements(&self) -> &Statements {
        &self.statements
    }

    /// Returns the text that it came as.
    pub fn text(&self) -> &[u8] {
        &self.text
    }
}

/// A receipt as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReceipt {
    /// Where it stands among all receipts.
    pub position: Position,
    /// Agent, sequence and digest.
    pub leaf: Leaf,
    /// The period that it is sealed in, if it is.
    pub period: Option<Period>,
    /// The text that it came as.
    pub text: Vec<u8>,
}

/// A receipt in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Where it stands among all receipts.
    pub position: Position,
    /// What is looked for in it.
    pub columns: Columns,
}

/// Which receipts are listed: those of which everything that is said here is true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceiptFilter {
    /// Of this run.
    pub run_id: Option<String>,
    /// Of this work.
    pub trace_id: Option<String>,
    /// That ended like this.
    pub status: Option<Status>,
    /// That ended in this second or later.
    pub ended_from_seconds: Option<u64>,
    /// That ended before this second.
    pub ended_before_seconds: Option<u64>,
}

/// Signed receipts. None is ever changed or lost.
pub trait Receipts {
    /// Stores receipts and answers for each in its place. One that is refused changes nothing for
    /// the others; an error means that none was stored.
    fn put_receipts(
        &self,
        receipts: Vec<CheckedReceipt>,
    ) -> Result<Vec<Result<Stored, Conflict>>, StoreError>;

    /// Finds a receipt by its digest.
    fn find_receipt(&self, digest: &Digest) -> Result<Option<StoredReceipt>, StoreError>;

    /// Lists receipts in the order in which they were stored.
    fn list_receipts(
        &self,
        filter: &ReceiptFilter,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<ReceiptRow>, StoreError>;

    /// Lists an agent's receipts by their sequence, from this one on.
    fn list_leaves(
        &self,
        agent: &runseal_types::Address,
        from: Sequence,
        limit: usize,
    ) -> Result<Vec<Leaf>, StoreError>;

    /// Returns the last of an agent's receipts, which the next one must name.
    fn last_leaf(&self, agent: &runseal_types::Address) -> Result<Option<Leaf>, StoreError>;
}
