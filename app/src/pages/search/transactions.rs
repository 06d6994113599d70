//! What a transaction did to the registry's accounts, whoever sent it.

use super::{Hit, addresses};
use crate::{
    Shared,
    routes::{Failure, no_word_of},
};
use runseal_client::{
    Ledger,
    ledger::RawAccount,
    registry::{PROGRAM, ReadError},
    store::MOST_ITEMS,
};
use runseal_ledger::Lookup;
use runseal_types::Period;
use solana_signature::Signature;

/// What was found, and what is to be said beside it.
pub(super) struct Found {
    pub(super) hits: Vec<Hit>,
    pub(super) hint: String,
}

pub(super) async fn find(shared: &Shared, signature: Signature) -> Result<Found, Failure> {
    let posted = posted(shared, signature).await?;
    if !posted.is_empty() {
        return Ok(Found { hits: posted, hint: String::new() });
    }
    match shared.ledger.look_up(&signature).await {
        Ok(Lookup::Found { slot, has_failed, accounts }) => {
            let hits = touched(shared, &accounts).await?;
            let failed =
                if has_failed { " It failed, and so it changed none of them." } else { "" };
            let hint = match hits.is_empty() {
                true => format!(
                    "The transaction is in slot {slot}, and names no account of the registry that is there by now."
                ),
                false => format!(
                    "The transaction is in slot {slot}. These accounts of the registry it names; what it did with each, an explorer of the chain says.{failed}"
                ),
            };
            Ok(Found { hits, hint })
        }
        Ok(Lookup::Unknown) => Ok(nothing(
            "This service's endpoint knows no transaction with this signature, or none any more: endpoints forget old ones. Another explorer of the same chain may know it.",
        )),
        Ok(Lookup::NotKept) => Ok(nothing(
            "This ledger keeps accounts and no transactions: it is only known which transactions of this service posted an anchor, and this is none of them.",
        )),
        Err(error) => Ok(nothing(&no_word_of(&error))),
    }
}

fn nothing(hint: &str) -> Found {
    Found { hits: Vec::new(), hint: hint.to_owned() }
}

/// Which of the accounts that a transaction names are the registry's, and where they are shown.
async fn touched(
    shared: &Shared,
    accounts: &[solana_address::Address],
) -> Result<Vec<Hit>, Failure> {
    let ledger = &*shared.ledger;
    let mut hits = Vec::new();
    let read: Vec<Option<RawAccount>> = ledger.read(accounts).await.map_err(ReadError::from)?;
    for raw in read.iter().flatten().filter(|raw| raw.owner == PROGRAM) {
        hits.extend(addresses::account(ledger, raw).await?);
    }
    Ok(hits)
}

/// Finds the period whose anchor a transaction of this service posted.
async fn posted(shared: &Shared, signature: Signature) -> Result<Vec<Hit>, Failure> {
    let Ok(service) = shared.open_service() else { return Ok(Vec::new()) };
    let wanted: [u8; 64] = signature.into();
    let found = service.work(move |service| {
        let Some(log) = service.store.find_log()?.map(|identity| identity.log) else {
            return Ok(None);
        };
        let mut from = Period(0);
        loop {
            let anchors = service.store.list_anchors(from, MOST_ITEMS)?;
            let found = anchors.iter().find(|anchor| anchor.signature == Some(wanted));
            if let Some(anchor) = found {
                let path = format!("/logs/{log}/periods/{}", anchor.period);
                return Ok(Some(Hit::new("transaction that posted an anchor", signature, path)));
            }
            match anchors.last() {
                Some(last) => from = Period(last.period.0.saturating_add(1)),
                None => return Ok(None),
            }
        }
    });
    Ok(found.await?.0.into_iter().collect())
}
