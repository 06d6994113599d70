//! What holds for every instruction, from the table of how each of them works.

use runseal_tests::every_instruction;
use std::collections::BTreeSet;

#[test]
fn the_table_has_every_instruction_and_each_works_and_leaves_all_invariants_true() {
    let idl: serde_json::Value = serde_json::from_str(runseal_registry::IDL).unwrap();
    let listed = idl["instructions"].as_array().unwrap().iter();
    let mut left: BTreeSet<&str> =
        listed.map(|instruction| instruction["name"].as_str().unwrap()).collect();
    for mut staged in every_instruction() {
        staged.chain.check_invariants();
        let sent = staged.send();
        assert!(sent.is_ok(), "{}: {sent:?}", staged.name);
        staged.chain.check_invariants();
        assert!(left.remove(staged.name), "{} is not in the interface", staged.name);
    }
    assert!(left.is_empty(), "not staged: {left:?}");
}
