//! How much memory something needs while it is made, and keeps.

use crate::ALLOCATED;

/// Bytes that were allocated on top of what was there before.
pub(crate) struct Memory {
    pub(crate) peak: usize,
    pub(crate) kept: usize,
}

/// Makes something and counts; nothing else allocates meanwhile.
pub(crate) fn of<T>(make: impl FnOnce() -> T) -> (Memory, T) {
    ALLOCATED.reset_peak_usage();
    let before = ALLOCATED.current_usage();
    let made = make();
    let peak = ALLOCATED.peak_usage().saturating_sub(before);
    let kept = ALLOCATED.current_usage().saturating_sub(before);
    (Memory { peak, kept }, made)
}
