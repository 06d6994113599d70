//! An example for integrators: tokens that are paid out once a receipt is proved to be anchored.
//!
//! A payer locks tokens for a payee and names a receipt, a log and a deadline. Whoever shows until
//! then that the receipt is in a period that the log anchored has the payee paid; after that the
//! tokens go back. The proof is checked by the registry program, which is asked in between:
//! `instructions/release_escrow.rs` is what to read. `docs/integrating.md` says what else to mind.

// What Anchor's macros write here has no room for documentation.
#![allow(missing_docs)]

use anchor_lang::prelude::*;
// Unused where the program is built for clients, which have no clock.
#[allow(unused_imports)]
use anchor_lang::solana_program::sysvar::Sysvar as _;

pub mod constants;
pub mod error;
pub mod events;
pub mod instructions;
pub mod state;

pub use error::EscrowError;
use instructions::*;

declare_id!("9tChGxK3mLqGTjCrwBZTcEtKrX5fWMbN3ojA7qCDEAGD");

/// The registry program, as the only one that a `Program<Registry>` can be.
pub struct Registry;

impl Id for Registry {
    const IDL_ADDRESS: &'static str = "RS2JNVLHLcEg8sQYGvZDXvXcpUvgi3veqXs2Ra4Yq8k";

    fn id() -> Address {
        runseal_registry::ID
    }
}

/// The instructions, each with its checks and effects in the file of its name.
#[program]
pub mod runseal_escrow {
    use super::*;

    /// Locks a payer's tokens until a receipt is proved or a deadline is over.
    pub fn open_escrow(ctx: &mut Context<OpenEscrow>, args: OpenEscrowArgs) -> Result<()> {
        ctx.accounts.check(&args, now_seconds()?)?;
        let bumps = (ctx.bumps.escrow, ctx.bumps.vault);
        emit!(ctx.accounts.apply(&args, bumps)?);
        Ok(())
    }

    /// Pays the payee: the receipt stands at `index` of a period that the log anchored.
    pub fn release_escrow(
        ctx: &mut Context<ReleaseEscrow>,
        index: u64,
        path: Vec<[u8; 32]>,
    ) -> Result<()> {
        ctx.accounts.check(index, path, now_seconds()?)?;
        emit!(ctx.accounts.apply()?);
        Ok(())
    }

    /// Gives the payer his tokens back: the deadline is over.
    pub fn refund_escrow(ctx: &mut Context<RefundEscrow>) -> Result<()> {
        ctx.accounts.check(now_seconds()?)?;
        emit!(ctx.accounts.apply()?);
        Ok(())
    }
}

fn now_seconds() -> Result<i64> {
    Ok(Clock::get()?.unix_timestamp)
}
