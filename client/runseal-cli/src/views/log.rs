use super::{MomentView, hex, set};
use crate::durations::Seconds;
use runseal_client::{registry::Found, utc::Utc};
use runseal_registry::state::{Claim, ClaimState, Log};
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// A log's account.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogView {
    address: String,
    name: String,
    founder: String,
    operator: String,
    pending_operator: Option<String>,
    anchoring_key: String,
    /// Newest first, each with the first period that it serves.
    promise_keys: Vec<PromiseKeyView>,
    genesis_hash: String,
    start_seconds: i64,
    cadence_seconds: u64,
    grace_seconds: u64,
    answer_window_seconds: u64,
    challenge_window_seconds: u64,
    retention_seconds: u64,
    next_period: u64,
    head_anchor_hash: String,
    cumulative_leaf_count: u64,
    late_count: u64,
    missed_count: u64,
    upheld_count: u64,
    open_claim_count: u32,
    bond_mint: String,
    bond_amount: u64,
    unbond_amount: u64,
    unbond_requested_at: Option<MomentView>,
    /// From when on what is asked back can be had; none if that is not known here.
    unbond_from_seconds: Option<i64>,
    opened_at: MomentView,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PromiseKeyView {
    key: String,
    from_period: u64,
}

impl LogView {
    pub(super) fn next_period(&self) -> u64 {
        self.next_period
    }

    /// Says from when on the operator can have back what he asked for.
    pub(crate) fn with_unbond_from(mut self, unix_seconds: Option<i64>) -> Self {
        self.unbond_from_seconds = unix_seconds;
        self
    }
}

impl From<&Found<Log>> for LogView {
    fn from(found: &Found<Log>) -> Self {
        let log = &found.account;
        let keys = log.promise_keys.iter().filter_map(|key| {
            Some(PromiseKeyView { key: set(&key.key)?, from_period: key.from_period })
        });
        Self {
            address: found.address.to_string(),
            name: log.name.as_str().to_owned(),
            founder: log.founder.to_string(),
            operator: log.operator.to_string(),
            pending_operator: set(&log.pending_operator),
            anchoring_key: log.anchoring_key.to_string(),
            promise_keys: keys.collect(),
            genesis_hash: solana_address::Address::new_from_array(log.genesis_hash).to_string(),
            start_seconds: log.start_seconds,
            cadence_seconds: log.cadence_seconds,
            grace_seconds: log.grace_seconds,
            answer_window_seconds: log.answer_window_seconds,
            challenge_window_seconds: log.challenge_window_seconds,
            retention_seconds: log.retention_seconds,
            next_period: log.next_period,
            head_anchor_hash: hex(&log.head_anchor_hash),
            cumulative_leaf_count: log.cumulative_leaf_count,
            late_count: log.late_count,
            missed_count: log.missed_count,
            upheld_count: log.upheld_count,
            open_claim_count: log.open_claim_count,
            bond_mint: log.bond_mint.to_string(),
            bond_amount: log.bond_amount,
            unbond_amount: log.unbond_amount,
            unbond_requested_at: MomentView::set(log.unbond_requested_at),
            unbond_from_seconds: None,
            opened_at: log.opened_at.into(),
        }
    }
}

impl Display for LogView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "Log            {} ({})", self.address, self.name)?;
        writeln!(f, "Operator       {}", self.operator)?;
        if let Some(pending) = &self.pending_operator {
            writeln!(f, "Proposed       {pending}")?;
        }
        writeln!(f, "Anchoring key  {}", self.anchoring_key)?;
        for key in &self.promise_keys {
            writeln!(f, "Promise key    {} from period {}", key.key, key.from_period)?;
        }
        let (start, cadence) = (Utc(self.start_seconds), Seconds(self.cadence_seconds));
        writeln!(f, "Periods        {cadence} each, from {start}")?;
        writeln!(f, "Grace          {}", Seconds(self.grace_seconds))?;
        writeln!(f, "Challenges     for {} behind that", Seconds(self.challenge_window_seconds))?;
        writeln!(f, "Answers        within {}", Seconds(self.answer_window_seconds))?;
        writeln!(f, "Anchors kept   {}", Seconds(self.retention_seconds))?;
        writeln!(f, "Next period    {}", self.next_period)?;
        writeln!(f, "Leaves so far  {}", self.cumulative_leaf_count)?;
        let (late, missed, upheld) = (self.late_count, self.missed_count, self.upheld_count);
        writeln!(f, "Late, missed   {late}, {missed}")?;
        writeln!(f, "Claims         {upheld} upheld, {} open", self.open_claim_count)?;
        write!(f, "Bond           {} base units of {}", self.bond_amount, self.bond_mint)?;
        match (self.unbond_amount, self.unbond_from_seconds) {
            (0, _) => Ok(()),
            (amount, Some(from)) => {
                write!(f, "\nAsked back     {amount} base units, to be had after {}", Utc(from))
            }
            (amount, None) => write!(f, "\nAsked back     {amount} base units"),
        }
    }
}

/// Several logs.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct LogListView(pub(crate) Vec<LogView>);

impl Display for LogListView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:<44}  {:>8}  {:>10}  {:<44}  NAME", "LOG", "PERIODS", "LEAVES", "OPERATOR")?;
        self.0.iter().try_for_each(|row| {
            let LogView { address, next_period, operator, name, .. } = row;
            let leaves = row.cumulative_leaf_count;
            write!(f, "\n{address:<44}  {next_period:>8}  {leaves:>10}  {operator:<44}  {name}")
        })
    }
}

/// An accusation.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClaimView {
    address: String,
    kind: &'static str,
    state: &'static str,
    log: String,
    period: u64,
    agent: String,
    sequence: u64,
    digest: String,
    claimant: String,
    deposit_lamports: u64,
    answer_by_seconds: i64,
    slashed_amount: u64,
    opened_at: MomentView,
}

impl ClaimView {
    /// Where it lives.
    pub(super) fn address(&self) -> &str {
        &self.address
    }
}

impl From<&Found<Claim>> for ClaimView {
    fn from(found: &Found<Claim>) -> Self {
        let claim = &found.account;
        Self {
            address: found.address.to_string(),
            kind: if claim.kind == 1 { "broken promise" } else { "disorder" },
            state: match claim.state {
                state if state == ClaimState::Open as u8 => "open",
                state if state == ClaimState::Answered as u8 => "answered",
                _ => "upheld",
            },
            log: claim.log.to_string(),
            period: claim.period,
            agent: solana_address::Address::new_from_array(claim.leaf.agent).to_string(),
            sequence: u64::from_be_bytes(claim.leaf.sequence),
            digest: hex(&claim.leaf.digest),
            claimant: claim.claimant.to_string(),
            deposit_lamports: claim.deposit_lamports,
            answer_by_seconds: claim.answer_by_seconds,
            slashed_amount: claim.slashed_amount,
            opened_at: claim.opened_at.into(),
        }
    }
}

impl Display for ClaimView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "Claim      {}: {}, {}", self.address, self.kind, self.state)?;
        writeln!(f, "Log        {}, period {}", self.log, self.period)?;
        writeln!(f, "Receipt    {} of {}: {}", self.sequence, self.agent, self.digest)?;
        write!(f, "Claimant   {}", self.claimant)?;
        match self.state {
            "open" if self.answer_by_seconds > 0 => {
                write!(f, "\nAnswer by  {}", Utc(self.answer_by_seconds))
            }
            "upheld" => write!(f, "\nSlashed    {} base units", self.slashed_amount),
            _ => Ok(()),
        }
    }
}

/// Several claims.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct ClaimListView(pub(crate) Vec<ClaimView>);

impl Display for ClaimListView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:<44}  {:<14}  {:<8}  {:>8}  SLASHED", "CLAIM", "KIND", "STATE", "PERIOD")?;
        self.0.iter().try_for_each(|row| {
            let ClaimView { address, kind, state, period, slashed_amount, .. } = row;
            write!(f, "\n{address:<44}  {kind:<14}  {state:<8}  {period:>8}  {slashed_amount}")
        })
    }
}
