use runseal_engine::{Bundle, Outcome, Report};
use runseal_receipt::json::Value;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::{
    fmt::{self, Display, Formatter},
    path::Path,
};

/// A verdict, check by check.
pub(crate) struct ReportView<'a>(&'a Report);

impl<'a> ReportView<'a> {
    pub(crate) fn new(report: &'a Report) -> Self {
        Self(report)
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
        for check in &self.0.checks {
            let outcome = match check.reason.outcome() {
                Outcome::Pass => "pass",
                Outcome::Fail => "FAIL",
                Outcome::Unknown if check.required => "UNKNOWN",
                Outcome::Unknown => "unknown, not required",
            };
            let (name, sentence) = (check.check.as_str(), check.reason.sentence());
            write!(f, "\n{outcome:<8} {name:<18} {sentence}")?;
            if check.reason.outcome() != Outcome::Pass {
                check.facts.iter().try_for_each(|(fact, value)| {
                    write!(f, "\n{:<27} {fact}: {}", "", text_of(value))
                })?;
            }
        }
        Ok(())
    }
}

/// Text as it is, everything else as JSON.
fn text_of(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
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
