//! Which periods have a hash: as their root, or as their anchor's.

use super::{Hit, words::MOST_HITS};
use crate::{Shared, error::ApiError, routes::Failure, service::Service};
use runseal_client::{registry, store::MOST_ITEMS};
use runseal_registry::state::{Anchor, Log};
use runseal_types::{Digest, Period};

/// Looks at the anchors that are on the ledger, at the last one of each log, whose account may be
/// closed, and at what is sealed here and not anchored yet.
pub(super) async fn find(shared: &Shared, digest: Digest) -> Result<Vec<Hit>, Failure> {
    let (ledger, wanted) = (&*shared.ledger, digest.as_bytes());
    let mut hits = Vec::new();
    // What stands for nothing before is no hash of anything.
    if digest == Digest::ZERO {
        return Ok(hits);
    }
    for found in registry::find_all::<Anchor>(ledger).await? {
        let anchor = &found.account;
        let path = format!("/logs/{}/periods/{}", anchor.log, anchor.period);
        let name = format!("period {} of {}", anchor.period, anchor.log);
        if anchor.root == *wanted {
            hits.push(Hit::new("period, by its root", name, path));
        } else if anchor.anchor_hash == *wanted {
            hits.push(Hit::new("period, by its anchor’s hash", name, path));
        }
    }
    if hits.is_empty() {
        for found in registry::find_all::<Log>(ledger).await? {
            if found.account.head_anchor_hash == *wanted {
                let (at, name) = (found.address, found.account.name.as_str());
                hits.push(Hit::new(
                    "log, by its newest anchor’s hash",
                    name,
                    format!("/logs/{at}"),
                ));
            }
        }
    }
    if hits.is_empty()
        && let Ok(service) = shared.open_service()
    {
        hits = service.work(move |service| in_store(service, digest)).await?.0;
    }
    // All periods without receipts have one root.
    hits.truncate(MOST_HITS);
    Ok(hits)
}

fn in_store(service: &Service, digest: Digest) -> Result<Vec<Hit>, ApiError> {
    let (mut hits, mut from) = (Vec::new(), Period(0));
    let Some(log) = service.store.find_log()?.map(|identity| identity.log) else {
        return Ok(hits);
    };
    loop {
        let sealed = service.store.list_periods(from, MOST_ITEMS)?;
        for period in sealed.iter().filter(|period| period.root == digest) {
            let name = format!("period {} of {log}, sealed here", period.period);
            hits.push(Hit::new("sealed period, by its root", name, format!("/logs/{log}")));
        }
        match sealed.last() {
            Some(last) => from = Period(last.period.0.saturating_add(1)),
            None => return Ok(hits),
        }
    }
}
