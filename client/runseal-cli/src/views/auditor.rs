use super::MomentView;
use runseal_client::registry::Found;
use runseal_registry::state::Auditor;
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// An auditor's account.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
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

/// Several auditors.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct AuditorListView(pub(crate) Vec<AuditorView>);

impl Display for AuditorListView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:<44}  {:<44}  ORGANISATION", "AUDITOR", "KEY")?;
        self.0.iter().try_for_each(|row| {
            let AuditorView { address, authority, organisation, .. } = row;
            write!(f, "\n{address:<44}  {authority:<44}  {organisation}")
        })
    }
}
