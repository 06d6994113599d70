//! Many receipts at once: the same answers as one by one, sooner.

use crate::{
    document::Document,
    receipt::{Receipt, ReceiptError},
    signature::{Role, Signature, SignatureError},
};
use runseal_ed25519::{PublicKey, SignedMessage, verify_all};
use runseal_types::Address;

/// Why one of many is not a receipt that its agent signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// It is no receipt.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// Nobody told the key of its agent.
    #[error("no key is known for the agent {agent}")]
    UnknownAgent {
        /// Whose receipt it claims to be.
        agent: Address,
    },
    /// The agent did not sign it.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// A document and the key that somebody should have signed it with.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The document.
    pub document: &'a Document,
    /// As what he should have.
    pub role: Role,
    /// His key.
    pub key: &'a PublicKey,
}

/// Checks of many documents that they are signed; each answer is that of
/// [`Document::check_signed_as`].
#[must_use]
pub fn check_signed(claims: &[Claim<'_>]) -> Vec<Result<(), SignatureError>> {
    let found: Vec<_> = claims.iter().map(Found::of).collect();
    let signed: Vec<_> = found.iter().flatten().map(Found::signed).collect();
    let mut verdicts = verify_all(&signed).into_iter();
    let answer = |found: Result<Found<'_>, SignatureError>| {
        let found = found?;
        // There are as many verdicts as signatures; without one, nothing was verified.
        let verdict = verdicts.next().unwrap_or(Err(runseal_ed25519::SignatureError::Mismatch));
        verdict.map_err(|reason| found.signature.wrong(reason))
    };
    found.into_iter().map(answer).collect()
}

/// Parses a receipt and checks that its agent signed it, with the key that `key_of` knows of him.
pub fn check_receipt(
    text: &[u8],
    key_of: impl Fn(&Receipt) -> Option<PublicKey>,
) -> Result<Receipt, BatchError> {
    let receipt = Receipt::parse(text)?;
    let agent = receipt.facts().agent;
    let key = key_of(&receipt).ok_or(BatchError::UnknownAgent { agent })?;
    receipt.document().check_signed_as(Role::Agent, &key)?;
    Ok(receipt)
}

/// Parses many receipts and checks that the agent of each signed it, with the key that `key_of`
/// knows of him.
pub fn check_receipts(
    texts: &[&[u8]],
    key_of: impl Fn(&Receipt) -> Option<PublicKey>,
) -> Vec<Result<Receipt, BatchError>> {
    let read = |text: &&[u8]| {
        let receipt = Receipt::parse(text)?;
        let agent = receipt.facts().agent;
        let key = key_of(&receipt).ok_or(BatchError::UnknownAgent { agent })?;
        Ok((receipt, key))
    };
    let read: Vec<Result<_, BatchError>> = texts.iter().map(read).collect();
    let claim =
        |(receipt, key)| Claim { document: Receipt::document(receipt), role: Role::Agent, key };
    let claims: Vec<_> =
        read.iter().flatten().map(|(receipt, key)| claim((receipt, key))).collect();
    let mut verdicts = check_signed(&claims).into_iter();
    let answer = |read: Result<(Receipt, PublicKey), BatchError>| {
        let (receipt, _) = read?;
        // As above: as many verdicts as claims.
        verdicts.next().unwrap_or(Err(SignatureError::Unsigned))?;
        Ok(receipt)
    };
    read.into_iter().map(answer).collect()
}

/// The signature that a claim is about, and what it must be of.
struct Found<'a> {
    signature: &'a Signature,
    bytes: runseal_ed25519::Signature,
    message: Vec<u8>,
    key: &'a PublicKey,
}

impl<'a> Found<'a> {
    fn of(claim: &Claim<'a>) -> Result<Self, SignatureError> {
        let signature = claim.document.find_signature(claim.role, claim.key)?;
        let message = signature.message(&claim.document.digest());
        let bytes = runseal_ed25519::Signature::from(*signature.as_bytes());
        Ok(Self { signature, bytes, message, key: claim.key })
    }

    fn signed(&self) -> SignedMessage<'_> {
        SignedMessage { key: self.key, message: &self.message, signature: &self.bytes }
    }
}
