//! What a ledger runs under the registry's address, and who may change it.

use runseal_client::{
    Ledger, LedgerError,
    ledger::{Landed, Prepared, RawAccount, Snapshot},
    program::{self, ProgramError},
    registry::{PROGRAM, program_data_address},
};
use runseal_ledger::PROGRAM_BYTES;
use runseal_tests::World;
use solana_address::Address;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_signer::Signer;

#[tokio::test]
async fn the_embedded_ledger_runs_the_carried_program_and_belongs_to_its_maker() {
    let mut world = World::new().await;
    world.restart();
    let deployed = program::find(world.ledger()).await.unwrap().unwrap();
    assert!(deployed.is(PROGRAM_BYTES));
    assert_eq!(deployed.upgrade_authority, Some(world.vendor.pubkey()));
    assert_eq!(deployed.program_data, program_data_address(&PROGRAM));
    let mut other = PROGRAM_BYTES.to_vec();
    other[1_000] ^= 1;
    assert!(!deployed.is(&other));
    assert!(!deployed.is(&PROGRAM_BYTES[..PROGRAM_BYTES.len() - 1_000]));
}

/// A ledger that changes what another says about some accounts.
struct Altered<'a, L, F>(&'a L, F);

impl<L: Ledger, F> Ledger for Altered<'_, L, F>
where
    F: Fn(Option<RawAccount>) -> Option<RawAccount> + Send + Sync,
{
    fn name(&self) -> String {
        self.0.name()
    }

    async fn genesis_hash(&self) -> Result<Hash, LedgerError> {
        self.0.genesis_hash().await
    }

    async fn read(&self, addresses: &[Address]) -> Result<Vec<Option<RawAccount>>, LedgerError> {
        Ok(self.0.read(addresses).await?.into_iter().map(&self.1).collect())
    }

    async fn scan(&self, owner: &Address, prefix: &[u8]) -> Result<Vec<RawAccount>, LedgerError> {
        self.0.scan(owner, prefix).await
    }

    async fn snapshot(&self, addresses: &[Address]) -> Result<Snapshot, LedgerError> {
        let mut snapshot = self.0.snapshot(addresses).await?;
        snapshot.accounts = snapshot.accounts.into_iter().map(&self.1).collect();
        Ok(snapshot)
    }

    async fn prepare(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Prepared, LedgerError> {
        self.0.prepare(instructions, signers).await
    }

    async fn send(&self, bytes: &[u8]) -> Result<(), LedgerError> {
        self.0.send(bytes).await
    }

    async fn submit(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Landed, LedgerError> {
        self.0.submit(instructions, signers).await
    }
}

#[tokio::test]
async fn where_there_is_no_such_program_it_is_said_and_not_guessed() {
    let world = World::new().await;
    let nothing = Altered(world.ledger(), |_| None);
    assert!(program::find(&nothing).await.unwrap().is_none());

    let closed = Altered(world.ledger(), |found: Option<RawAccount>| {
        found.filter(|account| account.address == PROGRAM)
    });
    let error = program::find(&closed).await.unwrap_err();
    assert!(matches!(error, ProgramError::NoBytes), "{error:?}");

    let somebody = Address::new_from_array([8; 32]);
    let foreign = Altered(world.ledger(), move |found: Option<RawAccount>| {
        found.map(|account| RawAccount { owner: somebody, ..account })
    });
    let error = program::find(&foreign).await.unwrap_err();
    assert!(matches!(error, ProgramError::OtherLoader { owner } if owner == somebody));
}

#[tokio::test]
async fn another_program_and_one_that_can_no_longer_change_are_told_apart() {
    /// Where the loader says whether there is an upgrade authority, and behind it the bytes.
    const FLAG: usize = 12;
    let world = World::new().await;
    let frozen = Altered(world.ledger(), |found: Option<RawAccount>| {
        found.map(|mut account| {
            if account.address == program_data_address(&PROGRAM) {
                account.data[FLAG] = 0;
                account.data[5_000] ^= 1;
            }
            account
        })
    });
    let right = program::find(world.ledger()).await.unwrap().unwrap();
    let altered = program::find(&frozen).await.unwrap().unwrap();
    assert_eq!(altered.upgrade_authority, None);
    assert!(!altered.is(PROGRAM_BYTES));
    assert_ne!(altered.sha256(), right.sha256());
}
