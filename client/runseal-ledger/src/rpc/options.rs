//! How a client of an endpoint behaves: how sure, how patient, how generous.

use runseal_client::ledger::Commitment;
use std::time::Duration;

/// The most that a transaction pays beyond its base fee, unless somebody says otherwise.
pub const DEFAULT_MOST_PRIORITY_LAMPORTS: u64 = 100_000;
/// Which part of those who paid lately is outbid, unless somebody says otherwise.
pub const DEFAULT_PERCENTILE: u8 = 75;

/// How a client of an endpoint behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RpcOptions {
    /// How sure reads are, and how sure a transaction must be before it counts as landed.
    pub commitment: Commitment,
    /// What transactions pay to go first.
    pub fees: FeePolicy,
    /// How long it waits.
    pub patience: Patience,
}

impl Default for RpcOptions {
    fn default() -> Self {
        let (fees, patience) = (FeePolicy::default(), Patience::default());
        Self { commitment: Commitment::Finalized, fees, patience }
    }
}

/// What a transaction pays, beyond its base fee, to go before others that write the same accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeePolicy {
    /// It pays what this many of a hundred recent slots would have asked for at most.
    pub percentile: u8,
    /// It never pays more than this.
    pub most_lamports: u64,
}

impl Default for FeePolicy {
    fn default() -> Self {
        Self { percentile: DEFAULT_PERCENTILE, most_lamports: DEFAULT_MOST_PRIORITY_LAMPORTS }
    }
}

impl FeePolicy {
    /// Chooses the price of a compute unit, in millionths of a lamport, for a transaction of at most
    /// `units`. `recent` are the lowest prices that got into recent slots.
    pub(super) fn price(&self, recent: &[u64], units: u32) -> u64 {
        const MICRO: u128 = 1_000_000;
        let most = u128::from(self.most_lamports) * MICRO / u128::from(units.max(1));
        percentile(recent, self.percentile).min(u64::try_from(most).unwrap_or(u64::MAX))
    }
}

/// The smallest of the numbers that is not below `part` of a hundred of them; 0 of none.
fn percentile(numbers: &[u64], part: u8) -> u64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * usize::from(part.min(100))).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}

/// How long a client waits, and how often it asks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For one request, from connecting to the last byte of the answer.
    pub request: Duration,
    /// How often a read is asked at most. Nothing that changes the chain is asked twice.
    pub attempts: u32,
    /// For all attempts at one read together: past this no other one begins.
    pub read: Duration,
    /// For a sign of life while a transaction is awaited: a chain that does not go on, or nobody
    /// who speaks of it, for this long.
    pub silence: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(30),
            attempts: 5,
            read: Duration::from_secs(60),
            silence: Duration::from_secs(90),
        }
    }
}

impl Patience {
    /// Says how long to wait after attempt number `attempt` (from 1) failed, `spent` after the first
    /// began; `None` to give up. `told` is what the endpoint asked for. `noise` is random: of many
    /// clients that failed together, few come back together.
    pub(super) fn pause(
        &self,
        attempt: u32,
        spent: Duration,
        told: Option<Duration>,
        noise: u16,
    ) -> Option<Duration> {
        const FIRST: Duration = Duration::from_millis(250);
        const LONGEST: Duration = Duration::from_secs(8);
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let step = FIRST.saturating_mul(doubled).min(LONGEST);
        // Between half of it and all of it.
        let own = (step + step * u32::from(noise) / u32::from(u16::MAX)) / 2;
        let pause = told.map_or(own, |told| told.saturating_add(own / 4));
        let goes_on = attempt < self.attempts && spent.saturating_add(pause) <= self.read;
        goes_on.then_some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_numbers_and_nothing_of_none() {
        let cases: [(&[u64], u8, u64); 9] = [
            (&[], 75, 0),
            (&[7], 0, 7),
            (&[7], 100, 7),
            (&[0, 0, 0, 9], 75, 0),
            (&[0, 0, 0, 9], 76, 9),
            (&[4, 3, 2, 1], 50, 2),
            (&[4, 3, 2, 1], 51, 3),
            (&[1, 2, 3], 255, 3),
            (&[u64::MAX, 0], 100, u64::MAX),
        ];
        for (numbers, part, expected) in cases {
            assert_eq!(percentile(numbers, part), expected, "{numbers:?} {part}");
        }
    }

    #[test]
    fn nobody_pays_more_than_the_cap_and_nothing_where_nobody_pays() {
        let cases: [(u64, &[u64], u32, u64); 8] = [
            (100_000, &[], 10_000, 0),
            (100_000, &[0, 0, 0], 10_000, 0),
            (100_000, &[50, 50], 10_000, 50),
            (100_000, &[u64::MAX], 10_000, 10_000_000),
            (100_000, &[u64::MAX], 1_400_000, 71_428),
            (100_000, &[u64::MAX], 0, 100_000_000_000),
            (0, &[u64::MAX], 10_000, 0),
            (u64::MAX, &[u64::MAX], 1, u64::MAX),
        ];
        for (most_lamports, recent, units, expected) in cases {
            let policy = FeePolicy { most_lamports, ..FeePolicy::default() };
            let price = policy.price(recent, units);
            assert_eq!(price, expected, "{most_lamports} {recent:?} {units}");
            let fee = (u128::from(price) * u128::from(units)).div_ceil(1_000_000);
            assert!(fee <= u128::from(most_lamports), "{fee} {most_lamports}");
        }
    }

    #[test]
    fn pauses_double_and_are_spread_and_end() {
        let patience = Patience::default();
        let milliseconds = |attempt, noise| {
            let pause = patience.pause(attempt, Duration::ZERO, None, noise);
            pause.map(|pause| pause.as_millis())
        };
        let least = [1, 2, 3, 4, 5].map(|attempt| milliseconds(attempt, 0));
        let most = [1, 2, 3, 4, 5].map(|attempt| milliseconds(attempt, u16::MAX));
        assert_eq!(least, [Some(125), Some(250), Some(500), Some(1_000), None]);
        assert_eq!(most, [Some(250), Some(500), Some(1_000), Some(2_000), None]);
    }

    #[test]
    fn an_endpoint_that_asks_for_time_gets_it_or_is_given_up() {
        let patience = Patience { attempts: 100, ..Patience::default() };
        let seconds = Duration::from_secs;
        let told = |spent, told| patience.pause(1, seconds(spent), Some(seconds(told)), 0);
        assert!(told(0, 20).is_some_and(|pause| pause >= seconds(20)));
        assert_eq!(told(0, 61), None);
        assert_eq!(told(50, 20), None);
        assert_eq!(told(0, u64::MAX), None);
        let late = patience.pause(60, seconds(0), None, u16::MAX);
        assert_eq!(late, Some(seconds(8)));
    }
}
