use runseal_client::audits::Unknown;
use runseal_engine::audit::agent::{AgentReport, Range, Span};
use runseal_types::{Address, Period};
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// What an audit of an agent came to: docs/spec/audit.md.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AgentAuditView {
    conclusion: &'static str,
    agent: String,
    log: String,
    from: u64,
    to: u64,
    /// All numbers from the first to the last.
    spans: Vec<SpanView>,
    /// The anchored periods whose leaves are not known.
    unknown_periods: Vec<UnknownView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SpanView {
    from: u64,
    to: u64,
    conclusion: &'static str,
    standing: &'static str,
    sentence: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UnknownView {
    period: u64,
    reason: String,
}

impl AgentAuditView {
    pub(crate) fn new(
        agent: &Address,
        log: &Address,
        range: Range,
        report: &AgentReport,
        unknown: &[(Period, Unknown)],
    ) -> Self {
        Self {
            conclusion: report.conclusion().as_str(),
            agent: agent.to_string(),
            log: log.to_string(),
            from: range.from.0,
            to: range.to.0,
            spans: report.spans.iter().map(SpanView::from).collect(),
            unknown_periods: unknown.iter().map(UnknownView::from).collect(),
        }
    }
}

impl From<&Span> for SpanView {
    fn from(span: &Span) -> Self {
        Self {
            from: span.range.from.0,
            to: span.range.to.0,
            conclusion: span.standing.conclusion().as_str(),
            standing: span.standing.code(),
            sentence: span.standing.to_string(),
        }
    }
}

impl From<&(Period, Unknown)> for UnknownView {
    fn from((period, unknown): &(Period, Unknown)) -> Self {
        Self { period: period.0, reason: unknown.to_string() }
    }
}

impl Display for AgentAuditView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.conclusion)?;
        write!(f, "Agent {} in log {}", self.agent, self.log)?;
        for span in &self.spans {
            let numbers = match (span.from, span.to) {
                (from, to) if from == to => from.to_string(),
                (from, to) => format!("{from} to {to}"),
            };
            write!(f, "\n{:<8}  {numbers:>16}  {}", span.conclusion, span.sentence)?;
        }
        self.unknown_periods
            .iter()
            .try_for_each(|one| write!(f, "\nperiod {} is not known: {}", one.period, one.reason))
    }
}
