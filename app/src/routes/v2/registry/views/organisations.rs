use super::{MomentView, letter};
use runseal_client::registry::Found;
use runseal_registry::{
    constants::STAGE_COUNT,
    state::{Auditor, Certifier},
};
use serde::Serialize;

#[derive(Serialize)]
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
        let stages = (1..).take(STAGE_COUNT);
        let stages = stages.filter(|stage| certifier.stages >> (stage - 1) & 1 == 1);
        Self {
            address: found.address.to_string(),
            authority: certifier.authority.to_string(),
            organisation: certifier.organisation.as_str().to_owned(),
            stages: stages.map(letter).collect(),
            suspended: certifier.suspended != 0,
            void_from_slot: Some(certifier.void_from_slot).filter(|slot| *slot != u64::MAX),
            accredited_at: certifier.accredited_at.into(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct AuditorView {
    address: String,
    authority: String,
    organisation: String,
    registered_at: MomentView,
}

impl From<&Found<Auditor>> for AuditorView {
    fn from(found: &Found<Auditor>) -> Self {
        let auditor = &found.account;
        Self {
            address: found.address.to_string(),
            authority: auditor.authority.to_string(),
            organisation: auditor.organisation.as_str().to_owned(),
            registered_at: auditor.registered_at.into(),
        }
    }
}
