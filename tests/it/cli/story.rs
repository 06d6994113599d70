//! From a run to a verdict, by the command line alone, on a ledger of its own.

use runseal_tests::Story;

#[test]
fn receipts_are_sealed_anchored_proved_and_verified() {
    Story::embedded().tell();
}
