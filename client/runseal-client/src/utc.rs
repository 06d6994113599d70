//! Unix times as people read them.

use runseal_types::Timestamp;
use std::fmt::{self, Display, Formatter};

/// A Unix time in seconds, printed as `2026-11-21 22:50:14 UTC`, which RFC 3339 knows with a space in
/// the place of the T.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Utc(pub i64);

impl Display for Utc {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let seconds = u64::try_from(self.0).ok();
        match seconds.and_then(|seconds| Timestamp::new(seconds, 0)) {
            Some(instant) => {
                let text = instant.to_string();
                write!(f, "{} UTC", text.trim_end_matches('Z').replace('T', " "))
            }
            // Chains keep times before 1970 and behind the year 9999 too: as numbers they are exact.
            None => write!(f, "Unix time {}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Utc;

    #[test]
    fn a_unix_time_is_a_day_and_a_time_of_it_where_the_calendar_has_one() {
        for (unix_seconds, text) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (1_795_301_414, "2026-11-21 22:50:14 UTC"),
            (253_402_300_799, "9999-12-31 23:59:59 UTC"),
            (253_402_300_800, "Unix time 253402300800"),
            (-1, "Unix time -1"),
        ] {
            assert_eq!(Utc(unix_seconds).to_string(), text);
        }
    }
}
