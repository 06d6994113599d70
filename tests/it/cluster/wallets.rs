//! What a wallet signs lands: the service makes the transaction, somebody else signs and sends it.

use super::{configured, ledger, owner, url};
use crate::api::{json, post, start};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use runseal_client::{
    Ledger,
    registry::{self, RegistryAccount},
};
use runseal_ledger::{AnyLedger, Rpc};
use runseal_registry::state::{Agent, Log, Version};
use serde_json::{Value, json};
use solana_commitment_config::CommitmentConfig;
use solana_keypair::Keypair;
use solana_signer::Signer;
use std::{net::SocketAddr, time::Duration};

/// Has a transaction made.
async fn made(service: SocketAddr, route: &str, asked: &Value) -> (u16, Value) {
    let answer = post(service, &format!("/transactions/{route}"), &asked.to_string()).await;
    (answer.status, json(&answer))
}

/// Signs what was made, sends it, and waits until what it creates is there.
async fn sign<T: RegistryAccount>(made: &Value, signers: &[&Keypair]) -> T {
    let message = STANDARD.decode(made["message"].as_str().unwrap()).unwrap();
    let named: Vec<_> =
        made["signers"].as_array().unwrap().iter().map(|one| one["address"].clone()).collect();
    let keys: Vec<_> = signers.iter().map(|signer| signer.pubkey().to_string()).collect();
    assert_eq!(named, keys);
    let mut bytes = vec![u8::try_from(signers.len()).unwrap()];
    for signer in signers {
        bytes.extend_from_slice(signer.sign_message(&message).as_ref());
    }
    bytes.extend_from_slice(&message);
    let address = made["creates"].as_str().unwrap().parse().unwrap();
    for _ in 0..120 {
        ledger().send(&bytes).await.unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
        if let Some(found) = registry::find::<T>(&ledger(), address).await.unwrap() {
            return found.account;
        }
    }
    panic!("{made} did not land");
}

#[tokio::test]
async fn what_the_service_makes_and_a_wallet_signs_lands() {
    configured().await;
    let rpc = Rpc::new(&url(), CommitmentConfig::confirmed());
    let (service, _stop) = start(AnyLedger::Rpc(rpc)).await;
    let (wallet, identity) = (owner(), Keypair::new());
    let (wallet_key, identity_key) = (wallet.pubkey().to_string(), identity.pubkey().to_string());
    let hash = "5a".repeat(32);

    let asked = json!({
        "wallet": wallet_key, "identity": identity_key, "manifest_hash": hash,
        "heartbeat_cadence_seconds": 60, "uri": "https://example.test",
    });
    let (status, register) = made(service, "register-agent", &asked).await;
    assert_eq!(status, 200, "{register}");
    let agent: Agent = sign(&register, &[&wallet, &identity]).await;
    assert_eq!((agent.authority, agent.identity), (wallet.pubkey(), identity.pubkey()));
    let (status, again) = made(service, "register-agent", &asked).await;
    assert_eq!((status, &again["code"]), (409, &"refused".into()), "{again}");

    let asked = json!({
        "wallet": wallet_key, "agent": identity_key, "semantic": "1.4.2", "manifest_hash": hash,
        "code_hash": hash, "uri": "",
    });
    let (status, publish) = made(service, "publish-version", &asked).await;
    assert_eq!((status, &publish["index"]), (200, &0.into()), "{publish}");
    let version: Version = sign(&publish, &[&wallet]).await;
    assert_eq!((version.index, version.semantic.minor), (0, 4));

    let name = identity_key.chars().take(32).collect::<String>();
    let asked = json!({
        "wallet": wallet_key, "name": name, "anchoring_key": wallet_key, "promise_key": wallet_key,
        "start_seconds": 0, "cadence_seconds": 3_600, "grace_seconds": 60, "answer_window_seconds": 60,
        "challenge_window_seconds": 60, "retention_seconds": 86_400,
    });
    let (status, open) = made(service, "open-log", &asked).await;
    assert_eq!(status, 200, "{open}");
    let log: Log = sign(&open, &[&wallet]).await;
    assert_eq!((log.operator, log.name.as_str()), (wallet.pubkey(), name.as_str()));
    assert_eq!(log.genesis_hash, ledger().genesis_hash().await.unwrap().to_bytes());
}

#[tokio::test]
async fn what_the_program_would_refuse_is_refused_by_its_name_and_not_made() {
    configured().await;
    let rpc = Rpc::new(&url(), CommitmentConfig::confirmed());
    let (service, _stop) = start(AnyLedger::Rpc(rpc)).await;
    let (wallet, nobody) = (owner().pubkey().to_string(), Keypair::new().pubkey().to_string());
    let hash = "5a".repeat(32);
    let register = |wallet: &str, identity: &str, hash: &str, cadence: u32| {
        json!({
            "wallet": wallet, "identity": identity, "manifest_hash": hash,
            "heartbeat_cadence_seconds": cadence, "uri": "",
        })
    };
    for (asked, says) in [
        (register(&wallet, &nobody, &"00".repeat(32), 0), "ManifestHashIsZero, error 6102"),
        (register(&wallet, &nobody, &hash, u32::MAX), "HeartbeatCadenceTooLong, error 6103"),
        (register(&wallet, &wallet, &hash, 0), "AuthorityIsIdentity, error 6104"),
        (register(&nobody, &wallet, &hash, 0), "no record of a prior credit"),
    ] {
        let (status, said) = made(service, "register-agent", &asked).await;
        assert_eq!((status, &said["code"]), (409, &"refused".into()), "{asked} {said}");
        assert!(said["message"].as_str().unwrap().contains(says), "{said}");
    }
    let asked = json!({
        "wallet": wallet, "agent": nobody, "semantic": "1.4.2", "manifest_hash": hash,
        "code_hash": hash, "uri": "",
    });
    let (status, said) = made(service, "publish-version", &asked).await;
    assert_eq!((status, &said["code"]), (404, &"not_found".into()), "{said}");
}
