use runseal_registry::{
    instructions::{AttestStageArgs, InitializeConfigArgs, PublishVersionArgs, RegisterAgentArgs},
    state::{Metrics, SemanticVersion},
};
use solana_address::Address;

pub(super) fn config_args(authority: Address) -> InitializeConfigArgs {
    InitializeConfigArgs {
        authority,
        treasury: Address::new_from_array([2; 32]),
        bond_mint: Address::new_from_array([3; 32]),
        smallest_bond_amount: 1_000_000,
        claim_deposit_lamports: 10_000_000,
        authority_notice_seconds: 172_800,
        unbond_notice_seconds: 1_209_600,
        slash_claimant_basis_points: 5_000,
    }
}

pub(super) fn agent_args() -> RegisterAgentArgs {
    RegisterAgentArgs {
        manifest_hash: [7; 32],
        heartbeat_cadence_seconds: 3_600,
        uri: "https://example.com/agent.json".to_owned(),
    }
}

pub(super) fn version_args() -> PublishVersionArgs {
    PublishVersionArgs {
        semantic: SemanticVersion { major: 1, minor: 2, patch: 3 },
        manifest_hash: [4; 32],
        code_hash: [5; 32],
        uri: String::new(),
    }
}

pub(super) fn attest_args(slot: u64, unix_seconds: i64) -> AttestStageArgs {
    AttestStageArgs {
        stage: 1,
        outcome: 1,
        round: 0,
        expires_slot: slot + 100_000_000,
        expires_seconds: unix_seconds + 10_000_000,
        metrics: Metrics {
            run_count: 1_000,
            success_count: 990,
            p50_latency_milliseconds: 100,
            p95_latency_milliseconds: 400,
            p99_latency_milliseconds: 900,
            soak_hours: 24,
        },
        evidence_hash: [6; 32],
    }
}
