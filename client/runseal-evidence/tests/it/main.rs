//! Evidence, bundles and verdicts, on a small chain in memory.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(unreachable_pub, reason = "a test binary has no outside")]

mod accounts;
mod bundles;
mod exports;
mod mutations;
mod of_chain;
mod of_receipts;
mod of_registry;
mod scenes;
mod support;
mod verdict;
