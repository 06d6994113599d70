//! What is called by a word: receipts and runs of this service, agents by their names here, logs,
//! certifiers and auditors by theirs on chain.

use super::Hit;
use crate::{Shared, error::ApiError, routes::Failure, service::Service, views::escaped};
use runseal_client::{registry, store::ReceiptFilter};
use runseal_registry::state::{Auditor, Certifier, Log};
use runseal_types::Digest;

/// How many hits of a kind are listed.
pub(super) const MOST_HITS: usize = 50;

pub(super) async fn find(
    shared: &Shared,
    text: &str,
    digest: Option<Digest>,
) -> Result<Vec<Hit>, Failure> {
    let mut hits = Vec::new();
    if let Ok(service) = shared.open_service() {
        let word = text.to_owned();
        hits = service.work(move |service| in_store(service, &word, digest)).await?.0;
    }
    if digest.is_none() {
        hits.extend(on_chain(shared, text).await?);
    }
    Ok(hits)
}

fn in_store(service: &Service, word: &str, digest: Option<Digest>) -> Result<Vec<Hit>, ApiError> {
    let mut hits = Vec::new();
    if let Some(digest) = digest {
        let found = service.store.find_receipt(&digest)?;
        hits.extend(found.map(|_| Hit::new("receipt", digest, format!("/receipts/{digest}"))));
    }
    let filter = ReceiptFilter { run_id: Some(word.to_owned()), ..ReceiptFilter::default() };
    let is_run = service.find_run(word)?.is_some()
        || !service.store.list_receipts(&filter, None, 1)?.items.is_empty();
    if is_run {
        hits.push(Hit::new("run", word, format!("/run?id={}", escaped(word))));
    }
    let agent = service.store.find_agent(word)?;
    hits.extend(agent.map(|name| Hit::new("agent", word, format!("/agents/{}", name.agent))));
    let filter = ReceiptFilter { trace_id: Some(word.to_owned()), ..ReceiptFilter::default() };
    let of_trace = service.store.list_receipts(&filter, None, MOST_HITS)?;
    // A run that is the whole of its work has its name.
    let others = of_trace.items.iter().filter(|row| row.columns.run_id != word);
    hits.extend(others.map(|row| {
        let digest = row.columns.leaf.digest;
        Hit::new("receipt of this work", digest, format!("/receipts/{digest}"))
    }));
    Ok(hits)
}

async fn on_chain(shared: &Shared, text: &str) -> Result<Vec<Hit>, Failure> {
    let (ledger, wanted) = (&*shared.ledger, text.to_lowercase());
    let is_it = |name: &str| name.to_lowercase().contains(&wanted);
    let mut hits = Vec::new();
    for found in registry::find_all::<Log>(ledger).await? {
        if is_it(found.account.name.as_str()) {
            let path = format!("/logs/{}", found.address);
            hits.push(Hit::new("log", found.account.name.as_str(), path));
        }
    }
    for found in registry::find_all::<Certifier>(ledger).await? {
        if is_it(found.account.organisation.as_str()) {
            let path = format!("/certifiers/{}", found.address);
            hits.push(Hit::new("certifier", found.account.organisation.as_str(), path));
        }
    }
    for found in registry::find_all::<Auditor>(ledger).await? {
        if is_it(found.account.organisation.as_str()) {
            let path = format!("/auditors/{}", found.address);
            hits.push(Hit::new("auditor", found.account.organisation.as_str(), path));
        }
    }
    hits.truncate(MOST_HITS);
    Ok(hits)
}
