use super::{
    Database, Failure, Row, Sql,
    columns::{
        array_at, bytes_at, digest_at, find_array_at, find_number_at, list_rows, not_a, number,
        number_at, parsed_at, text_at,
    },
    datum::values,
    periods,
};
use crate::published::anchor_text;
use crate::store::{
    AnchorRecord, Anchoring, Conflict, Outgoing, Purpose, SavedCommitment, StoreError, Stored,
    TransactionState,
};
use runseal_engine::bundle::parse_anchor;
use runseal_types::{AnchorFacts, Period, to_hex};

impl<D: Database + ?Sized> Anchoring for D {
    fn put_transaction(&self, transaction: &Outgoing) -> Result<Stored, StoreError> {
        let transaction = transaction.clone();
        self.write(move |sql| put_transaction(sql, &transaction))
    }

    fn move_transaction(
        &self,
        signature: &[u8; 64],
        state: TransactionState,
    ) -> Result<(), StoreError> {
        let signature = *signature;
        self.write(move |sql| move_transaction(sql, &signature, state))
    }

    fn list_transactions(
        &self,
        purpose: &Purpose,
        limit: usize,
    ) -> Result<Vec<Outgoing>, StoreError> {
        self.read(|sql| {
            let query = format!("{TRANSACTIONS} WHERE purpose = ?1 ORDER BY id DESC LIMIT ?2");
            let name = purpose.to_string();
            sql.all(&query, values![&name, list_rows(limit)], |row| outgoing(row, *purpose))
        })
    }

    fn put_anchor(&self, anchor: &AnchorRecord) -> Result<Stored, StoreError> {
        let anchor = *anchor;
        self.write(move |sql| put_anchor(sql, &anchor))
    }

    fn list_anchors(&self, from: Period, limit: usize) -> Result<Vec<AnchorRecord>, StoreError> {
        self.read(|sql| {
            let query = format!("{ANCHORS} WHERE period >= ?1 ORDER BY period LIMIT ?2");
            sql.all(&query, values![number(from.0)?, list_rows(limit)], anchor_of)
        })
    }
}

const TRANSACTIONS: &str = "SELECT signature, bytes, last_valid_block_height, state, landed_slot,
    purpose FROM transactions";
const ANCHORS: &str =
    "SELECT period, root, anchor_hash, signature, slot, commitment, facts FROM anchors";

fn words(state: TransactionState) -> Result<(&'static str, Option<i64>), Failure> {
    Ok(match state {
        TransactionState::Prepared => ("prepared", None),
        TransactionState::Sent => ("sent", None),
        TransactionState::Landed { slot } => ("landed", Some(number(slot)?)),
        TransactionState::Expired => ("expired", None),
    })
}

fn state_at(row: &dyn Row, index: usize) -> Result<TransactionState, Failure> {
    let (word, slot) = (text_at(row, index)?, find_number_at(row, index + 1)?);
    match (word.as_str(), slot) {
        ("prepared", None) => Ok(TransactionState::Prepared),
        ("sent", None) => Ok(TransactionState::Sent),
        ("landed", Some(slot)) => Ok(TransactionState::Landed { slot }),
        ("expired", None) => Ok(TransactionState::Expired),
        _ => Err(not_a("state of a transaction", index)),
    }
}

fn outgoing(row: &dyn Row, purpose: Purpose) -> Result<Outgoing, Failure> {
    let (signature, bytes) = (array_at(row, 0)?, bytes_at(row, 1)?.to_vec());
    let (last_valid_block_height, state) = (number_at(row, 2)?, state_at(row, 3)?);
    Ok(Outgoing { purpose, signature, bytes, last_valid_block_height, state })
}

fn put_transaction(sql: &dyn Sql, new: &Outgoing) -> Result<Stored, Failure> {
    let purpose = new.purpose.to_string();
    let query = format!("{TRANSACTIONS} WHERE signature = ?1");
    let read = |row: &dyn Row| Ok((outgoing(row, new.purpose)?, text_at(row, 5)?));
    let stored = sql.one(&query, values![&new.signature], read)?;
    let signature = to_hex(&new.signature);
    if let Some((stored, stored_purpose)) = stored {
        let height = new.last_valid_block_height;
        let same = (stored.bytes, stored.last_valid_block_height, stored_purpose)
            == (new.bytes.clone(), height, purpose);
        let differs = Conflict::TransactionDiffers { signature };
        return if same { Ok(Stored::Before) } else { Err(differs.into()) };
    }
    let open = "SELECT signature FROM transactions WHERE purpose = ?1 AND state <> 'expired'";
    if let Some(open) = sql.one(open, values![&purpose], |row| array_at::<64>(row, 0))? {
        return Err(Conflict::TransactionOpen { purpose, signature: to_hex(&open) }.into());
    }
    let (word, slot) = words(new.state)?;
    let insert = "INSERT INTO transactions
        (purpose, signature, bytes, last_valid_block_height, state, landed_slot)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let height = number(new.last_valid_block_height)?;
    let values = values![&purpose, &new.signature, &new.bytes, height, word, slot];
    sql.execute(insert, values)?;
    Ok(Stored::New)
}

fn move_transaction(
    sql: &dyn Sql,
    signature: &[u8; 64],
    to: TransactionState,
) -> Result<(), Failure> {
    let query = "SELECT state, landed_slot FROM transactions WHERE signature = ?1";
    let from = sql.one(query, values![signature], |row| state_at(row, 0))?;
    let unknown = || Conflict::UnknownTransaction { signature: to_hex(signature) };
    let from = from.ok_or_else(unknown)?;
    if from == to {
        return Ok(());
    }
    if !from.may_become(to) {
        return Err(Conflict::IllegalMove { from, to }.into());
    }
    let (word, slot) = words(to)?;
    let update = "UPDATE transactions SET state = ?2, landed_slot = ?3 WHERE signature = ?1";
    sql.execute(update, values![signature, word, slot])?;
    Ok(())
}

const fn commitment_word(commitment: SavedCommitment) -> &'static str {
    match commitment {
        SavedCommitment::Confirmed => "confirmed",
        SavedCommitment::Finalized => "finalized",
    }
}

fn find_commitment(word: &str) -> Option<SavedCommitment> {
    [SavedCommitment::Confirmed, SavedCommitment::Finalized]
        .into_iter()
        .find(|commitment| commitment_word(*commitment) == word)
}

fn anchor_of(row: &dyn Row) -> Result<AnchorRecord, Failure> {
    Ok(AnchorRecord {
        period: Period(number_at(row, 0)?),
        root: digest_at(row, 1)?,
        anchor_hash: digest_at(row, 2)?,
        signature: find_array_at(row, 3)?,
        slot: number_at(row, 4)?,
        commitment: parsed_at(row, 5, "commitment", find_commitment)?,
        facts: facts_at(row, 6)?,
    })
}

/// Reads what an anchor says, where that was kept.
pub(super) fn facts_at(row: &dyn Row, index: usize) -> Result<Option<AnchorFacts>, Failure> {
    let read = |bytes| parse_anchor(bytes).map_err(|_| not_a("saying of an anchor", index));
    row.bytes(index)?.map(read).transpose()
}

fn put_anchor(sql: &dyn Sql, anchor: &AnchorRecord) -> Result<Stored, Failure> {
    let period = anchor.period;
    let sealed = periods::find(sql, period)?.ok_or(Conflict::PeriodNotSealed { period })?;
    if sealed.root != anchor.root {
        return Err(Conflict::AnchorDiffers { period, part: "root" }.into());
    }
    if let Some(facts) = &anchor.facts {
        check_facts(anchor, facts)?;
    }
    let query = format!("{ANCHORS} WHERE period = ?1");
    let stored = sql.one(&query, values![number(period.0)?], anchor_of)?;
    match stored {
        Some(stored) if stored == *anchor => return Ok(Stored::Before),
        Some(stored) if stored.commitment == SavedCommitment::Finalized => {
            return match finalized_difference(&stored, anchor) {
                None => Ok(Stored::Before),
                Some(part) => Err(Conflict::AnchorDiffers { period, part }.into()),
            };
        }
        _ => {}
    }
    let upsert =
        "INSERT INTO anchors (period, root, anchor_hash, signature, slot, commitment, facts)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (period) DO UPDATE SET
        anchor_hash = ?3, signature = coalesce(?4, anchors.signature), slot = ?5, commitment = ?6,
        facts = ?7";
    let facts = anchor.facts.as_ref().map(anchor_text);
    sql.execute(
        upsert,
        values![
            number(period.0)?,
            &anchor.root,
            &anchor.anchor_hash,
            &anchor.signature,
            number(anchor.slot)?,
            commitment_word(anchor.commitment),
            facts.as_deref(),
        ],
    )?;
    Ok(if stored.is_some() { Stored::Before } else { Stored::New })
}

/// What an anchor says must be what is noted of it.
fn check_facts(anchor: &AnchorRecord, facts: &AnchorFacts) -> Result<(), Failure> {
    let same = [
        ("root", facts.root == anchor.root),
        ("slot", facts.posted_slot == anchor.slot),
        ("hash", facts.hash() == anchor.anchor_hash),
    ];
    let differs = |part| Conflict::AnchorDiffers { period: anchor.period, part };
    let different = same.into_iter().find(|(_, same)| !same);
    different.map_or(Ok(()), |(part, _)| Err(differs(part).into()))
}

/// What a finalized anchor and another report of it disagree on.
fn finalized_difference(stored: &AnchorRecord, offered: &AnchorRecord) -> Option<&'static str> {
    let same = [
        ("hash", stored.anchor_hash == offered.anchor_hash),
        ("slot", stored.slot == offered.slot),
        (
            "signature",
            offered.signature.is_none()
                || stored.signature.is_none()
                || stored.signature == offered.signature,
        ),
    ];
    same.into_iter().find(|(_, same)| !same).map(|(part, _)| part)
}
