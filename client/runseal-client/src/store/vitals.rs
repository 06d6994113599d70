use super::StoreError;

/// How much was committed since a store was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// Groups, each of which was synced once.
    pub groups: u64,
    /// What was written in them: one a call.
    pub writes: u64,
}

/// What a store tells of itself to whoever operates it.
pub trait Vitals {
    /// Writes something that changes nothing, and returns when it is durable.
    fn check_writable(&self) -> Result<(), StoreError>;

    /// Returns how much was committed; none where that is not counted.
    fn committed(&self) -> Option<Committed> {
        None
    }
}
