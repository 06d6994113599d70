use super::{ledger, owner};
use runseal_client::{Ledger, program};
use runseal_ledger::PROGRAM_BYTES;
use solana_signer::Signer;

#[tokio::test]
async fn the_cluster_runs_the_program_that_this_repository_carries() {
    let deployed = program::find(&ledger()).await.unwrap().unwrap();
    assert!(deployed.is(PROGRAM_BYTES));
    assert_eq!(deployed.upgrade_authority, Some(owner().pubkey()));
}

#[tokio::test]
async fn a_cluster_is_never_taken_for_the_embedded_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let embedded =
        runseal_ledger::Embedded::open_or_create(folder.path(), owner().pubkey()).unwrap();
    let (here, there) = (embedded.genesis_hash().await, ledger().genesis_hash().await);
    assert_ne!(here.unwrap(), there.unwrap());
}
