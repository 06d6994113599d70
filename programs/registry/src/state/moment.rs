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
