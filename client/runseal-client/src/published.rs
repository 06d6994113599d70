//! The leaf lists and anchors that an operator's store keeps and publishes, as an audit reads them.

use crate::{
    anchors::KnownLog,
    mirror::{Copy, KeepError, ReadLists},
    proving::{self, PeriodError},
    store::{Anchoring, LogIdentity, Periods, SavedCommitment, StoreError},
};
use runseal_engine::{Place, bundle::anchor_object};
use runseal_receipt::json::Value;
use runseal_types::{AnchorFacts, Leaf, Period};

/// The lists of the one log that a store belongs to.
pub struct StoredLists<'a, S: ?Sized>(pub &'a S);

impl<'a, S: Periods + ?Sized> StoredLists<'a, S> {
    /// Returns the lists of a store, if it belongs to this log.
    pub fn of_log(store: &'a S, log: &KnownLog) -> Result<Option<Self>, StoreError> {
        let Place { genesis_hash, log, .. } = log.place(Period(0));
        Ok((store.find_log()? == Some(LogIdentity { genesis_hash, log })).then_some(Self(store)))
    }
}

impl<S: Anchoring + Periods + Sync + ?Sized> ReadLists for StoredLists<'_, S> {
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

    fn load_anchor(&self, period: Period) -> Result<Option<Vec<u8>>, KeepError> {
        let found = find_anchor(self.0, period).map_err(|error| KeepError {
            path: format!("the anchor of period {period}"),
            problem: format!("cannot be read: {error}"),
        })?;
        Ok(found.as_ref().map(anchor_text))
    }
}

/// Returns what a period's anchor says, if it was finalized and that was kept.
pub fn find_anchor(
    store: &(impl Anchoring + ?Sized),
    period: Period,
) -> Result<Option<AnchorFacts>, StoreError> {
    let noted = store.list_anchors(period, 1)?.pop();
    let noted = noted.filter(|noted| noted.period == period);
    let noted = noted.filter(|noted| noted.commitment == SavedCommitment::Finalized);
    Ok(noted.and_then(|noted| noted.facts))
}

/// Returns the text in which what an anchor says is published, kept and read again.
pub fn anchor_text(facts: &AnchorFacts) -> Vec<u8> {
    Value::Object(anchor_object(facts)).canonical()
}
