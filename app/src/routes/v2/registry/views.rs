//! The registry's accounts as they go out: wire types, apart from the program's own.

use runseal_client::{
    certification::{Rung, Status},
    registry::Found,
};
use runseal_registry::{
    constants::STAGE_COUNT,
    state::{
        Agent, Attestation, Auditor, Certifier, Claim, ClaimKind, ClaimState, Log, Moment, Outcome,
        Version,
    },
};
use runseal_types::to_hex;
use serde::Serialize;
use solana_address::Address;
use utoipa::ToSchema;

/// A moment of the chain.
#[derive(Serialize, ToSchema)]
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

#[derive(Serialize, ToSchema)]
pub(crate) struct AgentView {
    address: String,
    identity: String,
    authority: String,
    pending_authority: Option<String>,
    status: &'static str,
    manifest_hash: String,
    uri: String,
    heartbeat_cadence_seconds: u32,
    version_count: u64,
    registered_at: MomentView,
    status_changed_at: Option<MomentView>,
    last_heartbeat_at: Option<MomentView>,
}

impl From<&Found<Agent>> for AgentView {
    fn from(found: &Found<Agent>) -> Self {
        let agent = &found.account;
        Self {
            address: found.address.to_string(),
            identity: agent.identity.to_string(),
            authority: agent.authority.to_string(),
            pending_authority: set(&agent.pending_authority),
            status: agent.status().map_or("unknown", |status| status.as_str()),
            manifest_hash: to_hex(&agent.manifest_hash),
            uri: agent.uri.as_str().to_owned(),
            heartbeat_cadence_seconds: agent.heartbeat_cadence_seconds,
            version_count: agent.version_count,
            registered_at: agent.registered_at.into(),
            status_changed_at: come(agent.status_changed_at),
            last_heartbeat_at: come(agent.last_heartbeat_at),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct VersionView {
    address: String,
    agent: String,
    index: u64,
    version: String,
    manifest_hash: String,
    code_hash: String,
    uri: String,
    yanked: bool,
    published_at: MomentView,
    yanked_at: Option<MomentView>,
}

impl From<&Found<Version>> for VersionView {
    fn from(found: &Found<Version>) -> Self {
        let version = &found.account;
        let semantic = version.semantic;
        let is_yanked = version.yanked != 0;
        Self {
            address: found.address.to_string(),
            agent: version.agent.to_string(),
            index: version.index,
            version: format!("{}.{}.{}", semantic.major, semantic.minor, semantic.patch),
            manifest_hash: to_hex(&version.manifest_hash),
            code_hash: to_hex(&version.code_hash),
            uri: version.uri.as_str().to_owned(),
            yanked: is_yanked,
            published_at: version.published_at.into(),
            yanked_at: is_yanked.then(|| version.yanked_at.into()),
        }
    }
}

#[derive(Serialize, ToSchema)]
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

/// What a version was certified for in a slot.
#[derive(Serialize, ToSchema)]
pub(crate) struct StatusView {
    at_slot: u64,
    /// The highest stage that held; none if none did.
    stage: Option<char>,
    yanked: bool,
    /// The newest word of then about each stage, from A up.
    stages: Vec<RungView>,
}

#[derive(Serialize, ToSchema)]
struct RungView {
    held: bool,
    organisation: String,
    attestation: AttestationView,
}

impl From<&Status> for StatusView {
    fn from(status: &Status) -> Self {
        let stage = Some(status.stage()).filter(|stage| *stage > 0).map(letter);
        let rung = |rung: &Rung| RungView {
            held: rung.held(),
            organisation: rung.certifier.account.organisation.as_str().to_owned(),
            attestation: AttestationView::from(&rung.attestation),
        };
        let stages = status.rungs.iter().map(rung).collect();
        Self { at_slot: status.slot, stage, yanked: status.is_yanked, stages }
    }
}

#[derive(Serialize, ToSchema)]
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

#[derive(Serialize, ToSchema)]
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

#[derive(Serialize, ToSchema)]
pub(crate) struct LogView {
    address: String,
    name: String,
    founder: String,
    operator: String,
    pending_operator: Option<String>,
    anchoring_key: String,
    /// Newest first, each with the first period that it serves.
    promise_keys: Vec<PromiseKeyView>,
    genesis_hash: String,
    start_seconds: i64,
    cadence_seconds: u64,
    grace_seconds: u64,
    answer_window_seconds: u64,
    challenge_window_seconds: u64,
    retention_seconds: u64,
    next_period: u64,
    head_anchor_hash: String,
    cumulative_leaf_count: u64,
    late_count: u64,
    missed_count: u64,
    upheld_count: u64,
    open_claim_count: u32,
    bond_mint: String,
    bond_amount: u64,
    unbond_amount: u64,
    opened_at: MomentView,
}

#[derive(Serialize, ToSchema)]
struct PromiseKeyView {
    key: String,
    from_period: u64,
}

impl From<&Found<Log>> for LogView {
    fn from(found: &Found<Log>) -> Self {
        let log = &found.account;
        let keys = log.promise_keys.iter().filter_map(|key| {
            Some(PromiseKeyView { key: set(&key.key)?, from_period: key.from_period })
        });
        Self {
            address: found.address.to_string(),
            name: log.name.as_str().to_owned(),
            founder: log.founder.to_string(),
            operator: log.operator.to_string(),
            pending_operator: set(&log.pending_operator),
            anchoring_key: log.anchoring_key.to_string(),
            promise_keys: keys.collect(),
            genesis_hash: Address::new_from_array(log.genesis_hash).to_string(),
            start_seconds: log.start_seconds,
            cadence_seconds: log.cadence_seconds,
            grace_seconds: log.grace_seconds,
            answer_window_seconds: log.answer_window_seconds,
            challenge_window_seconds: log.challenge_window_seconds,
            retention_seconds: log.retention_seconds,
            next_period: log.next_period,
            head_anchor_hash: to_hex(&log.head_anchor_hash),
            cumulative_leaf_count: log.cumulative_leaf_count,
            late_count: log.late_count,
            missed_count: log.missed_count,
            upheld_count: log.upheld_count,
            open_claim_count: log.open_claim_count,
            bond_mint: log.bond_mint.to_string(),
            bond_amount: log.bond_amount,
            unbond_amount: log.unbond_amount,
            opened_at: log.opened_at.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ClaimView {
    address: String,
    kind: &'static str,
    state: &'static str,
    log: String,
    period: u64,
    agent: String,
    sequence: u64,
    digest: String,
    claimant: String,
    deposit_lamports: u64,
    answer_by_seconds: i64,
    slashed_amount: u64,
    opened_at: MomentView,
    decided_at: Option<MomentView>,
}

impl From<&Found<Claim>> for ClaimView {
    fn from(found: &Found<Claim>) -> Self {
        let claim = &found.account;
        let is_disorder = claim.kind == ClaimKind::Disorder as u8;
        Self {
            address: found.address.to_string(),
            kind: if is_disorder { "disorder" } else { "broken-promise" },
            state: match claim.state {
                state if state == ClaimState::Open as u8 => "open",
                state if state == ClaimState::Answered as u8 => "answered",
                _ => "upheld",
            },
            log: claim.log.to_string(),
            period: claim.period,
            agent: Address::new_from_array(claim.leaf.agent).to_string(),
            sequence: u64::from_be_bytes(claim.leaf.sequence),
            digest: to_hex(&claim.leaf.digest),
            claimant: claim.claimant.to_string(),
            deposit_lamports: claim.deposit_lamports,
            answer_by_seconds: claim.answer_by_seconds,
            slashed_amount: claim.slashed_amount,
            opened_at: claim.opened_at.into(),
            decided_at: come(claim.decided_at),
        }
    }
}
