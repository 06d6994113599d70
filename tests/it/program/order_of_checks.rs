//! Checks are made in the order in which docs/spec/program.md has them: of two things that are wrong,
//! the first is named.

mod spoils;

use runseal_registry::RegistryError as Error;
use runseal_tests::{Refused, Staged, every_instruction};
use solana_instruction::error::InstructionError;
use solana_transaction_error::TransactionError;

/// Something that is wrong, and the error that names it.
type Rule = (Error, fn(&mut Staged));

/// Which account of the program's own an instruction's position has, and where its arguments lie.
fn rules_of(name: &str) -> Vec<Rule> {
    match name {
        "initialize_config" => spoils::initialize_config(),
        "set_parameters" => spoils::set_parameters(),
        "register_agent" => spoils::register_agent(),
        "update_agent" => spoils::update_agent(),
        "set_agent_status" => spoils::set_agent_status(),
        "heartbeat" => spoils::heartbeat(),
        "publish_version" => spoils::publish_version(),
        "yank_version" => spoils::yank_version(),
        "accredit_certifier" => spoils::accredit_certifier(),
        "register_auditor" => spoils::register_auditor(),
        "attest_stage" => spoils::attest_stage(),
        "revoke_attestation" => spoils::revoke_attestation(),
        "open_log" => spoils::open_log(),
        "post_anchor" => spoils::post_anchor(),
        "close_anchor" => spoils::close_anchor(),
        "cosign_anchor" => spoils::cosign_anchor(),
        "withdraw_bond" => spoils::withdraw_bond(),
        "answer_challenge" => spoils::answer_challenge(),
        "settle_challenge" => spoils::settle_challenge(),
        "prove_disorder" => spoils::prove_disorder(),
        _ => Vec::new(),
    }
}

#[test]
fn of_two_things_that_are_wrong_the_first_is_named() {
    let mut pairs = 0;
    for staged in every_instruction() {
        let rules = rules_of(staged.name);
        for (index, (error, spoil)) in rules.iter().enumerate() {
            let later: Vec<Option<&Rule>> = rules[index + 1..].iter().map(Some).collect();
            for other in [vec![None], later].concat() {
                let mut now = staged.again();
                // The first is done last, so that where both touch one thing it stays.
                if let Some((_, spoil)) = other {
                    spoil(&mut now);
                }
                spoil(&mut now);
                let refused = now.send().unwrap_err();
                let expected = InstructionError::Custom(*error as u32);
                let expected = TransactionError::InstructionError(staged.index(), expected);
                let with = other.map(|(error, _)| error);
                assert_eq!(refused, Refused(expected), "{}: {error:?} with {with:?}", staged.name);
                pairs += 1;
            }
        }
    }
    assert!(pairs > 300, "{pairs}");
}
