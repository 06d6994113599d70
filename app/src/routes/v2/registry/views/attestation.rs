use super::{MomentView, letter, set};
use runseal_client::registry::Found;
use runseal_registry::state::{Attestation, Outcome};
use runseal_types::to_hex;
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct AttestationView {
    address: String,
    version: String,
    stage: char,
    certifier: String,
    round: u32,
    passed: bool,
    evidence_hash: String,
    run_count: u64,
    success_count: u64,
    p50_latency_milliseconds: u32,
    p95_latency_milliseconds: u32,
    p99_latency_milliseconds: u32,
    soak_hours: u32,
    issued_at: MomentView,
    expires_at: MomentView,
    revoked_at: Option<MomentView>,
    revoked_by: Option<String>,
    revoked_reason: Option<u8>,
    previous: Option<String>,
}

impl From<&Found<Attestation>> for AttestationView {
    fn from(found: &Found<Attestation>) -> Self {
        let attestation = &found.account;
        let metrics = attestation.metrics;
        let reason = Some(attestation.revoked_reason).filter(|reason| *reason != 0);
        Self {
            address: found.address.to_string(),
            version: attestation.agent_version.to_string(),
            stage: letter(attestation.stage),
            certifier: attestation.certifier.to_string(),
            round: attestation.round,
            passed: attestation.outcome == Outcome::Passed as u8,
            evidence_hash: to_hex(&attestation.evidence_hash),
            run_count: metrics.run_count,
            success_count: metrics.success_count,
            p50_latency_milliseconds: metrics.p50_latency_milliseconds,
            p95_latency_milliseconds: metrics.p95_latency_milliseconds,
            p99_latency_milliseconds: metrics.p99_latency_milliseconds,
            soak_hours: metrics.soak_hours,
            issued_at: attestation.issued_at.into(),
            expires_at: attestation.expires_at.into(),
            revoked_at: reason.map(|_| attestation.revoked_at.into()),
            revoked_by: reason.and_then(|_| set(&attestation.revoked_by)),
            revoked_reason: reason,
            previous: set(&attestation.previous),
        }
    }
}
