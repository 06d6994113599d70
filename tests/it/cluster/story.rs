//! From a run to a verdict, by the command line alone, on a real validator.

use super::{configured, url};
use runseal_tests::{Campaign, Story, root};

/// Longer than it takes until a transaction is finalized, so that anchoring comes to an end.
const CADENCE_SECONDS: u64 = 25;

#[tokio::test]
async fn receipts_are_sealed_anchored_proved_and_verified() {
    configured().await;
    let authority = root().join("tests/fixtures/keys/wallet.json");
    let tell = move || Story::cluster(&url(), &authority, CADENCE_SECONDS).tell();
    tokio::task::spawn_blocking(tell).await.unwrap();
}

#[tokio::test]
async fn a_clock_that_is_an_hour_off_changes_no_period_and_loses_nothing() {
    configured().await;
    let authority = root().join("tests/fixtures/keys/wallet.json");
    let tell =
        move || Story::cluster(&url(), &authority, CADENCE_SECONDS).tell_with_another_clock();
    tokio::task::spawn_blocking(tell).await.unwrap();
}

#[tokio::test]
async fn commands_that_are_killed_lose_nothing_and_post_nothing_twice() {
    configured().await;
    let authority = root().join("tests/fixtures/keys/wallet.json");
    let kills = if std::env::var_os("RUNSEAL_LONG").is_some() { 600 } else { 16 };
    let kill = move || {
        let story = Story::cluster(&url(), &authority, CADENCE_SECONDS);
        let stage = story.set_stage();
        let campaign = Campaign::run(&story, &stage, kills, 20_261_121);
        while story.anchor(&stage).is_empty() {
            story.end_period();
        }
        campaign.check(&story, &stage);
        assert_eq!(campaign.killed(), kills, "{} were done before", campaign.survived);
    };
    tokio::task::spawn_blocking(kill).await.unwrap();
}
