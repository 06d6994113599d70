use runseal_receipt::{AddendumError, EventError, MemberError, ReceiptError, json::JsonError};
use runseal_types::Digest;

/// Why bytes are not a bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// They are not JSON that has one meaning, or too many.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// They are a JSON value, but not an object.
    #[error("not an object")]
    NotAnObject,
    /// They are of another version or kind.
    #[error("the version is {found:?}, not {expected:?}")]
    OtherVersion {
        /// The version that they name.
        found: String,
        /// The version that was to be read.
        expected: &'static str,
    },
    /// An object has a member that nothing is known of.
    #[error("{place} has a member {member:?} that nothing is known of")]
    UnknownMember {
        /// Which object.
        place: &'static str,
        /// The member.
        member: String,
    },
    /// A member is not what belongs there.
    #[error("in {place}: {reason}")]
    Member {
        /// Which object.
        place: &'static str,
        /// What is wrong.
        reason: MemberError,
    },
    /// A text is not the document that it should be.
    #[error("element {index} of {member}: {problem}")]
    Document {
        /// Which list, or member.
        member: &'static str,
        /// Where in the list, from 0.
        index: usize,
        /// What is wrong.
        problem: Box<DocumentProblem>,
    },
    /// A receipt is not one of those that are shown, is there twice or out of order.
    #[error("the receipt {digest} is none of those that are shown, or out of their order")]
    ForeignReceipt {
        /// Which one.
        digest: Digest,
    },
    /// An inclusion needs exactly one receipt.
    #[error("an inclusion has one receipt, not {found}")]
    NotOneReceipt {
        /// How many there are.
        found: usize,
    },
    /// Events are those of one receipt.
    #[error("events belong to one receipt, and there are {receipts}")]
    EventsWithoutReceipt {
        /// How many there are.
        receipts: usize,
    },
    /// An addendum is to another receipt.
    #[error("an addendum is to {receipt}, which is not there")]
    ForeignAddendum {
        /// Which one.
        receipt: Digest,
    },
}

/// Why a text is not the document that it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentProblem {
    /// It is no receipt.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// It is no event.
    #[error(transparent)]
    Event(#[from] EventError),
    /// It is no addendum.
    #[error(transparent)]
    Addendum(#[from] AddendumError),
}
