//! One file an instruction: its arguments, its accounts, its check and its apply.

// Anchor reads the arguments once more when an instruction is over, and then has no use for them.
#![allow(unused_variables)]

// Globs, because Anchor's macros put more names beside each struct than a list could keep up with.
macro_rules! instructions {
    ($($name:ident),* $(,)?) => {$( mod $name; pub use $name::*; )*};
}

instructions! {
    accredit_certifier,
    agent_authority,
    answer_challenge,
    attest_stage,
    certification_status,
    challenge_promise,
    close_anchor,
    config_authority,
    cosign_anchor,
    deposit_bond,
    heartbeat,
    initialize_config,
    log_operator,
    open_disorder_claim,
    open_log,
    post_anchor,
    prove_disorder,
    publish_version,
    register_agent,
    register_auditor,
    request_unbond,
    revoke_attestation,
    rotate_log_keys,
    set_agent_status,
    set_parameters,
    set_pause,
    settle_challenge,
    slashing,
    suspend_certifier,
    update_agent,
    verify_absence,
    verify_anchor_in_log,
    verify_inclusion,
    withdraw_bond,
    yank_version,
}

mod proof;
mod signature;
mod token;
