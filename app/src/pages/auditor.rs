//! An auditor: for whom it cosigns, and what it cosigned.

use super::{Nothing, Page, address, missing, paths};
use crate::{
    Shared,
    page::{does_not_mean, facts},
    routes::Failure,
    views::{MomentView, moment},
};
use maud::{Markup, html};
use runseal_client::registry;
use runseal_registry::state::{Anchor, Auditor, Cosignature};
use runseal_types::to_hex;
use serde::Serialize;
use std::{cmp::Reverse, sync::Arc};

/// How many cosignatures a page has, the newest of all.
const MOST_COSIGNATURES: usize = 100;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuditorPage {
    address: String,
    authority: String,
    organisation: String,
    registered_at: MomentView,
    cosignature_count: usize,
    cosignatures: Vec<CosignatureView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CosignatureView {
    address: String,
    anchor: String,
    anchor_hash: String,
    /// The log and the period, while the anchor's account is open.
    log: Option<String>,
    period: Option<u64>,
    signed_at: MomentView,
}

async fn read(shared: &Shared, text: &str) -> Result<AuditorPage, Failure> {
    let ledger = &*shared.ledger;
    let key = address(text)?;
    let key = if key.is_on_curve() { registry::auditor_address(&key) } else { key };
    let found = registry::find::<Auditor>(ledger, key).await?.ok_or_else(|| {
        missing("no_such_auditor", format!("There is no auditor {text} on this ledger"))
    })?;
    let mut signed = registry::find_all::<Cosignature>(ledger).await?;
    signed.retain(|cosignature| cosignature.account.auditor == found.address);
    signed.sort_by_key(|cosignature| Reverse(cosignature.account.signed_at.slot));
    let mut cosignatures = Vec::new();
    for one in signed.iter().take(MOST_COSIGNATURES) {
        let anchor = registry::find::<Anchor>(ledger, one.account.anchor).await?;
        cosignatures.push(CosignatureView {
            address: one.address.to_string(),
            anchor: one.account.anchor.to_string(),
            anchor_hash: to_hex(&one.account.anchor_hash),
            log: anchor.as_ref().map(|anchor| anchor.account.log.to_string()),
            period: anchor.map(|anchor| anchor.account.period),
            signed_at: one.account.signed_at.into(),
        });
    }
    Ok(AuditorPage {
        address: found.address.to_string(),
        authority: found.account.authority.to_string(),
        organisation: found.account.organisation.as_str().to_owned(),
        registered_at: found.account.registered_at.into(),
        cosignature_count: signed.len(),
        cosignatures,
    })
}

impl CosignatureView {
    fn row(&self) -> Markup {
        html! {
            tr {
                td.address { @match (&self.log, self.period) {
                    (Some(log), Some(period)) => a href={ "/logs/" (log) "/periods/" (period) } { (log) ", period " (period) },
                    _ => { (self.anchor) " (closed)" },
                } }
                td.address { (self.anchor_hash) }
                td { (moment(&self.signed_at)) }
            }
        }
    }
}

impl Page for AuditorPage {
    type Name = String;
    type Asked = Nothing;

    async fn read(shared: &Arc<Shared>, name: String, _: Nothing) -> Result<Self, Failure> {
        read(shared, &name).await
    }

    fn title(&self) -> String {
        self.organisation.clone()
    }

    fn paths(&self) -> (String, String) {
        paths("/auditors", &self.address)
    }

    fn content(&self) -> Markup {
        html! {
            h1 { "Auditor " (self.organisation) }
            (facts(&[
                ("Account", self.address.clone()),
                ("Key", self.authority.clone()),
                ("Registered", self.registered_at.to_string()),
            ]))
            (does_not_mean("A cosignature says that this key saw the period's leaves and their order. \
                It is no audit of what the agents did."))
            h2 { "What it cosigned" }
            @if self.cosignatures.is_empty() { p { "Nothing yet." } }
            @else {
                p.quiet { (self.cosignature_count) " in all, the newest first." }
                div.scroll tabindex="0" role="region" aria-label="Cosignatures" { table {
                    thead { tr { th scope="col" { "Anchor" } th scope="col" { "Anchor hash" } th scope="col" { "Signed" } } }
                    tbody { @for one in &self.cosignatures { (one.row()) } }
                } }
            }
        }
    }
}
