use runseal_client::cost::{AnchorCost, Day};
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// What anchoring costs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CostView {
    anchor_fee_lamports: u64,
    /// Comes back when the anchor is closed.
    anchor_rent_lamports: u64,
    receipts_per_day: u64,
    days: Vec<DayView>,
}

/// What a day costs at one cadence.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DayView {
    cadence_seconds: u64,
    anchor_count: f64,
    fee_lamports: u64,
    rent_lamports: u64,
    microlamports_per_receipt: u64,
}

impl CostView {
    pub(crate) fn new(cost: AnchorCost, receipts_per_day: u64, days: Vec<DayView>) -> Self {
        Self {
            anchor_fee_lamports: cost.fee_lamports,
            anchor_rent_lamports: cost.rent_lamports,
            receipts_per_day,
            days,
        }
    }
}

impl DayView {
    pub(crate) fn new(day: &Day, receipts_per_day: u64) -> Option<Self> {
        Some(Self {
            cadence_seconds: day.cadence_seconds,
            anchor_count: day.anchor_count,
            fee_lamports: day.fee_lamports,
            rent_lamports: day.rent_lamports,
            microlamports_per_receipt: day.microlamports_per_receipt(receipts_per_day)?,
        })
    }
}

impl Display for CostView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (fee, rent) = (self.anchor_fee_lamports, self.anchor_rent_lamports);
        writeln!(
            f,
            "An anchor        {fee} lamports, and {rent} that come back when it is closed"
        )?;
        writeln!(f, "Receipts a day   {}", self.receipts_per_day)?;
        write!(
            f,
            "{:>10}  {:>9}  {:>12}  {:>14}  LAMPORTS A RECEIPT",
            "CADENCE", "ANCHORS", "FEES A DAY", "BOUND A DAY"
        )?;
        self.days.iter().try_for_each(|day| {
            let (whole, part) = (
                day.microlamports_per_receipt / 1_000_000,
                day.microlamports_per_receipt % 1_000_000,
            );
            write!(
                f,
                "\n{:>8} s  {:>9}  {:>12}  {:>14}  {whole}.{part:06}",
                day.cadence_seconds, day.anchor_count, day.fee_lamports, day.rent_lamports
            )
        })
    }
}
