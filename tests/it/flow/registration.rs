use runseal_client::{
    LedgerError, agents, config,
    config::{Configured, InitializeError},
    refusal::Refusal,
    registry,
};
use runseal_registry::{RegistryError, instructions::RegisterAgentArgs, state::Agent};
use runseal_tests::{World, config_args, register_args};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[tokio::test]
async fn agents_survive_a_restart_and_so_does_the_clock() {
    let mut world = World::new().await;
    world.check_world().await;
    let (first, second) = (Keypair::new(), Keypair::new());
    let before = world.register(&first).await.unwrap();
    world.check_world().await;
    world.restart();
    world.check_world().await;
    let after = world.register(&second).await.unwrap();
    world.check_world().await;
    assert!(before.slot < after.slot);
}

#[tokio::test]
async fn an_agent_registered_before_the_restart_cannot_be_registered_again() {
    let mut world = World::new().await;
    let identity = Keypair::new();
    world.register(&identity).await.unwrap();
    world.restart();
    assert!(matches!(world.register(&identity).await, Err(LedgerError::Refused(_))));
    world.check_world().await;
}

#[tokio::test]
async fn a_refusal_names_the_program_s_error_and_changes_nothing() {
    let world = World::new().await;
    let args = RegisterAgentArgs { manifest_hash: [0; 32], ..register_args() };
    let error = agents::register(world.ledger(), &world.vendor, &Keypair::new(), args).await;
    let Err(LedgerError::Refused(refusal)) = error else { panic!("{error:?}") };
    assert_eq!(refusal.code(), Some(RegistryError::ManifestHashIsZero as u32));
    assert_eq!(
        refusal.to_string(),
        "refused: the manifest hash is zero (ManifestHashIsZero, error 6102)"
    );
    world.check_world().await;
}

#[tokio::test]
async fn configuring_twice_is_done_once_and_another_wish_is_an_error() {
    let mut world = World::new().await;
    world.restart();
    assert!(matches!(world.configure().await, Ok(Configured::Before)));
    let mut other = config_args(world.vendor.pubkey());
    other.smallest_bond_amount += 1;
    let error = config::initialize(world.ledger(), &world.vendor, other).await.unwrap_err();
    assert!(matches!(error, InitializeError::Different { parameter: "smallest_bond_amount" }));
}

#[tokio::test]
async fn a_payer_without_lamports_is_refused_by_the_chain() {
    let world = World::new().await;
    let poor = Keypair::new();
    let error = agents::register(world.ledger(), &poor, &Keypair::new(), register_args()).await;
    assert!(matches!(error, Err(LedgerError::Refused(Refusal::Chain { .. }))), "{error:?}");
    world.check_world().await;
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let world = World::new().await;
    let nobody = registry::agent_address(&Keypair::new().pubkey());
    assert!(registry::find::<Agent>(world.ledger(), nobody).await.unwrap().is_none());
    // Lamports alone make no agent.
    world.ledger().airdrop(&nobody, 1_000_000_000).await.unwrap();
    assert!(registry::find::<Agent>(world.ledger(), nobody).await.unwrap().is_none());
    // An account of another kind is no agent, and says so.
    let config = registry::config_address();
    let error = registry::find::<Agent>(world.ledger(), config).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("account {config} has 288 bytes where 440 were expected")
    );
}

#[tokio::test]
async fn time_moves_forward_for_good() {
    let mut world = World::new().await;
    let first = world.register(&Keypair::new()).await.unwrap();
    world.ledger().advance(86_400).unwrap();
    world.restart();
    let second = world.register(&Keypair::new()).await.unwrap();
    assert!(second.slot >= first.slot + 86_400 * 5 / 2, "{first:?} {second:?}");
    world.check_world().await;
}
