//! Transactions for wallets: what is asked for wrongly, and ledgers that make none.

use super::{json, post, start};
use runseal_ledger::{AnyLedger, Embedded, Rpc};
use serde_json::{Value, json};
use solana_commitment_config::CommitmentConfig;
use solana_keypair::Keypair;
use solana_signer::Signer;

const KEY: &str = "Vote111111111111111111111111111111111111111";

fn nowhere() -> AnyLedger {
    AnyLedger::Rpc(Rpc::new("http://127.0.0.1:9", CommitmentConfig::confirmed()))
}

/// A call of each route that nothing is wrong with.
fn good() -> [(&'static str, Value); 3] {
    let hash = "5a".repeat(32);
    [
        (
            "register-agent",
            json!({ "wallet": KEY, "identity": KEY, "manifest_hash": hash, "heartbeat_cadence_seconds": 0, "uri": "" }),
        ),
        (
            "publish-version",
            json!({ "wallet": KEY, "agent": KEY, "semantic": "1.4.2", "manifest_hash": hash, "code_hash": hash, "uri": "https://example.test" }),
        ),
        (
            "open-log",
            json!({
                "wallet": KEY, "name": "a-log", "anchoring_key": KEY, "promise_key": KEY, "start_seconds": -1,
                "cadence_seconds": 86_400, "grace_seconds": 0, "answer_window_seconds": 1,
                "challenge_window_seconds": 1, "retention_seconds": u64::MAX,
            }),
        ),
    ]
}

/// What may not stand in a member of this name.
fn wrong(name: &str) -> Vec<Value> {
    let texts = |texts: &[&str]| texts.iter().map(|text| json!(text)).collect::<Vec<_>>();
    let long = "a".repeat(129);
    let special = match name {
        "wallet" | "identity" | "agent" | "anchoring_key" | "promise_key" => texts(&[
            "",
            "nobody",
            &KEY[1..],
            &KEY.repeat(2),
            "0OIl1111111111111111111111111111",
            " ",
        ]),
        "manifest_hash" | "code_hash" => {
            texts(&["", "5a", &"5A".repeat(32), &"5a".repeat(33), &"zz".repeat(32)])
        }
        "uri" => texts(&[&long, "a b", "\u{fc}", "\n", "\u{0}"]),
        "semantic" => texts(&[
            "",
            "1",
            "1.4",
            "1.4.2.0",
            "1.4.-2",
            "1.4.2 ",
            "+1.4.2",
            "01.4.2",
            "1..2",
            "1.4.4294967296",
            "1.4.2-rc",
        ]),
        "name" => texts(&["", "two words", &long[..33], "\u{fc}", "a\u{0}"]),
        "heartbeat_cadence_seconds" => vec![json!(-1), json!(u64::from(u32::MAX) + 1)],
        "start_seconds" => vec![json!(u64::MAX)],
        _ => vec![json!(-1)],
    };
    let anywhere = [json!(null), json!(true), json!([]), json!({}), json!(1.5)];
    let is_text = special.iter().all(Value::is_string);
    let other = if is_text { json!(7) } else { json!("7") };
    special.into_iter().chain(anywhere).chain([other]).collect()
}

#[tokio::test]
async fn what_is_asked_for_wrongly_is_said_in_one_line_before_the_ledger_is_asked() {
    let (address, _stop) = start(nowhere()).await;
    let refused = async |route: &str, body: &str| {
        let answer = post(address, &format!("/transactions/{route}"), body).await;
        let said = json(&answer);
        assert_eq!((answer.status, &said["code"]), (422, &"malformed".into()), "{route} {body}");
        let message = said["message"].as_str().unwrap();
        assert!(!message.is_empty() && !message.contains('\n'), "{message}");
    };
    for (route, body) in good() {
        for text in ["", "{", "null", "[]", "{}", "7", "\u{feff}{}"] {
            refused(route, text).await;
        }
        let members = body.as_object().unwrap();
        for name in members.keys() {
            let mut without = members.clone();
            without.remove(name);
            refused(route, &Value::Object(without).to_string()).await;
            for value in wrong(name) {
                let mut with = members.clone();
                with.insert(name.clone(), value);
                refused(route, &Value::Object(with).to_string()).await;
            }
            let twice = body.to_string().replacen('{', &format!("{{\"{name}\":{},", body[name]), 1);
            refused(route, &twice).await;
        }
        refused(route, &body.to_string().replacen('{', "{\"payer\":\"somebody\",", 1)).await;
        refused(route, &format!("{body} {body}")).await;
    }
}

#[tokio::test]
async fn a_cluster_that_does_not_answer_is_said_to_and_not_where_it_is() {
    let (address, _stop) = start(nowhere()).await;
    for (route, body) in good() {
        let answer = post(address, &format!("/transactions/{route}"), &body.to_string()).await;
        let said = json(&answer);
        assert_eq!((answer.status, &said["code"]), (502, &"ledger_unreachable".into()), "{route}");
        assert!(!answer.body.contains("127.0.0.1:9"), "{}", answer.body);
    }
}

#[tokio::test]
async fn the_embedded_ledger_takes_no_transactions_of_others_and_says_so() {
    let (folder, vendor) = (tempfile::tempdir().unwrap(), Keypair::new());
    let ledger = Embedded::open_or_create(folder.path(), vendor.pubkey()).unwrap();
    let (address, _stop) = start(AnyLedger::Embedded(Box::new(ledger))).await;
    for (route, body) in good() {
        let answer = post(address, &format!("/transactions/{route}"), &body.to_string()).await;
        let said = json(&answer);
        assert_eq!(
            (answer.status, &said["code"]),
            (501, &"no_transactions_here".into()),
            "{route}"
        );
    }
}

#[tokio::test]
async fn what_is_too_large_or_not_there_is_refused() {
    let (address, _stop) = start(nowhere()).await;
    let large = format!("\"{}\"", "a".repeat(4_096));
    let answer = post(address, "/transactions/open-log", &large).await;
    assert_eq!((answer.status, &json(&answer)["code"]), (413, &"body_not_read".into()));
    for path in ["/transactions", "/transactions/", "/transactions/close-log"] {
        assert_eq!(post(address, path, "{}").await.status, 404, "{path}");
    }
}
