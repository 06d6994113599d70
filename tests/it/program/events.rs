//! What each instruction announces: docs/spec/program.md's `Event`, byte for byte in its length.

use anchor_lang::Discriminator;
use runseal_registry::events::{
    AgentRegistered, AgentStatusChanged, AgentUpdated, AnchorClosed, AnchorCosigned,
    AttestationRevoked, AuditorRegistered, AuthorityAccepted, AuthorityCancelled,
    AuthorityProposed, BondDeposited, BondWithdrawn, CertifierAccredited, CertifierSuspended,
    ClaimAnswered, ClaimOpened, ClaimUpheld, ConfigInitialized, LogKeysRotated, LogOpened,
    ParametersSet, PauseSet, PeriodAnchored, StageAttested, UnbondRequested, VersionPublished,
    VersionYanked,
};
use runseal_tests::{events_of, every_instruction};

const ADDRESS: usize = 32;
const HASH: usize = 32;
const MOMENT: usize = 16;
/// Every number in an event is a u64.
const U64: usize = 8;

/// The event of an instruction and how many bytes its fields have; `None` where there is none.
fn event_of(instruction: &str) -> Option<(&'static [u8], usize)> {
    Some(match instruction {
        "initialize_config" => (ConfigInitialized::DISCRIMINATOR, 2 * ADDRESS + MOMENT),
        "set_parameters" => (ParametersSet::DISCRIMINATOR, ADDRESS + MOMENT),
        "set_pause" => (PauseSet::DISCRIMINATOR, ADDRESS + U64 + MOMENT),
        "propose_config_authority" | "propose_agent_authority" | "propose_operator" => {
            (AuthorityProposed::DISCRIMINATOR, 3 * ADDRESS + MOMENT)
        }
        "accept_config_authority" | "accept_agent_authority" | "accept_operator" => {
            (AuthorityAccepted::DISCRIMINATOR, 3 * ADDRESS + MOMENT)
        }
        "cancel_config_authority" | "cancel_agent_authority" | "cancel_operator" => {
            (AuthorityCancelled::DISCRIMINATOR, 2 * ADDRESS + MOMENT)
        }
        "register_agent" => (AgentRegistered::DISCRIMINATOR, 3 * ADDRESS + HASH + MOMENT),
        "update_agent" => (AgentUpdated::DISCRIMINATOR, ADDRESS + HASH + MOMENT),
        "set_agent_status" => (AgentStatusChanged::DISCRIMINATOR, ADDRESS + 2 * U64 + MOMENT),
        "publish_version" => {
            (VersionPublished::DISCRIMINATOR, 2 * ADDRESS + U64 + 2 * HASH + MOMENT)
        }
        "yank_version" => (VersionYanked::DISCRIMINATOR, 2 * ADDRESS + MOMENT),
        "accredit_certifier" => (CertifierAccredited::DISCRIMINATOR, 2 * ADDRESS + U64 + MOMENT),
        "suspend_certifier" => (CertifierSuspended::DISCRIMINATOR, ADDRESS + U64 + MOMENT),
        "attest_stage" | "renew_attestation" => {
            (StageAttested::DISCRIMINATOR, 3 * ADDRESS + 3 * U64 + MOMENT)
        }
        "revoke_attestation" => (AttestationRevoked::DISCRIMINATOR, 2 * ADDRESS + U64 + MOMENT),
        "open_log" => (LogOpened::DISCRIMINATOR, 2 * ADDRESS + MOMENT),
        "rotate_log_keys" => (LogKeysRotated::DISCRIMINATOR, 3 * ADDRESS + MOMENT),
        "post_anchor" => (PeriodAnchored::DISCRIMINATOR, 2 * ADDRESS + 3 * U64 + 2 * HASH + MOMENT),
        "close_anchor" => (AnchorClosed::DISCRIMINATOR, 2 * ADDRESS + U64 + HASH + MOMENT),
        "register_auditor" => (AuditorRegistered::DISCRIMINATOR, 2 * ADDRESS + MOMENT),
        "cosign_anchor" => (AnchorCosigned::DISCRIMINATOR, 2 * ADDRESS + HASH + MOMENT),
        "deposit_bond" => (BondDeposited::DISCRIMINATOR, ADDRESS + 2 * U64 + MOMENT),
        "request_unbond" => (UnbondRequested::DISCRIMINATOR, ADDRESS + U64 + MOMENT),
        "withdraw_bond" => (BondWithdrawn::DISCRIMINATOR, ADDRESS + 2 * U64 + MOMENT),
        "challenge_promise" | "open_disorder_claim" => {
            (ClaimOpened::DISCRIMINATOR, 3 * ADDRESS + 2 * U64 + MOMENT)
        }
        "answer_challenge" => (ClaimAnswered::DISCRIMINATOR, 2 * ADDRESS + MOMENT),
        "settle_challenge" | "prove_disorder" => {
            (ClaimUpheld::DISCRIMINATOR, 2 * ADDRESS + U64 + MOMENT)
        }
        _ => return None,
    })
}

#[test]
fn each_change_is_announced_once_with_its_moment_last() {
    for mut staged in every_instruction() {
        let done = staged.send().unwrap();
        let (found, now) = (events_of(&done), staged.chain.now());
        let Some((discriminator, size)) = event_of(staged.name) else {
            assert!(found.is_empty(), "{} announces something", staged.name);
            continue;
        };
        let [event] = found.as_slice() else { panic!("{}: {found:?}", staged.name) };
        let (kind, fields) = event.split_at(8);
        assert_eq!((kind, fields.len()), (discriminator, size), "{}", staged.name);
        let at = [now.slot.to_le_bytes(), now.unix_seconds.to_le_bytes()].concat();
        assert!(fields.ends_with(&at), "{}", staged.name);
        // An event begins with the address of an account of the instruction.
        let subject =
            staged.instruction.accounts.iter().any(|meta| fields.starts_with(meta.pubkey.as_ref()));
        assert!(subject, "{}", staged.name);
    }
}

#[test]
fn only_what_changes_nothing_or_only_a_heartbeat_is_silent() {
    let silent: Vec<&str> = every_instruction()
        .iter()
        .map(|staged| staged.name)
        .filter(|name| event_of(name).is_none())
        .collect();
    let expected = [
        "heartbeat",
        "certification_status",
        "verify_inclusion",
        "verify_absence",
        "verify_anchor_in_log",
    ];
    assert_eq!(silent, expected);
}
