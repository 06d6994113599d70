//! Bars on stderr for work that may take longer than a second; none where nobody looks.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// A spinner that counts what is done, where nobody knows how much there is.
pub(crate) fn count(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
    let style = ProgressStyle::with_template("{spinner} {human_pos} {msg}, {per_sec}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}

/// A bar, where it is known how much there is.
pub(crate) fn of(total: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(5));
    let style = "[{bar:30}] {human_pos}/{human_len} {msg}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}

/// A spinner with a sentence, for waiting.
pub(crate) fn wait(sentence: String) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
    bar.set_message(sentence);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
