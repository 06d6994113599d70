use super::counted;
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// What a check of the store found.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FsckView {
    findings: Vec<String>,
    /// How many anchors were compared with the chain; none if it was not asked.
    anchors_compared: Option<u64>,
    /// How many the chain no longer has, and nothing proves what they said.
    anchors_closed: Option<u64>,
}

impl FsckView {
    pub(crate) fn add(&mut self, finding: String) {
        self.findings.push(finding);
    }

    pub(crate) fn set_compared(&mut self, anchors: u64, closed: u64) {
        self.anchors_compared = Some(anchors);
        self.anchors_closed = Some(closed);
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

impl Display for FsckView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        match self.findings.len() {
            0 => write!(f, "clean")?,
            many => write!(f, "{}", counted(many, "finding"))?,
        }
        match (self.anchors_compared, self.anchors_closed) {
            (Some(anchors), Some(closed)) => {
                let anchors = counted(anchors, "anchor");
                write!(f, "; {anchors} compared with the chain, {closed} closed and not known")
            }
            _ => write!(f, "; not compared with the chain"),
        }
    }
}
