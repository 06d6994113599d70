//! Bundles in the forms that other people's tools read. docs/spec/export.md.

mod cose;
mod dsse;

pub use cose::{CoseDraft, CoseReceipt};
pub use dsse::{Envelope, PAYLOAD_TYPE, PREDICATE_TYPE, STATEMENT_TYPE};

use crate::bundle::BundleError;
use runseal_ed25519::SignatureError;
use runseal_merkle::ProofError;
use runseal_receipt::{MemberError, json::JsonError};

/// Why something is not exported, or not taken back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// Only what shows a receipt to be included has such a form.
    #[error("the bundle shows no receipt to be included")]
    NoInclusion,
    /// The text is not JSON that has one meaning.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A member is not what belongs there.
    #[error(transparent)]
    Member(#[from] MemberError),
    /// What it carries is no bundle.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// It is of another type.
    #[error("the type is {found:?}, not {expected:?}")]
    OtherType {
        /// The type that it names.
        found: String,
        /// The type that was to be read.
        expected: &'static str,
    },
    /// Its subject is another receipt than the one that it carries.
    #[error("the statement's subject is not the receipt in its predicate")]
    OtherSubject,
    /// Nobody signed it with that key.
    #[error("there is no signature by the key {key_id}")]
    NotSigned {
        /// The key's short name.
        key_id: String,
    },
    /// The signature is wrong.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The bytes are not a COSE receipt.
    #[error("not a COSE receipt: {what}")]
    Cose {
        /// What is wrong.
        what: &'static str,
    },
    /// The proof does not fit the leaf.
    #[error(transparent)]
    Proof(#[from] ProofError),
}
