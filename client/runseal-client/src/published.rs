//! The leaf lists that an operator's store keeps and publishes, as an audit reads them.

use crate::{
    mirror::{Copy, KeepError, ReadLists},
    proving::{self, PeriodError},
    store::Periods,
};
use runseal_types::{Leaf, Period};

/// The lists of the one log that a store belongs to.
pub struct StoredLists<'a, S: ?Sized>(pub &'a S);

impl<S: Periods + Sync + ?Sized> ReadLists for StoredLists<'_, S> {
    fn load(&self, period: Period, copy: Copy) -> Result<Option<Vec<u8>>, KeepError> {
        if copy == Copy::Part {
            return Ok(None);
        }
        match proving::load_leaves(self.0, period) {
            Ok(leaves) => Ok(Some(leaves.iter().flat_map(Leaf::sort_key).collect())),
            Err(PeriodError::NotSealed { .. }) => Ok(None),
            Err(error) => Err(KeepError {
                path: format!("the leaf list of period {period}"),
                problem: format!("cannot be read: {error}"),
            }),
        }
    }
}
