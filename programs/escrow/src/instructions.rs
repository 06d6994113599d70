//! One file an instruction: its arguments, its accounts, its check and its apply.

// Anchor reads the arguments once more when an instruction is over, and then has no use for them.
#![allow(unused_variables)]

mod open_escrow;
mod refund_escrow;
mod release_escrow;
mod vault;

pub use open_escrow::*;
pub use refund_escrow::*;
pub use release_escrow::*;
