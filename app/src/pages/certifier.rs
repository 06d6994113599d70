//! A certifier: for whom it speaks, which stages it may attest, and what it said.

use super::{Nothing, Page, address, missing, paths};
use crate::{
    Shared,
    page::{does_not_mean, facts},
    routes::Failure,
    views::{MomentView, badge, below, moment, stage_letter},
};
use maud::{Markup, html};
use runseal_client::registry::{self, Found};
use runseal_registry::{
    constants::STAGE_COUNT,
    state::{Attestation, Certifier, Outcome, Version},
};
use runseal_types::to_hex;
use serde::Serialize;
use std::sync::Arc;

/// How many attestations a page has, the newest of all.
const MOST_ATTESTATIONS: usize = 100;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CertifierPage {
    address: String,
    authority: String,
    organisation: String,
    stages: String,
    accredited_at: MomentView,
    suspended_at: Option<MomentView>,
    /// What it issued in this slot or later is void.
    void_from_slot: Option<u64>,
    attestation_count: usize,
    attestations: Vec<AttestationView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AttestationView {
    address: String,
    version: String,
    agent: Option<String>,
    stage: char,
    passed: bool,
    evidence_hash: String,
    issued_at: MomentView,
    expires_at: MomentView,
    revoked_at: Option<MomentView>,
}

async fn read(shared: &Shared, text: &str) -> Result<CertifierPage, Failure> {
    let ledger = &*shared.ledger;
    let key = address(text)?;
    let key = if key.is_on_curve() { registry::certifier_address(&key) } else { key };
    let found = registry::find::<Certifier>(ledger, key).await?.ok_or_else(|| {
        missing("no_such_certifier", format!("There is no certifier {text} on this ledger"))
    })?;
    let mut issued = registry::find_all::<Attestation>(ledger).await?;
    issued.retain(|attestation| attestation.account.certifier == found.address);
    issued.sort_by_key(|attestation| std::cmp::Reverse(attestation.account.issued_at.slot));
    let mut attestations = Vec::new();
    for one in issued.iter().take(MOST_ATTESTATIONS) {
        let version = registry::find::<Version>(ledger, one.account.agent_version).await?;
        attestations.push(AttestationView::new(one, version.as_ref()));
    }
    let certifier = &found.account;
    let may = |stage: &u8| certifier.stages >> (stage - 1) & 1 == 1;
    Ok(CertifierPage {
        address: found.address.to_string(),
        authority: certifier.authority.to_string(),
        organisation: certifier.organisation.as_str().to_owned(),
        stages: (1..).take(STAGE_COUNT).filter(may).map(stage_letter).collect(),
        accredited_at: certifier.accredited_at.into(),
        suspended_at: (certifier.suspended != 0).then(|| certifier.suspended_at.into()),
        void_from_slot: Some(certifier.void_from_slot).filter(|slot| *slot != u64::MAX),
        attestation_count: issued.len(),
        attestations,
    })
}

impl AttestationView {
    fn new(found: &Found<Attestation>, version: Option<&Found<Version>>) -> Self {
        let attestation = &found.account;
        Self {
            address: found.address.to_string(),
            version: attestation.agent_version.to_string(),
            agent: version.map(|version| version.account.agent.to_string()),
            stage: stage_letter(attestation.stage),
            passed: attestation.outcome == Outcome::Passed as u8,
            evidence_hash: to_hex(&attestation.evidence_hash),
            issued_at: attestation.issued_at.into(),
            expires_at: attestation.expires_at.into(),
            revoked_at: (attestation.revoked_reason != 0).then(|| attestation.revoked_at.into()),
        }
    }

    fn row(&self) -> Markup {
        html! {
            tr {
                td { (self.stage) }
                td { @if self.passed { (badge("pass", "passed")) } @else { (badge("fail", "not passed")) } }
                td.address { @match &self.agent { Some(agent) => a href={ "/agents/" (agent) } { (agent) }, None => (self.version) } }
                td { (moment(&self.issued_at)) }
                td { (moment(&self.expires_at)) }
                td { @match &self.revoked_at { Some(at) => (moment(at)), None => "no" } }
            }
            (below(6, &self.address, "Evidence (SHA-256)", &self.evidence_hash))
        }
    }
}

impl Page for CertifierPage {
    type Name = String;
    type Asked = Nothing;

    async fn read(shared: &Arc<Shared>, name: String, _: Nothing) -> Result<Self, Failure> {
        read(shared, &name).await
    }

    fn title(&self) -> String {
        self.organisation.clone()
    }

    fn paths(&self) -> (String, String) {
        paths("/certifiers", &self.address)
    }

    fn content(&self) -> Markup {
        let or_no = |moment: &Option<MomentView>| {
            moment.as_ref().map_or_else(|| "no".to_owned(), ToString::to_string)
        };
        html! {
            h1 { "Certifier " (self.organisation) }
            (facts(&[
                ("Account", self.address.clone()),
                ("Key", self.authority.clone()),
                ("Stages that it may attest", self.stages.clone()),
                ("Accredited", self.accredited_at.to_string()),
                ("Suspended", or_no(&self.suspended_at)),
                ("Void is what it issued from slot", self.void_from_slot.map_or_else(|| "nothing is void".to_owned(), |slot| slot.to_string())),
            ]))
            (does_not_mean("Whoever configures the program accredits certifiers, and chose this name for it. \
                Nobody here compared the name with a register."))
            h2 { "What it attested" }
            @if self.attestations.is_empty() { p { "Nothing yet." } }
            @else {
                p.quiet { (self.attestation_count) " in all, the newest first." }
                div.scroll tabindex="0" role="region" aria-label="Attestations" { table {
                    thead { tr { th scope="col" { "Stage" } th scope="col" { "Outcome" } th scope="col" { "Agent" } th scope="col" { "Issued" } th scope="col" { "Expires" } th scope="col" { "Revoked" } } }
                    tbody { @for one in &self.attestations { (one.row()) } }
                } }
            }
        }
    }
}
