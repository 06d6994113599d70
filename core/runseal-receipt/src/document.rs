//! What a receipt and an addendum have in common: an object that is hashed without its signatures.

use crate::{
    json::{JsonError, Object, Value, canonical_object, parse_beside},
    limit::{LimitError, check_depth, check_size},
    member::{MemberError, Members},
    signature::{Role, Signature, SignatureError},
};
use runseal_ed25519::PublicKey;
use runseal_types::Digest;

/// How many signatures a document may have.
pub const MOST_SIGNATURES: usize = 16;

const SIGNATURES: &str = "signatures";

/// Why bytes are not a document of some version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// They are not JSON that has one meaning.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// They are a JSON value, but not an object.
    #[error("not an object")]
    NotAnObject,
    /// They are a document of another version or kind.
    #[error("the version is {found:?}, not {expected:?}")]
    OtherVersion {
        /// The version that they name.
        found: String,
        /// The version that was to be read.
        expected: &'static str,
    },
    /// They are beyond a limit.
    #[error(transparent)]
    Limit(#[from] LimitError),
    /// A member is not what belongs there.
    #[error(transparent)]
    Member(#[from] MemberError),
    /// The signatures cannot stand beside each other.
    #[error(transparent)]
    Signatures(#[from] SignatureError),
}

/// An object with a version, a digest over all of it but its signatures, and these.
///
/// Members that nobody here knows stay in it and are hashed: the digest is that of the bytes received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    body: Object,
    signatures: Vec<Signature>,
    digest: Digest,
}

impl Document {
    /// Parses a document of this version.
    pub(crate) fn parse(bytes: &[u8], version: &'static str) -> Result<Self, DocumentError> {
        match parse_beside(bytes, SIGNATURES)? {
            (Value::Object(object), shown) => Self::read(object, shown, version),
            _ => Err(DocumentError::NotAnObject),
        }
    }

    pub(crate) fn from_object(
        object: Object,
        version: &'static str,
    ) -> Result<Self, DocumentError> {
        Self::read(object, None, version)
    }

    /// Reads a document; its spelling without the signatures is printed unless it is `shown`.
    fn read(
        mut body: Object,
        shown: Option<[&str; 2]>,
        version: &'static str,
    ) -> Result<Self, DocumentError> {
        check_depth(&body)?;
        let found = Members(&body).text("version")?.to_owned();
        if found != version {
            return Err(DocumentError::OtherVersion { found, expected: version });
        }
        let entries = take_entries(&mut body)?.into_iter().map(Signature::from_object);
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        let digest = match shown {
            Some(parts) => digest(version, parts.map(str::as_bytes))?,
            None => digest(version, [&canonical_object(&body), b""])?,
        };
        let mut document = Self { body, signatures: Vec::new(), digest };
        entries.into_iter().try_for_each(|entry| document.attach(entry))?;
        Ok(document)
    }

    /// Returns the hash that stands for the document everywhere else.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// Returns all members but the signatures, the unknown ones included.
    #[must_use]
    pub const fn body(&self) -> &Object {
        &self.body
    }

    /// Returns the signatures, in the order of the document.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Returns the whole document as it is sent.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut object = self.body.clone();
        let signatures = self.signatures.iter().map(Signature::to_object).collect();
        object.insert(SIGNATURES.to_owned(), signatures);
        Value::Object(object)
    }

    /// Adds a signature. The digest stays what it is, so earlier signatures hold.
    pub fn attach(&mut self, signature: Signature) -> Result<(), SignatureError> {
        let is_same =
            |other: &Signature| (other.role, &other.key_id) == (signature.role, &signature.key_id);
        if self.signatures.iter().any(is_same) {
            let Signature { role, key_id, .. } = signature;
            return Err(SignatureError::SignedTwice { role, key_id });
        }
        if self.signatures.len() == MOST_SIGNATURES {
            return Err(SignatureError::TooMany { most: MOST_SIGNATURES });
        }
        signature.check_size()?;
        self.signatures.push(signature);
        Ok(())
    }

    /// Checks that the owner of `key` signed the document as this, and returns his signature.
    pub fn check_signed_as(
        &self,
        role: Role,
        key: &PublicKey,
    ) -> Result<&Signature, SignatureError> {
        let signature = self.find_signature(role, key)?;
        signature.check(&self.digest, key)?;
        Ok(signature)
    }

    /// Checks every signature, with the key that `key_of` knows for it.
    pub fn check_signatures(
        &self,
        key_of: impl Fn(&Signature) -> Option<PublicKey>,
    ) -> Result<(), SignatureError> {
        if self.signatures.is_empty() {
            return Err(SignatureError::Unsigned);
        }
        self.signatures.iter().try_for_each(|signature| {
            let unknown = || SignatureError::UnknownKey {
                role: signature.role,
                key_id: signature.key_id.clone(),
            };
            signature.check(&self.digest, &key_of(signature).ok_or_else(unknown)?)
        })
    }

    /// Finds the signature as this that names `key`; if none does, says why the first one does not.
    pub(crate) fn find_signature(
        &self,
        role: Role,
        key: &PublicKey,
    ) -> Result<&Signature, SignatureError> {
        if self.signatures.is_empty() {
            return Err(SignatureError::Unsigned);
        }
        let mut refusal = SignatureError::NotSignedAs { role };
        for signature in self.signatures.iter().filter(|signature| signature.role == role) {
            match signature.check_names(key) {
                Ok(()) => return Ok(signature),
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }
}

/// Takes the entries of the signatures out of a document.
fn take_entries(body: &mut Object) -> Result<Vec<Object>, MemberError> {
    Members(body).objects(SIGNATURES, MOST_SIGNATURES)?;
    let entry = |value| match value {
        Value::Object(entry) => Some(entry),
        _ => None,
    };
    match body.remove(SIGNATURES) {
        None => Err(MemberError::Missing { member: SIGNATURES }),
        Some(Value::List(entries)) => Ok(entries.into_iter().filter_map(entry).collect()),
        Some(_) => Ok(Vec::new()),
    }
}

/// Hashes a canonical spelling, which may come in two parts, unless it is too long.
fn digest(version: &str, [before, behind]: [&[u8]; 2]) -> Result<Digest, LimitError> {
    check_size(before.len().saturating_add(behind.len()))?;
    Ok(Digest::of(&[version.as_bytes(), before, behind]))
}
