use super::counted;
use crate::exit::Exit;
use runseal_client::mirror::{PeriodState, SourceError};
use runseal_types::Period;
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// Where the source broke off.
const UNAVAILABLE: &str = "unavailable";

/// What a mirror has of a log.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MirrorView {
    log: String,
    periods: Vec<RowView>,
    #[serde(skip)]
    exits: Vec<Exit>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowView {
    period: u64,
    state: &'static str,
    leaf_count: Option<u64>,
    root: Option<String>,
    /// Whether it was there, and right, before.
    was_kept: Option<bool>,
    /// Whether the anchor's account is closed, and what it said proven by the log.
    is_anchor_closed: Option<bool>,
    /// How it differs, or why nothing came.
    reason: Option<String>,
    /// What the list that differs is called now.
    kept_as: Option<String>,
}

impl MirrorView {
    pub(crate) fn new(log: &impl ToString) -> Self {
        Self { log: log.to_string(), periods: Vec::new(), exits: Vec::new() }
    }

    /// Takes note of a period, and says what follows from it.
    pub(crate) fn add(&mut self, period: Period, state: PeriodState) -> Exit {
        let mut row = RowView::new(period, "ok");
        let exit = match state {
            PeriodState::Checked { leaf_count, root, was_kept, is_anchor_closed } => {
                row.leaf_count = Some(leaf_count);
                row.root = Some(root.to_string());
                row.was_kept = Some(was_kept);
                row.is_anchor_closed = Some(is_anchor_closed);
                Exit::Done
            }
            PeriodState::Differs { difference, kept_as } => {
                row.state = "differs";
                row.reason = Some(difference.to_string());
                row.kept_as = Some(kept_as);
                Exit::Failed
            }
            PeriodState::Missing => row.unknown("missing", "the source has no such list"),
            PeriodState::AnchorClosed(closed) => row.unknown("unknown", &closed.to_string()),
            PeriodState::AnchorDiffers { reason, kept_as } => {
                row.state = "differs";
                row.reason = Some(reason);
                row.kept_as = Some(kept_as);
                Exit::Failed
            }
            PeriodState::NotAnchored => {
                row.unknown("not anchored", "the log has no anchor of this period yet")
            }
        };
        self.periods.push(row);
        self.exits.push(exit);
        exit
    }

    /// Takes note of a period that the source broke off in; later ones were not tried.
    pub(crate) fn add_unavailable(&mut self, period: Period, error: &SourceError) -> Exit {
        let mut row = RowView::new(period, UNAVAILABLE);
        row.reason = Some(error.to_string());
        self.periods.push(row);
        self.exits.push(Exit::Unavailable);
        self.exit()
    }

    /// What follows from all of them: a list that differs is worse than one that did not come.
    pub(crate) fn exit(&self) -> Exit {
        let worst = [Exit::Failed, Exit::Unavailable, Exit::Unknown];
        worst.into_iter().find(|exit| self.exits.contains(exit)).unwrap_or(Exit::Done)
    }
}

impl RowView {
    fn new(period: Period, state: &'static str) -> Self {
        Self {
            period: period.0,
            state,
            leaf_count: None,
            root: None,
            was_kept: None,
            is_anchor_closed: None,
            reason: None,
            kept_as: None,
        }
    }

    fn unknown(&mut self, state: &'static str, reason: &str) -> Exit {
        self.state = state;
        self.reason = Some(reason.to_owned());
        Exit::Unknown
    }
}

impl Display for MirrorView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let ok = self.periods.iter().filter(|row| row.state == "ok");
        let (ok_count, leaves) =
            ok.fold((0u64, 0u64), |sum, row| (sum.0 + 1, sum.1 + row.leaf_count.unwrap_or(0)));
        let (tried, leaves) = (counted(self.periods.len(), "period"), counted(leaves, "leaf"));
        write!(f, "Log {}\n{ok_count} of {tried} ok, {leaves}", self.log)?;
        for row in self.periods.iter().filter(|row| row.state != "ok") {
            let reason = row.reason.as_deref().unwrap_or_default();
            write!(f, "\nperiod {}: {}: {reason}", row.period, row.state)?;
            if let Some(kept_as) = &row.kept_as {
                write!(f, "; kept as {kept_as}")?;
            }
            if row.state == UNAVAILABLE {
                write!(f, "\nlater periods were not tried")?;
            }
        }
        Ok(())
    }
}
