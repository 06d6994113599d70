use crate::{
    SqliteStore,
    columns::{list_rows, not_a, parsed_at},
    failure::Failure,
};
use runseal_client::{
    StoreError,
    store::{Agents, Conflict, Lifecycle, LifecycleStatus},
};
use runseal_types::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

impl Agents for SqliteStore {
    fn put_lifecycle(
        &self,
        lifecycle: &Lifecycle,
        expected: Option<LifecycleStatus>,
    ) -> Result<(), StoreError> {
        let lifecycle = lifecycle.clone();
        self.write(move |connection| put(connection, &lifecycle, expected))
    }

    fn find_lifecycle(&self, agent_id: &str) -> Result<Option<Lifecycle>, StoreError> {
        self.read(|connection| find(connection, agent_id))
    }

    fn list_lifecycles(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Lifecycle>, StoreError> {
        self.read(|connection| {
            let query = format!(
                "{LIFECYCLES} WHERE ?1 IS NULL OR agent_id > ?1 ORDER BY agent_id LIMIT ?2"
            );
            let mut statement = connection.prepare_cached(&query)?;
            let rows = statement.query_map(params![after, list_rows(limit)], lifecycle_of)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

const LIFECYCLES: &str = "SELECT agent_id, status, registered_at, activated_at, paused_at,
    retired_at, last_heartbeat, metadata FROM lifecycles";

fn lifecycle_of(row: &Row<'_>) -> rusqlite::Result<Lifecycle> {
    let time = |index| {
        let text: Option<String> = row.get(index)?;
        text.map(|text| text.parse().map_err(|_| not_a("time", index))).transpose()
    };
    Ok(Lifecycle {
        agent_id: row.get(0)?,
        status: parsed_at(row, 1, "status", LifecycleStatus::find)?,
        registered_at: parsed_at(row, 2, "time", |text| text.parse().ok())?,
        activated_at: time(3)?,
        paused_at: time(4)?,
        retired_at: time(5)?,
        last_heartbeat: time(6)?,
        metadata: row.get(7)?,
    })
}

fn find(connection: &Connection, agent_id: &str) -> Result<Option<Lifecycle>, Failure> {
    let query = format!("{LIFECYCLES} WHERE agent_id = ?1");
    Ok(connection.prepare_cached(&query)?.query_row([agent_id], lifecycle_of).optional()?)
}

fn put(
    connection: &Connection,
    lifecycle: &Lifecycle,
    expected: Option<LifecycleStatus>,
) -> Result<(), Failure> {
    let stored = find(connection, &lifecycle.agent_id)?.map(|stored| stored.status);
    if stored != expected {
        let agent_id = lifecycle.agent_id.clone();
        return Err(Conflict::LifecycleChanged { agent_id, stored, expected }.into());
    }
    let text = |time: &Option<Timestamp>| time.as_ref().map(ToString::to_string);
    let replace =
        "INSERT OR REPLACE INTO lifecycles (agent_id, status, registered_at, activated_at,
        paused_at, retired_at, last_heartbeat, metadata) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    connection.prepare_cached(replace)?.execute(params![
        lifecycle.agent_id,
        lifecycle.status.as_str(),
        lifecycle.registered_at.to_string(),
        text(&lifecycle.activated_at),
        text(&lifecycle.paused_at),
        text(&lifecycle.retired_at),
        text(&lifecycle.last_heartbeat),
        lifecycle.metadata,
    ])?;
    Ok(())
}
