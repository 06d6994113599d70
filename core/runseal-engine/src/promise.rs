//! Promises: a log's signed word, at intake, that a receipt will be in a period.

use crate::seal::Place;
use runseal_ed25519::{PublicKey, Signature, SignatureError};
use runseal_types::{Leaf, PROMISE_MESSAGE_BYTES, Promise};

/// A promise that is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedPromise {
    /// Where the receipt will be.
    pub place: Place,
    /// The receipt.
    pub leaf: Leaf,
    /// The log's signature.
    pub signature: Signature,
}

/// Returns what the log's promise key signs, to promise that a receipt will be in a period.
#[must_use]
pub fn promise_message(place: &Place, leaf: Leaf) -> [u8; PROMISE_MESSAGE_BYTES] {
    Promise { context: place.context(), period: place.period, leaf }.message()
}

impl SignedPromise {
    /// Checks that the owner of the key that served the period made the promise. That key comes from
    /// the log's account.
    pub fn check(&self, promise_key: &PublicKey) -> Result<(), SignatureError> {
        let message = promise_message(&self.place, self.leaf);
        runseal_ed25519::verify(promise_key, &message, &self.signature)
    }
}
