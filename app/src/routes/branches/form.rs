use crate::wire::{Form, Kept};

/// A branch, as its agent signed it.
pub(crate) type Branch = Kept<BranchForm>;

pub(crate) struct BranchForm;

impl Form for BranchForm {
    const NAME: &'static str = "Branch";
    const MEMBERS: &'static [(&'static str, &'static str)] = &[
        ("branch_id", "text"),
        ("branch_type", "text"),
        ("agent_id", "text"),
        ("timestamp", "text"),
        ("origin", "object"),
        ("modifications?", "object|null"),
        ("parent_branch_id", "null"),
        ("branch_run_id", "text|null"),
        ("branch_hash", "text"),
        ("signature", "text"),
        ("created_at?", "text"),
        ("status?", "text"),
    ];
}
