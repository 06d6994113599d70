use super::{configured, ledger, owner, url};
use runseal_client::{LedgerError, agents, config::Configured, registry};
use runseal_registry::{RegistryError, instructions::RegisterAgentArgs, state::Agent};
use runseal_tests::{Runseal, register_args};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[tokio::test]
async fn an_agent_is_registered_and_read_back() {
    configured().await;
    assert!(matches!(configured().await, Configured::Before));
    let (ledger, identity) = (ledger(), Keypair::new());
    let landed = agents::register(&ledger, &owner(), &identity, register_args()).await.unwrap();
    let address = registry::agent_address(&identity.pubkey());
    let found = registry::find::<Agent>(&ledger, address).await.unwrap().unwrap();
    assert_eq!(found.account.identity, identity.pubkey());
    assert_eq!(found.account.registered_at.slot, landed.slot);
    assert!(registry::find_all::<Agent>(&ledger).await.unwrap().contains(&found));
}

#[tokio::test]
async fn a_refusal_comes_back_by_name_before_anything_is_sent() {
    configured().await;
    let args = RegisterAgentArgs { manifest_hash: [0; 32], ..register_args() };
    let error = agents::register(&ledger(), &owner(), &Keypair::new(), args).await.unwrap_err();
    let LedgerError::Refused(refusal) = error else { panic!("{error:?}") };
    assert_eq!(refusal.code(), Some(RegistryError::ManifestHashIsZero as u32));
}

#[tokio::test]
async fn a_new_vendor_starts_from_the_faucet() {
    configured().await;
    let (ledger, vendor, identity) = (ledger(), Keypair::new(), Keypair::new());
    ledger.airdrop(&vendor.pubkey(), 1_000_000_000).await.unwrap();
    agents::register(&ledger, &vendor, &identity, register_args()).await.unwrap();
}

#[tokio::test]
async fn the_command_does_it_too() {
    configured().await;
    let runseal = Runseal::new();
    let on = format!("-u {} --commitment confirmed", url());
    std::fs::write(runseal.folder().join("manifest.json"), "{}").unwrap();
    runseal.ok("keygen vendor.json");
    runseal.ok("keygen agent.json");
    runseal.ok(&format!("{on} -k vendor.json airdrop 1"));
    let register = "agent register --identity agent.json --manifest manifest.json --output json";
    let done = runseal.ok(&format!("{on} -k vendor.json {register}"));
    let done: serde_json::Value = serde_json::from_str(&done).unwrap();
    let address = done["address"].as_str().unwrap();
    assert!(
        runseal.ok(&format!("{on} agent show {address}")).contains("Status         registered")
    );
    assert!(runseal.ok(&format!("{on} agent list")).contains(address));
}
