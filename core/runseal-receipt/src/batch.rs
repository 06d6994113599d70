//! Many receipts at once: the same answers as one by one, sooner.

use crate::{
    document::Document,
    receipt::{Receipt, ReceiptError},
    signature::{Role, SignatureError},
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
    let found = claims.iter().map(|claim| Ok((Found::of(claim)?, ())));
    verify(found.collect())
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
/// knows of him; answers with what `keep` takes of each.
///
/// Whole receipts that wait for each other's signatures take much memory, and most of the time.
pub fn check_receipts<T>(
    texts: &[&[u8]],
    key_of: impl Fn(&Receipt) -> Option<PublicKey>,
    keep: impl Fn(Receipt) -> T,
) -> Vec<Result<T, BatchError>> {
    let read = |text: &&[u8]| {
        let receipt = Receipt::parse(text)?;
        let agent = receipt.facts().agent;
        let key = key_of(&receipt).ok_or(BatchError::UnknownAgent { agent })?;
        let claim = Claim { document: receipt.document(), role: Role::Agent, key: &key };
        let found = Found::of(&claim)?;
        Ok((found, keep(receipt)))
    };
    verify(texts.iter().map(read).collect())
}

/// Verifies the signatures that were found and answers with what was kept beside them.
fn verify<T, E: From<SignatureError>>(found: Vec<Result<(Found, T), E>>) -> Vec<Result<T, E>> {
    let signed: Vec<_> = found.iter().flatten().map(|(found, _)| found.signed()).collect();
    let mut verdicts = verify_all(&signed).into_iter();
    let answer = |found: Result<(Found, T), E>| {
        let (found, kept) = found?;
        // There are as many verdicts as signatures; without one, nothing was verified.
        let verdict = verdicts.next().unwrap_or(Err(runseal_ed25519::SignatureError::Mismatch));
        verdict.map_err(|reason| found.wrong(reason))?;
        Ok(kept)
    };
    found.into_iter().map(answer).collect()
}

/// The signature that a claim is about, and what it must be of.
struct Found {
    role: Role,
    key: PublicKey,
    message: Vec<u8>,
    signature: runseal_ed25519::Signature,
}

impl Found {
    fn of(claim: &Claim<'_>) -> Result<Self, SignatureError> {
        let Claim { document, role, key } = *claim;
        let found = document.find_signature(role, key)?;
        let signature = runseal_ed25519::Signature::from(*found.as_bytes());
        Ok(Self { role, key: *key, message: found.message(&document.digest()), signature })
    }

    fn signed(&self) -> SignedMessage<'_> {
        SignedMessage { key: &self.key, message: &self.message, signature: &self.signature }
    }

    fn wrong(&self, reason: runseal_ed25519::SignatureError) -> SignatureError {
        // It was found by the short name of the key.
        SignatureError::Wrong { role: self.role, key_id: self.key.id().to_string(), reason }
    }
}
