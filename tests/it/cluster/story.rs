//! From a run to a verdict, by the command line alone, on a real validator.

use super::{configured, url};
use runseal_tests::{Story, root};

/// Longer than it takes until a transaction is finalized, so that anchoring comes to an end.
const CADENCE_SECONDS: u64 = 25;

#[tokio::test]
async fn receipts_are_sealed_anchored_proved_and_verified() {
    configured().await;
    let authority = root().join("tests/fixtures/keys/wallet.json");
    let tell = move || Story::cluster(&url(), &authority, CADENCE_SECONDS).tell();
    tokio::task::spawn_blocking(tell).await.unwrap();
}
