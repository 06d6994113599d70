use super::ExportError;
use crate::proof::{Inclusion, PeriodRoot};
use coset::{
    CborSerializable, CoseSign1, CoseSign1Builder, HeaderBuilder, Label,
    RegisteredLabelWithPrivate, TaggedCborSerializable, cbor::Value, iana,
};
use runseal_ed25519::{PublicKey, Signature};
use runseal_merkle::{Hash, inclusion, leaf_hash};
use runseal_types::LEAF_BYTES;

/// Header: which kind of verifiable data structure.
const STRUCTURE: i64 = 395;
/// Header: its proofs.
const PROOFS: i64 = 396;
/// The kind of tree that RFC 9162 defines, over SHA-256.
const RFC9162_SHA256: i64 = 1;
/// Among the proofs, those of inclusion.
const INCLUSION: i64 = -1;

/// No path is longer, and no receipt needs to be.
const MOST_BYTES: usize = 8192;

/// A receipt of inclusion, as RFC 9942 has it, that is still to be signed.
#[derive(Clone, Debug, PartialEq)]
pub struct CoseDraft {
    unsigned: CoseSign1,
    root: Hash,
}

/// A receipt of inclusion, as RFC 9942 has it: a signature over a tree's root, which is not in it but
/// follows from leaf and proof.
#[derive(Clone, Debug, PartialEq)]
pub struct CoseReceipt {
    signed: CoseSign1,
    index: u64,
    count: u64,
    path: Vec<Hash>,
}

impl CoseDraft {
    /// Makes the receipt of a leaf in a period.
    #[must_use]
    pub fn new(proof: &Inclusion, root: &PeriodRoot) -> Self {
        let path = proof.path.iter().map(|hash| Value::Bytes(hash.as_bytes().to_vec()));
        let path = Value::Array(path.collect());
        let shown = Value::Array(vec![root.leaf_count.into(), proof.index.into(), path]);
        // A value of integers, bytes and lists is always written.
        let shown = shown.to_vec().unwrap_or_default();
        let inclusions = Value::Array(vec![Value::Bytes(shown)]);
        let proofs = Value::Map(vec![(INCLUSION.into(), inclusions)]);
        let protected = HeaderBuilder::new()
            .algorithm(iana::Algorithm::EdDSA)
            .value(STRUCTURE, RFC9162_SHA256.into());
        let unprotected = HeaderBuilder::new().value(PROOFS, proofs);
        let unsigned = CoseSign1Builder::new()
            .protected(protected.build())
            .unprotected(unprotected.build())
            .build();
        Self { unsigned, root: *root.root.as_bytes() }
    }

    /// Returns what the log signs.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        self.unsigned.tbs_detached_data(&self.root, &[])
    }

    /// Makes the receipt's bytes of the signature.
    pub fn complete(self, signature: [u8; 64]) -> Result<Vec<u8>, ExportError> {
        let signed = CoseSign1 { signature: signature.to_vec(), ..self.unsigned };
        signed.to_tagged_vec().map_err(|_| wrong("it cannot be written"))
    }
}

impl CoseReceipt {
    /// Reads a receipt.
    pub fn parse(bytes: &[u8]) -> Result<Self, ExportError> {
        if bytes.len() > MOST_BYTES {
            return Err(wrong("it is too large"));
        }
        let signed =
            CoseSign1::from_tagged_slice(bytes).map_err(|_| wrong("it is no tagged COSE_Sign1"))?;
        // One receipt has one spelling, so that nothing in it can change unseen.
        if signed.clone().to_tagged_vec().ok().as_deref() != Some(bytes) {
            return Err(wrong("it is not in its shortest spelling"));
        }
        let protected = &signed.protected.header;
        let expected = RegisteredLabelWithPrivate::Assigned(iana::Algorithm::EdDSA);
        if protected.alg != Some(expected) {
            return Err(wrong("its algorithm is not EdDSA"));
        }
        if integer(find(&protected.rest, STRUCTURE)) != Some(RFC9162_SHA256) {
            return Err(wrong("its tree is not RFC 9162's over SHA-256"));
        }
        if signed.payload.is_some() {
            return Err(wrong("its payload is not detached"));
        }
        let shown = find(&signed.unprotected.rest, PROOFS).and_then(one_inclusion);
        let shown = shown.ok_or(wrong("it has not one proof of inclusion"))?;
        let (count, index, path) = read_proof(shown).ok_or(wrong("its proof is none"))?;
        Ok(Self { signed, index, count, path })
    }

    /// Checks that the owner of `key` signed the root of a tree of `leaf_count` leaves in which a leaf
    /// with these bytes stands, and returns that root. Whether it was anchored is another question.
    ///
    /// The count comes from the anchor: the signature covers the root alone, and one path can lead to
    /// the same root for several counts.
    pub fn check(
        &self,
        leaf: &[u8; LEAF_BYTES],
        leaf_count: u64,
        key: &PublicKey,
    ) -> Result<Hash, ExportError> {
        if self.count != leaf_count {
            return Err(wrong("its tree has another count of leaves"));
        }
        let root = inclusion::root_of(&leaf_hash(&[leaf]), self.index, leaf_count, &self.path)?;
        let bytes: Result<[u8; 64], _> = self.signed.signature.as_slice().try_into();
        let bytes = bytes.map_err(|_| wrong("its signature is not 64 bytes"))?;
        let message = self.signed.tbs_detached_data(&root, &[]);
        runseal_ed25519::verify(key, &message, &Signature::from(bytes))?;
        Ok(root)
    }

    /// Returns where the leaf stands, and among how many, as the receipt says.
    #[must_use]
    pub const fn place(&self) -> (u64, u64) {
        (self.index, self.count)
    }
}

const fn wrong(what: &'static str) -> ExportError {
    ExportError::Cose { what }
}

fn find(rest: &[(Label, Value)], label: i64) -> Option<&Value> {
    rest.iter().find(|(found, _)| *found == Label::Int(label)).map(|(_, value)| value)
}

fn integer(value: Option<&Value>) -> Option<i64> {
    i64::try_from(i128::from(value?.as_integer()?)).ok()
}

/// The bytes of the one proof of inclusion.
fn one_inclusion(proofs: &Value) -> Option<&[u8]> {
    let [(kind, list)] = proofs.as_map()?.as_slice() else {
        return None;
    };
    match (integer(Some(kind)), list.as_array()?.as_slice()) {
        (Some(INCLUSION), [one]) => one.as_bytes().map(Vec::as_slice),
        _ => None,
    }
}

fn read_proof(bytes: &[u8]) -> Option<(u64, u64, Vec<Hash>)> {
    let value = Value::from_slice(bytes).ok()?;
    let [count, index, path] = value.as_array()?.as_slice() else {
        return None;
    };
    let number = |value: &Value| u64::try_from(i128::from(value.as_integer()?)).ok();
    let hash = |value: &Value| value.as_bytes()?.as_slice().try_into().ok();
    let path: Option<Vec<Hash>> = path.as_array()?.iter().map(hash).collect();
    Some((number(count)?, number(index)?, path?))
}
