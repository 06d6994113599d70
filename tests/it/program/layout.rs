//! The bytes of accounts, instructions and events. A change here is a new layout version
//! (docs/adr/0005): `RUNSEAL_GOLDEN=1` writes the file anew.

use anchor_lang::Discriminator;
use runseal_registry::{
    events,
    state::{
        Agent, Anchor, Attestation, Auditor, Certifier, Claim, Config, Cosignature, Log, Version,
    },
};
use runseal_tests::{fixed_instructions, root};
use serde_json::{Map, Value, json};
use solana_instruction::Instruction;
use std::{
    collections::BTreeMap,
    env, fs,
    mem::{offset_of, size_of},
    sync::Mutex,
};

const VECTORS: &str = "tests/vectors/layout.json";
/// One part of the file is written after the other.
static WRITING: Mutex<()> = Mutex::new(());

/// Compares what was found with a part of the committed file.
fn check(part: &str, found: &Value) {
    let path = root().join(VECTORS);
    let _alone = WRITING.lock().unwrap();
    let mut golden: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    if env::var_os("RUNSEAL_GOLDEN").is_some() {
        golden[part] = found.clone();
        fs::write(path, format!("{golden:#}\n")).unwrap();
        return;
    }
    assert_eq!(*found, golden[part], "found:\n{found:#}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The size of a field, from a function that would return it.
fn size_of_field<T, F>(_: impl Fn(&T) -> &F) -> usize {
    size_of::<F>()
}

/// Where each field begins, the discriminator included, and how many bytes it has.
macro_rules! accounts {
    ($($account:ident: $($field:ident),*;)*) => {
        json!(BTreeMap::from([$((stringify!($account), json!({
            "bytes": 8 + size_of::<$account>(),
            "discriminator": hex($account::DISCRIMINATOR),
            "fields": BTreeMap::from([$((stringify!($field), [
                8 + offset_of!($account, $field),
                size_of_field(|account: &$account| &account.$field),
            ])),*]),
        }))),*]))
    };
}

#[test]
fn accounts_lie_as_their_golden_bytes_say() {
    let found = accounts! {
        Agent: version, bump, status, reserved_flags, heartbeat_cadence_seconds, version_count, registered_at, updated_at, status_changed_at, authority_changed_at, proposed_at, last_heartbeat_at, identity, authority, pending_authority, manifest_hash, uri, reserved;
        Anchor: version, bump, timeliness, reserved_flags, cosignature_count, period, leaf_count, cumulative_leaf_count, start_seconds, end_seconds, posted_at, log, context, root, previous_anchor_hash, anchor_hash, payer, reserved;
        Attestation: version, bump, stage, outcome, round, revoked_reason, reserved_flags, metrics, issued_at, expires_at, revoked_at, agent_version, certifier, previous, revoked_by, evidence_hash, reserved;
        Auditor: version, bump, reserved_flags, registered_at, authority, organisation, reserved;
        Certifier: version, bump, suspended, stages, reserved_flags, void_from_slot, accredited_at, suspended_at, authority, organisation, reserved;
        Claim: version, bump, kind, state, reserved_flags, period, index, deposit_lamports, slashed_amount, answer_by_seconds, opened_at, decided_at, log, claimant, leaf, reserved;
        Config: version, bump, paused, reserved_flags, slash_claimant_basis_points, reserved_shares, smallest_bond_amount, claim_deposit_lamports, authority_notice_seconds, unbond_notice_seconds, proposed_at, created_at, updated_at, authority, pending_authority, treasury, bond_mint, reserved;
        Cosignature: version, bump, reserved_flags, signed_at, anchor, anchor_hash, auditor, organisation, reserved;
        Log: version, bump, reserved_flags, open_claim_count, next_period, cumulative_leaf_count, late_count, missed_count, upheld_count, start_seconds, cadence_seconds, grace_seconds, answer_window_seconds, challenge_window_seconds, retention_seconds, bond_amount, unbond_amount, unbond_requested_at, opened_at, anchoring_key_changed_at, promise_key_changed_at, proposed_at, promise_keys, founder, operator, pending_operator, anchoring_key, bond_mint, genesis_hash, head_anchor_hash, name, peaks, reserved;
        Version: version, bump, yanked, reserved_flags, semantic, index, published_at, yanked_at, agent, manifest_hash, code_hash, newest_attestations, uri, reserved;
    };
    for (name, account) in found.as_object().unwrap() {
        let fields = account["fields"].as_object().unwrap().values();
        let sizes: u64 = fields.map(|field| field[1].as_u64().unwrap()).sum();
        assert_eq!(
            8 + sizes,
            account["bytes"],
            "{name} has padding, or a field that is not listed"
        );
    }
    check("accounts", &found);
}

#[test]
fn the_bytes_within_fields_are_golden_too() {
    use runseal_registry::state::{Leaf, Metrics, Moment, Name, PromiseKey, SemanticVersion, Uri};
    let found = json!({
        "Leaf": [offset_of!(Leaf, agent), offset_of!(Leaf, sequence), offset_of!(Leaf, digest), size_of::<Leaf>()],
        "Metrics": [
            offset_of!(Metrics, run_count),
            offset_of!(Metrics, success_count),
            offset_of!(Metrics, p50_latency_milliseconds),
            offset_of!(Metrics, p95_latency_milliseconds),
            offset_of!(Metrics, p99_latency_milliseconds),
            offset_of!(Metrics, soak_hours),
            size_of::<Metrics>(),
        ],
        "Moment": [offset_of!(Moment, slot), offset_of!(Moment, unix_seconds), size_of::<Moment>()],
        "Name": [offset_of!(Name, bytes), size_of::<Name>()],
        "PromiseKey": [
            offset_of!(PromiseKey, from_period),
            offset_of!(PromiseKey, key),
            size_of::<PromiseKey>(),
        ],
        "SemanticVersion": [
            offset_of!(SemanticVersion, major),
            offset_of!(SemanticVersion, minor),
            offset_of!(SemanticVersion, patch),
            size_of::<SemanticVersion>(),
        ],
        "Uri": [offset_of!(Uri, bytes), size_of::<Uri>()],
    });
    check("parts", &found);
}

fn flags(instruction: &Instruction) -> Vec<String> {
    let flag = |set: bool, letter: &str| if set { letter.to_owned() } else { "-".to_owned() };
    let metas = instruction.accounts.iter();
    metas.map(|meta| flag(meta.is_writable, "w") + &flag(meta.is_signer, "s")).collect()
}

#[test]
fn instructions_are_their_golden_bytes() {
    let fixed = fixed_instructions();
    let idl: Value = serde_json::from_str(runseal_registry::IDL).unwrap();
    assert_eq!(fixed.len(), idl["instructions"].as_array().unwrap().len());
    let mut found = Map::new();
    for (name, built) in fixed {
        let bytes = json!({ "data": hex(&built.data), "accounts": flags(&built) });
        assert!(found.insert(name.to_owned(), bytes).is_none(), "{name} twice");
    }
    check("instructions", &Value::Object(found));
}

macro_rules! discriminators {
    ($($event:ident),* $(,)?) => {
        json!(BTreeMap::from([$((stringify!($event), hex(events::$event::DISCRIMINATOR))),*]))
    };
}

#[test]
fn events_have_their_golden_discriminators() {
    let found = discriminators!(
        AgentRegistered,
        AgentStatusChanged,
        AgentUpdated,
        AnchorClosed,
        AnchorCosigned,
        AttestationRevoked,
        AuditorRegistered,
        AuthorityAccepted,
        AuthorityCancelled,
        AuthorityProposed,
        BondDeposited,
        BondWithdrawn,
        CertifierAccredited,
        CertifierSuspended,
        ClaimAnswered,
        ClaimOpened,
        ClaimUpheld,
        ConfigInitialized,
        LogKeysRotated,
        LogOpened,
        ParametersSet,
        PauseSet,
        PeriodAnchored,
        StageAttested,
        UnbondRequested,
        VersionPublished,
        VersionYanked,
    );
    let idl: Value = serde_json::from_str(runseal_registry::IDL).unwrap();
    assert_eq!(found.as_object().unwrap().len(), idl["events"].as_array().unwrap().len());
    check("events", &found);
}

#[test]
fn errors_have_their_golden_numbers() {
    let idl: Value = serde_json::from_str(runseal_registry::IDL).unwrap();
    let errors = idl["errors"].as_array().unwrap().iter();
    let found: Map<String, Value> = errors
        .map(|error| (error["name"].as_str().unwrap().to_owned(), error["code"].clone()))
        .collect();
    check("errors", &Value::Object(found));
}
