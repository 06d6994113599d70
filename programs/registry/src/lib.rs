//! Runseal's registry program: who runs agents, who vouched for them, and what they sealed.
//!
//! An instruction reads as `check` (reads only), `apply` (writes only, and ends with the state's
//! own invariant) and an event. The clock enters here and nowhere else.

// What Anchor's macros write here has no room for documentation; the rooms below ask for it.
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

pub use error::RegistryError;
use instructions::*;
use state::Moment;

/// The program's interface as JSON, made from this source by `cargo xtask program`.
#[cfg(feature = "no-entrypoint")]
pub const IDL: &str = include_str!("../idl.json");

declare_id!("RS2JNVLHLcEg8sQYGvZDXvXcpUvgi3veqXs2Ra4Yq8k");

/// The instructions, each with its checks and effects in the file of its name.
#[program]
pub mod runseal_registry {
    use super::*;

    /// Creates the one Config account. Only the program's upgrade authority may.
    pub fn initialize_config(
        ctx: &mut Context<InitializeConfig>,
        args: InitializeConfigArgs,
    ) -> Result<()> {
        ctx.accounts.check(&args)?;
        let event = ctx.accounts.apply(&args, ctx.bumps.config, now()?)?;
        emit!(event);
        Ok(())
    }

    /// Registers an agent under its identity key. The vendor and the identity key both sign.
    pub fn register_agent(ctx: &mut Context<RegisterAgent>, args: RegisterAgentArgs) -> Result<()> {
        ctx.accounts.check(&args)?;
        let event = ctx.accounts.apply(&args, ctx.bumps.agent, now()?)?;
        emit!(event);
        Ok(())
    }
}

fn now() -> Result<Moment> {
    let clock = Clock::get()?;
    Ok(Moment { slot: clock.slot, unix_seconds: clock.unix_timestamp })
}
