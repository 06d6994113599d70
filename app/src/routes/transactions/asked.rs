//! What a transaction is asked for with: each member once, of its kind, and no others.

use runseal_registry::{
    instructions::{OpenLogArgs, PublishVersionArgs, RegisterAgentArgs},
    state::{Name, SemanticVersion, Uri},
};
use runseal_types::Digest;
use serde::{Deserialize, Deserializer, de::Error};
use solana_address::Address;

/// A text that means something.
struct Said<T>(T);

/// How something is read from a text.
trait Word: Sized {
    /// What it is, with its article.
    const WHAT: &str;

    fn find(text: &str) -> Option<Self>;
}

impl<'de, T: Word> Deserialize<'de> for Said<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || D::Error::custom(format_args!("{text:?} is not {}", T::WHAT));
        T::find(&text).map(Self).ok_or_else(wrong)
    }
}

impl Word for Address {
    const WHAT: &str = "an address";

    fn find(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Word for Digest {
    const WHAT: &str = "a hash in 64 hexadecimal digits";

    fn find(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Word for Name {
    const WHAT: &str = "a name of 1 to 32 printable ASCII characters without spaces";

    fn find(text: &str) -> Option<Self> {
        // Zeros behind a name are how it is stored, and no part of it.
        Self::parse(text).filter(|name| name.as_str() == text)
    }
}

/// A URI as the program takes it.
struct UriText(String);

impl Word for UriText {
    const WHAT: &str = "a URI of at most 128 printable ASCII characters without spaces";

    fn find(text: &str) -> Option<Self> {
        Uri::check(text).is_ok().then(|| Self(text.to_owned()))
    }
}

impl Word for SemanticVersion {
    const WHAT: &str = "a version of three numbers, as in 1.4.2";

    fn find(text: &str) -> Option<Self> {
        let is_plain = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_short = |part: &&str| *part == "0" || !part.starts_with('0');
        let parts: Vec<&str> = text.split('.').collect();
        let plain = parts.iter().filter(|part| is_plain(part) && is_short(part));
        let numbers: Option<Vec<u32>> = plain.map(|part| part.parse().ok()).collect();
        match (parts.len(), numbers?.as_slice()) {
            (3, &[major, minor, patch]) => Some(Self { major, minor, patch }),
            _ => None,
        }
    }
}

/// Register an agent; the wallet answers for it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegisterAgent {
    wallet: Said<Address>,
    identity: Said<Address>,
    manifest_hash: Said<Digest>,
    heartbeat_cadence_seconds: u32,
    uri: Said<UriText>,
}

impl RegisterAgent {
    pub(super) fn into_parts(self) -> (Address, Address, RegisterAgentArgs) {
        let args = RegisterAgentArgs {
            manifest_hash: *self.manifest_hash.0.as_bytes(),
            heartbeat_cadence_seconds: self.heartbeat_cadence_seconds,
            uri: self.uri.0.0,
        };
        (self.wallet.0, self.identity.0, args)
    }
}

/// Publish the next version of an agent that the wallet answers for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PublishVersion {
    wallet: Said<Address>,
    /// Its address, or its identity key.
    agent: Said<Address>,
    semantic: Said<SemanticVersion>,
    manifest_hash: Said<Digest>,
    code_hash: Said<Digest>,
    uri: Said<UriText>,
}

impl PublishVersion {
    pub(super) fn into_parts(self) -> (Address, Address, PublishVersionArgs) {
        let args = PublishVersionArgs {
            semantic: self.semantic.0,
            manifest_hash: *self.manifest_hash.0.as_bytes(),
            code_hash: *self.code_hash.0.as_bytes(),
            uri: self.uri.0.0,
        };
        (self.wallet.0, self.agent.0, args)
    }
}

/// Open a log that the wallet operates.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenLog {
    wallet: Said<Address>,
    name: Said<Name>,
    anchoring_key: Said<Address>,
    promise_key: Said<Address>,
    start_seconds: i64,
    cadence_seconds: u64,
    grace_seconds: u64,
    answer_window_seconds: u64,
    challenge_window_seconds: u64,
    retention_seconds: u64,
}

impl OpenLog {
    pub(super) fn into_parts(self, genesis_hash: [u8; 32]) -> (Address, OpenLogArgs) {
        let args = OpenLogArgs {
            name: self.name.0,
            genesis_hash,
            anchoring_key: self.anchoring_key.0,
            promise_key: self.promise_key.0,
            start_seconds: self.start_seconds,
            cadence_seconds: self.cadence_seconds,
            grace_seconds: self.grace_seconds,
            answer_window_seconds: self.answer_window_seconds,
            challenge_window_seconds: self.challenge_window_seconds,
            retention_seconds: self.retention_seconds,
        };
        (self.wallet.0, args)
    }
}
