use jiff::{Timestamp as Instant, civil::DateTime, tz::TimeZone};
use runseal_types::Timestamp;
use serde::{Serialize, Serializer};
use std::{borrow::Cow, fmt};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{KnownFormat, Schema, SchemaFormat, Type},
    },
};

/// An instant as RunProof prints it: `2026-03-17T00:00:00.123456+00:00`, without a fraction of zero.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment(pub(crate) Timestamp);

impl Moment {
    /// Prints it without offset, as RunProof does where it means UTC.
    pub(crate) fn without_offset(self) -> String {
        let text = self.0.to_string();
        let whole = text.trim_end_matches('Z');
        match whole.split_once('.') {
            // Six digits, or all nine.
            Some((seconds, fraction)) => format!("{seconds}.{fraction:0<6}"),
            None => whole.to_owned(),
        }
    }

    /// Prints it with a space and to the second, as RunProof's tables do.
    pub(crate) fn in_a_table(self) -> String {
        let text = self.without_offset();
        text.get(..19).unwrap_or(&text).replace('T', " ")
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}+00:00", self.without_offset())
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        let text = ObjectBuilder::new().schema_type(Type::String).format(Some(format));
        text.description(Some("An instant, in UTC")).into()
    }
}

impl ToSchema for Moment {
    fn name() -> Cow<'static, str> {
        "Moment".into()
    }
}

/// Parses a time in ISO 8601 with any offset; one without is meant to be in UTC.
pub(crate) fn parse_moment(text: &str) -> Option<Timestamp> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(timestamp);
    }
    let instant: Instant = match text.parse::<Instant>() {
        Ok(instant) => instant,
        Err(_) => text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp(),
    };
    let seconds = u64::try_from(instant.as_second()).ok()?;
    Timestamp::new(seconds, u32::try_from(instant.subsec_nanosecond()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_any_offset_and_printed_in_utc() {
        for (text, printed) in [
            ("2026-03-17T00:00:00Z", "2026-03-17T00:00:00+00:00"),
            ("2026-03-17T00:00:00+00:00", "2026-03-17T00:00:00+00:00"),
            ("2026-03-17T02:30:00.5+02:30", "2026-03-17T00:00:00.500000+00:00"),
            ("2026-03-16T23:00:00.000001-01:00", "2026-03-17T00:00:00.000001+00:00"),
            ("2026-03-17T00:00:00.123456", "2026-03-17T00:00:00.123456+00:00"),
            ("2026-03-17 00:00:00", "2026-03-17T00:00:00+00:00"),
            ("2026-03-17T00:00:00.123456789Z", "2026-03-17T00:00:00.123456789+00:00"),
        ] {
            assert_eq!(Moment(parse_moment(text).unwrap()).to_string(), printed, "{text}");
        }
        let moment = Moment(parse_moment("2026-03-17T00:00:00.25Z").unwrap());
        assert_eq!(moment.without_offset(), "2026-03-17T00:00:00.250000");
        assert_eq!(moment.in_a_table(), "2026-03-17 00:00:00");
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "now",
            "2026",
            "1773705600",
            "2026-13-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "2026-03-17T25:00:00Z",
            "2026-03-17T00:00:00+99:00",
            "2026-03-17T00:00:00Z ",
            "Infinity",
        ] {
            assert_eq!(parse_moment(text), None, "{text}");
        }
    }
}
