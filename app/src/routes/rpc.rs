//! The service's own ledger in the words of Solana's JSON-RPC, for pages that ask it as one endpoint
//! among several. It reads; nothing can be sent.

mod filter;

use crate::Shared;
use axum::{Json, body::Bytes, extract::State};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use filter::Filter;
use runseal_client::{
    Ledger, LedgerError,
    ledger::{MOST_IN_SNAPSHOT, RawAccount},
    registry,
};
use serde::Deserialize;
use serde_json::{Value, json};
use solana_address::Address;
use std::sync::Arc;

#[derive(Deserialize)]
struct Call {
    #[serde(default)]
    id: Value,
    method: String,
    #[serde(default)]
    params: Vec<Value>,
}

/// Why a call is not answered, in JSON-RPC's numbers.
struct Refusal(i32, String);

impl From<LedgerError> for Refusal {
    fn from(error: LedgerError) -> Self {
        Self(-32000, error.to_string())
    }
}

fn malformed(what: &str) -> Refusal {
    Refusal(-32602, what.to_owned())
}

pub(crate) async fn call(State(shared): State<Arc<Shared>>, body: Bytes) -> Json<Value> {
    let Ok(call) = serde_json::from_slice::<Call>(&body) else {
        let error = json!({ "code": -32600, "message": "not a call of JSON-RPC" });
        return Json(json!({ "jsonrpc": "2.0", "id": null, "error": error }));
    };
    let ledger = &*shared.ledger;
    let done = match call.method.as_str() {
        "getGenesisHash" => genesis_hash(ledger).await,
        "getMultipleAccounts" => accounts(ledger, &call.params).await,
        "getProgramAccounts" => program_accounts(ledger, &call.params).await,
        method => Err(Refusal(-32601, format!("{method:?} is not answered here"))),
    };
    Json(match done {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": call.id, "result": result }),
        Err(Refusal(code, message)) => {
            let error = json!({ "code": code, "message": message });
            json!({ "jsonrpc": "2.0", "id": call.id, "error": error })
        }
    })
}

async fn genesis_hash(ledger: &impl Ledger) -> Result<Value, Refusal> {
    Ok(json!(ledger.genesis_hash().await?.to_string()))
}

async fn accounts(ledger: &impl Ledger, params: &[Value]) -> Result<Value, Refusal> {
    let list = params.first().and_then(Value::as_array);
    let list = list.ok_or_else(|| malformed("the first parameter is a list of addresses"))?;
    if list.len() > MOST_IN_SNAPSHOT {
        return Err(malformed("at most 100 accounts at a time"));
    }
    let address = |value: &Value| value.as_str().and_then(|text| text.parse::<Address>().ok());
    let addresses: Option<Vec<_>> = list.iter().map(address).collect();
    let addresses = addresses.ok_or_else(|| malformed("an address is none"))?;
    let snapshot = ledger.snapshot(&addresses).await?;
    let value: Vec<_> =
        snapshot.accounts.iter().map(|found| found.as_ref().map(in_words)).collect();
    Ok(json!({ "context": { "slot": snapshot.slot }, "value": value }))
}

fn in_words(raw: &RawAccount) -> Value {
    json!({
        "lamports": raw.lamports,
        "owner": raw.owner.to_string(),
        "data": [STANDARD.encode(&raw.data), "base64"],
        "executable": false,
        "rentEpoch": 0,
    })
}

/// Finds accounts of the registry whose bytes are as the filters say; the first of these is for the
/// beginning, so that not every account has to be looked at.
async fn program_accounts(ledger: &impl Ledger, params: &[Value]) -> Result<Value, Refusal> {
    let program = params.first().and_then(Value::as_str);
    if program != Some(registry::PROGRAM.to_string().as_str()) {
        return Err(malformed("only the registry's accounts are listed here"));
    }
    let filters = params.get(1).and_then(|options| options["filters"].as_array());
    let filters: Option<Vec<Filter>> =
        filters.and_then(|filters| filters.iter().map(Filter::read).collect());
    let filters = filters.ok_or_else(|| malformed("filters are memcmp, in base64, or dataSize"))?;
    let prefix = filters.iter().find_map(|filter| match filter {
        Filter::Bytes { offset: 0, bytes } if bytes.len() >= 8 => Some(bytes.clone()),
        _ => None,
    });
    let prefix = prefix.ok_or_else(|| malformed("a filter must name the kind of account"))?;
    let mut found = ledger.scan(&registry::PROGRAM, &prefix).await?;
    found.retain(|raw| filters.iter().all(|filter| filter.holds(&raw.data)));
    let found = found.iter();
    let found: Vec<_> = found
        .map(|raw| json!({ "pubkey": raw.address.to_string(), "account": in_words(raw) }))
        .collect();
    Ok(json!(found))
}
