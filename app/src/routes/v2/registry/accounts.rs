//! One account of the registry, as of a slot.

use super::views::{AgentView, StatusView, VersionView};
use crate::{
    error::ApiError,
    routes::v2::{address_of, agent_of},
    service::{Api, Chain},
    wire::{Answer, Fields, Params, Segment},
};
use axum::{Extension, Json};
use runseal_client::{
    agents as workflows, certification,
    keys::theirs,
    registry::{self, Found, ReadError, RegistryAccount},
};
use runseal_ledger::AnyLedger;
use runseal_registry::state::{Agent, Version};
use serde::Serialize;
use solana_address::Address;

/// An account as of a slot.
#[derive(Serialize)]
pub(crate) struct AsOf<V> {
    pub(crate) slot: u64,
    #[serde(flatten)]
    pub(crate) account: V,
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
pub(crate) async fn load<T: RegistryAccount>(
    ledger: &AnyLedger,
    address: Address,
) -> Result<(u64, Found<T>), ApiError> {
    let (slot, found) = registry::find_in_slot::<T>(ledger, address).await?;
    let missing = ReadError::Missing { address, expected: T::NAME };
    Ok((slot, found.ok_or(missing)?))
}
