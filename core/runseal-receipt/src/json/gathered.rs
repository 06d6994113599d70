use super::{Object, Value};
use std::collections::btree_map::Entry;

/// The members of an object that is being read. Those in their order, which is nearly always all of
/// them, become a map at once instead of one by one.
#[derive(Default)]
pub(super) struct Gathered {
    in_order: Vec<(String, Value)>,
    /// All of them, from the first one on that was not in its order.
    others: Object,
}

impl Gathered {
    /// Puts a member behind the others and says whether that is its order; gives the key back if it
    /// was there before.
    pub(super) fn put(&mut self, key: String, value: Value) -> Result<bool, String> {
        let is_next = self.in_order.last().is_none_or(|(last, _)| *last < key);
        if is_next && self.others.is_empty() {
            self.in_order.push((key, value));
            return Ok(true);
        }
        self.others.extend(self.in_order.drain(..));
        match self.others.entry(key) {
            Entry::Vacant(entry) => entry.insert(value),
            Entry::Occupied(entry) => return Err(entry.key().clone()),
        };
        Ok(false)
    }

    pub(super) fn finish(self) -> Object {
        if self.others.is_empty() { self.in_order.into_iter().collect() } else { self.others }
    }
}
