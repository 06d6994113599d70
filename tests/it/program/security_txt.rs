//! What somebody who found a weakness can read out of the deployed program.

use runseal_ledger::PROGRAM_BYTES;

#[test]
fn the_program_says_where_to_report_a_weakness() {
    let told = solana_security_txt::find_and_parse(PROGRAM_BYTES).unwrap();
    assert_eq!(told.name, "Runseal registry");
    assert!(!told.contacts.is_empty());
    assert!(told.policy.contains("SECURITY.md"));
}
