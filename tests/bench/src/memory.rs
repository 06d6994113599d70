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

/// Prints how much memory each needed for `count` leaves.
pub(crate) fn print(rows: &[(&str, &Memory)], count: usize) {
    println!("\nmemory of a tree of {count} leaves; bytes of a leaf");
    println!("  {:<22} {:>10} {:>10}", "", "kept", "peak");
    for (name, memory) in rows {
        let [kept, peak] = [memory.kept, memory.peak].map(|bytes| bytes as f64 / count as f64);
        println!("  {name:<22} {kept:>10.1} {peak:>10.1}");
    }
}
