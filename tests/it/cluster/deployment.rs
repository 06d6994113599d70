use super::{ledger, owner};
use runseal_client::{Ledger, registry};
use runseal_ledger::PROGRAM_BYTES;
use runseal_registry::instructions::find_upgrade_authority;
use solana_signer::Signer;

/// What the loader keeps before the program's bytes.
const METADATA_BYTES: usize = 45;

#[tokio::test]
async fn the_cluster_runs_the_program_that_this_repository_carries() {
    let found =
        ledger().read(&[registry::program_data_address()]).await.unwrap().remove(0).unwrap();
    let (metadata, program) = found.data.split_at(METADATA_BYTES);
    assert!(program.starts_with(PROGRAM_BYTES));
    assert!(program[PROGRAM_BYTES.len()..].iter().all(|byte| *byte == 0));
    assert_eq!(find_upgrade_authority(metadata), Some(Some(owner().pubkey())));
}

#[tokio::test]
async fn a_cluster_is_never_taken_for_the_embedded_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let embedded =
        runseal_ledger::Embedded::open_or_create(folder.path(), owner().pubkey()).unwrap();
    let (here, there) = (embedded.genesis_hash().await, ledger().genesis_hash().await);
    assert_ne!(here.unwrap(), there.unwrap());
}
