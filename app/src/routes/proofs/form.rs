use crate::wire::{Form, Kept};

/// A run's proof, whole (docs/service.md).
pub(crate) type RunProof = Kept<RunProofForm>;

pub(crate) struct RunProofForm;

impl Form for RunProofForm {
    const NAME: &'static str = "RunProof";
    const MEMBERS: &'static [(&'static str, &'static str)] = &[
        ("version", "text"),
        ("run_id", "text"),
        ("trace_id", "text"),
        ("agent_id", "text"),
        ("adapter", "text"),
        ("started_at", "text"),
        ("ended_at", "text"),
        ("status", "text"),
        ("reason", "text|null"),
        ("event_proof", "object|null"),
        ("session_key", "text|null"),
        ("events", "list"),
        ("policy_decisions", "list"),
        ("tool_calls", "list"),
        ("memory_commits", "list"),
        ("telemetry", "object"),
        ("state_proofs", "list"),
        ("hashes", "object"),
        ("root_hash", "text"),
        ("input_hash", "text|null"),
        ("output_hash", "text|null"),
        ("environment_hash", "text|null"),
        ("claimed_hashes", "object"),
        ("proof_type", "text"),
        ("proof_spec_version", "text"),
        ("signatures", "list"),
        ("fingerprints", "object"),
        ("receipt", "object"),
        ("parent_id", "text|null"),
        ("root_id", "text|null"),
        ("seal", "object"),
    ];
}
