use crate::{
    page::facts,
    routes::Failure,
    views::{MomentView, badge, below, moment, semantic, stage_letter},
};
use maud::{Markup, html};
use runseal_client::{
    Ledger,
    certification::{self, Rung},
    registry::{self, Found},
};
use runseal_registry::{
    constants::STAGE_COUNT,
    state::{Agent, Outcome, Version},
};
use runseal_types::to_hex;
use serde::Serialize;

/// How many versions a page has, the newest of all.
const MOST_VERSIONS: u64 = 10;

/// A version, and what it was certified for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VersionView {
    address: String,
    index: u64,
    semantic: String,
    manifest_hash: String,
    code_hash: String,
    uri: String,
    published_at: MomentView,
    yanked_at: Option<MomentView>,
    /// The highest stage that held; none if none did.
    stage: Option<char>,
    ladder: Vec<StepView>,
}

/// A certifier's word on a stage.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StepView {
    stage: char,
    held: bool,
    passed: bool,
    attestation: String,
    certifier: String,
    organisation: String,
    evidence_hash: String,
    issued_at: MomentView,
    expires_at: MomentView,
    revoked_at: Option<MomentView>,
    revoked_reason: u8,
}

/// Reads the newest versions, and what each was certified for in a slot.
pub(super) async fn read(
    ledger: &impl Ledger,
    agent: &Found<Agent>,
    slot: u64,
) -> Result<Vec<VersionView>, Failure> {
    let count = agent.account.version_count;
    let mut versions = Vec::new();
    for index in (count.saturating_sub(MOST_VERSIONS)..count).rev() {
        let address = registry::version_address(&agent.address, index);
        let found = registry::load::<Version>(ledger, address).await?;
        let status = certification::status(ledger, &found, slot).await?;
        let version = &found.account;
        versions.push(VersionView {
            address: address.to_string(),
            index,
            semantic: semantic(version.semantic),
            manifest_hash: to_hex(&version.manifest_hash),
            code_hash: to_hex(&version.code_hash),
            uri: version.uri.as_str().to_owned(),
            published_at: version.published_at.into(),
            yanked_at: (version.yanked != 0).then(|| version.yanked_at.into()),
            stage: Some(status.stage()).filter(|stage| *stage > 0).map(stage_letter),
            ladder: status.rungs.iter().map(StepView::from).collect(),
        });
    }
    Ok(versions)
}

impl From<&Rung> for StepView {
    fn from(rung: &Rung) -> Self {
        let attestation = &rung.attestation.account;
        Self {
            stage: stage_letter(rung.stage),
            held: rung.held(),
            passed: attestation.outcome == Outcome::Passed as u8,
            attestation: rung.attestation.address.to_string(),
            certifier: rung.certifier.address.to_string(),
            organisation: rung.certifier.account.organisation.as_str().to_owned(),
            evidence_hash: to_hex(&attestation.evidence_hash),
            issued_at: attestation.issued_at.into(),
            expires_at: attestation.expires_at.into(),
            revoked_at: (attestation.revoked_reason != 0).then(|| attestation.revoked_at.into()),
            revoked_reason: attestation.revoked_reason,
        }
    }
}

impl VersionView {
    pub(super) fn content(&self) -> Markup {
        let yanked = self.yanked_at.as_ref();
        html! {
            section.card id={ "version-" (self.index) } data-key=(self.index) {
                h3 {
                    "Version " (self.semantic) " "
                    @match self.stage {
                        Some(stage) => (badge("pass", &format!("stage {stage}"))),
                        None => (badge("unknown", "no stage held")),
                    }
                    @if yanked.is_some() { " " (badge("fail", "withdrawn")) }
                }
                (facts(&[
                    ("Account", self.address.clone()),
                    ("Published", self.published_at.to_string()),
                    ("Withdrawn", yanked.map_or_else(|| "no".to_owned(), ToString::to_string)),
                    ("Manifest hash", self.manifest_hash.clone()),
                    ("Code hash", self.code_hash.clone()),
                    ("URI", self.uri.clone()),
                ]))
                (self.ladder())
            }
        }
    }

    fn ladder(&self) -> Markup {
        let label = format!("Certification of version {}", self.semantic);
        html! {
            div.scroll tabindex="0" role="region" aria-label=(label) { table {
                thead { tr { th scope="col" { "Stage" } th scope="col" { "Held" } th scope="col" { "Certifier" } th scope="col" { "Issued" } th scope="col" { "Expires" } th scope="col" { "Revoked" } } }
                tbody { @for stage in (1..).take(STAGE_COUNT).map(stage_letter) {
                    @match self.ladder.iter().find(|step| step.stage == stage) {
                        Some(step) => (step.row()),
                        None => tr { th scope="row" { (stage) } td { (badge("unknown", "not reached")) } td colspan="4" { } },
                    }
                } }
            } }
        }
    }
}

impl StepView {
    fn row(&self) -> Markup {
        let revoked = self.revoked_at.as_ref();
        html! {
            tr {
                th scope="row" { (self.stage) }
                td { @if self.held { (badge("pass", "held")) } @else if self.passed { (badge("fail", "did not hold")) } @else { (badge("fail", "not passed")) } }
                td { a href={ "/certifiers/" (self.certifier) } { (self.organisation) } }
                td { (moment(&self.issued_at)) }
                td { (moment(&self.expires_at)) }
                td { @match revoked { Some(at) => { (moment(at)) ", reason " (self.revoked_reason) }, None => "no" } }
            }
            (below(6, self.stage, "Evidence (SHA-256)", &self.evidence_hash))
        }
    }
}
