//! One instruction of each kind with fixed arguments, whose bytes are committed.

use crate::{BOND_MINT, config_args, register_args};
use runseal_client::instructions::{
    agents, bonds,
    certification::{self, Subject},
    claims::{self, Slash},
    config, logs, proofs,
};
use runseal_registry::{
    instructions::{
        AbsenceArgs, AccreditCertifierArgs, AttestStageArgs, ChallengePromiseArgs, OpenLogArgs,
        PostAnchorArgs, PublishVersionArgs, RegisterAuditorArgs, RotateLogKeysArgs,
        SetParametersArgs,
    },
    state::{AgentStatus, Leaf, Metrics, Name, SemanticVersion},
};
use solana_address::Address;
use solana_instruction::Instruction;

fn key(byte: u8) -> Address {
    Address::new_from_array([byte; 32])
}

fn leaf(byte: u8) -> Leaf {
    Leaf { agent: [byte; 32], sequence: [1, 2, 3, 4, 5, 6, 7, byte], digest: [byte + 1; 32] }
}

fn path() -> Vec<[u8; 32]> {
    vec![[0xa1; 32], [0xa2; 32]]
}

/// Each instruction's name and an instance that never changes.
pub fn fixed_instructions() -> Vec<(&'static str, Instruction)> {
    let mut all = of_config();
    all.extend(of_agents());
    all.extend(of_certification());
    all.extend(of_logs());
    all.extend(of_proofs());
    all.extend(of_bonds_and_claims());
    all
}

fn of_config() -> Vec<(&'static str, Instruction)> {
    let parameters = SetParametersArgs {
        treasury: key(2),
        bond_mint: key(3),
        smallest_bond_amount: 0x0102_0304_0506_0708,
        claim_deposit_lamports: 0x1112_1314_1516_1718,
        authority_notice_seconds: 0x2122,
        unbond_notice_seconds: 0x3132,
        slash_claimant_basis_points: 0x0141,
    };
    vec![
        ("initialize_config", config::initialize(key(1), key(2), config_args(key(4)))),
        ("set_parameters", config::set_parameters(key(1), parameters)),
        ("set_pause", config::set_pause(key(1), true)),
        ("propose_config_authority", config::propose_authority(key(1), key(2))),
        ("cancel_config_authority", config::cancel_authority(key(1))),
        ("accept_config_authority", config::accept_authority(key(1))),
    ]
}

fn of_agents() -> Vec<(&'static str, Instruction)> {
    let version = PublishVersionArgs {
        semantic: SemanticVersion { major: 0x0102, minor: 0x0304, patch: 0x0506 },
        manifest_hash: [4; 32],
        code_hash: [5; 32],
        uri: "https://example.com/1".to_owned(),
    };
    vec![
        ("register_agent", agents::register(key(1), key(2), key(3), register_args())),
        ("update_agent", agents::update(key(1), key(2), register_args())),
        ("set_agent_status", agents::set_status(key(1), key(2), AgentStatus::Retired)),
        ("heartbeat", agents::heartbeat(key(1))),
        ("publish_version", agents::publish_version(key(1), key(2), key(3), 7, version)),
        ("yank_version", agents::yank_version(key(1), key(2), key(3))),
        ("propose_agent_authority", agents::propose_authority(key(1), key(2), key(3))),
        ("cancel_agent_authority", agents::cancel_authority(key(1), key(2))),
        ("accept_agent_authority", agents::accept_authority(key(1), key(2))),
    ]
}

fn of_certification() -> Vec<(&'static str, Instruction)> {
    let organisation = Name::parse("certifier.example").unwrap();
    let accredited =
        AccreditCertifierArgs { certifier_authority: key(3), organisation, stages: 0b10101 };
    let attested = |round| AttestStageArgs {
        stage: 3,
        outcome: 2,
        round,
        expires_slot: 0x0102_0304_0506_0708,
        expires_seconds: -2,
        metrics: Metrics {
            run_count: 0x0a0b,
            success_count: 0x0a0a,
            p50_latency_milliseconds: 0x0101,
            p95_latency_milliseconds: 0x0202,
            p99_latency_milliseconds: 0x0303,
            soak_hours: 0x0404,
        },
        evidence_hash: [6; 32],
    };
    let subject = Subject { agent: key(3), version: key(4), below: Some((key(5), key(6))) };
    let attest = |round| certification::attest(key(1), key(2), subject, attested(round));
    vec![
        ("accredit_certifier", certification::accredit(key(1), key(2), accredited)),
        ("suspend_certifier", certification::suspend(key(1), key(2), 0x0102_0304)),
        ("attest_stage", attest(0)),
        ("renew_attestation", attest(9)),
        ("revoke_attestation", certification::revoke(key(1), key(2), key(3), 4)),
        ("certification_status", certification::status(key(1), 0x0102_0304_0506, &[])),
    ]
}

fn of_logs() -> Vec<(&'static str, Instruction)> {
    let organisation = Name::parse("auditor.example").unwrap();
    let opened = OpenLogArgs {
        name: Name::parse("receipts").unwrap(),
        genesis_hash: [9; 32],
        anchoring_key: key(3),
        promise_key: key(4),
        start_seconds: -1,
        cadence_seconds: 0x0102,
        grace_seconds: 0x0304,
        answer_window_seconds: 0x0506,
        challenge_window_seconds: 0x0708,
        retention_seconds: 0x090a,
    };
    let rotated = RotateLogKeysArgs { anchoring_key: key(3), promise_key: key(4) };
    let posted = PostAnchorArgs {
        period: 0x0102_0304,
        leaf_count: 0x0506_0708,
        root: [5; 32],
        previous_anchor_hash: [6; 32],
    };
    let registered = RegisterAuditorArgs { auditor_authority: key(3), organisation };
    vec![
        ("open_log", logs::open(key(1), key(2), opened)),
        ("propose_operator", logs::propose_operator(key(1), key(2), key(3))),
        ("cancel_operator", logs::cancel_operator(key(1), key(2))),
        ("accept_operator", logs::accept_operator(key(1), key(2))),
        ("rotate_log_keys", logs::rotate_keys(key(1), key(2), rotated)),
        ("post_anchor", logs::post_anchor(key(1), key(2), key(3), posted)),
        ("close_anchor", logs::close_anchor(key(1), key(2), key(3), 5)),
        ("register_auditor", logs::register_auditor(key(1), key(2), registered)),
        ("cosign_anchor", logs::cosign_anchor(key(1), key(2), key(3), &organisation, [7; 32])),
    ]
}

fn of_proofs() -> Vec<(&'static str, Instruction)> {
    let absent = AbsenceArgs {
        agent: [7; 32],
        sequence: 0x0102_0304_0506_0708,
        kind: 3,
        index: 0x1112,
        left: leaf(1),
        right: leaf(3),
    };
    vec![
        ("verify_inclusion", proofs::verify_inclusion(key(1), 0x0102, leaf(1), path())),
        ("verify_absence", proofs::verify_absence(key(1), absent, path())),
        ("verify_anchor_in_log", proofs::verify_anchor_in_log(key(1), 0x0102, [8; 32], path())),
    ]
}

fn of_bonds_and_claims() -> Vec<(&'static str, Instruction)> {
    let promised = ChallengePromiseArgs {
        period: 0x0102,
        agent: [7; 32],
        sequence: 0x0102_0304_0506_0708,
        digest: [8; 32],
    };
    let slash = Slash {
        log: key(1),
        claim: key(2),
        claimant: key(3),
        claimant_tokens: key(4),
        treasury_tokens: key(5),
    };
    vec![
        ("deposit_bond", bonds::deposit(key(1), key(2), key(3), BOND_MINT, key(4), 0x0102)),
        ("request_unbond", bonds::request_unbond(key(1), key(2), 0x0102)),
        ("withdraw_bond", bonds::withdraw(key(1), key(2), key(3))),
        ("challenge_promise", claims::challenge(key(1), key(2), promised)),
        ("answer_challenge", claims::answer(key(1), key(2), 3, key(4), 0x0102, path())),
        ("settle_challenge", claims::settle(slash)),
        ("open_disorder_claim", claims::open_disorder(key(1), key(2), 3, 0x0102, leaf(1), path())),
        ("prove_disorder", claims::prove_disorder(slash, 3, leaf(1), path())),
    ]
}
