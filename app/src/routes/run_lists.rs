//! Runs in lists, and how many there are.

use crate::{
    error::ApiError,
    service::{Api, Service},
    wire::{Answer, Fields, Moment, Params, Read},
};
use axum::Extension;
use runseal_client::store::{ListedRun, Position, RunFilter, RunState, Standing};
use runseal_receipt::Status;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

const MOST_RUNS: usize = 1_000;

#[derive(Serialize, ToSchema)]
pub(crate) struct RunList {
    runs: Vec<RunItem>,
    /// Where to go on; none where the list ended.
    next: Option<u64>,
}

#[derive(Serialize, ToSchema)]
struct RunItem {
    run_id: String,
    status: &'static str,
    trace_id: String,
    agent_id: String,
    started_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    root_hash: Option<String>,
}

/// Which runs are to be listed.
pub(crate) struct RunQuery {
    limit: usize,
    before: Option<Position>,
    status: Option<String>,
}

impl Read for RunQuery {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            limit: fields.limit("limit", 50, MOST_RUNS),
            before: fields.find_integer("before").map(Position),
            status: fields.find_any_text("status").filter(|status| !status.is_empty()),
        }
    }
}

pub(crate) async fn list(
    Extension(service): Api,
    Params(query): Params<RunQuery>,
) -> Answer<RunList> {
    let RunQuery { limit, before, status } = query;
    service.work(move |service| service.list_runs(status.as_deref(), before, limit)).await
}

impl Service {
    fn list_runs(
        &self,
        status: Option<&str>,
        before: Option<Position>,
        limit: usize,
    ) -> Result<RunList, ApiError> {
        let standing = match status {
            None => None,
            Some(word) => match Standing::find(word) {
                // Nothing is in a state that there is not.
                None => return Ok(RunList { runs: Vec::new(), next: None }),
                standing => standing,
            },
        };
        let page = self.store.latest_runs(&RunFilter { standing }, before, limit)?;
        let runs = page.items.into_iter().map(|run| self.item(run)).collect::<Result<_, _>>()?;
        Ok(RunList { runs, next: page.next.map(|position| position.0) })
    }

    fn item(&self, listed: ListedRun) -> Result<RunItem, ApiError> {
        let run = listed.row.run;
        Ok(RunItem {
            agent_id: self.agent_id(&run.agent)?,
            run_id: run.run_id,
            status: listed.standing.as_str(),
            trace_id: run.trace_id,
            started_at: Moment(run.started_at),
            root_hash: match listed.row.state {
                RunState::Active => None,
                RunState::Finished { receipt } => Some(receipt.to_string()),
            },
        })
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Stats {
    active_runs: u64,
    /// Runs that ended well.
    total_completed: u64,
    by_status: BTreeMap<String, u64>,
    by_adapter: BTreeMap<String, u64>,
}

pub(crate) async fn stats(Extension(service): Api) -> Answer<Stats> {
    service
        .work(|service| {
            let (mut by_status, mut by_adapter) = (BTreeMap::new(), BTreeMap::new());
            let (mut active_runs, mut total_completed) = (0, 0);
            for run in service.store.count_runs()? {
                add(&mut by_status, run.standing.as_str(), run.count);
                add(&mut by_adapter, &run.adapter, run.count);
                match run.standing {
                    Standing::Active => active_runs += run.count,
                    Standing::Ended(Status::Completed) => total_completed += run.count,
                    Standing::Ended(_) => {}
                }
            }
            Ok(Stats { active_runs, total_completed, by_status, by_adapter })
        })
        .await
}

fn add(counts: &mut BTreeMap<String, u64>, name: &str, count: u64) {
    let counter = counts.entry(name.to_owned()).or_default();
    *counter = counter.saturating_add(count);
}
