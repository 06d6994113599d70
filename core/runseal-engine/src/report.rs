//! A verdict, check by check, in one shape for everybody. docs/spec/verdict.md.

mod reason;

pub use reason::{Check, Outcome, Reason};

use crate::policy::Policy;
use runseal_receipt::{
    json::{Object, Value},
    member::object_of,
};

/// The version of reports that this crate writes.
pub const REPORT_VERSION: &str = "runseal/report/v1";

/// What a bundle comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every check that is required passed, and none failed.
    Verified,
    /// A check failed.
    Failed,
    /// None failed, but one that is required could not be decided.
    Incomplete,
}

impl Verdict {
    /// Returns the word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "VERIFIED",
            Self::Failed => "FAILED",
            Self::Incomplete => "INCOMPLETE",
        }
    }
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) reason: Reason,
    pub(crate) facts: Object,
}

impl Finding {
    pub(crate) fn fact(mut self, name: &str, fact: impl Into<Value>) -> Self {
        self.facts.insert(name.to_owned(), fact.into());
        self
    }

    /// Says what was expected and what was found.
    pub(crate) fn differs(self, expected: impl Into<Value>, found: impl Into<Value>) -> Self {
        self.fact("expected", expected).fact("found", found)
    }

    /// Says what is wrong in the words of an error.
    pub(crate) fn because(self, problem: impl ToString) -> Self {
        self.fact("problem", Value::Text(problem.to_string()))
    }
}

impl From<Reason> for Finding {
    fn from(reason: Reason) -> Self {
        Self { reason, facts: Object::new() }
    }
}

/// What a check found, and whether the policy requires it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckReport {
    /// Which check.
    pub check: Check,
    /// Why it came out as it did.
    pub reason: Reason,
    /// What was expected and found.
    pub facts: Object,
    /// Whether the policy requires that it passes.
    pub required: bool,
}

/// A verdict with everything that it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What it is about.
    pub subject: Object,
    /// The checks, in their order.
    pub checks: Vec<CheckReport>,
}

impl Report {
    pub(crate) fn new(
        subject: Object,
        policy: &Policy,
        found: impl IntoIterator<Item = (Check, Finding)>,
    ) -> Self {
        let report = |(check, finding): (Check, Finding)| CheckReport {
            check,
            reason: finding.reason,
            facts: finding.facts,
            required: policy.requires(check),
        };
        Self { subject, checks: found.into_iter().map(report).collect() }
    }

    /// Returns the verdict.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let has = |outcome, required: bool| {
            let mut checks = self.checks.iter();
            checks.any(|check| check.reason.outcome() == outcome && (check.required || !required))
        };
        if has(Outcome::Fail, false) {
            Verdict::Failed
        } else if self.checks.is_empty() || has(Outcome::Unknown, true) {
            Verdict::Incomplete
        } else {
            Verdict::Verified
        }
    }

    /// Finds what a check found.
    #[must_use]
    pub fn find(&self, check: Check) -> Option<&CheckReport> {
        self.checks.iter().find(|report| report.check == check)
    }

    /// Returns the report as it is sent.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::Object(object_of([
            ("version", Value::from(REPORT_VERSION)),
            ("verdict", Value::from(self.verdict().as_str())),
            ("subject", Value::from(self.subject.clone())),
            ("checks", self.checks.iter().map(CheckReport::to_object).collect()),
        ]))
    }
}

impl CheckReport {
    fn to_object(&self) -> Object {
        object_of([
            ("check", Value::from(self.check.as_str())),
            ("outcome", Value::from(self.reason.outcome().as_str())),
            ("code", Value::from(self.reason.code())),
            ("sentence", Value::from(self.reason.sentence())),
            ("facts", Value::from(self.facts.clone())),
            ("required", Value::Bool(self.required)),
        ])
    }
}
