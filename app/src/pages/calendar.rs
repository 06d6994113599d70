//! Periods side by side, a cell each.

use super::log::kind_of;
use maud::{Markup, html};

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
                li data-key=(cell.period) { a class={ "cell " (kind_of(cell.state)) } href={ "/logs/" (log) "/periods/" (cell.period) } aria-label=(cell.says) title=(cell.says) { (letter(cell.state)) } }
            } }
            p.quiet { (legend) }
        }
    }
}

fn letter(state: &str) -> String {
    state.chars().take(1).flat_map(char::to_uppercase).collect()
}
