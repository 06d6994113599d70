use crate::{
    SqliteStore,
    columns::{address_at, list_rows, not_a, parsed_at},
    failure::Failure,
};
use runseal_client::{
    StoreError,
    store::{AgentName, Agents, Conflict, Lifecycle, LifecycleStatus, Stored},
};
use runseal_types::{Address, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

impl Agents for SqliteStore {
    fn name_agent(&self, name: &AgentName) -> Result<Stored, StoreError> {
        let name = name.clone();
        self.write(move |connection| name_agent(connection, &name))
    }

    fn find_agent(&self, agent_id: &str) -> Result<Option<AgentName>, StoreError> {
        self.read(|connection| find_by_id(connection, agent_id))
    }

    fn find_agent_name(&self, agent: &Address) -> Result<Option<AgentName>, StoreError> {
        self.read(|connection| find_by_agent(connection, agent))
    }

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

fn name_of(row: &Row<'_>) -> rusqlite::Result<AgentName> {
    Ok(AgentName { agent_id: row.get(0)?, agent: address_at(row, 1)? })
}

fn find_by_id(connection: &Connection, agent_id: &str) -> Result<Option<AgentName>, Failure> {
    let query = "SELECT agent_id, agent FROM agent_names WHERE agent_id = ?1";
    Ok(connection.prepare_cached(query)?.query_row([agent_id], name_of).optional()?)
}

fn find_by_agent(connection: &Connection, agent: &Address) -> Result<Option<AgentName>, Failure> {
    let query = "SELECT agent_id, agent FROM agent_names WHERE agent = ?1";
    Ok(connection.prepare_cached(query)?.query_row([agent.as_bytes()], name_of).optional()?)
}

fn name_agent(connection: &Connection, name: &AgentName) -> Result<Stored, Failure> {
    let differs = |stored: String| {
        let agent_id = name.agent_id.clone();
        Failure::from(Conflict::AgentDiffers { agent_id, stored, offered: name.agent })
    };
    match find_by_id(connection, &name.agent_id)? {
        Some(stored) if stored == *name => return Ok(Stored::Before),
        Some(stored) => return Err(differs(stored.agent.to_string())),
        None => {}
    }
    if let Some(stored) = find_by_agent(connection, &name.agent)? {
        return Err(differs(stored.agent_id));
    }
    let insert = "INSERT INTO agent_names (agent_id, agent) VALUES (?1, ?2)";
    connection.prepare_cached(insert)?.execute(params![name.agent_id, name.agent.as_bytes()])?;
    Ok(Stored::New)
}
