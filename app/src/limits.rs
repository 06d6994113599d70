use std::{num::NonZeroU32, time::Duration};

/// How much the service takes on before it says that it is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many connections are open at a time; who comes then waits to be let in.
    pub connections: usize,
    /// How many calls to a tenant's store may be at work; the others wait.
    pub at_work: usize,
    /// How many calls may be at work or wait before further ones are sent away.
    pub calls: usize,
    /// How long somebody may take to send a request's head.
    pub head: Duration,
    /// How long somebody may take to send its body.
    pub body: Duration,
    /// How long a call may take in all.
    pub call: Duration,
    /// How often one token, or one address without a token, may call.
    pub rate: Option<Rate>,
}

/// How often somebody may call: so often a second for long, and at most so many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Calls a second.
    pub per_second: NonZeroU32,
    /// Calls at once.
    pub burst: NonZeroU32,
}

impl Default for Limits {
    /// The store commits the calls that write at a time in groups, so that many are no slower than few.
    fn default() -> Self {
        Self {
            connections: 2_048,
            at_work: 256,
            calls: 1_024,
            head: Duration::from_secs(30),
            body: Duration::from_secs(30),
            call: Duration::from_secs(60),
            rate: None,
        }
    }
}
