//! What a caller asks for before he believes a bundle.

use crate::{
    answer::{Counting, Observation},
    bundle::{
        BundleError, MOST_BUNDLE_BYTES, read_observations, refuse_unknown, write_observations,
    },
    report::Check,
};
use runseal_receipt::{
    MemberError,
    json::{Value, parse_within},
    member::{Members, any_text, integer, object_of},
};
use runseal_types::{Address, Digest};
use std::collections::BTreeSet;

/// The version of policies that this crate reads and writes.
pub const POLICY_VERSION: &str = "runseal/policy/v1";

const MOST_NAMES: usize = 256;
const PLACE: &str = "the policy";
const MEMBERS: &[&str] = &[
    "version",
    "genesis_hash",
    "program",
    "logs",
    "minimum_stage",
    "cosigners",
    "organisations",
    "quorum",
    "endpoints",
    "recorded_answers",
    "required_policies",
    "signers",
    "not_required",
    "accounts",
];

/// What must be so for a bundle to be VERIFIED.
///
/// [`Policy::strict`] asks for everything; whoever wants less says what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The chain that is trusted.
    pub genesis_hash: Digest,
    /// The registry program that is.
    pub program: Address,
    /// The logs that are; any if there are none.
    pub logs: Vec<Address>,
    /// The stage that the version had when the receipt was anchored: 1 (A) to 5 (E), 0 for none.
    pub minimum_stage: u8,
    /// How many organisations must have cosigned the anchor.
    pub cosigners: u32,
    /// The organisations that count; any if there are none.
    pub organisations: Vec<String>,
    /// How many endpoints must say the same of an account.
    pub quorum: usize,
    /// The endpoints that count; any if there are none.
    pub endpoints: Vec<String>,
    /// Whether the answers that a bundle says were given count like the caller's own.
    pub recorded_answers: bool,
    /// Hashes of policies that every receipt must say were applied.
    pub required_policies: Vec<Digest>,
    /// Keys whose signatures beside the agent's can be checked.
    pub signers: Vec<Address>,
    /// Checks that need not pass. One that fails is still a failure.
    pub not_required: BTreeSet<Check>,
    /// What the caller read himself.
    pub accounts: Vec<Observation>,
}

impl Policy {
    /// Asks for everything: stage A, a cosigner, and two endpoints which the caller asked himself.
    #[must_use]
    pub const fn strict(genesis_hash: Digest, program: Address) -> Self {
        Self {
            genesis_hash,
            program,
            logs: Vec::new(),
            minimum_stage: 1,
            cosigners: 1,
            organisations: Vec::new(),
            quorum: 2,
            endpoints: Vec::new(),
            recorded_answers: false,
            required_policies: Vec::new(),
            signers: Vec::new(),
            not_required: BTreeSet::new(),
            accounts: Vec::new(),
        }
    }

    /// Parses a policy. What it does not say is as strict as can be; chain and program it must say.
    pub fn parse(bytes: &[u8]) -> Result<Self, BundleError> {
        let Value::Object(object) = parse_within(bytes, MOST_BUNDLE_BYTES)? else {
            return Err(BundleError::NotAnObject);
        };
        let members = Members(&object);
        let wrong = |reason| BundleError::Member { place: PLACE, reason };
        let found = members.text("version").map_err(wrong)?;
        if found != POLICY_VERSION {
            let found = found.to_owned();
            return Err(BundleError::OtherVersion { found, expected: POLICY_VERSION });
        }
        refuse_unknown(PLACE, &object, MEMBERS)?;
        let mut policy = read(members).map_err(wrong)?;
        policy.accounts = read_observations(members, "accounts")?;
        Ok(policy)
    }

    /// Returns the policy as it is sent.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let count = |count: usize| integer(u64::try_from(count).unwrap_or(u64::MAX));
        let texts = |texts: &[String]| texts.iter().map(String::as_str).collect::<Value>();
        Value::Object(object_of([
            ("version", Value::from(POLICY_VERSION)),
            ("genesis_hash", Value::from(Address::new(*self.genesis_hash.as_bytes()))),
            ("program", Value::from(self.program)),
            ("logs", self.logs.iter().copied().collect()),
            ("minimum_stage", Value::from(u32::from(self.minimum_stage))),
            ("cosigners", Value::from(self.cosigners)),
            ("organisations", texts(&self.organisations)),
            ("quorum", count(self.quorum)),
            ("endpoints", texts(&self.endpoints)),
            ("recorded_answers", Value::Bool(self.recorded_answers)),
            ("required_policies", self.required_policies.iter().copied().collect()),
            ("signers", self.signers.iter().copied().collect()),
            ("not_required", self.not_required.iter().map(|check| check.as_str()).collect()),
            ("accounts", write_observations(&self.accounts)),
        ]))
    }

    pub(crate) fn counting(&self) -> Counting<'_> {
        Counting { quorum: self.quorum, endpoints: &self.endpoints }
    }

    pub(crate) fn requires(&self, check: Check) -> bool {
        !self.not_required.contains(&check)
    }
}

fn read(members: Members<'_>) -> Result<Policy, MemberError> {
    let genesis_hash = Digest::new(*members.address("genesis_hash")?.as_bytes());
    let strict = Policy::strict(genesis_hash, members.address("program")?);
    let stage = small(members, "minimum_stage", u64::from(strict.minimum_stage), 0, 5)?;
    let cosigners = small(members, "cosigners", u64::from(strict.cosigners), 0, 1 << 20)?;
    // Nobody's word is no quorum.
    let quorum = small(members, "quorum", 2, 1, 32)?;
    Ok(Policy {
        logs: list(members, "logs", |member, text| {
            text.parse().map_err(|reason| MemberError::BadAddress { member, reason })
        })?,
        minimum_stage: u8::try_from(stage).unwrap_or(u8::MAX),
        cosigners: u32::try_from(cosigners).unwrap_or(u32::MAX),
        organisations: list(members, "organisations", |_, text| Ok(text.to_owned()))?,
        quorum: usize::try_from(quorum).unwrap_or(usize::MAX),
        endpoints: list(members, "endpoints", |_, text| Ok(text.to_owned()))?,
        recorded_answers: members.optional("recorded_answers", boolean)?.unwrap_or(false),
        required_policies: list(members, "required_policies", |member, text| {
            text.parse().map_err(|reason| MemberError::BadDigest { member, reason })
        })?,
        signers: list(members, "signers", |member, text| {
            text.parse().map_err(|reason| MemberError::BadAddress { member, reason })
        })?,
        not_required: not_required(members)?,
        ..strict
    })
}

fn not_required(members: Members<'_>) -> Result<BTreeSet<Check>, MemberError> {
    let checks = list(members, "not_required", |member, text| {
        let unknown = || MemberError::UnknownWord { member, found: text.to_owned() };
        Check::find(text).ok_or_else(unknown)
    })?;
    let mut not_required = BTreeSet::new();
    not_required.extend(checks);
    Ok(not_required)
}

fn small(
    members: Members<'_>,
    member: &'static str,
    otherwise: u64,
    least: u64,
    most: u64,
) -> Result<u64, MemberError> {
    let number = members.optional(member, Members::integer)?.unwrap_or(otherwise);
    let fits = (least..=most).contains(&number);
    if fits { Ok(number) } else { Err(MemberError::BadInteger { member }) }
}

fn boolean(members: Members<'_>, member: &'static str) -> Result<bool, MemberError> {
    match members.required(member)? {
        Value::Bool(answer) => Ok(*answer),
        _ => Err(MemberError::WrongType { member, expected: "true or false" }),
    }
}

fn list<T>(
    members: Members<'_>,
    member: &'static str,
    read: impl Fn(&'static str, &str) -> Result<T, MemberError>,
) -> Result<Vec<T>, MemberError> {
    let list = members.list(member, MOST_NAMES)?;
    list.iter().map(|value| read(member, any_text(member, value)?)).collect()
}
