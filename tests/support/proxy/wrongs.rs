//! What a proxy can do wrong.

use super::{Reply, State};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use std::time::Duration;

/// What a proxy does wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing.
    Nothing,
    /// It drops what it is asked, except for every so manieth request of a method; with 0 without
    /// exception.
    DropsRequests { but_every: usize },
    /// It forwards what it is asked and drops the answer, except for every so manieth.
    DropsAnswers { but_every: usize },
    /// It forwards what it is asked and keeps the answer this long; a transaction only, or all.
    Delays { by: Duration, all: bool },
    /// It forwards every transaction three times.
    Duplicates,
    /// What it answered once to a question it answers for ever.
    IsStale,
    /// It flips a bit in the data of the first account that it answers with.
    FlipsABit,
    /// It answers with the right accounts in the wrong order.
    SwapsAccounts,
    /// It denies that there are accounts.
    HidesAccounts,
    /// It forwards no transaction.
    Withholds,
    /// The same, and it says that each is finalized.
    ClaimsThatAllLands,
    /// It says so and shows them as well.
    ShowsWhatNeverLanded,
    /// It adds this to the height of the chain.
    ClaimsHeight { more: u64 },
    /// It adds this to the height and to the slot.
    ClaimsSlot { more: u64 },
    /// It forwards no transaction, and says everywhere that it is too late for them.
    ClaimsExpiry,
    /// It names another genesis.
    IsOnAnotherChain,
    /// It has had too many requests, except for every so manieth.
    RefusesTooMany { but_every: usize },
    /// It is out of order, except for every so manieth request.
    IsUnavailable { but_every: usize },
    /// Its answers end in the middle, except for every so manieth.
    Truncates { but_every: usize },
}

/// How far a proxy that lies about expiry goes: beyond the life of any transaction.
const FAR: u64 = 1_000;

impl State {
    /// Does what it is asked, and something wrong. `number` counts the requests of
    /// its method.
    pub(super) async fn reply(&self, wrong: &Wrong, request: &Value, number: usize) -> Reply {
        let strikes = |but_every: usize| but_every == 0 || number % but_every != but_every - 1;
        match *wrong {
            Wrong::DropsRequests { but_every } if strikes(but_every) => return Reply::HangUp,
            Wrong::DropsAnswers { but_every } if strikes(but_every) => {
                self.forward(request).await;
                return Reply::HangUp;
            }
            Wrong::RefusesTooMany { but_every } if strikes(but_every) => {
                let (status, header) = ("429 Too Many Requests", "Retry-After: 1\r\n");
                return Reply::Answer { status, header, body: Vec::new() };
            }
            Wrong::IsUnavailable { but_every } if strikes(but_every) => {
                let status = "503 Service Unavailable";
                return Reply::Answer { status, header: "", body: b"<html>".to_vec() };
            }
            _ => {}
        }
        let answer = self.answer(wrong, request).await;
        let mut body = answer.to_string().into_bytes();
        if matches!(*wrong, Wrong::Truncates { but_every } if strikes(but_every)) {
            body.truncate(body.len() / 2);
        }
        Reply::Answer { status: "200 OK", header: "", body }
    }

    async fn answer(&self, wrong: &Wrong, request: &Value) -> Value {
        let method = request["method"].as_str().unwrap_or_default();
        let is_transaction = method == "sendTransaction";
        let withholds = matches!(
            wrong,
            Wrong::Withholds
                | Wrong::ClaimsThatAllLands
                | Wrong::ShowsWhatNeverLanded
                | Wrong::ClaimsExpiry
        );
        if is_transaction && withholds {
            return result(request, json!("1".repeat(64)));
        }
        if is_transaction && *wrong == Wrong::Duplicates {
            self.forward(request).await;
            self.forward(request).await;
        }
        let mut request = request.clone();
        if *wrong == Wrong::ClaimsExpiry
            && let Some(Value::Object(config)) = request.pointer_mut("/params/1")
        {
            // It claims slots that the validator has not reached.
            config.remove("minContextSlot");
        }
        let request = &request;
        let mut answer = self.forward(request).await;
        if let Wrong::Delays { by, all } = wrong
            && (is_transaction || *all)
        {
            tokio::time::sleep(*by).await;
        }
        match wrong {
            Wrong::IsStale => return self.first_answer(request, answer),
            Wrong::ShowsWhatNeverLanded if method == "getTransaction" => {
                return result(request, self.forged_transaction());
            }
            _ => {}
        }
        tamper(wrong, method, &mut answer["result"]);
        answer
    }

    /// What it answered the first time to the same question.
    fn first_answer(&self, request: &Value, answer: Value) -> Value {
        if request["method"] == "getSignatureStatuses" {
            // When its time stopped, nobody had heard of any of these.
            let context = json!({ "slot": FORGED_SLOT });
            return result(request, json!({ "context": context, "value": [null] }));
        }
        let mut question = json!([request["method"], request["params"]]);
        if let Some(Value::Object(config)) = question.pointer_mut("/1/1") {
            config.remove("minContextSlot");
        }
        let mut first_answers = self.first_answers.lock().unwrap();
        let mut first = first_answers.entry(question.to_string()).or_insert(answer).clone();
        first["id"] = request["id"].clone();
        first
    }

    fn forged_transaction(&self) -> Value {
        let newest = self.handed_over.lock().unwrap().last().cloned();
        json!({ "slot": FORGED_SLOT, "transaction": [newest, "base64"], "meta": { "err": null } })
    }
}

const FORGED_SLOT: u64 = 1;

/// Makes a true result a false one.
fn tamper(wrong: &Wrong, method: &str, result: &mut Value) {
    match (wrong, method) {
        (Wrong::FlipsABit, "getMultipleAccounts") => flip_a_bit(&mut result["value"]),
        (Wrong::SwapsAccounts, "getMultipleAccounts") => {
            result["value"].as_array_mut().unwrap().reverse();
        }
        (Wrong::HidesAccounts, "getMultipleAccounts") => {
            result["value"].as_array_mut().unwrap().fill(Value::Null);
        }
        (Wrong::HidesAccounts, "getProgramAccounts") => result["value"] = json!([]),
        (Wrong::ClaimsThatAllLands | Wrong::ShowsWhatNeverLanded, "getSignatureStatuses") => {
            result["value"] = json!([{
                "slot": FORGED_SLOT,
                "confirmations": null,
                "err": null,
                "status": { "Ok": null },
                "confirmationStatus": "finalized",
            }]);
        }
        (Wrong::ClaimsHeight { more }, "getEpochInfo") => raise(&mut result["blockHeight"], *more),
        (Wrong::ClaimsSlot { more }, "getEpochInfo") => {
            raise(&mut result["blockHeight"], *more);
            raise(&mut result["absoluteSlot"], *more);
        }
        (Wrong::ClaimsExpiry, "getEpochInfo") => {
            raise(&mut result["blockHeight"], FAR);
            raise(&mut result["absoluteSlot"], FAR);
        }
        (Wrong::ClaimsExpiry, "getSignatureStatuses" | "getMultipleAccounts") => {
            raise(&mut result["context"]["slot"], 2 * FAR);
        }
        (Wrong::ClaimsExpiry, "isBlockhashValid") => result["value"] = json!(false),
        (Wrong::IsOnAnotherChain, "getGenesisHash") => *result = json!("1".repeat(32)),
        _ => {}
    }
}

fn raise(number: &mut Value, more: u64) {
    *number = json!(number.as_u64().unwrap() + more);
}

fn flip_a_bit(accounts: &mut Value) {
    let mut accounts = accounts.as_array_mut().unwrap().iter_mut();
    let first = accounts.find(|account| !account.is_null());
    if let Some(data) = first.map(|account| &mut account["data"][0]) {
        let mut bytes = BASE64_STANDARD.decode(data.as_str().unwrap()).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        *data = json!(BASE64_STANDARD.encode(bytes));
    }
}

fn result(request: &Value, result: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": request["id"], "result": result })
}

/// The request that hands a transaction to a validator.
pub(super) fn send_transaction(transaction: &str) -> Value {
    let config = json!({ "encoding": "base64", "skipPreflight": true });
    json!({
        "jsonrpc": "2.0",
        "id": 0,
        "method": "sendTransaction",
        "params": [transaction, config],
    })
}
