//! Accusing an operator, and answering.

use crate::{
    anchors::{KnownLog, LogError},
    audits::{PromiseDefect, check_promise},
    instructions::claims::{self as build, Slash},
    keys::ours,
    ledger::{Landed, Ledger, LedgerError},
    mirror::{Copy, KeepError, LeafLists},
    proving::{self, PeriodError},
    registry::{self, Found, ReadError},
    store::Periods,
};
use runseal_engine::{
    SignedPromise,
    disorder::{Disorder, find_disorder},
};
use runseal_registry::{
    instructions::ChallengePromiseArgs,
    state::{Claim, ClaimKind, ClaimState, Leaf as ChainLeaf, Log, Promise as ChainPromise},
};
use runseal_types::{AnchorFacts, Leaf, Period};
use solana_address::Address;
use solana_signer::Signer;

/// Why there is no claim, or no answer to one.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// The promise cannot be held against the log.
    #[error("the promise cannot be held against the log: {0}")]
    Promise(#[from] PromiseDefect),
    /// The claim is of another kind.
    #[error("the claim is of leaves out of order; only a broken promise can be answered")]
    NotAChallenge,
    /// The claim is against another log than the store's.
    #[error("the claim is against log {found}, the store is of {expected}")]
    OtherLog {
        /// The store's.
        expected: runseal_types::Address,
        /// The claim's.
        found: Address,
    },
    /// The claim was decided before.
    #[error("the claim was decided before")]
    Decided,
    /// The period does not have what was promised.
    #[error("period {period} has no leaf of receipt {} of {} with digest {}: the promise is broken", leaf.sequence, leaf.agent, leaf.digest)]
    Broken {
        /// The period.
        period: Period,
        /// What was promised.
        leaf: Leaf,
    },
    /// The anchor's account is closed.
    #[error("period {period} is not anchored, or its anchor's account is closed")]
    NoAnchor {
        /// Which period.
        period: Period,
    },
    /// No list that is mirrored here was anchored out of order.
    #[error("no list of period {period} that is mirrored here was anchored out of order")]
    NoDisorder {
        /// Which period.
        period: Period,
    },
    /// The chain could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The store's period could not be.
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// The mirror could not be.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// The ledger did not take it.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<ReadError> for ClaimError {
    fn from(error: ReadError) -> Self {
        Self::Log(error.into())
    }
}

/// A claim, and the transaction that made or decided it; none if that was done before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The claim as it is now.
    pub claim: Found<Claim>,
    /// The transaction.
    pub landed: Option<Landed>,
}

/// Challenges a promise. Whoever challenges pays a deposit, which the operator gets if he answers.
pub async fn challenge(
    ledger: &impl Ledger,
    claimant: &(dyn Signer + Sync),
    promise: &SignedPromise,
) -> Result<Claimed, ClaimError> {
    let address = crate::keys::theirs(&promise.place.log);
    let log = KnownLog::read(ledger, address).await?;
    check_promise(&log, promise)?;
    let (period, leaf) = (promise.place.period, to_chain(&promise.leaf));
    let (agent, sequence, digest) = (leaf.agent, promise.leaf.sequence.0, leaf.digest);
    let kind = ClaimKind::BrokenPromise;
    let agent_address = Address::new_from_array(agent);
    let claim =
        registry::claim_address(&address, kind, period.0, &agent_address, sequence, &digest);
    if let Some(claim) = registry::find::<Claim>(ledger, claim).await? {
        return Ok(Claimed { claim, landed: None });
    }
    let key = log.promise_key(period).ok_or(PromiseDefect::KeyForgotten)?;
    let context = *promise.place.context().as_bytes();
    let said = ChainPromise { context, period: period.0, agent, sequence, digest };
    let signature = promise.signature.to_bytes().into();
    let args = ChallengePromiseArgs { period: period.0, agent, sequence, digest };
    let payer = claimant.try_pubkey().map_err(LedgerError::from)?;
    let both =
        [build::show_promise(&key, &signature, &said), build::challenge(payer, address, args)];
    let landed = ledger.submit(&both, &[claimant]).await?;
    Ok(Claimed { claim: registry::load(ledger, claim).await?, landed: Some(landed) })
}

/// Answers every challenge of a log that waits for an answer. What became of one stops none of the
/// others; an error means that the claims could not be read.
pub async fn answer_open(
    ledger: &impl Ledger,
    store: &(impl Periods + ?Sized),
    payer: &(dyn Signer + Sync),
    log: Address,
) -> Result<Vec<(Address, Result<Claimed, ClaimError>)>, ReadError> {
    let claims = registry::find_all::<Claim>(ledger).await?;
    let is_open = |claim: &Found<Claim>| {
        let account = &claim.account;
        account.log == log
            && account.kind == ClaimKind::BrokenPromise as u8
            && account.state == ClaimState::Open as u8
    };
    let mut answered = Vec::new();
    for claim in claims.iter().filter(|claim| is_open(claim)) {
        answered.push((claim.address, answer(ledger, store, payer, claim.address).await));
    }
    Ok(answered)
}

/// Answers a challenge with the receipt's place in its period, from the operator's store.
pub async fn answer(
    ledger: &impl Ledger,
    store: &(impl Periods + ?Sized),
    payer: &(dyn Signer + Sync),
    claim: Address,
) -> Result<Claimed, ClaimError> {
    let Found { address, account } = registry::load::<Claim>(ledger, claim).await?;
    if account.kind != ClaimKind::BrokenPromise as u8 {
        return Err(ClaimError::NotAChallenge);
    }
    if account.state != ClaimState::Open as u8 {
        return Err(ClaimError::Decided);
    }
    let expected = proving::load_log(store)?.log;
    if expected != ours(&account.log) {
        return Err(ClaimError::OtherLog { expected, found: account.log });
    }
    let (period, leaf) = (Period(account.period), from_chain(&account.leaf));
    let sealed = proving::load_period(store, period)?;
    let inclusion = sealed.prove_inclusion(leaf.agent, leaf.sequence).ok();
    let inclusion = inclusion.filter(|inclusion| inclusion.leaf == leaf);
    let inclusion = inclusion.ok_or(ClaimError::Broken { period, leaf })?;
    let operator = registry::load::<Log>(ledger, account.log).await?.account.operator;
    let path = inclusion.path.iter().map(|hash| *hash.as_bytes()).collect();
    let answer = build::answer(operator, account.log, period.0, address, inclusion.index, path);
    let landed = ledger.submit(&[answer], &[payer]).await?;
    Ok(Claimed { claim: registry::load(ledger, address).await?, landed: Some(landed) })
}

/// Who is paid when leaves are proved to be out of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payees {
    /// The claimant's account of the bond's mint.
    pub claimant_tokens: Address,
    /// The treasury's.
    pub treasury_tokens: Address,
}

/// Claims that a period's leaves are out of order, and proves it from a list that is mirrored here. A
/// claim that was opened before is gone on with.
pub async fn disorder(
    ledger: &impl Ledger,
    lists: &impl LeafLists,
    claimant: &(dyn Signer + Sync),
    log: &KnownLog,
    period: Period,
    payees: Payees,
) -> Result<Claimed, ClaimError> {
    let only = period.0..period.0.saturating_add(1);
    let anchor = log.read_anchors(ledger, only).await?.pop().flatten();
    let anchor = anchor.ok_or(ClaimError::NoAnchor { period })?;
    let facts = log.check_anchor(period, &anchor)?;
    let Disorder { first, second } = find_list(lists, log, period, &facts)?;
    let (address, payer) = (log.chain_address(), claimant.try_pubkey().map_err(LedgerError::from)?);
    let leaf = to_chain(&first.leaf);
    let agent = Address::new_from_array(leaf.agent);
    let claim = registry::claim_address(
        &address,
        ClaimKind::Disorder,
        period.0,
        &agent,
        first.index,
        &leaf.digest,
    );
    let opened = registry::find::<Claim>(ledger, claim).await?;
    if let Some(claim) = opened.clone().filter(|it| it.account.state != ClaimState::Open as u8) {
        return Ok(Claimed { claim, landed: None });
    }
    // A claim that somebody else opened pays him, whoever proves it.
    let claimant_key = opened.as_ref().map_or(payer, |claim| claim.account.claimant);
    let path = |path: &[runseal_types::Digest]| path.iter().map(|hash| *hash.as_bytes()).collect();
    if opened.is_none() {
        let open =
            build::open_disorder(payer, address, period.0, first.index, leaf, path(&first.path));
        ledger.submit(&[open], &[claimant]).await?;
    }
    let slash = Slash {
        log: address,
        claim,
        claimant: claimant_key,
        claimant_tokens: payees.claimant_tokens,
        treasury_tokens: payees.treasury_tokens,
    };
    let prove = build::prove_disorder(slash, period.0, to_chain(&second.leaf), path(&second.path));
    let landed = ledger.submit(&[prove], &[claimant]).await?;
    Ok(Claimed { claim: registry::load(ledger, claim).await?, landed: Some(landed) })
}

/// Finds a mirrored list that was anchored out of order.
fn find_list(
    lists: &impl LeafLists,
    log: &KnownLog,
    period: Period,
    facts: &AnchorFacts,
) -> Result<Disorder, ClaimError> {
    let aside = lists.list_aside(period)?;
    let kept = [Copy::Kept, Copy::Part].map(|copy| lists.load(period, copy));
    let [kept, part] = kept;
    let all = aside.into_iter().chain(kept?).chain(part?);
    let mut found = all.filter_map(|list| {
        find_disorder(log.place(period), &list, facts.leaf_count, facts.root).ok().flatten()
    });
    found.next().ok_or(ClaimError::NoDisorder { period })
}

fn to_chain(leaf: &Leaf) -> ChainLeaf {
    ChainLeaf {
        agent: *leaf.agent.as_bytes(),
        sequence: leaf.sequence.0.to_be_bytes(),
        digest: *leaf.digest.as_bytes(),
    }
}

fn from_chain(leaf: &ChainLeaf) -> Leaf {
    Leaf {
        agent: runseal_types::Address::new(leaf.agent),
        sequence: runseal_types::Sequence(u64::from_be_bytes(leaf.sequence)),
        digest: runseal_types::Digest::new(leaf.digest),
    }
}
