//! Audits: gathering what is known of a log and of an agent's receipts in it. What follows from it is
//! decided in `runseal_engine::audit`.

use crate::{
    anchors::{self, KnownLog, LogError},
    closed::{Anchors, AnchorsError, Closed, Known},
    ledger::Ledger,
    mirror::{Copy, Difference, KeepError, ReadLists, check_list},
    registry::{self, Found},
    store::{MOST_ITEMS, Promises, Receipts, StoreError},
};
use runseal_ed25519::PublicKey;
use runseal_engine::{
    SignedPromise,
    audit::{
        agent::Evidence,
        log::{LogReport, Walk},
    },
};
use runseal_registry::state::Claim;
use runseal_types::{Address, Leaf, Period, Sequence};
use std::fmt;

/// Why an audit did not get to its end.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The chain could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The mirror could not be.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// The store could not be.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A promise cannot be held against the log.
    #[error("the promise of receipt {} of {} for period {}: {reason}", promise.leaf.sequence, promise.leaf.agent, promise.place.period)]
    Promise {
        /// Which.
        promise: Box<SignedPromise>,
        /// Why not.
        reason: PromiseDefect,
    },
}

impl From<AnchorsError> for AuditError {
    fn from(error: AnchorsError) -> Self {
        match error {
            AnchorsError::Log(error) => Self::Log(error),
            AnchorsError::Keep(error) => Self::Keep(error),
        }
    }
}

/// Why a promise cannot be held against a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PromiseDefect {
    /// It is of another chain or of another log.
    #[error("it is of another chain or log")]
    OtherLog,
    /// The log no longer remembers which key promised for the period.
    #[error("the log no longer remembers the key that served the period")]
    KeyForgotten,
    /// The log's key did not sign it.
    #[error("the log's promise key did not sign it")]
    NotSigned,
}

/// Checks that the log's key for the period made a promise.
pub fn check_promise(log: &KnownLog, promise: &SignedPromise) -> Result<(), PromiseDefect> {
    if promise.place != log.place(promise.place.period) {
        return Err(PromiseDefect::OtherLog);
    }
    let key = log.promise_key(promise.place.period).ok_or(PromiseDefect::KeyForgotten)?;
    let key = PublicKey::parse(&key.to_bytes()).map_err(|_| PromiseDefect::NotSigned)?;
    promise.check(&key).map_err(|_| PromiseDefect::NotSigned)
}

/// Why the leaves of an anchored period are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Nobody mirrored it here.
    NotMirrored,
    /// What is mirrored is not what was anchored.
    Differs(Difference),
    /// Its anchor's account is closed, and nothing that is offered of it is proven, so nothing can be
    /// compared with it.
    AnchorClosed(Closed),
}

impl fmt::Display for Unknown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotMirrored => formatter.write_str("not mirrored here"),
            Self::Differs(difference) => {
                write!(formatter, "what is mirrored differs: {difference}")
            }
            Self::AnchorClosed(closed) => closed.fmt(formatter),
        }
    }
}

/// What is known of an agent in a log, and why the rest is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    /// What is known.
    pub evidence: Evidence,
    /// Of the other periods, why.
    pub unknown: Vec<(Period, Unknown)>,
    /// How many leaves were checked, all agents' together.
    pub leaf_count: u64,
}

/// Checks every anchored period's list anew, and takes an agent's leaves out of it. `progress` is
/// told of every period.
pub async fn gather_leaves(
    anchors: &mut Anchors<'_, impl Ledger>,
    lists: &impl ReadLists,
    agent: &Address,
    progress: &mut (dyn FnMut() + Send),
) -> Result<Gathered, AuditError> {
    let mut gathered = Gathered::default();
    let log = anchors.log();
    for part in log.parts() {
        let known = anchors.read(part.clone()).await?;
        for (period, anchor) in part.map(Period).zip(known) {
            progress();
            let found = match leaves_of(log, lists, period, &anchor, agent)? {
                Ok((leaves, leaf_count)) => {
                    gathered.leaf_count = gathered.leaf_count.saturating_add(leaf_count);
                    Some(leaves)
                }
                Err(unknown) => {
                    gathered.unknown.push((period, unknown));
                    None
                }
            };
            gathered.evidence.periods.push(found);
        }
    }
    Ok(gathered)
}

/// An agent's leaves in a period, and how many leaves the period has.
fn leaves_of(
    log: &KnownLog,
    lists: &impl ReadLists,
    period: Period,
    anchor: &Known,
    agent: &Address,
) -> Result<Result<(Vec<Leaf>, u64), Unknown>, AuditError> {
    let facts = match anchor {
        Known::Open(anchor) => log.check_anchor(period, anchor)?,
        Known::Closed(facts) => *facts,
        Known::Unknown(closed) => return Ok(Err(Unknown::AnchorClosed(*closed))),
    };
    // An empty list need not be fetched to be known.
    let list = match lists.load(period, Copy::Kept)? {
        None if facts.leaf_count == 0 => Vec::new(),
        None => return Ok(Err(Unknown::NotMirrored)),
        Some(list) => list,
    };
    Ok(match check_list(log.place(period), &facts, &list) {
        Ok(sealed) => {
            let leaves = sealed.leaves().iter().filter(|leaf| leaf.agent == *agent);
            Ok((leaves.copied().collect(), sealed.leaf_count()))
        }
        Err(difference) => Err(Unknown::Differs(difference)),
    })
}

/// Adds what an auditor holds himself: an agent's receipts from a number on, and their promises by
/// this log. A stored promise that cannot be held against the log is left out.
pub fn add_held(
    gathered: &mut Gathered,
    store: &(impl Receipts + Promises + ?Sized),
    log: &KnownLog,
    agent: &Address,
    from: Sequence,
) -> Result<(), AuditError> {
    let mut next = Some(from);
    while let Some(from) = next {
        let leaves = store.list_leaves(agent, from, MOST_ITEMS)?;
        next = leaves.last().and_then(|last| last.sequence.next());
        for leaf in leaves {
            gathered.evidence.held.push(leaf);
            let Some(stored) = store.find_promise(&leaf.digest)? else { continue };
            let place = log.place(stored.promise.period);
            let promise = SignedPromise { place, leaf, signature: stored.signature.into() };
            let is_ours = stored.promise.context == place.context();
            if is_ours && check_promise(log, &promise).is_ok() {
                gathered.evidence.promised.push((promise.place.period, leaf));
            }
        }
    }
    Ok(())
}

/// Adds promises that somebody brings. One that cannot be held against the log is an error: whoever
/// brings it believes that it can.
pub fn add_promises(
    gathered: &mut Gathered,
    log: &KnownLog,
    agent: &Address,
    promises: &[SignedPromise],
) -> Result<(), AuditError> {
    for promise in promises.iter().filter(|promise| promise.leaf.agent == *agent) {
        check_promise(log, promise)
            .map_err(|reason| AuditError::Promise { promise: Box::new(*promise), reason })?;
        gathered.evidence.promised.push((promise.place.period, promise.leaf));
    }
    Ok(())
}

/// Walks through all of a log's anchors, also those that are closed. `progress` is told of every one.
pub async fn walk_log(
    anchors: &mut Anchors<'_, impl Ledger>,
    progress: &mut (dyn FnMut() + Send),
) -> Result<LogReport, AuditError> {
    let log = anchors.log();
    let mut walk = Walk::new(log.facts()?);
    for part in log.parts() {
        for anchor in anchors.read(part).await? {
            progress();
            match anchor {
                Known::Open(anchor) => walk.push(Some(&anchors::seen(&anchor))),
                Known::Closed(facts) => walk.push_closed(&facts),
                Known::Unknown(_) => walk.push(None),
            }
        }
    }
    Ok(walk.finish())
}

/// Reads the claims against a log.
pub async fn claims_against(
    ledger: &impl Ledger,
    log: &KnownLog,
) -> Result<Vec<Found<Claim>>, AuditError> {
    let mut claims = registry::find_all::<Claim>(ledger).await.map_err(LogError::from)?;
    let address = log.chain_address();
    claims.retain(|claim| claim.account.log == address);
    Ok(claims)
}
