use super::{ClaimView, LogView};
use crate::exit::Exit;
use runseal_client::{anchors::KnownLog, closed::Refused, registry::Found};
use runseal_engine::{
    anchor_step::Delay,
    audit::log::{Defect, LogReport},
};
use runseal_registry::state::{Claim, ClaimState};
use runseal_types::Period;
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// What a walk through a log came to: docs/spec/audit.md.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogAuditView {
    conclusion: &'static str,
    /// Whether every anchor was read and all of them lead to what the log says.
    is_whole: bool,
    defects: Vec<DefectView>,
    late_periods: Vec<u64>,
    missed_periods: Vec<u64>,
    /// The periods whose anchor's account is closed.
    closed_periods: Vec<u64>,
    /// Those of them of which it is not proven what the anchor said.
    unknown_periods: Vec<u64>,
    /// Whether the next period's anchor should be there by now.
    is_overdue: bool,
    open_claim_count: usize,
    answered_claim_count: usize,
    upheld_claim_count: usize,
    log: LogView,
    claims: Vec<ClaimView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DefectView {
    /// The period; none if it is about the log itself.
    period: Option<u64>,
    sentence: String,
}

impl LogAuditView {
    pub(crate) fn new(
        log: &KnownLog,
        report: &LogReport,
        refused: &[Refused],
        claims: &[Found<Claim>],
        now_seconds: i64,
    ) -> Self {
        let address = log.chain_address();
        let deadline = log.account.period_deadline(log.anchor_count());
        let count = |state: ClaimState| {
            claims.iter().filter(|claim| claim.account.state == state as u8).count()
        };
        let delayed = |wanted: Delay| {
            let periods = report.delayed.iter().filter(|(_, delay)| *delay == wanted);
            periods.map(|(period, _)| period.0).collect()
        };
        let numbers = |periods: &[Period]| periods.iter().map(|period| period.0).collect();
        let defects = report.defects.iter().map(DefectView::from);
        let mut view = Self {
            conclusion: "",
            is_whole: report.is_whole,
            defects: defects.chain(refused.iter().map(DefectView::from)).collect(),
            late_periods: delayed(Delay::Late),
            missed_periods: delayed(Delay::Missed),
            closed_periods: numbers(&report.closed),
            unknown_periods: numbers(&report.unknown),
            is_overdue: deadline.is_ok_and(|deadline| deadline < now_seconds),
            open_claim_count: count(ClaimState::Open),
            answered_claim_count: count(ClaimState::Answered),
            upheld_claim_count: count(ClaimState::Upheld),
            log: LogView::from(&Found { address, account: log.account }),
            claims: claims.iter().map(ClaimView::from).collect(),
        };
        view.conclusion = match view.exit() {
            Exit::Done => "WHOLE",
            Exit::Failed => "FAILED",
            _ => "UNKNOWN",
        };
        view
    }

    /// A contradiction and an upheld claim are for good; a closed anchor that nobody knows, an open claim
    /// and an anchor that should be there leave something open. Late anchors are told, and are no failure.
    pub(crate) fn exit(&self) -> Exit {
        if !self.defects.is_empty() || self.upheld_claim_count > 0 {
            Exit::Failed
        } else if !self.is_whole || self.open_claim_count > 0 || self.is_overdue {
            Exit::Unknown
        } else {
            Exit::Done
        }
    }
}

impl From<&(Option<Period>, Defect)> for DefectView {
    fn from((period, defect): &(Option<Period>, Defect)) -> Self {
        Self { period: period.map(|period| period.0), sentence: defect.to_string() }
    }
}

impl From<&Refused> for DefectView {
    fn from(refused: &Refused) -> Self {
        Self { period: Some(refused.period.0), sentence: refused.to_string() }
    }
}

impl Display for LogAuditView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}", self.conclusion, self.log)?;
        for defect in &self.defects {
            match defect.period {
                Some(period) => writeln!(f, "FAIL           period {period}: {}", defect.sentence)?,
                None => writeln!(f, "FAIL           {}", defect.sentence)?,
            }
        }
        for (name, periods) in [
            ("Late", &self.late_periods),
            ("Missed", &self.missed_periods),
            ("Closed", &self.closed_periods),
            ("Unknown", &self.unknown_periods),
        ] {
            if !periods.is_empty() {
                let numbers: Vec<String> = periods.iter().map(ToString::to_string).collect();
                writeln!(f, "{name:<15}{}", numbers.join(", "))?;
            }
        }
        if self.is_overdue {
            writeln!(f, "Overdue        period {}", self.log.next_period())?;
        }
        let (open, answered) = (self.open_claim_count, self.answered_claim_count);
        write!(
            f,
            "All claims     {open} open, {answered} answered, {} upheld",
            self.upheld_claim_count
        )
    }
}
