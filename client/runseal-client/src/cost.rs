//! What anchoring costs, at the prices of the ledger at hand.

use crate::{
    ledger::Ledger,
    registry::{ParseError, ReadError},
};
use anchor_lang::Discriminator;
use runseal_registry::state::Anchor;
use solana_address::Address;

const RENT: Address = solana_sdk_ids::sysvar::rent::ID;
/// What every account is charged for beside its data.
const ACCOUNT_OVERHEAD_BYTES: u64 = 128;
/// What every cluster asks for a signature.
const LAMPORTS_PER_SIGNATURE: u64 = 5_000;
/// The anchoring key, which pays too.
const SIGNATURES_PER_ANCHOR: u64 = 1;
const DAY_SECONDS: u64 = 86_400;

/// The cadences that are compared if nobody names others: a minute, an hour, a day.
pub const USUAL_CADENCES_SECONDS: [u64; 3] = [60, 3_600, DAY_SECONDS];

/// What one anchor costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnchorCost {
    /// What is gone.
    pub fee_lamports: u64,
    /// What the account needs to stay, and what comes back when it is closed.
    pub rent_lamports: u64,
}

/// Reads what one anchor costs. Rent changes by decision of the cluster, so it is never assumed.
pub async fn of_anchor(ledger: &impl Ledger) -> Result<AnchorCost, ReadError> {
    let size = Anchor::DISCRIMINATOR.len() + size_of::<Anchor>();
    let rent_lamports = rent_of(ledger, u64::try_from(size).unwrap_or(u64::MAX)).await?;
    Ok(AnchorCost { fee_lamports: SIGNATURES_PER_ANCHOR * LAMPORTS_PER_SIGNATURE, rent_lamports })
}

/// Reads what an account of a size must hold to stay.
pub async fn rent_of(ledger: &impl Ledger, size_bytes: u64) -> Result<u64, ReadError> {
    let raw = ledger.read(&[RENT]).await?.into_iter().next().flatten();
    let raw = raw.ok_or(ReadError::Missing { address: RENT, expected: "rent" })?;
    let wrong = ParseError::WrongKind { address: RENT, expected: "rent" };
    Ok(rent(&raw.data, size_bytes).ok_or(wrong)?)
}

/// The rent's account: lamports a byte and year, and for how many years an account pays ahead.
fn rent(data: &[u8], size: u64) -> Option<u64> {
    let yearly = u64::from_le_bytes(*data.first_chunk()?);
    let years = f64::from_le_bytes(*data.get(8..)?.first_chunk()?);
    let bytes = size.checked_add(ACCOUNT_OVERHEAD_BYTES)?;
    // A whole number on every cluster, and a small one.
    let years = [1_u8, 2].into_iter().find(|whole| f64::from(*whole) == years)?;
    bytes.checked_mul(yearly)?.checked_mul(years.into())
}

/// What a day of anchoring costs, at one cadence. Where a period is longer than a day, a day has its
/// part of the anchor's costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Day {
    /// How long a period is.
    pub cadence_seconds: u64,
    /// How many anchors a day has.
    pub anchor_count: f64,
    /// What is gone.
    pub fee_lamports: u64,
    /// What is bound until the anchors are closed.
    pub rent_lamports: u64,
}

impl Day {
    /// Returns what a day costs; `None` if the numbers are out of any range.
    pub fn new(cost: AnchorCost, cadence_seconds: u64) -> Option<Self> {
        let a_day = |of_one: u64| of_one.checked_mul(DAY_SECONDS)?.checked_div(cadence_seconds);
        Some(Self {
            cadence_seconds,
            // To three places. A day has fewer anchors than seconds.
            anchor_count: f64::from(u32::try_from(a_day(1_000)?).ok()?) / 1_000.0,
            fee_lamports: a_day(cost.fee_lamports)?,
            rent_lamports: a_day(cost.rent_lamports)?,
        })
    }

    /// What one of so many receipts a day costs, in millionths of a lamport.
    pub fn microlamports_per_receipt(&self, receipts_per_day: u64) -> Option<u64> {
        self.fee_lamports.checked_mul(1_000_000)?.checked_div(receipts_per_day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rent_account(yearly: u64, years: f64) -> Vec<u8> {
        [&yearly.to_le_bytes()[..], &years.to_le_bytes(), &[50]].concat()
    }

    #[test]
    fn rent_is_read_and_not_assumed() {
        assert_eq!(rent(&rent_account(3_480, 2.0), 296), Some(424 * 6_960));
        assert_eq!(rent(&rent_account(696, 1.0), 296), Some(424 * 696));
        for wrong in [rent_account(3_480, 0.5), rent_account(u64::MAX, 2.0), vec![0; 15]] {
            assert_eq!(rent(&wrong, 296), None);
        }
    }

    #[test]
    fn a_day_s_fees_are_shared_by_its_receipts() {
        let cost = AnchorCost { fee_lamports: 5_000, rent_lamports: 2_951_040 };
        let day = Day::new(cost, 3_600).unwrap();
        assert_eq!((day.anchor_count, day.fee_lamports), (24.0, 120_000));
        assert_eq!(day.microlamports_per_receipt(1_000_000), Some(120_000));
        assert_eq!(day.microlamports_per_receipt(0), None);
        assert_eq!(Day::new(cost, 0), None);
        let month = Day::new(cost, 31 * DAY_SECONDS).unwrap();
        assert_eq!((month.anchor_count, month.fee_lamports), (0.032, 161));
        assert_eq!(month.rent_lamports, 95_194);
    }
}
