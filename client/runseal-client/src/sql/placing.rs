use super::{Failure, Sql, columns::*, datum::row};
use crate::store::{CheckedReceipt, Columns, Conflict};
use runseal_types::{Address, Digest, Leaf, Sequence};
use std::collections::BTreeMap;

/// A receipt that has its place.
struct Placed {
    id: i64,
    digest: Digest,
    previous: Option<Digest>,
}

/// The receipts that stand at, before and behind the places of others.
#[derive(Default)]
pub(super) struct Places(BTreeMap<(Address, Sequence), Placed>);

impl Places {
    /// Looks around the places of receipts that are to be stored.
    pub(super) fn around(sql: &dyn Sql, receipts: &[CheckedReceipt]) -> Result<Self, Failure> {
        let leaves = receipts.iter().map(|receipt| &receipt.columns().leaf);
        let keys = leaves.map(|leaf| Ok(row![&leaf.agent, number(leaf.sequence.0)?]));
        let keys = keys.collect::<Result<Vec<_>, Failure>>()?;
        let query = "SELECT id, agent, sequence, digest, previous FROM receipts
            WHERE agent = ?1 AND sequence BETWEEN ?2 - 1 AND ?2 + 1";
        let mut places = Self::default();
        sql.each_of(query, &keys, &mut |row| {
            let placed = (leaf_at(row, 1)?, find_digest_at(row, 4)?);
            places.put(id_at(row, 0)?, placed);
            Ok(())
        })?;
        Ok(places)
    }

    /// Says which row a receipt has already; none if its place is free and its neighbours agree.
    pub(super) fn find(&self, receipt: &Columns) -> Result<Option<i64>, Conflict> {
        let Leaf { agent, sequence, digest } = receipt.leaf;
        let at = |sequence: Option<Sequence>| self.0.get(&(agent, sequence?));
        if let Some(placed) = at(Some(sequence)) {
            let taken =
                || Conflict::PlaceTaken { agent, sequence, stored: placed.digest, offered: digest };
            return (placed.digest == digest).then_some(Some(placed.id)).ok_or_else(taken);
        }
        let broken = |sequence, claimed, stored| {
            Err(Conflict::BrokenLink { agent, sequence, claimed, stored })
        };
        let before = at(sequence.0.checked_sub(1).map(Sequence));
        if let Some(stored) = before.map(|before| before.digest)
            && receipt.previous != Some(stored)
        {
            return broken(sequence, receipt.previous, stored);
        }
        let next = sequence.next();
        match (next, at(next)) {
            (Some(next), Some(behind)) if behind.previous != Some(digest) => {
                broken(next, behind.previous, digest)
            }
            _ => Ok(None),
        }
    }

    /// Remembers that a receipt has this row.
    pub(super) fn put(&mut self, id: i64, (leaf, previous): (Leaf, Option<Digest>)) {
        let placed = Placed { id, digest: leaf.digest, previous };
        self.0.insert((leaf.agent, leaf.sequence), placed);
    }
}
