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

/// How many seconds apart two clocks may be that are both right.
///
/// A cluster's clock is what its validators vote for: it is whole seconds, finalized some twenty
/// seconds later, and drifts by minutes while slots take longer than they should. Whoever is warned
/// of that soon reads no warning. A clock that was set wrong is mostly wrong by a time zone.
pub const MOST_APART_SECONDS: u64 = 300;

/// A machine's clock beside a ledger's, in Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// The machine's.
    pub machine_seconds: i64,
    /// The ledger's.
    pub ledger_seconds: i64,
    /// By how much the ledger's was moved ahead of the machine's on purpose.
    pub moved_seconds: i64,
}

impl Clocks {
    /// Returns how far the machine's clock is ahead, beside what the ledger's was moved by on purpose.
    pub fn apart_seconds(&self) -> i64 {
        self.machine_seconds.saturating_add(self.moved_seconds).saturating_sub(self.ledger_seconds)
    }

    /// Says whether somebody is to be told, who believes that they are so far apart: 0 at first.
    pub fn are_news(&self, believed_seconds: i64) -> bool {
        self.apart_seconds().abs_diff(believed_seconds) > MOST_APART_SECONDS
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn clocks(machine_seconds: i64, ledger_seconds: i64, moved_seconds: i64) -> Clocks {
        Clocks { machine_seconds, ledger_seconds, moved_seconds }
    }

    #[test]
    fn clocks_are_news_when_they_are_further_apart_than_clocks_that_are_right() {
        let now = 1_800_000_000;
        for (apart, expected) in
            [(0, false), (13, false), (300, false), (301, true), (3_600, true), (i64::MAX, true)]
        {
            assert_eq!(clocks(apart, 0, 0).are_news(0), expected, "{apart}");
            assert_eq!(clocks(0, apart, 0).are_news(0), expected, "-{apart}");
        }
        assert_eq!(clocks(now + 3_600, now, 0).apart_seconds(), 3_600);
        assert_eq!(clocks(now - 3_600, now, 0).apart_seconds(), -3_600);
    }

    #[test]
    fn what_was_moved_on_purpose_is_no_news() {
        let (now, day) = (1_800_000_000, 86_400);
        assert!(!clocks(now, now + day, day).are_news(0));
        assert!(clocks(now - 3_600, now + day, day).are_news(0));
    }

    #[test]
    fn what_was_said_is_news_again_only_when_it_changes() {
        let now = 1_800_000_000;
        let said = clocks(now + 301, now, 0).apart_seconds();
        for (apart, expected) in [(301, false), (299, false), (1, false), (0, true), (602, true)] {
            assert_eq!(clocks(now + apart, now, 0).are_news(said), expected, "{apart}");
        }
    }
}
