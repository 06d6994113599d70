use super::{AttestationView, letter};
use runseal_client::certification::{Rung, Status};
use serde::Serialize;

/// What a version was certified for in a slot.
#[derive(Serialize)]
pub(crate) struct StatusView {
    at_slot: u64,
    /// The highest stage that held; none if none did.
    stage: Option<char>,
    yanked: bool,
    /// From stage A up to the first that did not hold.
    stages: Vec<RungView>,
}

#[derive(Serialize)]
struct RungView {
    held: bool,
    organisation: String,
    attestation: AttestationView,
}

impl From<&Status> for StatusView {
    fn from(status: &Status) -> Self {
        let stage = Some(status.stage()).filter(|stage| *stage > 0).map(letter);
        let rung = |rung: &Rung| RungView {
            held: rung.held,
            organisation: rung.certifier.account.organisation.as_str().to_owned(),
            attestation: AttestationView::from(&rung.attestation),
        };
        let stages = status.rungs.iter().map(rung).collect();
        Self { at_slot: status.slot, stage, yanked: status.is_yanked, stages }
    }
}
