//! Durations as people write them: a whole number and s, m, h or d.

use std::str::FromStr;

/// A duration in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seconds(pub(crate) u64);

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "a duration is a whole number and s, m, h or d, as in 90d".to_owned();
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let unit = match text.get(digits.len()..) {
            Some("" | "s") => 1,
            Some("m") => 60,
            Some("h") => 3_600,
            Some("d") => 86_400,
            _ => return Err(wrong()),
        };
        let number: u64 = digits.parse().map_err(|_| wrong())?;
        number.checked_mul(unit).map(Self).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_a_unit_make_seconds() {
        let cases = [("7", 7), ("7s", 7), ("2m", 120), ("1h", 3_600), ("90d", 7_776_000)];
        for (text, seconds) in cases {
            assert_eq!(text.parse(), Ok(Seconds(seconds)), "{text}");
        }
        for wrong in ["", "d", "1w", "-1s", "1.5h", "1 d", "1dd", "18446744073709551615d"] {
            assert!(wrong.parse::<Seconds>().is_err(), "{wrong}");
        }
    }
}
