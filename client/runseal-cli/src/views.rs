//! Results as users see them: fields for programs, lines for people.

mod agent;
mod agent_audit;
mod anchoring;
mod auditor;
mod backup;
mod certification;
mod claimed;
mod config;
mod cosign;
mod cost;
mod deploy;
mod done;
mod fsck;
mod log;
mod log_audit;
mod mirror;
mod moment;
mod period;
mod program;
mod promise;
mod receipt;
mod report;
mod sealed_receipt;
mod slashed;

pub(crate) use agent::{AgentListView, AgentView, AgentWithVersions, VersionView};
pub(crate) use agent_audit::AgentAuditView;
pub(crate) use anchoring::{AnchorListView, AnchoringView};
pub(crate) use auditor::{AuditorListView, AuditorView};
pub(crate) use backup::BackupView;
pub(crate) use certification::{CertifierListView, CertifierView, StatusView};
pub(crate) use claimed::ClaimedView;
pub(crate) use config::ConfigView;
pub(crate) use cosign::CosignView;
pub(crate) use cost::{CostView, DayView};
pub(crate) use deploy::{DeployView, PlanView};
pub(crate) use done::{AddressView, BalanceView, DoneView};
pub(crate) use fsck::FsckView;
pub(crate) use log::{ClaimListView, ClaimView, LogListView, LogView};
pub(crate) use log_audit::LogAuditView;
pub(crate) use mirror::MirrorView;
pub(crate) use moment::{ClockView, MomentView};
pub(crate) use period::{ExportView, PeriodListView, PeriodView};
pub(crate) use program::ProgramView;
pub(crate) use promise::PromiseView;
pub(crate) use receipt::{AnswerView, ImportView, ReceiptListView, ReceiptView};
pub(crate) use report::{Question, ReportView, WrittenView};
pub(crate) use sealed_receipt::SealedReceiptView;
pub(crate) use slashed::{SharesView, SlashedView};

use std::fmt::{self, Display, Formatter};

/// What stands for an address that is not set.
fn set(address: &solana_address::Address) -> Option<String> {
    Some(address).filter(|address| **address != Default::default()).map(ToString::to_string)
}

/// The letter of a stage.
pub(crate) fn stage_letter(stage: u8) -> char {
    char::from(b'A' + stage.saturating_sub(1))
}

/// A number of things: `1 leaf`, `2 leaves`.
fn counted<N: Display + PartialEq + From<u8>>(count: N, one: &str) -> String {
    let many = match one.strip_suffix("leaf") {
        Some(before) => format!("{before}leaves"),
        None => format!("{one}s"),
    };
    format!("{count} {}", if count == N::from(1) { one } else { &many })
}

/// Says how a list goes on whose pages begin with a period.
fn more(f: &mut Formatter<'_>, next: Option<u64>) -> fmt::Result {
    match next {
        Some(next) => write!(f, "\nmore: --from {next}"),
        None => Ok(()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
