//! What an endpoint says of a transaction.

use super::Rpc;
use crate::Lookup;
use runseal_client::ledger::LedgerError;
use serde::Deserialize;
use serde_json::json;
use solana_address::Address;
use solana_rpc_client_api::request::RpcRequest;
use solana_signature::Signature;

/// As much of `getTransaction` as is looked at.
#[derive(Deserialize)]
struct Told {
    slot: u64,
    transaction: Transaction,
    meta: Option<Meta>,
}

#[derive(Deserialize)]
struct Transaction {
    message: Message,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    account_keys: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    err: Option<serde_json::Value>,
    loaded_addresses: Option<Loaded>,
}

#[derive(Deserialize)]
struct Loaded {
    writable: Vec<String>,
    readonly: Vec<String>,
}

impl Rpc {
    /// Asks what a transaction touched, whoever sent it.
    pub(crate) async fn look_up(&self, signature: &Signature) -> Result<Lookup, LedgerError> {
        let commitment = self.client.commitment();
        let how = json!({
            "encoding": "json", "commitment": commitment.commitment, "maxSupportedTransactionVersion": 0,
        });
        let params = json!([signature.to_string(), how]);
        let told: Option<Told> = self
            .client
            .send(RpcRequest::GetTransaction, params)
            .await
            .map_err(|error| self.explain(error))?;
        read(told).map_err(|reason| self.nonsense(reason))
    }
}

fn read(told: Option<Told>) -> Result<Lookup, String> {
    let Some(Told { slot, transaction, meta }) = told else { return Ok(Lookup::Unknown) };
    let mut names = transaction.message.account_keys;
    let has_failed = meta.as_ref().is_some_and(|meta| meta.err.is_some());
    if let Some(Loaded { writable, readonly }) = meta.and_then(|meta| meta.loaded_addresses) {
        names.extend(writable.into_iter().chain(readonly));
    }
    let parse =
        |name: &String| name.parse::<Address>().map_err(|_| format!("{name} is no address"));
    let accounts = names.iter().map(parse).collect::<Result<_, _>>()?;
    Ok(Lookup::Found { slot, has_failed, accounts })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const SYSTEM: &str = "11111111111111111111111111111111";
    const CLOCK: &str = "SysvarC1ock11111111111111111111111111111111";

    fn told(keys: &[&str], meta: Value) -> Option<Told> {
        let transaction = json!({ "message": { "accountKeys": keys }, "signatures": [] });
        let told = json!({ "slot": 7, "transaction": transaction, "meta": meta });
        serde_json::from_value(told).unwrap()
    }

    fn addresses(names: &[&str]) -> Vec<Address> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    #[test]
    fn accounts_that_come_from_tables_are_named_too() {
        let tables =
            json!({ "err": null, "loadedAddresses": { "writable": [], "readonly": [CLOCK] } });
        for (meta, accounts) in [
            (Value::Null, addresses(&[SYSTEM])),
            (json!({ "err": null }), addresses(&[SYSTEM])),
            (tables, addresses(&[SYSTEM, CLOCK])),
        ] {
            let found = Lookup::Found { slot: 7, has_failed: false, accounts };
            assert_eq!(read(told(&[SYSTEM], meta)), Ok(found));
        }
    }

    #[test]
    fn a_transaction_that_failed_is_said_to_have() {
        let found = read(told(&[], json!({ "err": { "InstructionError": [0, "Custom"] } })));
        assert_eq!(found, Ok(Lookup::Found { slot: 7, has_failed: true, accounts: Vec::new() }));
    }

    #[test]
    fn what_is_no_transaction_is_refused() {
        assert_eq!(read(None), Ok(Lookup::Unknown));
        for name in ["", "0", "1111111111111111111111111111111", "<b>"] {
            assert_eq!(
                read(told(&[SYSTEM, name], Value::Null)),
                Err(format!("{name} is no address"))
            );
        }
        for wrong in [
            json!({}),
            json!({ "slot": 7 }),
            json!({ "slot": -1, "transaction": null }),
            json!("x"),
        ] {
            assert!(serde_json::from_value::<Told>(wrong).is_err());
        }
    }
}
