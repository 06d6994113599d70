//! Promises: a log's signed word, at intake, that a receipt will be in a period.

use crate::seal::Place;
use runseal_ed25519::{PublicKey, Signature, SignatureError};
use runseal_receipt::{
    MemberError,
    json::{JsonError, Value, parse_within},
    member::{Members, integer, object_of},
};
use runseal_types::{
    Address, Digest, HexError, Leaf, PROMISE_MESSAGE_BYTES, Period, Promise, Sequence, parse_hex,
    to_hex,
};

/// What a promise's file calls itself.
pub const PROMISE_VERSION: &str = "runseal/promise/v1";

/// The longest file that is read.
const MOST_BYTES: usize = 4_096;
const MEMBERS: [&str; 8] =
    ["version", "genesis_hash", "log", "period", "agent", "sequence", "digest", "signature"];

/// Why a text is not a promise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PromiseError {
    /// It is no JSON, or JSON with two meanings.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// It is something else than an object.
    #[error("a promise is a JSON object")]
    NotAnObject,
    /// It has a member that no promise has.
    #[error("nothing is known of a member {member:?} of a promise")]
    UnknownMember {
        /// Which.
        member: String,
    },
    /// It is of another version.
    #[error("it is of version {found:?}, not {PROMISE_VERSION:?}")]
    OtherVersion {
        /// Which.
        found: String,
    },
    /// A member is not what belongs there.
    #[error(transparent)]
    Member(#[from] MemberError),
    /// The signature is not written as one.
    #[error("signature is not one: {0}")]
    BadSignature(HexError),
}

/// A promise that is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedPromise {
    /// Where the receipt will be.
    pub place: Place,
    /// The receipt.
    pub leaf: Leaf,
    /// The log's signature.
    pub signature: Signature,
}

/// Returns what the log's promise key signs, to promise that a receipt will be in a period.
#[must_use]
pub fn promise_message(place: &Place, leaf: Leaf) -> [u8; PROMISE_MESSAGE_BYTES] {
    Promise { context: place.context(), period: place.period, leaf }.message()
}

impl SignedPromise {
    /// Reads a promise as a log hands it out. Whether the log signed it is not asked here.
    pub fn parse(text: &[u8]) -> Result<Self, PromiseError> {
        let Value::Object(object) = parse_within(text, MOST_BYTES)? else {
            return Err(PromiseError::NotAnObject);
        };
        if let Some(member) = object.keys().find(|member| !MEMBERS.contains(&member.as_str())) {
            return Err(PromiseError::UnknownMember { member: member.clone() });
        }
        let members = Members(&object);
        let version = members.text("version")?;
        if version != PROMISE_VERSION {
            return Err(PromiseError::OtherVersion { found: version.to_owned() });
        }
        let place = Place {
            genesis_hash: Digest::new(*members.address("genesis_hash")?.as_bytes()),
            log: members.address("log")?,
            period: Period(members.integer("period")?),
        };
        let leaf = Leaf {
            agent: members.address("agent")?,
            sequence: Sequence(members.integer("sequence")?),
            digest: members.digest("digest")?,
        };
        let signature: [u8; 64] =
            parse_hex(members.text("signature")?).map_err(PromiseError::BadSignature)?;
        Ok(Self { place, leaf, signature: signature.into() })
    }

    /// Returns the promise as a log hands it out.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::Object(object_of([
            ("version", Value::from(PROMISE_VERSION)),
            ("genesis_hash", Value::from(Address::new(*self.place.genesis_hash.as_bytes()))),
            ("log", Value::from(self.place.log)),
            ("period", integer(self.place.period.0)),
            ("agent", Value::from(self.leaf.agent)),
            ("sequence", integer(self.leaf.sequence.0)),
            ("digest", Value::from(self.leaf.digest)),
            ("signature", Value::Text(to_hex(&self.signature.to_bytes()))),
        ]))
    }

    /// Checks that the owner of the key that served the period made the promise. That key comes from
    /// the log's account.
    pub fn check(&self, promise_key: &PublicKey) -> Result<(), SignatureError> {
        let message = promise_message(&self.place, self.leaf);
        runseal_ed25519::verify(promise_key, &message, &self.signature)
    }
}
