//! What holds for every instruction, from the table of how each of them works.

use runseal_client::{instructions::config, registry};
use runseal_registry::RegistryError as Error;
use runseal_tests::{Refused, Staged, every_instruction, root};
use solana_instruction::error::InstructionError;
use solana_signer::Signer;
use solana_transaction_error::TransactionError;
use std::collections::BTreeSet;

/// The names in the program's interface.
fn names() -> BTreeSet<String> {
    let idl: serde_json::Value = serde_json::from_str(runseal_registry::IDL).unwrap();
    let listed = idl["instructions"].as_array().unwrap().iter();
    listed.map(|instruction| instruction["name"].as_str().unwrap().to_owned()).collect()
}

/// The refusal of the staged instruction by the program.
fn refused(staged: &Staged, error: Error) -> Refused {
    let error = InstructionError::Custom(error as u32);
    Refused(TransactionError::InstructionError(staged.index(), error))
}

#[test]
fn the_table_has_every_instruction_and_each_works_and_leaves_all_invariants_true() {
    let mut left = names();
    for mut staged in every_instruction() {
        staged.chain.check_invariants();
        let sent = staged.send();
        assert!(sent.is_ok(), "{}: {sent:?}", staged.name);
        staged.chain.check_invariants();
        assert!(left.remove(staged.name), "{} is not in the interface", staged.name);
    }
    assert!(left.is_empty(), "not staged: {left:?}");
}

#[test]
fn every_instruction_has_a_test_file_of_its_name() {
    for name in names() {
        let path = root().join(format!("tests/it/program/{name}.rs"));
        assert!(path.is_file(), "{} is missing", path.display());
    }
}

#[test]
fn a_pause_stops_what_is_new_and_nothing_else() {
    const STOPPED: [&str; 6] = [
        "register_agent",
        "accredit_certifier",
        "register_auditor",
        "attest_stage",
        "renew_attestation",
        "open_log",
    ];
    let configured = |staged: &Staged| staged.name != "initialize_config";
    for mut staged in every_instruction().into_iter().filter(configured) {
        let pause = config::set_pause(staged.chain.owner.pubkey(), true);
        staged.chain.send(&[pause], &[]).unwrap();
        let sent = staged.send().map(drop);
        let stopped = STOPPED.contains(&staged.name);
        let expected = if stopped { Err(refused(&staged, Error::ProgramPaused)) } else { Ok(()) };
        assert_eq!(sent, expected, "{}", staged.name);
    }
}

#[test]
fn instruction_data_cut_anywhere_is_refused_and_more_is_ignored() {
    for staged in every_instruction() {
        let whole = staged.instruction.clone();
        for size in 0..whole.data.len() {
            let (mut cut, mut now) = (whole.clone(), staged.again());
            cut.data.truncate(size);
            let error = InstructionError::InvalidInstructionData;
            let expected = TransactionError::InstructionError(staged.index(), error);
            let sent = now.send_instead(cut, &[]).map(drop);
            assert_eq!(sent, Err(Refused(expected)), "{}: {size} bytes", staged.name);
        }
        let (mut longer, mut now) = (whole, staged.again());
        longer.data.push(0xff);
        now.send_instead(longer, &[]).unwrap();
    }
}

#[test]
fn an_unknown_instruction_is_refused() {
    for mut staged in every_instruction() {
        let mut other = staged.instruction.clone();
        other.data[..8].copy_from_slice(&[0xee; 8]);
        let expected = InstructionError::InvalidInstructionData;
        let expected = TransactionError::InstructionError(staged.index(), expected);
        assert_eq!(staged.send_instead(other, &[]).map(drop), Err(Refused(expected)));
    }
}

/// Accounts that end with their own invariant when they are written.
const WRITTEN: &[(&str, &[&str])] = &[
    (
        "config",
        &[
            "set_parameters",
            "set_pause",
            "propose_config_authority",
            "cancel_config_authority",
            "accept_config_authority",
        ],
    ),
    (
        "agent",
        &[
            "update_agent",
            "set_agent_status",
            "propose_agent_authority",
            "cancel_agent_authority",
            "accept_agent_authority",
        ],
    ),
    ("version", &["yank_version"]),
    ("certifier", &["suspend_certifier"]),
    ("attestation", &["revoke_attestation"]),
    ("anchor", &["cosign_anchor"]),
    (
        "log",
        &[
            "propose_operator",
            "cancel_operator",
            "accept_operator",
            "rotate_log_keys",
            "post_anchor",
            "deposit_bond",
            "request_unbond",
            "withdraw_bond",
            "challenge_promise",
            "answer_challenge",
            "settle_challenge",
            "prove_disorder",
        ],
    ),
];

#[test]
fn an_account_of_another_layout_is_not_written() {
    const LAYOUT_VERSION: usize = 8;
    let mut seen = 0;
    for staged in every_instruction() {
        let names = staged.account_names();
        for (account, _) in WRITTEN.iter().filter(|(_, by)| by.contains(&staged.name)) {
            let mut now = staged.again();
            let position = names.iter().position(|name| name == account).unwrap();
            let address = staged.instruction.accounts[position].pubkey;
            assert_eq!(now.chain.svm.get_account(&address).unwrap().owner, registry::PROGRAM);
            now.chain.edit(&address, |account| account.data[LAYOUT_VERSION] = 2);
            let sent = now.send().map(drop);
            assert_eq!(sent, Err(refused(&staged, Error::UnknownLayoutVersion)), "{}", staged.name);
            seen += 1;
        }
    }
    assert_eq!(seen, WRITTEN.iter().map(|(_, by)| by.len()).sum::<usize>());
}
