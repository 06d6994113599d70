//! What the chain says of agents whose identities are kept here.

use crate::town::Town;
use serde_json::Value;
use solana_keypair::write_keypair_file;
use std::{fs, os::unix::fs::PermissionsExt};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_identity_s_key_is_looked_up_on_the_chain() {
    let town = Town::build().await;
    let keys = town.home().join("keys");
    fs::create_dir_all(&keys).unwrap();
    let file = keys.join("known.json");
    write_keypair_file(&town.identity, &file).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let running = town.serve().await;
    let verify = async |agent_id: &str| -> Value {
        running.get(&format!("/v1/identity/{agent_id}/verify")).await.expect(200)
    };
    // Nobody is asked about an agent that has no identity here.
    assert_eq!(verify("known").await.get("registry"), None);
    for agent_id in ["known", "stranger"] {
        let body = format!(r#"{{"agent_id":"{agent_id}"}}"#);
        running.post("/v1/identity", &body).await.expect(200);
    }
    let known = verify("known").await;
    assert_eq!(known["valid"], true);
    let registered = serde_json::json!({
        "state": "registered", "address": town.agent().to_string(), "status": "active",
    });
    assert_eq!(known["registry"], registered);
    let stranger = verify("stranger").await;
    assert_eq!(stranger["valid"], true, "what is stored holds");
    assert_eq!(stranger["registry"]["state"], "not_registered");
    assert_eq!(stranger["registry"].get("status"), None);
    running.stop().await;
}
