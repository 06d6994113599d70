use super::counted;
use crate::durations::Seconds;
use runseal_client::{
    anchoring::Progress,
    store::{AnchorRecord, SavedCommitment, SealedPeriod},
    utc::Utc,
};
use runseal_engine::anchor_step::Delay;
use runseal_types::Period;
use serde::Serialize;
use solana_signature::Signature;
use std::fmt::{self, Display, Formatter};

/// What anchoring did.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AnchoringView {
    anchored: Vec<AnchoredView>,
    /// When the next period ends.
    next_end_seconds: Option<i64>,
    /// The chain's clock.
    now_seconds: Option<i64>,
    #[serde(skip)]
    is_on_its_way: bool,
}

/// An anchor that is in a finalized slot.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AnchoredView {
    period: u64,
    leaf_count: u64,
    root: String,
    anchor_hash: String,
    slot: u64,
    signature: Option<String>,
}

impl AnchoringView {
    /// Takes note of a step and puts it into words.
    pub(crate) fn add(&mut self, step: &Progress) -> String {
        match step {
            Progress::Waiting { until_seconds, .. } => {
                format!("waiting until {} by the chain's clock", Utc(*until_seconds))
            }
            Progress::Sealed { period, delay, behind_count } => {
                self.is_on_its_way = true;
                let (number, leaves) = (period.period, counted(period.leaf_count, "leaf"));
                let behind = if *behind_count == 0 {
                    String::new()
                } else {
                    format!("; more that are over: {behind_count}")
                };
                format!("sealed period {number} with {leaves}{}{behind}", lateness(*delay))
            }
            Progress::Sent { period, signature, delay } => {
                self.is_on_its_way = true;
                let signature = Signature::from(*signature);
                format!("sent the anchor of period {period} in {signature}{}", lateness(*delay))
            }
            Progress::Resent { period, signature } => {
                self.is_on_its_way = true;
                let signature = Signature::from(*signature);
                format!("sent the anchor of period {period} again, in {signature}")
            }
            Progress::Anchored { anchor, leaf_count } => {
                self.is_on_its_way = false;
                self.anchored.push(AnchoredView {
                    period: anchor.period.0,
                    leaf_count: *leaf_count,
                    root: anchor.root.to_string(),
                    anchor_hash: anchor.anchor_hash.to_string(),
                    slot: anchor.slot,
                    signature: anchor.signature.map(|it| Signature::from(it).to_string()),
                });
                let (period, slot) = (anchor.period, anchor.slot);
                format!("period {period} is anchored for good, in slot {slot}")
            }
        }
    }

    /// Whether something was begun that is not finalized yet.
    pub(crate) fn is_on_its_way(&self) -> bool {
        self.is_on_its_way
    }

    /// Says when there will be something to do again.
    pub(crate) fn set_next(&mut self, next_end_seconds: i64, now_seconds: i64) {
        self.next_end_seconds = Some(next_end_seconds);
        self.now_seconds = Some(now_seconds);
    }
}

fn lateness(delay: Delay) -> &'static str {
    match delay {
        Delay::InTime => "",
        Delay::Late => ", late",
        Delay::Missed => ", a whole period late",
    }
}

impl Display for AnchoringView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.anchored.is_empty() {
            write!(f, "Nothing to anchor")?;
        } else {
            write!(f, "{:>8}  {:>10}  {:>12}  ROOT", "PERIOD", "LEAVES", "SLOT")?;
        }
        for row in &self.anchored {
            let AnchoredView { period, leaf_count, slot, root, .. } = row;
            write!(f, "\n{period:>8}  {leaf_count:>10}  {slot:>12}  {root}")?;
        }
        match (self.next_end_seconds, self.now_seconds) {
            (Some(end), Some(now)) => {
                let left = Seconds(u64::try_from(end.saturating_sub(now)).unwrap_or(0));
                write!(f, "\nThe next period ends in {left}, at {}", Utc(end))
            }
            _ => Ok(()),
        }
    }
}

/// Anchors that were seen.
#[derive(Serialize)]
pub(crate) struct AnchorListView {
    anchors: Vec<AnchorRowView>,
    /// What to pass after `--from` for the next page.
    next: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AnchorRowView {
    period: u64,
    root: String,
    anchor_hash: String,
    /// How many leaves the store has of it; none if it was not sealed here.
    leaf_count: Option<u64>,
    slot: u64,
    signature: Option<String>,
    is_finalized: bool,
}

impl AnchorListView {
    /// Lists anchors with what was sealed of them.
    pub(crate) fn new(
        anchors: &[AnchorRecord],
        periods: &[SealedPeriod],
        next: Option<Period>,
    ) -> Self {
        let leaves = |anchor: &AnchorRecord| {
            let mut sealed = periods.iter().filter(|sealed| sealed.root == anchor.root);
            sealed.find(|sealed| sealed.period == anchor.period).map(|sealed| sealed.leaf_count)
        };
        let row = |anchor: &AnchorRecord| AnchorRowView {
            period: anchor.period.0,
            root: anchor.root.to_string(),
            anchor_hash: anchor.anchor_hash.to_string(),
            leaf_count: leaves(anchor),
            slot: anchor.slot,
            signature: anchor.signature.map(|it| Signature::from(it).to_string()),
            is_finalized: anchor.commitment == SavedCommitment::Finalized,
        };
        Self { anchors: anchors.iter().map(row).collect(), next: next.map(|period| period.0) }
    }
}

impl Display for AnchorListView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:>8}  {:>10}  {:>12}  ROOT", "PERIOD", "LEAVES", "SLOT")?;
        for row in &self.anchors {
            let AnchorRowView { period, leaf_count, slot, root, .. } = row;
            let leaves = leaf_count.map_or_else(|| "?".to_owned(), |count| count.to_string());
            write!(f, "\n{period:>8}  {leaves:>10}  {slot:>12}  {root}")?;
        }
        super::more(f, self.next)
    }
}
