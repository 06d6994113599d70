//! Logs: their accounts and anchors as the chain has them, and the periods that are sealed here.

mod anchors;
mod periods;

pub(super) use anchors::anchors;
pub(super) use periods::periods;

use super::{
    address_of,
    registry::{AsOf, load, views::LogView},
};
use crate::{
    service::{Api, Chain},
    wire::{Answer, Segment},
};
use axum::{Extension, Json};
use runseal_client::keys::theirs;
use runseal_registry::state::Log;

pub(crate) async fn show(
    Extension(service): Api,
    Extension(ledger): Chain,
    Segment(log): Segment<String>,
) -> Answer<AsOf<LogView>> {
    let address = theirs(&address_of(&log)?);
    let read = service.ask(&ledger, move |_, ledger| async move {
        let (slot, log) = load::<Log>(&ledger, address).await?;
        Ok(AsOf { slot, account: LogView::from(&log) })
    });
    Ok(Json(read.await?))
}
