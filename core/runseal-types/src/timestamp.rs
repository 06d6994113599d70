use std::{fmt, str::FromStr};

const SECONDS_PER_DAY: u64 = 86_400;
const DAYS_PER_MONTH: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// An instant in UTC, from 1970 to 9999, to the nanosecond.
///
/// As text it is what RFC 3339 writes for UTC: `2026-03-17T00:00:00Z`, with up to nine digits of
/// fraction, and `+00:00` as good as `Z`. Other offsets and leap seconds are refused, so that
/// everybody orders the same texts in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    unix_seconds: u64,
    nanoseconds: u32,
}

/// The first second behind the year 9999.
const END_SECONDS: u64 = 253_402_300_800;

impl Timestamp {
    /// The last moment that can be written.
    pub const MAX: Self = Self { unix_seconds: END_SECONDS - 1, nanoseconds: 999_999_999 };

    /// Takes seconds since 1970 and what is left of one; `None` behind the year 9999, or if what is
    /// left is a second or more.
    #[must_use]
    pub const fn new(unix_seconds: u64, nanoseconds: u32) -> Option<Self> {
        if unix_seconds < END_SECONDS && nanoseconds < 1_000_000_000 {
            Some(Self { unix_seconds, nanoseconds })
        } else {
            None
        }
    }

    /// Returns whole seconds since 1970.
    #[must_use]
    pub const fn unix_seconds(&self) -> u64 {
        self.unix_seconds
    }

    /// Returns what is left of a second.
    #[must_use]
    pub const fn nanoseconds(&self) -> u32 {
        self.nanoseconds
    }
}

/// Why a text is not an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// It is not written as one.
    #[error(
        "not of the form 2026-03-17T00:00:00Z, in UTC and with at most nine digits of fraction"
    )]
    WrongForm,
    /// There is no such day or no such time of a day.
    #[error("no such day, or no such time of a day, since 1970")]
    NoSuchTime,
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        parse(text).ok_or(TimestampError::WrongForm)?.ok_or(TimestampError::NoSuchTime)
    }
}

impl fmt::Display for Timestamp {
    /// Prints as much of the fraction as is not zero, and `Z`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date(self.unix_seconds / SECONDS_PER_DAY).ok_or(fmt::Error)?;
        let seconds = self.unix_seconds % SECONDS_PER_DAY;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(formatter, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanoseconds != 0 {
            let fraction = format!("{:09}", self.nanoseconds);
            write!(formatter, ".{}", fraction.trim_end_matches('0'))?;
        }
        formatter.write_str("Z")
    }
}

/// Outer `None`: not of this form. Inner `None`: no such time.
fn parse(text: &str) -> Option<Option<Timestamp>> {
    let rest = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00"))?;
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, "0"));
    let mut fields = Fields(whole);
    let year = fields.number(4, "-")?;
    let month = fields.number(2, "-")?;
    let day = fields.number(2, "T")?;
    let hour = fields.number(2, ":")?;
    let minute = fields.number(2, ":")?;
    let second = fields.number(2, "")?;
    let nanoseconds = nanoseconds(fraction)?;
    let time = || {
        let days = days_since_1970(year, month, day)?;
        let seconds = seconds_of_day(hour, minute, second)?;
        let unix_seconds = days.checked_mul(SECONDS_PER_DAY)?.checked_add(seconds)?;
        Timestamp::new(unix_seconds, nanoseconds)
    };
    fields.0.is_empty().then(time)
}

/// What is left to read of the part before the fraction.
struct Fields<'a>(&'a str);

impl Fields<'_> {
    /// Takes a number of so many digits, and what must follow it.
    fn number(&mut self, digits: usize, behind: &str) -> Option<u64> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest.strip_prefix(behind)?;
        parse_digits(number)
    }
}

fn parse_digits(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn nanoseconds(fraction: &str) -> Option<u32> {
    let missing = 9usize.checked_sub(fraction.len())?;
    let number = parse_digits(fraction)?;
    let scale = 10u64.checked_pow(u32::try_from(missing).ok()?)?;
    u32::try_from(number.checked_mul(scale)?).ok()
}

fn seconds_of_day(hour: u64, minute: u64, second: u64) -> Option<u64> {
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    hour.checked_mul(3600)?.checked_add(minute.checked_mul(60)?)?.checked_add(second)
}

fn days_since_1970(year: u64, month: u64, day: u64) -> Option<u64> {
    let month_index = usize::try_from(month.checked_sub(1)?).ok()?;
    let day_index = day.checked_sub(1)?;
    if day > days_of_month(year, month_index)? {
        return None;
    }
    let before_year = days_before(year)?.checked_sub(days_before(1970)?)?;
    let months = (0..month_index).map(|earlier| days_of_month(year, earlier));
    let before_month: u64 = months.sum::<Option<u64>>()?;
    before_year.checked_add(before_month)?.checked_add(day_index)
}

/// Returns year, month and day, so many days after the first of January 1970.
fn date(days: u64) -> Option<(u64, usize, u64)> {
    // No year is longer than 366 days, so this one is not after the year that is looked for.
    let mut year = (days / 366).checked_add(1970)?;
    let days = days.checked_add(days_before(1970)?)?;
    while days_before(year.checked_add(1)?)? <= days {
        year = year.checked_add(1)?;
    }
    let mut rest = days.checked_sub(days_before(year)?)?;
    let mut month_index = 0;
    while rest >= days_of_month(year, month_index)? {
        rest = rest.checked_sub(days_of_month(year, month_index)?)?;
        month_index = month_index.checked_add(1)?;
    }
    Some((year, month_index.checked_add(1)?, rest.checked_add(1)?))
}

fn days_of_month(year: u64, month_index: usize) -> Option<u64> {
    let leap_day = u64::from(month_index == 1 && is_leap(year));
    DAYS_PER_MONTH.get(month_index)?.checked_add(leap_day)
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400)
}

/// Days between the first of January of year 1 and of `year`.
fn days_before(year: u64) -> Option<u64> {
    let past = year.checked_sub(1)?;
    let leap_days = (past / 4).checked_sub(past / 100)?.checked_add(past / 400)?;
    past.checked_mul(365)?.checked_add(leap_days)
}
