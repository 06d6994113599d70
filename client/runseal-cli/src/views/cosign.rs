use super::counted;
use crate::exit::Exit;
use runseal_client::cosigning::Cosigned;
use runseal_types::Period;
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// What was cosigned, and what was not.
#[derive(Default, Serialize)]
#[serde(transparent)]
pub(crate) struct CosignView(Vec<RowView>);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowView {
    period: u64,
    state: &'static str,
    anchor_hash: Option<String>,
    signature: Option<String>,
    reason: Option<String>,
}

impl CosignView {
    pub(crate) fn add(&mut self, period: Period, cosigned: &Cosigned) {
        let state = match cosigned {
            Cosigned::Now { .. } => "cosigned",
            Cosigned::Before => "cosigned before",
            Cosigned::NotMirrored => "not mirrored",
            Cosigned::Differs(_) => "differs",
            Cosigned::AnchorClosed => "anchor closed",
            Cosigned::NotAnchored => "not anchored",
        };
        let mut row =
            RowView { period: period.0, state, anchor_hash: None, signature: None, reason: None };
        match cosigned {
            Cosigned::Now { anchor_hash, landed } => {
                row.anchor_hash = Some(anchor_hash.to_string());
                row.signature = Some(landed.signature.to_string());
            }
            Cosigned::Differs(difference) => row.reason = Some(difference.to_string()),
            _ => {}
        }
        self.0.push(row);
    }

    /// A list that differs is a finding; one that is not mirrored was not asked about.
    pub(crate) fn exit(&self) -> Exit {
        let differs = self.0.iter().any(|row| row.state == "differs");
        if differs { Exit::Failed } else { Exit::Done }
    }
}

impl Display for CosignView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let new = self.0.iter().filter(|row| row.state == "cosigned").count();
        write!(f, "{new} of {} cosigned now", counted(self.0.len(), "period"))?;
        for row in &self.0 {
            write!(f, "\nperiod {}: {}", row.period, row.state)?;
            if let Some(detail) = row.reason.as_ref().or(row.anchor_hash.as_ref()) {
                write!(f, ": {detail}")?;
            }
        }
        Ok(())
    }
}
