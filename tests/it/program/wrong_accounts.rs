//! Every account of every instruction replaced by a wrong one of each kind: wrong owner, wrong type,
//! wrong address, not signing, not writable, twice, missing. Each is refused, and nothing changes.
//!
//! Where docs/spec/program.md gives the refusal a number it is in [`NAMED`]; what looks wrong and is
//! not stands in [`ALLOWED`] with its reason. Everything else is refused by Anchor or the runtime.

use runseal_client::{instructions::TOKEN_PROGRAM, registry};
use runseal_registry::RegistryError as Error;
use runseal_tests::{
    Case, Chain, Refused, Staged,
    Wrong::{
        self, ForeignOwner, Missing, Neighbour, Nothing, OtherKind, OtherProgram, ReadOnly,
        Renamed, Stranger, TooShort, Twice, Unsigned,
    },
    every_instruction,
};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::error::InstructionError::{self as Runtime, Custom};
use solana_transaction_error::TransactionError;

/// Anchor's: the account is not writable, not executable, not at its address, twice.
const NOT_WRITABLE: Runtime = Custom(2000);
const NOT_EXECUTABLE: Runtime = Custom(2007);
const OTHER_ADDRESS: Runtime = Custom(2012);
const DUPLICATE: Runtime = Custom(2040);

/// Instruction (any if empty), account, in which ways wrong, with which of the program's errors.
type Named = (&'static str, &'static str, &'static [Wrong], &'static [Error]);

const NAMED: &[Named] = &[
    // Whoever signs has no right to.
    ("initialize_config", "upgrade_authority", &[Stranger, Twice], &[Error::NotUpgradeAuthority]),
    ("accept_config_authority", "signer", &[Stranger], &[Error::NotProposed]),
    ("accept_agent_authority", "signer", &[Stranger], &[Error::NotProposed]),
    ("accept_operator", "signer", &[Stranger], &[Error::NotProposed]),
    ("", "signer", &[Stranger], &[Error::NotAuthority]),
    ("register_agent", "authority", &[Twice], &[Error::AuthorityIsIdentity]),
    ("", "authority", &[Stranger, Twice], &[Error::NotAuthority]),
    ("heartbeat", "identity", &[Stranger], &[Error::NotIdentity]),
    ("post_anchor", "anchoring_key", &[Stranger, Twice], &[Error::NotAnchoringKey]),
    ("deposit_bond", "depositor", &[Stranger, Twice], &[Error::WrongTokenAccount]),
    // Lamports would go to somebody else. The parts are not signed for.
    ("answer_challenge", "operator", OF_OTHERS, &[Error::NotAuthority]),
    ("close_anchor", "payer", OF_OTHERS, &[Error::NotAuthority]),
    ("", "operator", &[Stranger], &[Error::NotAuthority]),
    ("settle_challenge", "claimant", OF_OTHERS, &[Error::NotClaimant]),
    ("prove_disorder", "claimant", OF_OTHERS, &[Error::NotClaimant]),
    // Accounts of the right kind that are somebody else's or something else's.
    ("accept_agent_authority", "agent", &[Neighbour], &[Error::NobodyProposed]),
    ("accept_operator", "log", &[Neighbour], &[Error::NobodyProposed]),
    ("heartbeat", "agent", &[Neighbour], &[Error::NotIdentity]),
    ("attest_stage", "agent", &[Neighbour], &[Error::VersionOfOtherAgent]),
    ("renew_attestation", "agent", &[Neighbour], &[Error::VersionOfOtherAgent]),
    ("", "agent", &[Neighbour], &[Error::NotAuthority]),
    ("yank_version", "version", &[Neighbour], &[Error::VersionOfOtherAgent]),
    ("revoke_attestation", "certifier", &[Neighbour], &[Error::NotAuthority]),
    ("revoke_attestation", "attestation", &[Neighbour], &[Error::NotAuthority]),
    ("", "below", &[Neighbour, Twice, OtherProgram], &[Error::StageBelowMissing]),
    ("", "below_certifier", &[Neighbour, Twice, OtherProgram], &[Error::StageBelowMissing]),
    ("", "earlier", &[Neighbour, Twice, OtherProgram, OtherKind], &[Error::NotTheEarlierRound]),
    ("certification_status", "version", &[Neighbour], &[Error::NewestNotShown]),
    ("", "shown_attestation", &[Neighbour, Twice], &[Error::NewestNotShown]),
    ("", "shown_certifier", &[Neighbour, Missing], &[Error::NewestNotShown]),
    ("", "shown_next", &[Missing, Twice], &[Error::NewestNotShown]),
    ("answer_challenge", "log", &[Neighbour], &[Error::ClaimOfOther]),
    ("verify_anchor_in_log", "log", &[Neighbour], &[Error::RootMismatch]),
    ("", "log", &[Neighbour], &[Error::NotAuthority]),
    ("verify_inclusion", "anchor", &[Neighbour], &[Error::RootMismatch]),
    ("verify_absence", "anchor", &[Neighbour], &[Error::RootMismatch]),
    ("close_anchor", "anchor", &[Neighbour], &[Error::AnchorOfOtherLog, Error::NotAuthority]),
    ("", "anchor", &[Neighbour], &[Error::AnchorOfOtherLog]),
    ("", "claim", &[Neighbour], &[Error::ClaimOfOther, Error::ClaimOfOtherKind]),
    // Tokens of others, and what is no token account.
    ("deposit_bond", "mint", OF_OTHERS, &[Error::WrongTokenAccount]),
    ("", "source", WRONG_TOKENS, &[Error::WrongTokenAccount]),
    ("", "destination", WRONG_TOKENS, &[Error::WrongTokenAccount]),
    ("", "claimant_tokens", WRONG_TOKENS, &[Error::WrongTokenAccount]),
    ("", "treasury_tokens", WRONG_TOKENS, &[Error::WrongTokenAccount]),
];

const OF_OTHERS: &[Wrong] = &[Stranger, Nothing, OtherKind, OtherProgram, Twice];
const WRONG_TOKENS: &[Wrong] = &[Stranger, Nothing, OtherKind, Neighbour, ForeignOwner, TooShort];

/// Another account's address follows from these, so that with another one it is wrong.
const FOLLOWED_BY_AN_ADDRESS: &[(&str, &[&str])] = &[
    ("register_agent", &["identity"]),
    ("publish_version", &["agent"]),
    ("attest_stage", &["certifier", "version"]),
    ("renew_attestation", &["certifier", "version"]),
    ("open_log", &["operator"]),
    ("post_anchor", &["log"]),
    ("cosign_anchor", &["anchor", "auditor"]),
    ("deposit_bond", &["log"]),
    ("withdraw_bond", &["log"]),
    ("challenge_promise", &["log"]),
    ("open_disorder_claim", &["log", "anchor"]),
    ("settle_challenge", &["log"]),
    ("prove_disorder", &["log"]),
];

/// What looks wrong and is meant to work. Instruction (any if empty), account, way, reason.
const ALLOWED: &[(&str, &str, Wrong, &str)] = &[
    ("", "payer", Stranger, "whoever signs may pay the rent"),
    ("", "payer", Twice, "the payer is often one of the signers as well"),
    ("register_agent", "authority", Stranger, "the vendor is whoever signs as the vendor"),
    ("register_agent", "authority", Twice, "the vendor may pay"),
    ("challenge_promise", "claimant", Stranger, "whoever holds a promise may challenge it"),
    ("open_disorder_claim", "claimant", Stranger, "anybody may accuse"),
    ("suspend_certifier", "certifier", Neighbour, "the authority may suspend any certifier"),
    ("revoke_attestation", "attestation", Neighbour, "the certifier's own other attestation"),
    ("certification_status", "shown_attestation", Missing, "fewer stages may be shown"),
    ("initialize_config", "program_data", TooShort, "only its head is read, the code may be any"),
    (
        "deposit_bond",
        "mint",
        ForeignOwner,
        "only its address counts once the bond's account is there",
    ),
    ("deposit_bond", "mint", TooShort, "only its address counts once the bond's account is there"),
];

#[test]
fn every_wrong_account_is_refused_and_nothing_changes() {
    let mut used = vec![false; NAMED.len()];
    let mut excused = vec![false; ALLOWED.len()];
    let mut surprises = Vec::new();
    for staged in every_instruction() {
        for case in staged.wrong_cases() {
            let mut now = staged.again();
            let right = staged.instruction.accounts[case.position].pubkey;
            if let Some(edit) = case.edit {
                now.chain.edit(&right, edit);
            }
            let before = everything(&now.chain);
            let Case { account, wrong, twin, .. } = &case;
            let what = format!("{}: {account} {wrong:?} {twin}", staged.name);
            match now.send_instead(case.instruction.clone(), &[]) {
                Ok(_) => match excuse(&staged, &case) {
                    Some(row) => excused[row] = true,
                    None => surprises.push(what),
                },
                Err(Refused(TransactionError::InstructionError(index, error))) => {
                    assert_eq!(index, staged.index(), "{what}");
                    let by_name = named(&staged, &case).filter(|row| takes(&NAMED[*row], &error));
                    by_name.iter().for_each(|row| used[*row] = true);
                    let of_anchor = expected(&staged, &case).contains(&error);
                    assert!(everything(&now.chain) == before, "{what}: something changed");
                    if by_name.is_none() && !of_anchor {
                        surprises.push(format!("{what}: {error:?}"));
                    }
                }
                Err(refused) => panic!("{what}: {refused:?}"),
            }
        }
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
    let idle: Vec<_> = NAMED.iter().zip(used).filter(|(_, used)| !used).collect();
    assert!(idle.is_empty(), "never happened: {idle:?}");
    let idle: Vec<_> = ALLOWED.iter().zip(excused).filter(|(_, used)| !used).collect();
    assert!(idle.is_empty(), "needs no excuse: {idle:?}");
}

/// All accounts of the program and all tokens.
fn everything(chain: &Chain) -> Vec<(Address, Account)> {
    let of = |program| chain.svm.get_program_accounts(program);
    let mut all = [of(&registry::PROGRAM), of(&TOKEN_PROGRAM)].concat();
    all.sort_by_key(|(address, _)| *address);
    all
}

fn matches_row(staged: &Staged, case: &Case, instruction: &str, account: &str) -> bool {
    (instruction.is_empty() || instruction == staged.name) && account == case.account
}

fn excuse(staged: &Staged, case: &Case) -> Option<usize> {
    ALLOWED.iter().position(|(instruction, account, wrong, _)| {
        *wrong == case.wrong && matches_row(staged, case, instruction, account)
    })
}

/// The first row that is about the case.
fn named(staged: &Staged, case: &Case) -> Option<usize> {
    NAMED.iter().position(|(instruction, account, wrong, _)| {
        wrong.contains(&case.wrong) && matches_row(staged, case, instruction, account)
    })
}

fn takes((_, _, _, errors): &Named, found: &Runtime) -> bool {
    errors.iter().any(|error| *found == Custom(*error as u32))
}

/// The refusals that Anchor, the runtime or a program that is called have for a case.
fn expected(staged: &Staged, case: &Case) -> Vec<Runtime> {
    let followed = FOLLOWED_BY_AN_ADDRESS.iter().any(|(instruction, accounts)| {
        *instruction == staged.name && accounts.contains(&case.account.as_str())
    });
    let right = &staged.instruction.accounts[case.position];
    let there = staged.chain.svm.get_account(&right.pubkey);
    match case.wrong {
        Missing => vec![too_few()],
        Unsigned => vec![Runtime::MissingRequiredSignature],
        // The second is for an account that a called program would write.
        ReadOnly => {
            vec![NOT_WRITABLE, Runtime::PrivilegeEscalation, Runtime::MissingRequiredSignature]
        }
        Renamed => vec![Runtime::InvalidAccountData],
        // The bond's account is looked at by the token program alone.
        ForeignOwner => vec![Runtime::IllegalOwner, Runtime::ExternalAccountDataModified],
        TooShort => vec![Runtime::AccountDataTooSmall, Runtime::InvalidAccountData],
        Stranger if right.is_signer && followed => vec![Runtime::InvalidSeeds],
        Stranger | Neighbour if right.is_signer => vec![],
        Neighbour if followed => vec![Runtime::InvalidSeeds],
        Twice if right.is_signer => {
            vec![Runtime::MissingRequiredSignature, DUPLICATE, Runtime::InvalidSeeds]
        }
        _ if right.is_signer => vec![Runtime::MissingRequiredSignature],
        _ if right.pubkey != registry::PROGRAM
            && there.is_some_and(|account| account.executable) =>
        {
            vec![Runtime::IncorrectProgramId, NOT_EXECUTABLE, DUPLICATE]
        }
        _ if case.account == "instructions" => vec![OTHER_ADDRESS, DUPLICATE],
        _ => not_that_account(followed, case),
    }
}

/// What Anchor says of an account that is not of the kind, or not at the address, that it should be.
fn not_that_account(followed: bool, case: &Case) -> Vec<Runtime> {
    let mut errors = vec![
        Runtime::IllegalOwner,
        Runtime::AccountDataTooSmall,
        Runtime::InvalidAccountData,
        Runtime::UninitializedAccount,
        NOT_WRITABLE,
        DUPLICATE,
    ];
    let created_or_derived = ["program_data", "bond_account"].contains(&case.account.as_str());
    if followed || created_or_derived || case.wrong != Neighbour {
        errors.push(Runtime::InvalidSeeds);
    }
    errors
}

// The runtime still answers with the name that its library calls deprecated.
#[allow(deprecated)]
fn too_few() -> Runtime {
    Runtime::NotEnoughAccountKeys
}
