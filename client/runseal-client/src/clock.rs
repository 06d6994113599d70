//! The chain's own clocks.

use crate::{
    ledger::Ledger,
    registry::{ParseError, ReadError},
};
use runseal_registry::state::Moment;
use solana_address::Address;

/// Where the chain keeps its clocks.
pub const ADDRESS: Address = solana_sdk_ids::sysvar::clock::ID;
const SIZE: usize = 40;

/// Reads the slot and the Unix time that the chain itself goes by.
pub async fn now(ledger: &impl Ledger) -> Result<Moment, ReadError> {
    let expected = "clock";
    let raw = ledger.read(&[ADDRESS]).await?.into_iter().next().flatten();
    let raw = raw.ok_or(ReadError::Missing { address: ADDRESS, expected })?;
    parse(&raw.data)
        .ok_or_else(|| ParseError::WrongKind { address: ADDRESS, expected: "clock" }.into())
}

/// Reads the clocks' account: five numbers of eight bytes: the slot is the first and the Unix time the last.
pub fn parse(data: &[u8]) -> Option<Moment> {
    let data: &[u8; SIZE] = data.try_into().ok()?;
    let slot = u64::from_le_bytes(*data.first_chunk()?);
    let unix_seconds = i64::from_le_bytes(*data.last_chunk()?);
    Some(Moment { slot, unix_seconds })
}
