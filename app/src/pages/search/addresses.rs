//! What lives at an address, or belongs to a key.

use super::Hit;
use crate::{Shared, routes::Failure};
use runseal_client::{
    Ledger,
    ledger::RawAccount,
    registry::{self, RegistryAccount},
};
use runseal_registry::state::{
    Agent, Anchor, Attestation, Auditor, Certifier, Claim, Config, Cosignature, Log, Version,
};
use solana_address::Address;

pub(super) async fn find(shared: &Shared, address: Address) -> Result<Vec<Hit>, Failure> {
    let ledger = &*shared.ledger;
    let raw = ledger.read(&[address]).await.map_err(registry::ReadError::from)?;
    let raw = raw.into_iter().flatten().find(|raw| raw.owner == registry::PROGRAM);
    match raw {
        Some(raw) => Ok(account(ledger, &raw).await?.into_iter().collect()),
        None => of_key(ledger, address).await,
    }
}

fn parse<T: RegistryAccount>(raw: &RawAccount) -> Option<T> {
    registry::parse::<T>(raw).ok().map(|found| found.account)
}

/// Where an account of the registry is shown.
pub(super) async fn account(
    ledger: &impl Ledger,
    raw: &RawAccount,
) -> Result<Option<Hit>, Failure> {
    let at = raw.address;
    let hit = |kind, path| Ok(Some(Hit::new(kind, at, path)));
    let period = |kind, log: &Address, period| hit(kind, format!("/logs/{log}/periods/{period}"));
    if parse::<Agent>(raw).is_some() {
        return hit("agent", format!("/agents/{at}"));
    }
    if let Some(version) = parse::<Version>(raw) {
        return hit("version", format!("/agents/{}#version-{}", version.agent, version.index));
    }
    if let Some(attestation) = parse::<Attestation>(raw) {
        let version = registry::load::<Version>(ledger, attestation.agent_version).await?.account;
        return hit("attestation", format!("/agents/{}#version-{}", version.agent, version.index));
    }
    if let Some(anchor) = parse::<Anchor>(raw) {
        return period("anchor", &anchor.log, anchor.period);
    }
    if let Some(cosignature) = parse::<Cosignature>(raw) {
        return hit("cosignature", format!("/auditors/{}", cosignature.auditor));
    }
    if let Some(claim) = parse::<Claim>(raw) {
        return hit("claim", format!("/logs/{}#{at}", claim.log));
    }
    if parse::<Log>(raw).is_some() {
        return hit("log", format!("/logs/{at}"));
    }
    if parse::<Certifier>(raw).is_some() {
        return hit("certifier", format!("/certifiers/{at}"));
    }
    if parse::<Auditor>(raw).is_some() {
        return hit("auditor", format!("/auditors/{at}"));
    }
    if parse::<Config>(raw).is_some() {
        return hit("configuration", "/".to_owned());
    }
    Ok(None)
}

/// What a key stands for: an identity, a certifier, an auditor; what it answers for: agents, logs.
async fn of_key(ledger: &impl Ledger, key: Address) -> Result<Vec<Hit>, Failure> {
    let mut hits = Vec::new();
    let (agent, certifier) = (registry::agent_address(&key), registry::certifier_address(&key));
    let auditor = registry::auditor_address(&key);
    if registry::find::<Agent>(ledger, agent).await?.is_some() {
        hits.push(Hit::new("agent, by its identity", agent, format!("/agents/{agent}")));
    }
    if registry::find::<Certifier>(ledger, certifier).await?.is_some() {
        hits.push(Hit::new("certifier", certifier, format!("/certifiers/{certifier}")));
    }
    if registry::find::<Auditor>(ledger, auditor).await?.is_some() {
        hits.push(Hit::new("auditor", auditor, format!("/auditors/{auditor}")));
    }
    let agents = registry::find_all::<Agent>(ledger).await?;
    if agents.iter().any(|found| found.account.authority == key) {
        hits.push(Hit::new("vendor", key, format!("/vendors/{key}")));
    }
    for found in registry::find_all::<Log>(ledger).await? {
        let log = &found.account;
        if log.operator == key || log.anchoring_key == key || log.founder == key {
            let at = found.address;
            hits.push(Hit::new("log, by a key of it", at, format!("/logs/{at}")));
        }
    }
    Ok(hits)
}
