use runseal_client::{
    anchors::KnownLog,
    audits::{Gathered, Unknown},
};
use runseal_engine::audit::agent::{Range, Span, audit_agent};
use runseal_types::{Address, Period};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct AuditView {
    conclusion: &'static str,
    agent: String,
    log: String,
    from: u64,
    to: u64,
    /// How many periods are anchored.
    anchor_count: u64,
    /// How many leaves were checked, all agents' together.
    leaf_count: u64,
    /// All numbers from the first to the last.
    spans: Vec<SpanView>,
    /// The anchored periods whose leaves are not known.
    unknown_periods: Vec<UnknownView>,
}

#[derive(Serialize)]
struct SpanView {
    from: u64,
    to: u64,
    conclusion: &'static str,
    standing: &'static str,
    sentence: String,
}

#[derive(Serialize)]
struct UnknownView {
    period: u64,
    reason: String,
}

impl AuditView {
    pub(super) fn new(agent: &Address, log: &KnownLog, range: Range, gathered: &Gathered) -> Self {
        let report = audit_agent(&gathered.evidence, range);
        Self {
            conclusion: report.conclusion().as_str(),
            agent: agent.to_string(),
            log: log.address.to_string(),
            from: range.from.0,
            to: range.to.0,
            anchor_count: log.anchor_count(),
            leaf_count: gathered.leaf_count,
            spans: report.spans.iter().map(SpanView::from).collect(),
            unknown_periods: gathered.unknown.iter().map(UnknownView::from).collect(),
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
