//! The registry as the chain has it, the same for all tenants.

pub(super) mod views;

use super::{address_of, agent_of, find_address};
use crate::{
    error::ApiError,
    service::{Api, Chain},
    wire::{Answer, Fields, Params, Segment},
};
use axum::{Extension, Json};
use runseal_client::{
    Ledger, agents as workflows, certification, clock,
    keys::theirs,
    registry::{self, Found, ReadError, RegistryAccount},
    store::MOST_ITEMS,
};
use runseal_ledger::AnyLedger;
use runseal_receipt::json::Object;
use runseal_registry::state::{Agent, Attestation, Auditor, Certifier, Claim, Log, Version};
use serde::Serialize;
use solana_address::Address;
use views::{
    AgentView, AttestationView, AuditorView, CertifierView, ClaimView, LogView, StatusView,
    VersionView,
};

/// Accounts of one kind, ordered by address.
#[derive(Serialize)]
pub(crate) struct List<V> {
    /// What is listed is as of this slot, or of a later one.
    slot: u64,
    items: Vec<V>,
    /// What to pass as `after` for the next page.
    next: Option<String>,
}

/// An account as of a slot.
#[derive(Serialize)]
pub(crate) struct AsOf<V> {
    pub(super) slot: u64,
    #[serde(flatten)]
    pub(super) account: V,
}

pub(crate) async fn agents(
    api: Api,
    chain: Chain,
    Params(query): Params,
) -> Answer<List<AgentView>> {
    list::<Agent, _>(&api, &chain, &query, "", |_, _| true).await
}

pub(crate) async fn versions(
    api: Api,
    chain: Chain,
    Params(query): Params,
) -> Answer<List<VersionView>> {
    list::<Version, _>(&api, &chain, &query, "agent", |version, agent| version.agent == *agent)
        .await
}

pub(crate) async fn attestations(
    api: Api,
    chain: Chain,
    Params(query): Params,
) -> Answer<List<AttestationView>> {
    let is_of =
        |attestation: &Attestation, version: &Address| attestation.agent_version == *version;
    list::<Attestation, _>(&api, &chain, &query, "version", is_of).await
}

pub(crate) async fn certifiers(
    api: Api,
    chain: Chain,
    Params(query): Params,
) -> Answer<List<CertifierView>> {
    list::<Certifier, _>(&api, &chain, &query, "", |_, _| true).await
}

pub(crate) async fn auditors(
    api: Api,
    chain: Chain,
    Params(query): Params,
) -> Answer<List<AuditorView>> {
    list::<Auditor, _>(&api, &chain, &query, "", |_, _| true).await
}

pub(crate) async fn logs(api: Api, chain: Chain, Params(query): Params) -> Answer<List<LogView>> {
    list::<Log, _>(&api, &chain, &query, "", |_, _| true).await
}

pub(crate) async fn claims(
    api: Api,
    chain: Chain,
    Params(query): Params,
) -> Answer<List<ClaimView>> {
    list::<Claim, _>(&api, &chain, &query, "log", |claim, log| claim.log == *log).await
}

/// Lists the accounts of one kind, all or those that belong to the account that `of` names.
async fn list<T, V>(
    Extension(service): &Api,
    Extension(ledger): &Chain,
    query: &Object,
    of: &'static str,
    is_of: impl Fn(&T, &Address) -> bool + Send + 'static,
) -> Answer<List<V>>
where
    T: RegistryAccount + Send + 'static,
    V: for<'a> From<&'a Found<T>> + Send + 'static,
{
    let mut fields = Fields::query(query);
    let limit = fields.limit("limit", 100, MOST_ITEMS);
    let after = find_address(&mut fields, "after").map(|it| theirs(&it));
    let owner = if of.is_empty() { None } else { find_address(&mut fields, of) };
    let (limit, after) = fields.done((limit, after))?;
    let owner = owner.map(|it| theirs(&it));
    let read = service.ask(ledger, move |_, ledger| async move {
        let slot = ledger.snapshot(&[clock::ADDRESS]).await?.slot;
        Ok((slot, registry::find_all::<T>(&*ledger).await?))
    });
    let (slot, mut found) = read.await?;
    found.retain(|it| {
        let is_behind = after.is_none_or(|after| it.address > after);
        is_behind && owner.is_none_or(|owner| is_of(&it.account, &owner))
    });
    let is_whole = found.len() <= limit;
    found.truncate(limit);
    let next = found.last().filter(|_| !is_whole).map(|last| last.address.to_string());
    Ok(Json(List { slot, items: found.iter().map(V::from).collect(), next }))
}

#[derive(Serialize)]
pub(crate) struct AgentWithVersions {
    #[serde(flatten)]
    agent: AgentView,
    versions: Vec<VersionView>,
}

pub(crate) async fn agent(
    Extension(service): Api,
    Extension(ledger): Chain,
    Segment(agent): Segment<String>,
) -> Answer<AsOf<AgentWithVersions>> {
    let address = theirs(&agent_of(&agent)?);
    let read = service.ask(&ledger, move |_, ledger| async move {
        let (slot, agent) = load::<Agent>(&ledger, address).await?;
        let versions = workflows::versions(&*ledger, &agent).await?;
        let versions = versions.iter().map(VersionView::from).collect();
        let agent = AgentView::from(&agent);
        Ok(AsOf { slot, account: AgentWithVersions { agent, versions } })
    });
    Ok(Json(read.await?))
}

#[derive(Serialize)]
pub(crate) struct VersionWithStatus {
    #[serde(flatten)]
    version: VersionView,
    status: StatusView,
}

pub(crate) async fn version(
    Extension(service): Api,
    Extension(ledger): Chain,
    Segment(version): Segment<String>,
    Params(query): Params,
) -> Answer<AsOf<VersionWithStatus>> {
    let address = theirs(&address_of(&version)?);
    let mut fields = Fields::query(&query);
    let at_slot = fields.find_integer("at_slot");
    let at_slot = fields.done(at_slot)?;
    let read = service.ask(&ledger, move |_, ledger| async move {
        let (slot, version) = load::<Version>(&ledger, address).await?;
        // What is still to come is not known.
        let asked = at_slot.unwrap_or(slot);
        if asked > slot {
            return Err(ApiError::bad_request(format!("it is slot {slot}")));
        }
        let status = certification::status(&*ledger, &version, asked).await?;
        let version = VersionView::from(&version);
        let status = StatusView::from(&status);
        Ok(AsOf { slot, account: VersionWithStatus { version, status } })
    });
    Ok(Json(read.await?))
}

/// Reads an account that must be there, and the slot that it was read in.
pub(super) async fn load<T: RegistryAccount>(
    ledger: &AnyLedger,
    address: Address,
) -> Result<(u64, Found<T>), ApiError> {
    let (slot, found) = registry::find_in_slot::<T>(ledger, address).await?;
    let missing = ReadError::Missing { address, expected: T::NAME };
    Ok((slot, found.ok_or(missing)?))
}
