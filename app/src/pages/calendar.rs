//! Periods side by side, a cell each.

use maud::{Markup, html};
use runseal_registry::state::{Anchor, Timeliness};

/// What a period comes to, in a word.
pub(super) fn state(anchor: Option<&Anchor>) -> &'static str {
    match anchor {
        None => "closed",
        Some(anchor) if anchor.timeliness == Timeliness::Missed as u8 => "missed",
        Some(anchor) if anchor.timeliness == Timeliness::Late as u8 => "late",
        Some(anchor) if anchor.leaf_count == 0 => "empty",
        Some(_) => "anchored",
    }
}

/// Whether a word is good, bad or neither.
pub(super) fn kind(state: &str) -> &'static str {
    match state {
        "anchored" | "empty" => "pass",
        "missed" => "fail",
        _ => "unknown",
    }
}

/// A period in a calendar.
pub(super) struct Cell {
    pub(super) period: u64,
    /// What it comes to, in a word.
    pub(super) state: &'static str,
    /// The same in a sentence.
    pub(super) says: String,
}

/// A cell a period, oldest first, each with its first letter: a word for who sees no colours.
pub(super) fn calendar(log: &str, cells: &[Cell], legend: &str) -> Markup {
    html! {
        @if cells.is_empty() { p { "No period is anchored yet." } }
        @else {
            ol.calendar { @for cell in cells {
                li data-key=(cell.period) { a class={ "cell " (kind(cell.state)) } href={ "/logs/" (log) "/periods/" (cell.period) } aria-label=(cell.says) title=(cell.says) { (letter(cell.state)) } }
            } }
            p.quiet { (legend) }
        }
    }
}

fn letter(state: &str) -> String {
    state.chars().take(1).flat_map(char::to_uppercase).collect()
}
