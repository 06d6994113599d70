//! Where the tests of a family of instructions begin.

mod dispute;
mod handover;
mod ladder;
mod life;
mod sealed;
mod stake;

pub use dispute::{DEPOSIT, Dispute, SLASH, missing, second};
pub use handover::Handover;
pub use ladder::{ALL_STAGES, Ladder};
pub use life::{agent_that_is, set_status};
pub use sealed::Sealed;
pub use stake::{NOTICE_SECONDS, Stake};
