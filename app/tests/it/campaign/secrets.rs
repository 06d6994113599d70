//! What A has and B must not see: words that nobody can guess, in every member that takes one, and the
//! hashes and signatures that were made of them.

use super::{A, B};
use crate::client::send_with;
use serde_json::{Value, json};
use std::{collections::BTreeMap, net::SocketAddr};

/// A's secrets, and the names of A's things, which B is assumed to know.
pub(super) struct Secrets {
    words: Vec<String>,
    pub(super) names: BTreeMap<&'static str, String>,
}

impl Secrets {
    /// Finds a secret that was answered and not sent.
    pub(super) fn found_in(&self, answered: &str, sent: &str) -> Option<&str> {
        let words = self.words.iter().map(String::as_str);
        words.into_iter().find(|word| answered.contains(word) && !sent.contains(word))
    }
}

struct Planter {
    address: SocketAddr,
    secrets: Secrets,
}

impl Planter {
    /// Returns a new word that stands nowhere else.
    fn word(&mut self) -> String {
        let word = format!("secret-{:032x}", fastrand::u128(..));
        self.secrets.words.push(word.clone());
        word
    }

    async fn post(&mut self, path: &str, body: Value) -> Value {
        let answer = send_with(self.address, "POST", path, Some(&body.to_string()), A).await;
        let answer = answer.expect(200);
        self.keep(&answer);
        answer
    }

    async fn get(&mut self, path: &str) {
        let answer = send_with(self.address, "GET", path, None, A).await.expect(200);
        self.keep(&answer);
    }

    /// Takes hashes and signatures for secrets: each has something in it that is only A's.
    fn keep(&mut self, answer: &Value) {
        const UNIQUE: [&str; 10] = [
            "root_hash",
            "entry_hash",
            "merkle_root",
            "checkpoint_hash",
            "branch_hash",
            "signature",
            "genesis_hash",
            "version_hash",
            "identity_key",
            "graph_hash",
        ];
        match answer {
            Value::Object(object) => {
                for (name, value) in object {
                    match value.as_str() {
                        Some(text) if UNIQUE.contains(&name.as_str()) => {
                            self.secrets.words.push(text.trim_start_matches("sha256:").to_owned());
                        }
                        _ => self.keep(value),
                    }
                }
            }
            Value::Array(list) => list.iter().for_each(|value| self.keep(value)),
            _ => {}
        }
    }

    fn name(&mut self, name: &'static str, answer: &Value, member: &str) {
        self.secrets.names.insert(name, answer[member].as_str().unwrap().to_owned());
    }

    /// Tells of a run with a secret in every member.
    async fn run(&mut self, run_id: &str, agent_id: &str, success: bool) {
        let start = json!({
            "run_id": run_id, "agent_id": agent_id, "adapter": self.word(), "trace_id": self.word(),
            "session_key": self.word(), "event_proof": { "event_type": self.word() },
        });
        self.post("/v1/run/start", start).await;
        for kind in ["message.received", "tool.invoke", "state.proof", "environment.captured"] {
            let event = json!({
                "run_id": run_id, "event_id": self.word(), "type": kind, "timestamp": self.word(),
                "source": self.word(),
                "data": { "content": self.word(), "input_hash": self.word(), "state_type": self.word() },
            });
            self.post("/v1/run/event", event).await;
        }
        let checkpoint = json!({ "run_id": run_id, "reason": self.word() });
        self.post("/v1/run/checkpoint", checkpoint).await;
        let end = json!({ "run_id": run_id, "success": success, "reason": self.word() });
        self.post("/v1/run/end", end).await;
    }

    async fn relations(&mut self) {
        let retry = json!({ "run_id": "failed", "modifications": { "m": self.word() } });
        let branch = self.post("/v1/branch/retry?agent_id=agent", retry).await;
        self.name("branch_id", &branch, "branch_id");
        let fork = json!({ "run_id": "run", "configs": [{ "c": self.word() }] });
        self.post("/v1/branch/fork?agent_id=agent", fork).await;
        let link = json!({
            "child_proof_id": "run", "parent_proof_id": "failed", "relation": "dependency",
            "branch_id": self.word(), "metadata": { "m": self.word() },
        });
        self.post("/v1/proof-graph/link", link).await;
        let state = json!({
            "run_id": "run", "state_type": "memory", "next_state_hash": self.word(),
            "prev_state_hash": self.word(), "delta_summary": { "d": self.word() },
        });
        let state = self.post("/v1/state-proof", state).await;
        self.name("proof_id", &state, "id");
        let binding = json!({
            "run_id": "run", "policy_type": "constraint", "policy_id": "policy",
            "policy_hash": self.word(), "policy_version": self.word(), "reason": self.word(),
            "evaluation_result": { "r": self.word() },
        });
        let binding = self.post("/v1/policy-binding", binding).await;
        self.name("binding_id", &binding, "id");
        let checkpoint = self.post("/v1/ledger/agent/checkpoint", json!({})).await;
        self.name("checkpoint_id", &checkpoint, "checkpoint_id");
        let anchor = json!({
            "proof_id": "run", "proof_type": "run", "anchor_type": "solana",
            "anchor_network": self.word(),
        });
        let anchor = self.post("/v1/anchor", anchor).await;
        self.name("anchor_id", &anchor, "id");
        let claim = json!({
            "anchor_tx_id": self.word(), "anchor_block": self.word(), "anchor_url": self.word(),
            "anchor_timestamp": self.word(), "confirmation_data": { "c": self.word() },
        });
        let path = format!("/v1/anchor/{}/confirm", self.secrets.names["anchor_id"]);
        self.post(&path, claim).await;
    }
}

/// Tells the service of A's things, and a few of B's, so that B has a store with something in it.
pub(super) async fn plant(address: SocketAddr) -> Secrets {
    let secrets = Secrets { words: Vec::new(), names: BTreeMap::new() };
    let mut planter = Planter { address, secrets };
    planter.run("run", "agent", true).await;
    planter.run("failed", "agent", false).await;
    // A run and an agent whose very names are secrets: lists would show them.
    let (run_id, agent_id) = (planter.word(), planter.word());
    planter.run(&run_id, &agent_id, true).await;
    planter.relations().await;
    let identity = json!({ "agent_id": "agent", "spec": { "config": { "c": planter.word() } } });
    planter.post("/v1/identity", identity).await;
    planter.post("/v1/identity/agent/bind-ledger", json!({})).await;
    let metadata = json!({ "metadata": { "m": planter.word() } });
    planter.post("/v1/agent/agent/register", metadata).await;
    for path in ["/v1/runproof/run", "/v1/ledger/agent", "/v1/signing/public-key?agent_id=agent"] {
        planter.get(path).await;
    }
    let known = [
        ("run_id", "run"),
        ("root_id", "run"),
        ("agent_id", "agent"),
        ("policy_id", "policy"),
        ("state_type", "memory"),
        ("name", "run"),
        ("file", "0.leaves"),
        ("log", "4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi"),
    ];
    let known = known.map(|(name, value)| (name, value.to_owned()));
    planter.secrets.names.extend(known);
    let mine = r#"{"run_id":"of-b","agent_id":"agent-of-b"}"#;
    send_with(address, "POST", "/v1/run/start", Some(mine), B).await.expect(200);
    planter.secrets.words.sort_unstable();
    planter.secrets.words.dedup();
    assert!(planter.secrets.words.len() > 100);
    planter.secrets
}
