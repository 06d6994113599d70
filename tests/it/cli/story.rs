//! From a run to a verdict, by the command line alone, on a ledger of its own.

use runseal_tests::{Campaign, Story};

#[test]
fn receipts_are_sealed_anchored_proved_and_verified() {
    Story::embedded().tell();
}

#[test]
fn a_clock_that_is_an_hour_off_changes_no_period_and_loses_nothing() {
    Story::embedded().tell_with_another_clock();
}

#[test]
fn commands_that_are_killed_lose_nothing_and_do_nothing_twice() {
    let kills = if std::env::var_os("RUNSEAL_LONG").is_some() { 200 } else { 12 };
    let story = Story::embedded();
    let stage = story.set_stage();
    for seed in 0..3 {
        let campaign = Campaign::run(&story, &stage, kills / 3, seed);
        story.end_period();
        story.anchor(&stage);
        campaign.check(&story, &stage);
    }
}
