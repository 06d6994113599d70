//! The layouts, field by field in the order of their bytes, and where each account lives.

use crate::{
    address::derive_address,
    fields::{Fields, Kind},
};
use runseal_engine::account::{
    Account, AccountError, Agent, AgentStatus, Anchor, Attestation, Auditor, Certifier,
    Cosignature, Log, Moment, Name, Version,
};
use runseal_merkle::mountain_range;
use runseal_types::{Address, AnchorFacts, Digest, Period, PeriodContext};

/// As many levels as a log's mountain range has.
const PEAK_COUNT: usize = 32;

/// An account, and the seeds that its address is derived from.
pub(crate) struct ReadAt {
    pub(crate) account: Account,
    seeds: Vec<Vec<u8>>,
}

impl ReadAt {
    fn new<const N: usize>(account: Account, seeds: [&[u8]; N]) -> Self {
        Self { account, seeds: seeds.map(<[u8]>::to_vec).to_vec() }
    }

    /// Refuses an account that lives elsewhere than the program would have put it.
    pub(crate) fn check_address(
        &self,
        program: &Address,
        found: Address,
        bump: u8,
    ) -> Result<(), AccountError> {
        let seeds: Vec<&[u8]> = self.seeds.iter().map(Vec::as_slice).collect();
        match derive_address(program, &seeds) {
            Some((expected, _)) if expected != found => {
                Err(AccountError::WrongAddress { expected, found })
            }
            Some((_, canonical)) if canonical == bump => Ok(()),
            _ => Err(AccountError::BadField { address: found, field: "bump" }),
        }
    }
}

/// Reads the fields behind the header.
pub(crate) fn read(kind: Kind, fields: &mut Fields<'_>) -> Result<ReadAt, AccountError> {
    match kind {
        Kind::Agent => agent(fields),
        Kind::Version => version(fields),
        Kind::Certifier => certifier(fields),
        Kind::Attestation => attestation(fields),
        Kind::Log => log(fields),
        Kind::Anchor => anchor(fields),
        Kind::Auditor => auditor(fields),
        Kind::Cosignature => cosignature(fields),
    }
}

fn agent(fields: &mut Fields<'_>) -> Result<ReadAt, AccountError> {
    let status = match fields.u8()? {
        1 => AgentStatus::Registered,
        2 => AgentStatus::Active,
        3 => AgentStatus::Paused,
        4 => AgentStatus::Retired,
        5 => AgentStatus::Archived,
        _ => return Err(fields.bad("status")),
    };
    fields.zeros::<1>()?;
    fields.skip::<12>()?; // heartbeat cadence, count of versions
    let registered_at = fields.moment()?;
    fields.skip::<16>()?; // updated
    let status_changed_at = fields.moment()?;
    fields.skip::<48>()?; // authority changed, proposed, last heartbeat
    let (identity, authority) = (fields.address()?, fields.address()?);
    fields.skip::<192>()?; // pending authority, manifest, URI
    fields.zeros::<64>()?;
    let address = fields.address;
    let agent = Agent { address, identity, authority, status, status_changed_at, registered_at };
    Ok(ReadAt::new(Account::Agent(agent), [b"agent", identity.as_bytes()]))
}

fn version(fields: &mut Fields<'_>) -> Result<ReadAt, AccountError> {
    let yanked = fields.flag("yanked")?;
    fields.zeros::<1>()?;
    fields.skip::<12>()?; // semantic version
    let index = fields.u64()?;
    let (published_at, yanked_at) = (fields.moment()?, fields.moment()?);
    let agent = fields.address()?;
    fields.skip::<64>()?; // hashes of manifest and code
    let mut newest_attestations = [None; 5];
    for newest in &mut newest_attestations {
        *newest = fields.find_address()?;
    }
    fields.skip::<128>()?; // URI
    fields.zeros::<64>()?;
    let account = Version {
        address: fields.address,
        agent,
        index,
        published_at,
        yanked_at: yanked.then_some(yanked_at),
        newest_attestations,
    };
    let seeds: [&[u8]; 3] = [b"version", agent.as_bytes(), &index.to_le_bytes()];
    Ok(ReadAt::new(Account::Version(Box::new(account)), seeds))
}

fn certifier(fields: &mut Fields<'_>) -> Result<ReadAt, AccountError> {
    fields.flag("suspended")?;
    fields.skip::<1>()?; // stages: checked when something was attested
    fields.zeros::<4>()?;
    let void_from_slot = fields.u64()?;
    fields.skip::<32>()?; // accredited, suspended
    let (authority, organisation) = (fields.address()?, fields.name()?);
    fields.zeros::<64>()?;
    let account = Certifier { address: fields.address, organisation, void_from_slot };
    Ok(ReadAt::new(Account::Certifier(account), [b"certifier", authority.as_bytes()]))
}

fn attestation(fields: &mut Fields<'_>) -> Result<ReadAt, AccountError> {
    let stage = fields.u8()?;
    if !(1..=5).contains(&stage) {
        return Err(fields.bad("stage"));
    }
    let passed = match fields.u8()? {
        1 => true,
        2 => false,
        _ => return Err(fields.bad("outcome")),
    };
    let round = fields.u32()?;
    let reason = fields.u8()?;
    if reason > 5 {
        return Err(fields.bad("revoked_reason"));
    }
    fields.zeros::<7>()?;
    fields.skip::<32>()?; // metrics
    let (issued_at, expires_at) = (fields.moment()?, fields.moment()?);
    let revoked_at = fields.moment()?;
    let (version, certifier) = (fields.address()?, fields.address()?);
    let previous = fields.find_address()?;
    fields.skip::<64>()?; // who revoked it, evidence
    fields.zeros::<64>()?;
    let account = Attestation {
        address: fields.address,
        version,
        certifier,
        stage,
        passed,
        issued_at,
        expires_at,
        revoked: (reason != 0).then_some((revoked_at, reason)),
        previous,
    };
    let (stage, round) = ([stage], round.to_le_bytes());
    let seeds: [&[u8]; 5] =
        [b"attestation", version.as_bytes(), &stage, certifier.as_bytes(), &round];
    Ok(ReadAt::new(Account::Attestation(account), seeds))
}

fn log(fields: &mut Fields<'_>) -> Result<ReadAt, AccountError> {
    fields.zeros::<2>()?;
    fields.skip::<4>()?; // open claims
    let next_period = fields.u64()?;
    fields.skip::<96>()?; // counters, schedule, bond
    fields.skip::<80>()?; // moments
    let promise_keys = promise_keys(fields)?;
    let (founder, operator) = (fields.address()?, fields.address()?);
    fields.skip::<96>()?; // pending operator, anchoring key, mint
    let (genesis_hash, head_anchor_hash) = (fields.digest()?, fields.digest()?);
    let name: Name = fields.name()?;
    let mut peaks = [[0; 32]; PEAK_COUNT];
    for peak in &mut peaks {
        *peak = fields.bytes()?;
    }
    fields.zeros::<64>()?;
    let range_root = mountain_range::root(&peaks, next_period).ok_or(fields.bad("next_period"))?;
    let account = Log {
        address: fields.address,
        operator,
        genesis_hash,
        next_period: Period(next_period),
        head_anchor_hash,
        range_root: Digest::new(range_root),
        promise_keys,
    };
    let seeds: [&[u8]; 3] = [b"log", founder.as_bytes(), name.as_bytes()];
    Ok(ReadAt::new(Account::Log(Box::new(account)), seeds))
}

fn promise_keys(fields: &mut Fields<'_>) -> Result<Vec<(Period, Address)>, AccountError> {
    let mut keys = Vec::new();
    for _ in 0..4 {
        let from = Period(fields.u64()?);
        keys.extend(fields.find_address()?.map(|key| (from, key)));
    }
    Ok(keys)
}

fn anchor(fields: &mut Fields<'_>) -> Result<ReadAt, AccountError> {
    if fields.u8()? > 2 {
        return Err(fields.bad("timeliness"));
    }
    fields.zeros::<1>()?;
    let cosignature_count = fields.u32()?;
    let period = fields.u64()?;
    let (leaf_count, cumulative_leaf_count) = (fields.u64()?, fields.u64()?);
    let (start_seconds, end_seconds) = (fields.i64()?, fields.i64()?);
    let posted: Moment = fields.moment()?;
    let log = fields.address()?;
    let facts = AnchorFacts {
        context: PeriodContext::from_digest(fields.digest()?),
        root: fields.digest()?,
        leaf_count,
        cumulative_leaf_count,
        previous_anchor_hash: fields.digest()?,
        start_seconds,
        end_seconds,
        posted_slot: posted.slot,
        posted_unix_seconds: posted.unix_seconds,
    };
    let hash = fields.digest()?;
    fields.skip::<32>()?; // who paid
    fields.zeros::<32>()?;
    let address = fields.address;
    let account = Anchor { address, log, period: Period(period), facts, hash, cosignature_count };
    let seeds: [&[u8]; 3] = [b"anchor", log.as_bytes(), &period.to_le_bytes()];
    Ok(ReadAt::new(Account::Anchor(account), seeds))
}

fn auditor(fields: &mut Fields<'_>) -> Result<ReadAt, AccountError> {
    fields.zeros::<6>()?;
    fields.skip::<16>()?; // registered
    let (authority, organisation) = (fields.address()?, fields.name()?);
    fields.zeros::<64>()?;
    let account = Auditor { address: fields.address, authority, organisation };
    Ok(ReadAt::new(Account::Auditor(account), [b"auditor", authority.as_bytes()]))
}

fn cosignature(fields: &mut Fields<'_>) -> Result<ReadAt, AccountError> {
    fields.zeros::<6>()?;
    let signed_at = fields.moment()?;
    let (anchor, anchor_hash) = (fields.address()?, fields.digest()?);
    let (auditor, organisation) = (fields.address()?, fields.name()?);
    fields.zeros::<32>()?;
    let address = fields.address;
    let account = Cosignature { address, anchor, anchor_hash, auditor, organisation, signed_at };
    let seeds: [&[u8]; 3] = [b"cosign", anchor.as_bytes(), organisation.as_bytes()];
    Ok(ReadAt::new(Account::Cosignature(account), seeds))
}
