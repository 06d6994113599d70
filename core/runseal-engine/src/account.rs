//! What the registry's accounts say, as far as a verdict needs it. Their bytes are read elsewhere.

use runseal_types::{Address, AnchorFacts, Digest, Period, PeriodContext};
use std::fmt;

/// How many stages of certification there are: A to E.
pub const STAGE_COUNT: usize = 5;

/// An account as an endpoint returns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawAccount {
    /// Where it lives.
    pub address: Address,
    /// Which program may write it.
    pub owner: Address,
    /// What it holds in lamports; without any it does not exist.
    pub lamports: u64,
    /// Its bytes.
    pub data: Vec<u8>,
}

/// Reads accounts of the registry program.
///
/// `read` believes nothing before it is sure of everything: that the account exists, that `program`
/// owns it, that its kind, size and layout are known, and that it lives where that program keeps
/// what it says of itself.
pub trait ReadAccount {
    /// Reads an account, or says why it is none of the program's.
    fn read(&self, program: &Address, raw: &RawAccount) -> Result<Account, AccountError>;
}

/// Why an account is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Without lamports it does not exist.
    #[error("{address} has no lamports")]
    Gone {
        /// Which account.
        address: Address,
    },
    /// Another program wrote it.
    #[error("{address} belongs to {found}, not to {expected}")]
    ForeignOwner {
        /// Which account.
        address: Address,
        /// The registry program.
        expected: Address,
        /// Who owns it.
        found: Address,
    },
    /// It is of a kind that is not needed here or that does not exist.
    #[error("{address} is of no known kind")]
    UnknownKind {
        /// Which account.
        address: Address,
    },
    /// It is longer or shorter than its kind.
    #[error("{address} has {found} bytes where {expected} belong")]
    WrongSize {
        /// Which account.
        address: Address,
        /// How long its kind is.
        expected: usize,
        /// How long it is.
        found: usize,
    },
    /// Its layout is of another version.
    #[error("{address} has layout {found}, only {expected} is known")]
    UnknownLayout {
        /// Which account.
        address: Address,
        /// The version that is known.
        expected: u8,
        /// The version that it has.
        found: u8,
    },
    /// A field has a value that the program never writes.
    #[error("{address} has a {field} that the program never writes")]
    BadField {
        /// Which account.
        address: Address,
        /// Which field.
        field: &'static str,
    },
    /// What it says of itself lives elsewhere.
    #[error("what {found} says of itself lives at {expected}")]
    WrongAddress {
        /// Where the program would keep it.
        expected: Address,
        /// Where it is said to be.
        found: Address,
    },
}

/// A point in the life of the chain, by both of its clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// The slot.
    pub slot: u64,
    /// The cluster's Unix time in it.
    pub unix_seconds: i64,
}

/// A name of one to 32 bytes of printable ASCII.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name([u8; 32]);

impl Name {
    /// Takes a name that is padded with zeros; `None` if it is none.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Option<Self> {
        let size = bytes.iter().take_while(|byte| byte.is_ascii_graphic()).count();
        let padded = bytes.iter().skip(size).all(|byte| *byte == 0);
        (size > 0 && padded).then_some(Self(bytes))
    }

    /// Takes a name as people write it; `None` if it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Self::new(bytes).filter(|_| text.len() <= 32)
    }

    /// Returns the 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.iter().take_while(|byte| **byte != 0);
        text.into_iter().try_for_each(|byte| fmt::Write::write_char(formatter, char::from(*byte)))
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// One of the registry's accounts, with its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// An agent.
    Agent(Agent),
    /// A version of one.
    Version(Box<Version>),
    /// Who may attest.
    Certifier(Certifier),
    /// What he attested.
    Attestation(Attestation),
    /// A log.
    Log(Box<Log>),
    /// A period's anchor.
    Anchor(Anchor),
    /// Who may cosign.
    Auditor(Auditor),
    /// That an organisation cosigned.
    Cosignature(Cosignature),
}

/// An agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agent {
    /// Its account.
    pub address: Address,
    /// The key that it signs receipts with; it never changes.
    pub identity: Address,
    /// The vendor.
    pub authority: Address,
    /// Where it stands in its life.
    pub status: AgentStatus,
    /// Since when.
    pub status_changed_at: Moment,
    /// When it was registered.
    pub registered_at: Moment,
}

/// Where an agent stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentStatus {
    /// Known, and not in use yet.
    Registered,
    /// In use.
    Active,
    /// Stopped for now.
    Paused,
    /// Stopped for good.
    Retired,
    /// Closed to every change.
    Archived,
}

impl AgentStatus {
    /// Returns the word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Retired => "retired",
            Self::Archived => "archived",
        }
    }
}

/// A version of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its account.
    pub address: Address,
    /// The agent's account.
    pub agent: Address,
    /// How many versions came before.
    pub index: u64,
    /// When it was published.
    pub published_at: Moment,
    /// When it was withdrawn, if it was.
    pub yanked_at: Option<Moment>,
    /// The newest attestation's account of each stage, if there is one.
    pub newest_attestations: [Option<Address>; STAGE_COUNT],
}

/// Who may attest stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Certifier {
    /// Its account.
    pub address: Address,
    /// Whose key it is.
    pub organisation: Name,
    /// What it issued in this slot or later is void; `u64::MAX` while nothing is.
    pub void_from_slot: u64,
}

/// A certifier's word about a stage of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// Its account.
    pub address: Address,
    /// The version's account.
    pub version: Address,
    /// The certifier's account.
    pub certifier: Address,
    /// 1 (A) to 5 (E).
    pub stage: u8,
    /// Whether the version has the stage.
    pub passed: bool,
    /// When it was issued.
    pub issued_at: Moment,
    /// From when on it no longer holds.
    pub expires_at: Moment,
    /// When it was revoked and why (1 to 5), if it was.
    pub revoked: Option<(Moment, u8)>,
    /// What was the newest of this stage before it, if there was one.
    pub previous: Option<Address>,
}

/// An operator's chain of anchors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// Its account.
    pub address: Address,
    /// Who runs it.
    pub operator: Address,
    /// Which chain it says that it is on.
    pub genesis_hash: Digest,
    /// How many periods are anchored.
    pub next_period: Period,
    /// The newest anchor's hash; zero before the first.
    pub head_anchor_hash: Digest,
    /// The root over the hashes of all anchors.
    pub range_root: Digest,
    /// The promise keys, newest first, each with the first period that it serves.
    pub promise_keys: Vec<(Period, Address)>,
}

impl Log {
    /// Returns the key that promised for a period; `None` if it is no longer remembered.
    #[must_use]
    pub fn promise_key_of(&self, period: Period) -> Option<Address> {
        self.promise_keys.iter().find(|(from, _)| *from <= period).map(|(_, key)| *key)
    }
}

/// A period's anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Its account.
    pub address: Address,
    /// The log's account.
    pub log: Address,
    /// Which period.
    pub period: Period,
    /// What its hash covers.
    pub facts: AnchorFacts,
    /// Its hash, as the account has it.
    pub hash: Digest,
    /// How many organisations cosigned it.
    pub cosignature_count: u32,
}

/// A key that cosigns for an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Auditor {
    /// Its account.
    pub address: Address,
    /// The key.
    pub authority: Address,
    /// Whose it is.
    pub organisation: Name,
}

/// That an organisation cosigned an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cosignature {
    /// Its account.
    pub address: Address,
    /// The anchor's account.
    pub anchor: Address,
    /// The hash of the anchor that was cosigned.
    pub anchor_hash: Digest,
    /// The auditor's account.
    pub auditor: Address,
    /// The organisation.
    pub organisation: Name,
    /// When.
    pub signed_at: Moment,
}

impl Account {
    /// Returns where it lives.
    #[must_use]
    pub const fn address(&self) -> Address {
        match self {
            Self::Agent(account) => account.address,
            Self::Version(account) => account.address,
            Self::Certifier(account) => account.address,
            Self::Attestation(account) => account.address,
            Self::Log(account) => account.address,
            Self::Anchor(account) => account.address,
            Self::Auditor(account) => account.address,
            Self::Cosignature(account) => account.address,
        }
    }
}

impl Anchor {
    /// Returns the period's context, as the account has it.
    #[must_use]
    pub const fn context(&self) -> PeriodContext {
        self.facts.context
    }
}
