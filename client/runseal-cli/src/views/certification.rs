use super::{MomentView, hex, stage_letter};
use crate::reasons::Reason;
use runseal_client::{
    certification::{Rung, Standing, Status},
    registry::Found,
};
use runseal_registry::{constants::STAGE_COUNT, state::Certifier};
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// A certifier's account.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CertifierView {
    address: String,
    authority: String,
    organisation: String,
    stages: String,
    suspended: bool,
    /// What it issued in this slot or later is void.
    void_from_slot: Option<u64>,
    accredited_at: MomentView,
}

impl From<&Found<Certifier>> for CertifierView {
    fn from(found: &Found<Certifier>) -> Self {
        let certifier = &found.account;
        let stages =
            (1..).take(STAGE_COUNT).filter(|stage| certifier.stages >> (stage - 1) & 1 == 1);
        Self {
            address: found.address.to_string(),
            authority: certifier.authority.to_string(),
            organisation: certifier.organisation.as_str().to_owned(),
            stages: stages.map(stage_letter).collect(),
            suspended: certifier.suspended != 0,
            void_from_slot: Some(certifier.void_from_slot).filter(|slot| *slot != u64::MAX),
            accredited_at: certifier.accredited_at.into(),
        }
    }
}

/// Several certifiers.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct CertifierListView(pub(crate) Vec<CertifierView>);

impl Display for CertifierListView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (certifier, key) = ("CERTIFIER", "KEY");
        write!(f, "{certifier:<44}  {key:<44}  {:<6}  {:<9}  ORGANISATION", "STAGES", "STATE")?;
        self.0.iter().try_for_each(|row| {
            let state = if row.suspended { "suspended" } else { "active" };
            let CertifierView { address, authority, stages, organisation, .. } = row;
            write!(f, "\n{address:<44}  {authority:<44}  {stages:<6}  {state:<9}  {organisation}")?;
            match row.void_from_slot {
                Some(slot) => write!(f, ", void from slot {slot} on"),
                None => Ok(()),
            }
        })
    }
}

/// What a version was certified for in a slot.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusView {
    version: String,
    slot: u64,
    /// The highest stage that held; none if none did.
    stage: Option<char>,
    yanked: bool,
    attestations: Vec<RungView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RungView {
    stage: char,
    held: bool,
    /// One word: `held`, or why not.
    standing: &'static str,
    attestation: String,
    certifier: String,
    organisation: String,
    passed: bool,
    evidence_hash: String,
    issued_at: MomentView,
    expires_at: MomentView,
    revoked_at: Option<MomentView>,
    revoked_reason: u8,
    revoked_reason_name: Option<String>,
    #[serde(skip)]
    why: String,
}

impl StatusView {
    pub(crate) fn new(version: String, status: &Status) -> Self {
        let stage = Some(status.stage()).filter(|stage| *stage > 0).map(stage_letter);
        let attestations = status.rungs.iter().map(RungView::from).collect();
        Self { version, slot: status.slot, stage, yanked: status.is_yanked, attestations }
    }
}

impl From<&Rung> for RungView {
    fn from(rung: &Rung) -> Self {
        let (attestation, certifier) = (&rung.attestation.account, &rung.certifier);
        let revoked = (attestation.revoked_reason != 0).then_some(attestation.revoked_at);
        Self {
            stage: stage_letter(rung.stage),
            held: rung.held(),
            standing: rung.standing.as_str(),
            attestation: rung.attestation.address.to_string(),
            certifier: certifier.address.to_string(),
            organisation: certifier.account.organisation.as_str().to_owned(),
            passed: attestation.outcome == 1,
            evidence_hash: hex(&attestation.evidence_hash),
            issued_at: attestation.issued_at.into(),
            expires_at: attestation.expires_at.into(),
            revoked_at: revoked.map(MomentView::from),
            revoked_reason: attestation.revoked_reason,
            revoked_reason_name: Reason::word(attestation.revoked_reason),
            why: why(rung),
        }
    }
}

/// How a stage stood, in words.
fn why(rung: &Rung) -> String {
    match rung.standing {
        Standing::Held => "held".to_owned(),
        Standing::Failed => "did not hold: the version failed".to_owned(),
        Standing::Void => {
            let slot = rung.certifier.account.void_from_slot;
            format!("did not hold: what its certifier issued from slot {slot} on is void")
        }
        Standing::Revoked => "did not hold: revoked".to_owned(),
        Standing::Expired => "did not hold: expired".to_owned(),
        Standing::BelowMissing => {
            let below = stage_letter(rung.stage.saturating_sub(1));
            format!("did not hold: stage {below}, below it, did not")
        }
    }
}

impl Display for StatusView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "Version   {}", self.version)?;
        writeln!(f, "In slot   {}", self.slot)?;
        let stage = self.stage.map_or_else(|| "none".to_owned(), String::from);
        write!(
            f,
            "Stage     {stage}{}",
            if self.yanked { " (the version is yanked)" } else { "" }
        )?;
        self.attestations.iter().try_for_each(|rung| rung.fmt(f))
    }
}

impl Display for RungView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "\n{}  {}", self.stage, self.why)?;
        write!(f, "\n   Attestation  {}", self.attestation)?;
        let outcome = if self.passed { "passed" } else { "failed" };
        write!(f, "\n   Outcome      {outcome}, says {}", self.organisation)?;
        write!(f, "\n   Issued       {}", self.issued_at)?;
        write!(f, "\n   Until        {}", self.expires_at)?;
        match (&self.revoked_at, &self.revoked_reason_name) {
            (Some(at), Some(reason)) => write!(f, "\n   Revoked      {at}: {reason}"),
            (Some(at), None) => write!(f, "\n   Revoked      {at}"),
            _ => Ok(()),
        }
    }
}
