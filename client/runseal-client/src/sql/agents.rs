use super::{
    Database, Failure, Row, Sql,
    columns::{address_at, find_text_at, list_rows, not_a, parsed_at, text_at},
    datum::values,
};
use crate::store::{AgentName, Agents, Conflict, Lifecycle, LifecycleStatus, StoreError, Stored};
use runseal_types::{Address, Timestamp};

impl<D: Database + ?Sized> Agents for D {
    fn name_agent(&self, name: &AgentName) -> Result<Stored, StoreError> {
        let name = name.clone();
        self.write(move |sql| name_agent(sql, &name))
    }

    fn find_agent(&self, agent_id: &str) -> Result<Option<AgentName>, StoreError> {
        self.read(|sql| find_by_id(sql, agent_id))
    }

    fn find_agent_name(&self, agent: &Address) -> Result<Option<AgentName>, StoreError> {
        self.read(|sql| find_by_agent(sql, agent))
    }

    fn put_lifecycle(
        &self,
        lifecycle: &Lifecycle,
        expected: Option<LifecycleStatus>,
    ) -> Result<(), StoreError> {
        let lifecycle = lifecycle.clone();
        self.write(move |sql| put(sql, &lifecycle, expected))
    }

    fn find_lifecycle(&self, agent_id: &str) -> Result<Option<Lifecycle>, StoreError> {
        self.read(|sql| find(sql, agent_id))
    }

    fn list_lifecycles(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Lifecycle>, StoreError> {
        self.read(|sql| {
            let query = format!(
                "{LIFECYCLES} WHERE ?1 IS NULL OR agent_id > ?1 ORDER BY agent_id LIMIT ?2"
            );
            sql.all(&query, values![after, list_rows(limit)], lifecycle_of)
        })
    }
}

const LIFECYCLES: &str = "SELECT agent_id, status, registered_at, activated_at, paused_at,
    retired_at, last_heartbeat, metadata FROM lifecycles";

fn lifecycle_of(row: &dyn Row) -> Result<Lifecycle, Failure> {
    let time = |index| {
        let text = row.text(index)?;
        text.map(|text| text.parse().map_err(|_| not_a("time", index))).transpose()
    };
    Ok(Lifecycle {
        agent_id: text_at(row, 0)?,
        status: parsed_at(row, 1, "status", LifecycleStatus::find)?,
        registered_at: parsed_at(row, 2, "time", |text| text.parse().ok())?,
        activated_at: time(3)?,
        paused_at: time(4)?,
        retired_at: time(5)?,
        last_heartbeat: time(6)?,
        metadata: find_text_at(row, 7)?,
    })
}

fn find(sql: &dyn Sql, agent_id: &str) -> Result<Option<Lifecycle>, Failure> {
    let query = format!("{LIFECYCLES} WHERE agent_id = ?1");
    sql.one(&query, values![agent_id], lifecycle_of)
}

fn put(
    sql: &dyn Sql,
    lifecycle: &Lifecycle,
    expected: Option<LifecycleStatus>,
) -> Result<(), Failure> {
    let stored = find(sql, &lifecycle.agent_id)?.map(|stored| stored.status);
    if stored != expected {
        let agent_id = lifecycle.agent_id.clone();
        return Err(Conflict::LifecycleChanged { agent_id, stored, expected }.into());
    }
    let text = |time: &Option<Timestamp>| time.as_ref().map(ToString::to_string);
    let replace = "INSERT INTO lifecycles (agent_id, status, registered_at, activated_at,
        paused_at, retired_at, last_heartbeat, metadata) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (agent_id) DO UPDATE SET status = ?2, registered_at = ?3, activated_at = ?4,
        paused_at = ?5, retired_at = ?6, last_heartbeat = ?7, metadata = ?8";
    sql.execute(
        replace,
        values![
            &lifecycle.agent_id,
            lifecycle.status.as_str(),
            &lifecycle.registered_at.to_string(),
            &text(&lifecycle.activated_at),
            &text(&lifecycle.paused_at),
            &text(&lifecycle.retired_at),
            &text(&lifecycle.last_heartbeat),
            &lifecycle.metadata,
        ],
    )?;
    Ok(())
}

fn name_of(row: &dyn Row) -> Result<AgentName, Failure> {
    Ok(AgentName { agent_id: text_at(row, 0)?, agent: address_at(row, 1)? })
}

fn find_by_id(sql: &dyn Sql, agent_id: &str) -> Result<Option<AgentName>, Failure> {
    let query = "SELECT agent_id, agent FROM agent_names WHERE agent_id = ?1";
    sql.one(query, values![agent_id], name_of)
}

fn find_by_agent(sql: &dyn Sql, agent: &Address) -> Result<Option<AgentName>, Failure> {
    let query = "SELECT agent_id, agent FROM agent_names WHERE agent = ?1";
    sql.one(query, values![agent], name_of)
}

fn name_agent(sql: &dyn Sql, name: &AgentName) -> Result<Stored, Failure> {
    let differs = |stored: String| {
        let agent_id = name.agent_id.clone();
        Failure::from(Conflict::AgentDiffers { agent_id, stored, offered: name.agent })
    };
    match find_by_id(sql, &name.agent_id)? {
        Some(stored) if stored == *name => return Ok(Stored::Before),
        Some(stored) => return Err(differs(stored.agent.to_string())),
        None => {}
    }
    if let Some(stored) = find_by_agent(sql, &name.agent)? {
        return Err(differs(stored.agent_id));
    }
    let insert = "INSERT INTO agent_names (agent_id, agent) VALUES (?1, ?2)";
    sql.execute(insert, values![&name.agent_id, &name.agent])?;
    Ok(Stored::New)
}
