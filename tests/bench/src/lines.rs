//! Many receipts, as a log would export them: one a line, the agents' in turns.

use runseal_store_contract::samples::{Agent, Wish};
use std::thread;

/// Has the agents sign so many receipts in all, with every processor.
pub(crate) fn of(mut agents: Vec<Agent>, receipts: u64) -> Vec<u8> {
    let count = agents.len();
    let each = |number: usize| {
        receipts / count as u64 + u64::from((number as u64) < receipts % count as u64)
    };
    let shares: Vec<u64> = (0..count).map(each).collect();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = count.div_ceil(threads).max(1);
    let signed: Vec<Vec<Vec<u8>>> = thread::scope(|scope| {
        let started: Vec<_> = agents
            .chunks_mut(share)
            .zip(shares.chunks(share))
            .map(|(agents, shares)| scope.spawn(move || sign(agents, shares)))
            .collect();
        let join = |thread: thread::ScopedJoinHandle<'_, _>| thread.join().expect("signing works");
        started.into_iter().flat_map(join).collect()
    });
    let mut lines = Vec::new();
    let longest = signed.iter().map(Vec::len).max().unwrap_or(0);
    for text in (0..longest).flat_map(|place| signed.iter().filter_map(move |of| of.get(place))) {
        lines.extend_from_slice(text);
        lines.push(b'\n');
    }
    lines
}

fn sign(agents: &mut [Agent], shares: &[u64]) -> Vec<Vec<Vec<u8>>> {
    let all = agents.iter_mut().zip(shares);
    all.map(|(agent, share)| (0..*share).map(|_| agent.text(&Wish::default())).collect()).collect()
}
