//! The bytes of accounts and instructions. A change here is a new layout version (docs/adr/0005).

use anchor_lang::Discriminator;
use runseal_client::instructions;

use runseal_registry::state::{
    Agent, Anchor, Attestation, Auditor, Certifier, Claim, Config, Cosignature, Log, Version,
};
use runseal_tests::{config_args, register_args};
use serde_json::{Value, json};
use solana_address::Address;
use std::{fs, mem::offset_of};

/// Where the golden bytes are committed.
fn golden() -> Value {
    let path = runseal_tests::root().join("tests/vectors/layout.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The offset of each field behind the discriminator.
macro_rules! offsets {
    ($account:ty: $($field:ident),* $(,)?) => {
        json!({ $(stringify!($field): 8 + offset_of!($account, $field)),* })
    };
}

#[test]
fn accounts_lie_as_their_golden_bytes_say() {
    let found = json!({
        "Agent": {
            "bytes": 8 + size_of::<Agent>(),
            "discriminator": hex(Agent::DISCRIMINATOR),
            "offsets": offsets!(Agent: version, bump, status, heartbeat_cadence_seconds, version_count,
                registered_at, updated_at, status_changed_at, authority_changed_at, proposed_at,
                last_heartbeat_at, identity, authority, pending_authority, manifest_hash, uri, reserved),
        },
        "Config": {
            "bytes": 8 + size_of::<Config>(),
            "discriminator": hex(Config::DISCRIMINATOR),
            "offsets": offsets!(Config: version, bump, paused, slash_claimant_basis_points,
                smallest_bond_amount, claim_deposit_lamports, authority_notice_seconds,
                unbond_notice_seconds, proposed_at, created_at, updated_at, authority,
                pending_authority, treasury, bond_mint, reserved),
        },
    });
    assert_eq!(found, golden()["accounts"], "found:\n{found:#}");
}

/// The size and the discriminator of each account, which a reader checks before anything else.
macro_rules! kinds {
    ($($account:ident),* $(,)?) => {
        json!({ $(stringify!($account): {
            "bytes": 8 + size_of::<$account>(),
            "discriminator": hex($account::DISCRIMINATOR),
        }),* })
    };
}

#[test]
fn accounts_have_their_sizes_and_discriminators() {
    let found = kinds!(Anchor, Attestation, Auditor, Certifier, Claim, Cosignature, Log, Version);
    assert_eq!(found, golden()["kinds"], "found:\n{found:#}");
}

#[test]
fn instructions_are_their_golden_bytes() {
    let key = |byte| Address::new_from_array([byte; 32]);
    let initialize = instructions::config::initialize(key(1), key(2), config_args(key(4)));
    let register = instructions::agents::register(key(1), key(2), key(3), register_args());
    let flags = |instruction: &solana_instruction::Instruction| -> Vec<String> {
        let flag = |set: bool, letter: &str| {
            if set { letter.to_owned() } else { "-".to_owned() }
        };
        let metas = instruction.accounts.iter();
        metas.map(|meta| flag(meta.is_writable, "w") + &flag(meta.is_signer, "s")).collect()
    };
    let found = json!({
        "initialize_config": { "data": hex(&initialize.data), "accounts": flags(&initialize) },
        "register_agent": { "data": hex(&register.data), "accounts": flags(&register) },
    });
    assert_eq!(found, golden()["instructions"], "found:\n{found:#}");
}
