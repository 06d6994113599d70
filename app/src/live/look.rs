use super::{Mark, Subject};
use crate::{Shared, error::ApiError, service::Service};
use runseal_client::{
    Ledger, LedgerError,
    keys::ours,
    ledger::RawAccount,
    registry::{PROGRAM, RegistryAccount},
    store::RunState,
};
use runseal_registry::state::{Agent, Log};
use runseal_types::Digest;
use solana_address::Address;
use std::collections::BTreeMap;

/// Looks at several things, and returns what is seen of them together.
pub(crate) async fn mark(shared: &Shared, subjects: &[Subject]) -> Mark {
    Mark::of_all(look(shared, subjects).await)
}

/// Looks at things, and returns what is seen of each, in their order.
pub(super) async fn look(shared: &Shared, subjects: &[Subject]) -> Vec<Mark> {
    let accounts = accounts(shared, subjects).await.ok();
    let registry = match subjects.contains(&Subject::Registry) {
        true => registry(shared).await.ok(),
        false => None,
    };
    let kept = in_store(shared, subjects).await;
    let seen = subjects.iter().map(|subject| {
        Mark(match subject {
            Subject::Registry => registry,
            Subject::Account(address) => {
                accounts.as_ref().and_then(|accounts| accounts.get(address).copied())
            }
            kept_here => kept.as_ref().and_then(|kept| kept.get(kept_here).copied()),
        })
    });
    seen.collect()
}

/// Reads all accounts together.
async fn accounts(
    shared: &Shared,
    subjects: &[Subject],
) -> Result<BTreeMap<Address, Digest>, LedgerError> {
    let addresses = subjects.iter().filter_map(|subject| match subject {
        Subject::Account(address) => Some(*address),
        _ => None,
    });
    let addresses: Vec<Address> = addresses.collect();
    if addresses.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = shared.ledger.read(&addresses).await?;
    Ok(addresses.into_iter().zip(found.iter().map(|raw| digest(raw.as_slice()))).collect())
}

async fn registry(shared: &Shared) -> Result<Digest, LedgerError> {
    let mut found = shared.ledger.scan(&PROGRAM, prefix::<Agent>()).await?;
    found.extend(shared.ledger.scan(&PROGRAM, prefix::<Log>()).await?);
    Ok(digest(&found))
}

fn prefix<T: RegistryAccount>() -> &'static [u8] {
    T::DISCRIMINATOR
}

fn digest(accounts: &[RawAccount]) -> Digest {
    let parts = accounts.iter().flat_map(|raw| [raw.address.as_ref(), raw.data.as_slice()]);
    Digest::of(&parts.collect::<Vec<&[u8]>>())
}

/// Looks at what is kept here; where nothing is shown, that stays so.
async fn in_store(shared: &Shared, subjects: &[Subject]) -> Option<BTreeMap<Subject, Digest>> {
    let is_kept = |subject: &&Subject| !matches!(subject, Subject::Registry | Subject::Account(_));
    let subjects: Vec<Subject> = subjects.iter().filter(is_kept).cloned().collect();
    let Ok(service) = shared.open_service() else {
        return Some(subjects.into_iter().map(|subject| (subject, Digest::ZERO)).collect());
    };
    if subjects.is_empty() {
        return Some(BTreeMap::new());
    }
    let look = move |service: &Service| {
        let seen = subjects.into_iter().map(|subject| Ok((kept(service, &subject)?, subject)));
        seen.map(|seen: Result<_, ApiError>| seen.map(|(seen, subject)| (subject, seen))).collect()
    };
    service.work(look).await.ok().map(|axum::Json(seen)| seen)
}

fn kept(service: &Service, subject: &Subject) -> Result<Digest, ApiError> {
    let says = match subject {
        Subject::Registry | Subject::Account(_) => String::new(),
        Subject::Receipts(agent) => {
            let last = service.store.last_leaf(&ours(agent))?;
            format!("{:?} {}", last.map(|leaf| leaf.digest), service.sealed_count()?)
        }
        Subject::Receipt(digest) => {
            let stored = service.store.find_receipt(digest)?;
            format!("{:?}", stored.map(|stored| stored.period))
        }
        Subject::Run(name) => {
            let run = service.find_run(name)?;
            format!("{:?}", run.map(|row| (row.event_count, finished(row.state))))
        }
    };
    Ok(Digest::of(&[says.as_bytes()]))
}

fn finished(state: RunState) -> Option<Digest> {
    match state {
        RunState::Active => None,
        RunState::Finished { receipt } => Some(receipt),
    }
}
