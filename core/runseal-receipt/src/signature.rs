//! Signatures over documents, in the shape that RunProof gave them.

mod draft;
mod error;

pub use draft::SignatureDraft;
pub use error::SignatureError;

use crate::{
    json::{Object, Value, canonical_object},
    limit::MOST_SIGNATURE_BYTES,
    member::{MemberError, Members},
    word::words,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use runseal_ed25519::PublicKey;
use runseal_types::{Address, Digest, Timestamp, parse_hex};

const DOMAIN: &[u8] = b"runseal/signature/v1";
const ALGORITHM: &str = "ed25519";

words! {
    /// As what somebody signs.
    Role {
        /// The agent whose run it was; a receipt is nothing without this signature.
        Agent = "agent",
        /// Who runs the agent.
        Operator = "operator",
        /// The runtime that the agent visited.
        Host = "host",
        /// Who allowed what the receipt says was allowed.
        Approver = "approver",
        /// Anybody else who stands by what the others signed.
        Countersigner = "countersigner",
    }
}

/// One signature of a document, which says by whom, as what and when.
///
/// All of that is signed too. A key that it prints proves nothing: whoever verifies brings the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// What the signer calls himself.
    pub signer_id: String,
    /// As what he signs.
    pub role: Role,
    /// Which key, by its short name: 16 lower hexadecimal characters.
    pub key_id: String,
    /// The key, if he prints it.
    pub public_key: Option<Address>,
    /// When, as he says.
    pub timestamp: Timestamp,
    bytes: [u8; 64],
    /// The entry as it stands in the document, without `signature`.
    entry: Object,
    /// Its canonical spelling.
    entry_bytes: Vec<u8>,
}

impl Signature {
    /// Reads an entry of a document's `signatures`.
    pub(crate) fn from_object(object: Object) -> Result<Self, MemberError> {
        let members = Members(&object);
        members.word("algorithm", |word| (word == ALGORITHM).then_some(()))?;
        let mut signature = Self {
            signer_id: members.text("signer_id")?.to_owned(),
            role: members.word("role", Role::find)?,
            key_id: members.word("key_id", key_id)?,
            public_key: members.optional("public_key", Members::address)?,
            timestamp: members.timestamp("timestamp")?,
            bytes: members.word("signature", decode)?,
            entry_bytes: Vec::new(),
            entry: object,
        };
        signature.entry.remove("signature");
        signature.entry_bytes = canonical_object(&signature.entry);
        Ok(signature)
    }

    /// Returns the entry as it stands in a document.
    pub(crate) fn to_object(&self) -> Object {
        let mut object = self.entry.clone();
        object.insert("signature".to_owned(), Value::Text(STANDARD.encode(self.bytes)));
        object
    }

    /// Refuses a signature that would not leave enough room to others.
    pub(crate) const fn check_size(&self) -> Result<(), SignatureError> {
        let size_bytes = self.entry_bytes.len();
        if size_bytes > MOST_SIGNATURE_BYTES {
            return Err(SignatureError::TooLarge { size_bytes, most_bytes: MOST_SIGNATURE_BYTES });
        }
        Ok(())
    }

    /// Returns the 64 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.bytes
    }

    /// Returns what is signed: the document's digest, and everything that this entry says.
    #[must_use]
    pub fn message(&self, digest: &Digest) -> Vec<u8> {
        message(digest, &self.entry_bytes)
    }

    /// Checks that this is the signature of the document with this digest by the owner of `key`.
    pub fn check(&self, digest: &Digest, key: &PublicKey) -> Result<(), SignatureError> {
        self.check_names(key)?;
        let signature = runseal_ed25519::Signature::from(self.bytes);
        runseal_ed25519::verify(key, &self.message(digest), &signature).map_err(|reason| {
            SignatureError::Wrong { role: self.role, key_id: self.key_id.clone(), reason }
        })
    }

    /// Checks everything but the signature itself: that it names this key and no other.
    pub(crate) fn check_names(&self, key: &PublicKey) -> Result<(), SignatureError> {
        let expected = key.id().to_string();
        if self.key_id != expected {
            return Err(SignatureError::OtherKeyId { found: self.key_id.clone(), expected });
        }
        let expected = Address::new(*key.as_bytes());
        match self.public_key {
            Some(found) if found != expected => Err(SignatureError::OtherKey { found, expected }),
            _ => Ok(()),
        }
    }
}

fn message(digest: &Digest, entry_bytes: &[u8]) -> Vec<u8> {
    [DOMAIN, digest.as_bytes(), entry_bytes].concat()
}

fn key_id(text: &str) -> Option<String> {
    parse_hex::<8>(text).ok().map(|_| text.to_owned())
}

/// Decodes base64 in its one spelling: 88 characters, padded, no loose bits.
fn decode(text: &str) -> Option<[u8; 64]> {
    STANDARD.decode(text).ok()?.try_into().ok()
}
