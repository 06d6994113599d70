use crate::{Address, Digest, Period};

const DOMAIN: &[u8] = b"runseal/period/v1";

/// Which period of which log on which chain: every leaf begins with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeriodContext(Digest);

impl PeriodContext {
    /// Makes the context of a period.
    #[must_use]
    pub fn new(genesis_hash: &Digest, log: &Address, period: Period) -> Self {
        let number = period.0.to_le_bytes();
        Self(Digest::of(&[DOMAIN, genesis_hash.as_bytes(), log.as_bytes(), &number]))
    }

    /// Takes a context that an anchor's account holds.
    #[must_use]
    pub const fn from_digest(digest: Digest) -> Self {
        Self(digest)
    }

    /// Returns it as a hash.
    #[must_use]
    pub const fn as_digest(&self) -> &Digest {
        &self.0
    }

    /// Returns the bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}
