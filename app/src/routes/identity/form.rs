use crate::wire::{Form, Kept};

/// Who an agent is, as it stands.
pub(crate) type Identity = Kept<IdentityForm>;

pub(crate) struct IdentityForm;

impl Form for IdentityForm {
    const NAME: &'static str = "Identity";
    const MEMBERS: &'static [(&'static str, &'static str)] = &[
        ("agent_id", "text"),
        ("identity_key", "text"),
        ("genesis_hash", "text"),
        ("current_version", "text"),
        ("version_seq", "integer"),
        ("spec", "object"),
        ("ledger_id", "text|null"),
        ("latest_checkpoint", "null"),
        ("created_at", "text"),
        ("updated_at", "text"),
        ("signature", "text"),
        ("status?", "text"),
    ];
}

/// A later version, as the agent signed it.
pub(crate) type IdentityVersion = Kept<IdentityVersionForm>;

pub(crate) struct IdentityVersionForm;

impl Form for IdentityVersionForm {
    const NAME: &'static str = "IdentityVersion";
    const MEMBERS: &'static [(&'static str, &'static str)] = &[
        ("agent_id", "text"),
        ("version_seq", "integer"),
        ("timestamp", "text"),
        ("changes", "object"),
        ("spec", "object"),
        ("prev_version_hash", "text"),
        ("version_hash", "text"),
        ("signature", "text"),
        ("status?", "text"),
    ];
}
