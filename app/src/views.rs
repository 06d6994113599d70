//! How single values are said, in twins and on pages.

use jiff::Timestamp;
use maud::{Markup, html};
use runseal_registry::state;
use serde::Serialize;
use solana_address::Address;
use std::fmt;

/// A moment of the chain, by both of its clocks.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MomentView {
    pub(crate) slot: u64,
    pub(crate) unix_seconds: i64,
    pub(crate) utc: String,
}

impl MomentView {
    /// Takes a moment, where there is one.
    pub(crate) fn find(moment: state::Moment) -> Option<Self> {
        (moment.slot != 0 || moment.unix_seconds != 0).then(|| moment.into())
    }
}

impl From<state::Moment> for MomentView {
    fn from(moment: state::Moment) -> Self {
        let state::Moment { slot, unix_seconds } = moment;
        Self { slot, unix_seconds, utc: utc(unix_seconds) }
    }
}

impl fmt::Display for MomentView {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} (slot {})", self.utc, self.slot)
    }
}

/// Writes Unix time as `2026-01-31 23:59:59 UTC`.
pub(crate) fn utc(unix_seconds: i64) -> String {
    match Timestamp::from_second(unix_seconds) {
        Ok(time) => time.strftime("%F %T UTC").to_string(),
        Err(_) => format!("Unix time {unix_seconds}"),
    }
}

/// Says a time in its largest unit that divides it, and in seconds.
pub(crate) fn duration(seconds: u64) -> String {
    let units = [(86_400, "days"), (3_600, "hours"), (60, "minutes")];
    let whole = |(size, _): &&(u64, &str)| seconds > *size && seconds.is_multiple_of(*size);
    match units.iter().find(whole) {
        Some((size, unit)) => format!("{} {unit} ({seconds} s)", seconds / size),
        None => format!("{seconds} s"),
    }
}

/// Returns an address as text, where one is set.
pub(crate) fn set(address: &Address) -> Option<String> {
    (*address != Address::default()).then(|| address.to_string())
}

/// Writes a version's number as `1.2.3`.
pub(crate) fn semantic(version: state::SemanticVersion) -> String {
    format!("{}.{}.{}", version.major, version.minor, version.patch)
}

/// The letter of a stage from 1 (A) to 5 (E).
pub(crate) fn stage_letter(stage: u8) -> char {
    match stage {
        1 => 'A',
        2 => 'B',
        3 => 'C',
        4 => 'D',
        5 => 'E',
        _ => '?',
    }
}

/// An address or a hash that leads to its page.
pub(crate) fn link(folder: &str, name: &str) -> Markup {
    html! { a.address href={ (folder) "/" (name) } { (name) } }
}

/// A moment in a table: the time, and below it the slot.
pub(crate) fn moment(moment: &MomentView) -> Markup {
    html! { time { (moment.utc) } " " span.quiet { "slot " (moment.slot) } }
}

/// What a row of a table is too narrow for, below it.
pub(crate) fn below(columns: usize, key: impl fmt::Display, name: &str, value: &str) -> Markup {
    html! {
        tr.below data-key={ (key) " below" } { td colspan=(columns) { span.quiet { (name) ": " } span.address { (value) } } }
    }
}

/// A word with its kind: pass, fail or unknown. The word says it, the colour repeats it.
pub(crate) fn badge(kind: &str, word: &str) -> Markup {
    html! { span class={ "badge " (kind) } { (word) } }
}

/// Escapes a text for the query of a URL.
pub(crate) fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let letter = |byte: u8| {
        if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_their_largest_unit() {
        for (seconds, said) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "60 s"),
            (120, "2 minutes (120 s)"),
            (7_200, "2 hours (7200 s)"),
            (7_201, "7201 s"),
            (7_776_000, "90 days (7776000 s)"),
        ] {
            assert_eq!(duration(seconds), said);
        }
    }

    #[test]
    fn texts_in_a_query_are_escaped_whole() {
        for (text, escaped_text) in [
            ("run-1_a.b", "run-1_a.b"),
            ("a b&c=d", "a%20b%26c%3Dd"),
            ("\"><ä", "%22%3E%3C%C3%A4"),
            ("", ""),
        ] {
            assert_eq!(escaped(text), escaped_text);
        }
    }
}
