use runseal_registry::instructions::{InitializeConfigArgs, RegisterAgentArgs};
use solana_address::Address;

/// Parameters that the program takes.
pub fn config_args(authority: Address) -> InitializeConfigArgs {
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

/// An agent that the program takes.
pub fn register_args() -> RegisterAgentArgs {
    RegisterAgentArgs {
        manifest_hash: [7; 32],
        heartbeat_cadence_seconds: 3_600,
        uri: "https://example.com/agent.json".to_owned(),
    }
}

/// A text of `size` characters that may stand in a URI.
pub fn text_of(size: usize) -> String {
    "a".repeat(size)
}
