//! Durations as people write them: a whole number and s, m, h or d.

use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};

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

/// As people read it: `2 d`, `1 h 30 min`.
impl Display for Seconds {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(seconds) = *self;
        let units = [
            (seconds / 86_400, "d"),
            (seconds / 3_600 % 24, "h"),
            (seconds / 60 % 60, "min"),
            (seconds % 60, "s"),
        ];
        let said = units.iter().filter(|(count, _)| *count > 0);
        let said: Vec<String> = said.map(|(count, unit)| format!("{count} {unit}")).collect();
        f.write_str(if said.is_empty() { "0 s" } else { "" })?;
        f.write_str(&said.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_said_in_the_largest_units_that_they_fill() {
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (5_400, "1 h 30 min"),
            (172_800, "2 d"),
            (90_061, "1 d 1 h 1 min 1 s"),
        ] {
            assert_eq!(Seconds(seconds).to_string(), text);
        }
    }

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
