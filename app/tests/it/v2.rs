//! The service's own surface, on a real store and the embedded ledger with the real program.

mod closed;
mod events;
mod pages;
mod periods;
mod promises;
mod story;
mod verdicts;
mod wrongs;
