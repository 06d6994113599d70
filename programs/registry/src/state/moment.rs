use crate::RegistryError;
use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};

/// A point in the life of the chain, by both of its clocks.
///
/// The timestamp of a cluster drifts against its slots, so neither alone is enough to say when
/// something happened: the slot orders events, the seconds meet the outside world.
#[repr(C)]
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable, IdlType, SchemaRead, SchemaWrite,
)]
pub struct Moment {
    /// The slot.
    pub slot: u64,
    /// The cluster's estimate of Unix time in that slot.
    pub unix_seconds: i64,
}

impl Moment {
    /// Returns the Unix time `seconds` later.
    pub fn plus_seconds(&self, seconds: u64) -> Result<i64> {
        self.unix_seconds.checked_add_unsigned(seconds).ok_or(RegistryError::Overflow.into())
    }
}
