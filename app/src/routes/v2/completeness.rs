//! Whether all of an agent's receipts are anchored: what the store holds and promised, against the
//! periods that it published and the chain anchored.

use super::agent_of;
use crate::{
    error::ApiError,
    service::{Api, Chain, Service},
    wire::{Answer, Fields, Params, Read, Segment},
};
use axum::{Extension, Json};
use runseal_client::{
    anchors::{KnownLog, LogError},
    audits::{self, AuditError, Gathered, Unknown},
    closed::{Anchors, OfferedBy},
    keys::theirs,
    mirror::ReadLists,
    proving,
    published::StoredLists,
};
use runseal_engine::audit::agent::{Range, Span, audit_agent, known_range};
use runseal_ledger::AnyLedger;
use runseal_types::{Address, Period, Sequence};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
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

#[derive(Serialize, ToSchema)]
struct SpanView {
    from: u64,
    to: u64,
    conclusion: &'static str,
    standing: &'static str,
    sentence: String,
}

#[derive(Serialize, ToSchema)]
struct UnknownView {
    period: u64,
    reason: String,
}

/// Which of an agent's receipts are asked for.
pub(crate) struct Wanted {
    from: Sequence,
    to: Option<Sequence>,
}

impl Read for Wanted {
    fn read(fields: &mut Fields<'_>) -> Self {
        let from = Sequence(fields.find_integer("from").unwrap_or(0));
        let to = fields.find_integer("to").map(Sequence);
        if to.is_some_and(|to| to < from) {
            fields.wrong("to", "value_error", "Input should not be before from");
        }
        Self { from, to }
    }
}

pub(crate) async fn audit(
    Extension(service): Api,
    Extension(ledger): Chain,
    Segment(agent): Segment<String>,
    Params(Wanted { from, to }): Params<Wanted>,
) -> Answer<AuditView> {
    let agent = agent_of(&agent)?;
    let audited = service.ask(&ledger, move |service, ledger| async move {
        service.audit(&ledger, &agent, from, to).await
    });
    Ok(Json(audited.await?))
}

impl Service {
    async fn audit(
        &self,
        ledger: &AnyLedger,
        agent: &Address,
        from: Sequence,
        to: Option<Sequence>,
    ) -> Result<AuditView, ApiError> {
        let store = &*self.store;
        let identity = proving::load_log(store)?;
        let log = KnownLog::read(ledger, theirs(&identity.log)).await?;
        let lists = StoredLists(store);
        let offers: [(OfferedBy, &dyn ReadLists); 1] = [(OfferedBy::Store, &lists)];
        let mut anchors = Anchors::new(ledger, &log, &offers);
        let mut gathered = audits::gather_leaves(&mut anchors, &lists, agent, &mut || ()).await?;
        audits::add_held(&mut gathered, store, &log, agent, from)?;
        let known = known_range(&gathered.evidence).map(|range| range.to);
        let nothing = || ApiError::not_found(format!("Nothing is known of agent {agent}"));
        let to = to.or(known).ok_or_else(nothing)?.max(from);
        Ok(view(agent, &log, Range { from, to }, &gathered))
    }
}

fn view(agent: &Address, log: &KnownLog, range: Range, gathered: &Gathered) -> AuditView {
    let report = audit_agent(&gathered.evidence, range);
    AuditView {
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

impl From<AuditError> for ApiError {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Log(error) => error.into(),
            AuditError::Store(error) => error.into(),
            AuditError::Keep(_) | AuditError::Promise { .. } => Self::failed(error),
        }
    }
}

impl From<LogError> for ApiError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Read(error) => error.into(),
            LogError::OtherChain { .. } | LogError::BadAnchor { .. } | LogError::BadRange => {
                Self::bad_gateway(error.to_string())
            }
        }
    }
}
