//! The registry's accounts as they go out: wire types, apart from the program's own.

mod agents;
mod attestation;
mod claim;
mod log;
mod organisations;
mod status;

pub(crate) use agents::{AgentView, VersionView};
pub(crate) use attestation::AttestationView;
pub(crate) use claim::ClaimView;
pub(crate) use log::LogView;
pub(crate) use organisations::{AuditorView, CertifierView};
pub(crate) use status::StatusView;

use runseal_registry::state::Moment;
use serde::Serialize;
use solana_address::Address;

/// A moment of the chain.
#[derive(Serialize)]
pub(crate) struct MomentView {
    slot: u64,
    unix_seconds: i64,
}

impl From<Moment> for MomentView {
    fn from(moment: Moment) -> Self {
        Self { slot: moment.slot, unix_seconds: moment.unix_seconds }
    }
}

/// A moment that has come.
fn come(moment: Moment) -> Option<MomentView> {
    (moment.slot > 0).then(|| moment.into())
}

/// An address that is set.
fn set(address: &Address) -> Option<String> {
    (*address != Address::default()).then(|| address.to_string())
}

/// The letter of a stage, from 1 (A).
fn letter(stage: u8) -> char {
    char::from(b'A'.saturating_add(stage.saturating_sub(1)))
}
