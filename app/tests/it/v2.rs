//! The service's own surface, on a real store and the embedded ledger with the real program.

mod events;
mod promises;
mod story;
mod wrongs;
