//! What anchoring costs at the ledger's present prices.

use crate::{
    error::ApiError,
    service::{Api, Chain},
    wire::{Answer, Fields, Params, Read},
};
use axum::{Extension, Json};
use runseal_client::cost::{self, AnchorCost, Day, USUAL_CADENCES_SECONDS};
use serde::Serialize;
use utoipa::ToSchema;

/// How many cadences are compared at most.
const MOST_CADENCES: usize = 32;
const USUAL_RECEIPTS: u64 = 10_000;

#[derive(Serialize, ToSchema)]
pub(crate) struct CostView {
    anchor_fee_lamports: u64,
    /// Comes back when the anchor is closed.
    anchor_rent_lamports: u64,
    receipts_per_day: u64,
    days: Vec<DayView>,
}

#[derive(Serialize, ToSchema)]
struct DayView {
    cadence_seconds: u64,
    anchor_count: f64,
    fee_lamports: u64,
    rent_lamports: u64,
    microlamports_per_receipt: u64,
}

/// How much is to be anchored, and how often.
pub(crate) struct Volume {
    receipts: u64,
    cadences: Vec<u64>,
}

impl Read for Volume {
    fn read(fields: &mut Fields<'_>) -> Self {
        let receipts = fields.find_integer("receipts").unwrap_or(USUAL_RECEIPTS);
        if receipts == 0 {
            fields.wrong("receipts", "value_error", "Input should be 1 or more");
        }
        let cadences = fields.find_any_text("cadence").map(|text| cadences(&text));
        if cadences == Some(None) {
            let message = "Input should be at most 32 numbers of seconds with commas between them";
            fields.wrong("cadence", "value_error", message);
        }
        let cadences = cadences.flatten().unwrap_or_else(|| USUAL_CADENCES_SECONDS.to_vec());
        Self { receipts, cadences }
    }
}

pub(crate) async fn plan(
    Extension(service): Api,
    Extension(ledger): Chain,
    Params(Volume { receipts, cadences }): Params<Volume>,
) -> Answer<CostView> {
    let asked =
        service.ask(&ledger, |_, ledger| async move { Ok(cost::of_anchor(&*ledger).await?) });
    let cost = asked.await?;
    let too_large = || ApiError::bad_request("the numbers are out of any range");
    Ok(Json(view(cost, receipts, &cadences).ok_or_else(too_large)?))
}

fn cadences(text: &str) -> Option<Vec<u64>> {
    let cadences = text.split(',').map(|part| part.parse().ok().filter(|cadence| *cadence > 0));
    let cadences: Vec<u64> = cadences.take(MOST_CADENCES + 1).collect::<Option<_>>()?;
    (cadences.len() <= MOST_CADENCES).then_some(cadences)
}

fn view(cost: AnchorCost, receipts_per_day: u64, cadences: &[u64]) -> Option<CostView> {
    let day = |cadence: &u64| {
        let day = Day::new(cost, *cadence)?;
        Some(DayView {
            cadence_seconds: day.cadence_seconds,
            anchor_count: day.anchor_count,
            fee_lamports: day.fee_lamports,
            rent_lamports: day.rent_lamports,
            microlamports_per_receipt: day.microlamports_per_receipt(receipts_per_day)?,
        })
    };
    Some(CostView {
        anchor_fee_lamports: cost.fee_lamports,
        anchor_rent_lamports: cost.rent_lamports,
        receipts_per_day,
        days: cadences.iter().map(day).collect::<Option<_>>()?,
    })
}
