//! Documents by RunProof's own recipe, version 1.0: for checking those that were made elsewhere.
//!
//! Nothing here is ever made by it. Its hashes are short and joined by colons, so that it proves less
//! than it seems to; and its signing keys are other services', so that no signature is known here.

mod python;

use super::{
    Verdict,
    check::{Check, DOCUMENT, HASH_CHAIN, Outcome, ROOT_HASH, SIGNATURE, SignatureResult},
};
use crate::{error::ApiError, wire::Problem};
use python::{LOOSE, Style, TIGHT, print};
use runseal_receipt::json::Value;
use runseal_types::Digest;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Document<'a> {
    run_id: String,
    trace_id: String,
    agent_id: String,
    #[serde(default)]
    adapter: String,
    started_at: String,
    ended_at: String,
    #[serde(borrow)]
    events: Vec<Event<'a>>,
    hashes: Hashes,
    root_hash: String,
    #[serde(default)]
    telemetry: Option<Telemetry>,
    #[serde(default)]
    signatures: Vec<Signature>,
    #[serde(default)]
    fingerprints: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct Event<'a> {
    event_id: String,
    #[serde(rename = "type")]
    event_type: String,
    timestamp: String,
    #[serde(borrow)]
    data: &'a RawValue,
    #[serde(default)]
    content_hash: Option<String>,
}

#[derive(Deserialize)]
struct Hashes {
    entries: Vec<String>,
}

#[derive(Deserialize)]
struct Telemetry {
    event_count: usize,
    #[serde(default)]
    events_by_type: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct Signature {
    #[serde(default)]
    signer_id: String,
    #[serde(default)]
    key_id: Option<String>,
}

/// Checks a document of version 1.0 as far as it can be.
pub(super) fn check(text: &str) -> Result<Verdict, ApiError> {
    let document: Document<'_> = serde_json::from_str(text).map_err(|error| {
        Problem::of("body", "proof", "value_error", error.to_string(), &Value::Null)
    })?;
    let entries = entries(&document);
    let chain = chain_of(&document, &entries);
    let last = entries.as_ref().ok().and_then(|entries| entries.last().cloned());
    let root = root(&document, last.as_deref().unwrap_or("empty"));
    let root = same("root_hash", &document.root_hash, &root);
    let unknown_key = "it is signed with a key of another service, which is not known here";
    let signature = match document.signatures.is_empty() {
        true => Check::new(SIGNATURE, Outcome::Fail, "nobody signed it"),
        false => Check::new(SIGNATURE, Outcome::Unknown, unknown_key),
    };
    let signatures = document.signatures.iter().map(|signature| SignatureResult {
        signer_id: signature.signer_id.clone(),
        valid: false,
        timestamp: None,
        error: Some(unknown_key.to_owned()),
    });
    let rest = check_telemetry(&document).and_then(|()| check_fingerprints(&document));
    Ok(Verdict {
        signatures: signatures.collect(),
        chain_valid: chain.is_ok(),
        checks: vec![
            Check::of(HASH_CHAIN, chain, "every event is chained"),
            Check::of(ROOT_HASH, root, "the root follows from run and chain"),
            signature,
            Check::of(DOCUMENT, rest, "telemetry and fingerprints follow from the events"),
        ],
        run_id: document.run_id,
        agent_id: document.agent_id,
        adapter: document.adapter,
        event_count: document.events.len(),
        root_hash: document.root_hash,
        spec_version: "1.0".to_owned(),
    })
}

fn same(name: &str, found: &str, computed: &str) -> Result<(), String> {
    if found == computed {
        Ok(())
    } else {
        Err(format!("{name} is {found}, it comes to {computed}"))
    }
}

/// Computes content hashes and the chain over the events.
fn entries(document: &Document<'_>) -> Result<Vec<String>, String> {
    let mut previous = "0".repeat(64);
    let mut entries = Vec::new();
    for event in &document.events {
        let data = print(event.data.get(), LOOSE).map_err(|error| error.to_string())?;
        let content_hash = format!("sha256:{}", short(&data, 16));
        if let Some(found) = &event.content_hash {
            same("content_hash", found, &content_hash)?;
        }
        let Event { event_id, event_type, timestamp, .. } = event;
        let text = format!("{previous}:{event_id}:{event_type}:{timestamp}:{content_hash}");
        previous = Digest::of(&[text.as_bytes()]).to_string();
        entries.push(previous.clone());
    }
    Ok(entries)
}

fn chain_of(document: &Document<'_>, entries: &Result<Vec<String>, String>) -> Result<(), String> {
    match entries {
        Err(reason) => Err(reason.clone()),
        Ok(computed) if *computed == document.hashes.entries => Ok(()),
        Ok(_) => Err("the hashes of the entries are not those of the events".to_owned()),
    }
}

fn root(document: &Document<'_>, final_entry_hash: &str) -> String {
    let text = object(
        LOOSE,
        &[
            ("agent_id", Part::Text(&document.agent_id)),
            ("ended_at", Part::Text(&document.ended_at)),
            ("event_count", Part::Count(document.events.len())),
            ("final_entry_hash", Part::Text(final_entry_hash)),
            ("run_id", Part::Text(&document.run_id)),
            ("started_at", Part::Text(&document.started_at)),
            ("trace_id", Part::Text(&document.trace_id)),
        ],
    );
    Digest::of(&[text.as_bytes()]).to_string()
}

enum Part<'a> {
    Text(&'a str),
    Count(usize),
}

/// Prints an object whose members are given in their order.
fn object(style: Style, members: &[(&str, Part<'_>)]) -> String {
    let member = |(name, part): &(&str, Part<'_>)| {
        let value = match part {
            Part::Text(text) => python::quoted(text),
            Part::Count(count) => count.to_string(),
        };
        format!("{}{}{value}", python::quoted(name), style.colon)
    };
    let members: Vec<String> = members.iter().map(member).collect();
    format!("{{{}}}", members.join(style.comma))
}

/// Returns the first characters of a text's hash.
fn short(text: &str, characters: usize) -> String {
    Digest::of(&[text.as_bytes()]).to_string().chars().take(characters).collect()
}

fn check_telemetry(document: &Document<'_>) -> Result<(), String> {
    let Some(telemetry) = &document.telemetry else { return Ok(()) };
    let mut by_type: BTreeMap<String, u64> = BTreeMap::new();
    for event in &document.events {
        let count = by_type.entry(event.event_type.clone()).or_default();
        *count = count.saturating_add(1);
    }
    let counted = (document.events.len(), &by_type);
    if (telemetry.event_count, &telemetry.events_by_type) == counted {
        Ok(())
    } else {
        Err("the telemetry does not count the events".to_owned())
    }
}

/// Computes those fingerprints of which everything that goes into them is known.
fn check_fingerprints(document: &Document<'_>) -> Result<(), String> {
    let Some(claimed) = &document.fingerprints else { return Ok(()) };
    let print = |members: &[(&str, Part<'_>)]| short(&object(TIGHT, members), 32);
    let spec = print(&[("agent_id", Part::Text(&document.agent_id))]);
    let mut computed = vec![("spec_fingerprint", spec.clone())];
    if let Some(key_id) = document.signatures.iter().find_map(|it| it.key_id.as_deref()) {
        let runtime = print(&[
            ("adapter", Part::Text(&document.adapter)),
            ("runtime_key_id", Part::Text(key_id)),
            ("service", Part::Text("runproof-builder")),
        ]);
        let instance = print(&[("runtime", Part::Text(&runtime)), ("spec", Part::Text(&spec))]);
        computed.extend([("runtime_fingerprint", runtime), ("instance_fingerprint", instance)]);
    }
    let wrong = computed.into_iter().find_map(|(name, computed)| {
        claimed.get(name).and_then(|found| same(name, found, &computed).err())
    });
    wrong.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests;
