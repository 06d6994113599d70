//! Bars: what the table says, at a glance. Who cannot see them reads the table.

use super::anchors::AnchorRow;
use maud::{Markup, html};

/// How wide and high a drawing is, in units of its own.
const HEIGHT: u64 = 100;
const STEP: u64 = 12;
/// So that a few bars are not broad.
const LEAST_BARS: usize = 30;

/// Draws receipts and delays of the periods, the oldest first.
pub(super) fn charts(anchors: &[AnchorRow]) -> Markup {
    if anchors.len() < 2 {
        return html! {};
    }
    let receipts = anchors.iter().rev().map(|row| row.leaf_count.unwrap_or(0)).collect::<Vec<_>>();
    let delays = anchors
        .iter()
        .rev()
        .map(|row| row.delay_seconds.and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(0))
        .collect::<Vec<_>>();
    html! {
        div.charts {
            (bars("Receipts a period", "receipts", &receipts))
            (bars("From a period’s end to its anchor", "s", &delays))
        }
    }
}

fn bars(title: &str, unit: &str, values: &[u64]) -> Markup {
    let most = values.iter().copied().max().unwrap_or(0);
    let width = STEP.saturating_mul(u64::try_from(values.len().max(LEAST_BARS)).unwrap_or(0));
    let label = format!("{title}: at most {most} {unit}");
    html! {
        figure {
            svg.bars role="img" aria-label=(label) viewBox={ "0 0 " (width) " " (HEIGHT) } preserveAspectRatio="none" {
                @for (x, value) in (0..).step_by(12).zip(values) {
                    @let height = height(*value, most);
                    rect x=(x) y=(HEIGHT.saturating_sub(height)) width=(STEP.saturating_sub(2)) height=(height) {}
                }
            }
            figcaption.quiet { (label) }
        }
    }
}

/// A bar that is not zero can be seen.
fn height(value: u64, most: u64) -> u64 {
    let share = u128::from(value) * u128::from(HEIGHT) / u128::from(most.max(1));
    let least = u64::from(value > 0);
    u64::try_from(share).unwrap_or(HEIGHT).max(least)
}

#[cfg(test)]
mod tests {
    use super::{HEIGHT, height};

    #[test]
    fn bars_are_as_high_as_their_share_and_never_higher_than_the_drawing() {
        for (value, most, expected) in [
            (0, 0, 0),
            (0, 9, 0),
            (9, 9, HEIGHT),
            (1, u64::MAX, 1),
            (u64::MAX, u64::MAX, HEIGHT),
            (1, 2, HEIGHT / 2),
        ] {
            assert_eq!(height(value, most), expected, "{value} of {most}");
        }
    }
}
