use super::Role;
use runseal_types::Address;

/// Why signatures do not show what they should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is none at all.
    #[error("nobody signed it")]
    Unsigned,
    /// There is none of this kind.
    #[error("nobody signed it as {role}")]
    NotSignedAs {
        /// As what somebody should have.
        role: Role,
    },
    /// It names another key than it should be by.
    #[error("the signature is by the key {found}, not by {expected}")]
    OtherKeyId {
        /// The key that it names.
        found: String,
        /// The key that it should be by.
        expected: String,
    },
    /// It prints another key than it should be by.
    #[error("the signature prints the key {found}, not {expected}")]
    OtherKey {
        /// The key that it prints.
        found: Address,
        /// The key that it should be by.
        expected: Address,
    },
    /// Nobody told the key of this signer.
    #[error("no key is known for the signature by {key_id} as {role}")]
    UnknownKey {
        /// As what he signs.
        role: Role,
        /// The key that it names.
        key_id: String,
    },
    /// It is not a signature of this document by this key.
    #[error("the signature by {key_id} as {role} is wrong: {reason}")]
    Wrong {
        /// As what he signs.
        role: Role,
        /// The key that it names.
        key_id: String,
        /// Why.
        reason: runseal_ed25519::SignatureError,
    },
    /// One key signs twice as the same.
    #[error("the key {key_id} signs twice as {role}")]
    SignedTwice {
        /// As what.
        role: Role,
        /// Which key.
        key_id: String,
    },
    /// An entry says more than an entry may.
    #[error("a signature of {size_bytes} bytes where at most {most_bytes} are taken")]
    TooLarge {
        /// How large its canonical spelling is.
        size_bytes: usize,
        /// How large it may be.
        most_bytes: usize,
    },
    /// There are more signatures than a document may have.
    #[error("there are {most} signatures already")]
    TooMany {
        /// How many there may be.
        most: usize,
    },
}
