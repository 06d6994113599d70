use runseal_engine::{PROMISE_VERSION, SignedPromise};
use runseal_types::Address;
use serde::Serialize;

/// A promise, as it is handed on and brought to a challenge.
#[derive(Serialize)]
pub(crate) struct PromiseView {
    version: &'static str,
    genesis_hash: String,
    log: String,
    period: u64,
    agent: String,
    sequence: u64,
    digest: String,
    signature: String,
}

impl PromiseView {
    pub(crate) fn period(&self) -> u64 {
        self.period
    }
}

impl From<&SignedPromise> for PromiseView {
    fn from(promise: &SignedPromise) -> Self {
        let genesis = Address::new(*promise.place.genesis_hash.as_bytes());
        Self {
            version: PROMISE_VERSION,
            genesis_hash: genesis.to_string(),
            log: promise.place.log.to_string(),
            period: promise.place.period.0,
            agent: promise.leaf.agent.to_string(),
            sequence: promise.leaf.sequence.0,
            digest: promise.leaf.digest.to_string(),
            signature: runseal_types::to_hex(&promise.signature.to_bytes()),
        }
    }
}
