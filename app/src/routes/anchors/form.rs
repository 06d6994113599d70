use crate::wire::{Form, Kept};

/// An anchor, as it stands.
pub(crate) type Anchor = Kept<AnchorForm>;

pub(crate) struct AnchorForm;

impl Form for AnchorForm {
    const NAME: &'static str = "Anchor";
    const MEMBERS: &'static [(&'static str, &'static str)] = &[
        ("id", "text"),
        ("proof_id", "text"),
        ("proof_type", "text"),
        ("proof_hash", "text"),
        ("anchor_type", "text"),
        ("anchor_network", "text|null"),
        ("status", "text"),
        ("reason", "text|null"),
        ("anchor_tx_id?", "text|null"),
        ("anchor_block?", "integer|text|null"),
        ("anchor_hash?", "text"),
        ("anchor_timestamp?", "text|null"),
        ("anchor_url?", "text|null"),
        ("confirmation_data?", "object|null"),
        ("confirmed_at?", "text|null"),
        ("created_at?", "text"),
    ];
}
