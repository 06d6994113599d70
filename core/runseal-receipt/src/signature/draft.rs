use super::{ALGORITHM, Role, Signature, message};
use crate::{
    json::{Object, Value, canonical_object},
    member::{MemberError, object_of},
};
use runseal_ed25519::PublicKey;
use runseal_types::{Address, Digest, Timestamp};

/// A signature that is still to be made.
///
/// In two steps, so that the key may be anywhere: get the [message](Self::message), have it signed,
/// and [complete](Self::complete) the signature with the 64 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureDraft {
    entry: Object,
}

impl SignatureDraft {
    /// Says who will sign, as what, with which key and when.
    #[must_use]
    pub fn new(signer_id: &str, role: Role, key: &PublicKey, timestamp: Timestamp) -> Self {
        let entry = object_of([
            ("algorithm", Value::from(ALGORITHM)),
            ("key_id", Value::Text(key.id().to_string())),
            ("public_key", Value::from(Address::new(*key.as_bytes()))),
            ("role", Value::from(role.as_str())),
            ("signer_id", Value::from(signer_id)),
            ("timestamp", Value::Text(timestamp.to_string())),
        ]);
        Self { entry }
    }

    /// Returns what is to be signed for the document with this digest.
    #[must_use]
    pub fn message(&self, digest: &Digest) -> Vec<u8> {
        message(digest, &canonical_object(&self.entry))
    }

    /// Makes the signature of the bytes that the key's owner made of the message.
    pub fn complete(&self, bytes: [u8; 64]) -> Result<Signature, MemberError> {
        let mut object = self.entry.clone();
        let text = base64::Engine::encode(&super::STANDARD, bytes);
        object.insert("signature".to_owned(), Value::Text(text));
        Signature::from_object(object)
    }
}
