mod question;

pub(crate) use question::Question;

use super::stage_letter;
use runseal_engine::{Bundle, Outcome, Report};
use runseal_receipt::json::Value;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::{
    fmt::{self, Display, Formatter},
    path::Path,
};

/// A verdict, check by check.
pub(crate) struct ReportView<'a>(&'a Report, Question);

impl<'a> ReportView<'a> {
    pub(crate) fn new(report: &'a Report, question: Question) -> Self {
        Self(report, question)
    }
}

/// For programs it is the report itself: docs/spec/verdict.md.
impl Serialize for ReportView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = String::from_utf8(self.0.to_value().canonical());
        let text = text.map_err(serde::ser::Error::custom)?;
        RawValue::from_string(text).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl Display for ReportView<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.verdict().as_str())?;
        let mut lines = self.1.lines().iter();
        lines.try_for_each(|(about, words)| write!(f, "\n{about:<8} {words}"))?;
        for check in &self.0.checks {
            let outcome = match check.reason.outcome() {
                Outcome::Pass => "pass",
                Outcome::Fail => "FAIL",
                Outcome::Unknown if check.required => "UNKNOWN",
                Outcome::Unknown => "unknown, not required",
            };
            let (name, sentence) = (check.check.as_str(), check.reason.sentence());
            write!(f, "\n{outcome:<8} {name:<18} {sentence}")?;
            let is_pass = check.reason.outcome() == Outcome::Pass;
            // Of what passed, people want to know up to which stage.
            let mut facts = check.facts.iter().filter(|(fact, _)| !is_pass || *fact == STAGE);
            facts.try_for_each(|(fact, value)| {
                write!(f, "\n{:<27} {fact}: {}", "", text_of(fact, value))
            })?;
        }
        Ok(())
    }
}

/// The fact that is a letter for people, and a number for programs.
const STAGE: &str = "stage";

/// Text as it is, a stage as its letter, everything else as JSON.
fn text_of(fact: &str, value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) if fact == STAGE => {
            let stage = number.as_u64().and_then(|stage| u8::try_from(stage).ok());
            stage.map_or_else(|| "?".to_owned(), |stage| stage_letter(stage).to_string())
        }
        other => String::from_utf8_lossy(&other.canonical()).into_owned(),
    }
}

/// A bundle that was written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WrittenView {
    file: String,
    size_bytes: usize,
    kind: &'static str,
    period: u64,
}

impl WrittenView {
    pub(crate) fn new(path: &Path, size_bytes: usize, bundle: &Bundle) -> Self {
        let parts = bundle.parts();
        Self {
            file: path.display().to_string(),
            size_bytes,
            kind: parts.statement.kind(),
            period: parts.place.period.0,
        }
    }
}

impl Display for WrittenView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { file, size_bytes, kind, period } = self;
        write!(f, "{file}: {kind} in period {period}, {size_bytes} bytes")
    }
}
