use runseal_client::audits::Unknown;
use runseal_engine::audit::agent::{AgentReport, Conclusion, Range, Span, Standing};
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
            conclusion: word(report.conclusion()),
            agent: agent.to_string(),
            log: log.to_string(),
            from: range.from.0,
            to: range.to.0,
            spans: report.spans.iter().map(SpanView::from).collect(),
            unknown_periods: unknown.iter().map(UnknownView::from).collect(),
        }
    }
}

fn word(conclusion: Conclusion) -> &'static str {
    match conclusion {
        Conclusion::Complete => "COMPLETE",
        Conclusion::Omitted => "OMITTED",
        Conclusion::Unknown => "UNKNOWN",
    }
}

impl From<&Span> for SpanView {
    fn from(span: &Span) -> Self {
        let (standing, sentence) = words(&span.standing);
        Self {
            from: span.range.from.0,
            to: span.range.to.0,
            conclusion: word(span.standing.conclusion()),
            standing,
            sentence,
        }
    }
}

/// A standing's code and its sentence.
fn words(standing: &Standing) -> (&'static str, String) {
    match standing {
        Standing::Anchored => ("anchored", "anchored once, as it is held".to_owned()),
        Standing::Skipped => {
            ("skipped", "in no period, though a later number is anchored".to_owned())
        }
        Standing::NotWherePromised { period, digest } => (
            "not-where-promised",
            format!("promised for period {period}, which does not have {digest}"),
        ),
        Standing::OtherDigest { period, anchored, expected } => (
            "other-digest",
            format!("period {period} has {anchored} at this number, {expected} is held"),
        ),
        Standing::AnchoredTwice { first, second } => {
            ("anchored-twice", format!("anchored in period {first} and again in {second}"))
        }
        Standing::NotHeld => {
            ("not-held", "anchored once, but not held: nothing to compare".to_owned())
        }
        Standing::PeriodsUnknown => (
            "periods-unknown",
            "in no period whose leaves are known; others are not known".to_owned(),
        ),
        Standing::NotYet => ("not-yet", "nobody has anchored it or anything later".to_owned()),
    }
}

impl From<&(Period, Unknown)> for UnknownView {
    fn from((period, unknown): &(Period, Unknown)) -> Self {
        let reason = match unknown {
            Unknown::NotMirrored => "not mirrored here".to_owned(),
            Unknown::Differs(difference) => format!("what is mirrored differs: {difference}"),
            Unknown::AnchorClosed => "the anchor's account is closed".to_owned(),
        };
        Self { period: period.0, reason }
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
