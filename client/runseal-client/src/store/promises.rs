use super::{Page, Position, StoreError, Stored};
use runseal_types::{Digest, Period, Promise};

/// A promise with the log's signature under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedPromise {
    /// What is promised.
    pub promise: Promise,
    /// The signature of the log's promise key.
    pub signature: [u8; 64],
}

/// The log's word on receipts that are in no period yet.
pub trait Promises {
    /// Stores a promise before it is given. A receipt is promised once.
    fn put_promise(&self, promise: &SignedPromise) -> Result<Stored, StoreError>;

    /// Finds the promise of a receipt.
    fn find_promise(&self, receipt: &Digest) -> Result<Option<SignedPromise>, StoreError>;

    /// Lists the promises for a period in the order of their receipts.
    fn list_promises(
        &self,
        period: Period,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<SignedPromise>, StoreError>;
}
