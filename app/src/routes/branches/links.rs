//! Branches in their agents' ledgers, and the runs that they became.

use super::{DOMAIN, LINK, Linked, TYPE};
use crate::{
    error::ApiError,
    ids,
    routes::graph::LinkRequest,
    service::{Agent, Service, Told, hash_of, text_of},
    wire::Moment,
};
use runseal_client::store::{EntryRecord, RunState};
use runseal_receipt::{
    graph::Relation,
    json::{Object, Value},
    member::object_of,
};

impl Service {
    /// Finds the run that a branch goes on from; another agent's is none.
    pub(super) fn origin(&self, agent: &Agent, run_id: &str) -> Result<Told, ApiError> {
        let missing = || ApiError::bad_request(format!("Run not found: {run_id}"));
        let told = self.find_told(run_id)?.ok_or_else(missing)?;
        if told.agent.address == agent.address { Ok(told) } else { Err(missing()) }
    }

    pub(super) fn branch(
        &self,
        agent: &Agent,
        branch_type: &str,
        origin: Object,
        modifications: Option<Object>,
    ) -> Result<Object, ApiError> {
        let branch_id = ids::stamped("branch")?;
        let mut branch = object_of([
            ("branch_id", Value::from(branch_id.as_str())),
            ("branch_type", Value::from(branch_type)),
            ("agent_id", Value::from(agent.agent_id.as_str())),
            ("timestamp", Value::Text(Moment(ids::now()?).to_string())),
            ("origin", Value::Object(origin)),
            ("modifications", Value::from(modifications)),
            ("parent_branch_id", Value::Null),
        ]);
        let hash = hash_of(DOMAIN, branch.clone());
        branch.insert("branch_hash".to_owned(), Value::from(hash));
        branch.insert("signature".to_owned(), Value::Text(agent.sign(DOMAIN, &hash)?));
        self.append(&agent.agent_id, branch_id, TYPE, branch.clone())?;
        branch.insert("branch_run_id".to_owned(), Value::Null);
        Ok(branch)
    }

    pub(super) fn load_branch(&self, branch_id: &str) -> Result<EntryRecord, ApiError> {
        let found = self.store.find_entry(branch_id)?;
        let missing = || ApiError::not_found(format!("Branch not found: {branch_id}"));
        found.filter(|entry| entry.draft.content_type == TYPE).ok_or_else(missing)
    }

    pub(super) fn branch_view(&self, entry: &EntryRecord) -> Result<Object, ApiError> {
        let mut branch = entry.draft.content.clone();
        let link = self.store.find_entry(&link_id(&entry.draft.entry_id))?;
        let run_id = link.map(|link| text_of(&link.draft.content, "run_id").to_owned());
        branch.insert("branch_run_id".to_owned(), Value::from(run_id.as_deref()));
        let created_at = Moment(entry.draft.timestamp).in_a_table();
        branch.insert("created_at".to_owned(), Value::Text(created_at));
        let empty = Value::Object(Object::new());
        if branch.get("modifications").is_none_or(|it| *it == Value::Null || *it == empty) {
            branch.remove("modifications");
        }
        Ok(branch)
    }

    pub(super) fn link_branch(
        &self,
        branch_id: String,
        run_id: String,
    ) -> Result<Linked, ApiError> {
        let branch = self.load_branch(&branch_id)?.draft;
        let _lock = self.lock(&branch.agent_id);
        let linked = self.store.find_entry(&link_id(&branch_id))?;
        match linked.map(|link| text_of(&link.draft.content, "run_id").to_owned()) {
            Some(other) if other != run_id => {
                let detail = format!("Branch {branch_id} is linked to {other} already");
                return Err(ApiError::conflict(detail));
            }
            Some(_) => {}
            None => {
                self.check_run_of(&branch.agent_id, &run_id)?;
                let content = object_of([
                    ("about", Value::from(branch_id.as_str())),
                    ("run_id", Value::from(run_id.as_str())),
                ]);
                self.append(&branch.agent_id, link_id(&branch_id), LINK, content)?;
            }
        }
        let in_proof_graph = self.link_origin(&branch.content, &branch_id, &run_id)?;
        Ok(Linked { status: "linked", branch_id, run_id, in_proof_graph })
    }

    pub(super) fn check_run_of(&self, agent_id: &str, run_id: &str) -> Result<(), ApiError> {
        let missing = || ApiError::conflict(format!("Run not found: {run_id}"));
        let row = self.find_run(run_id)?.ok_or_else(missing)?;
        if self.agent_id(&row.run.agent)? == agent_id {
            return Ok(());
        }
        Err(ApiError::conflict(format!("Run belongs to another agent: {run_id}")))
    }

    /// Says in the proof graph that a branch's run follows from the branch's origin.
    pub(super) fn link_origin(
        &self,
        branch: &Object,
        branch_id: &str,
        run_id: &str,
    ) -> Result<bool, ApiError> {
        let Some(Value::Object(origin)) = branch.get("origin") else { return Ok(false) };
        let parent = text_of(origin, "run_id");
        for run in [run_id, parent] {
            let row = self.find_run(run)?;
            if !row.is_some_and(|row| matches!(row.state, RunState::Finished { .. })) {
                return Ok(false);
            }
        }
        let is_retry = text_of(branch, "branch_type") == "retry";
        let request = LinkRequest {
            child: run_id.to_owned(),
            parent: parent.to_owned(),
            relation: if is_retry { Relation::Retry } else { Relation::Branch },
            branch_id: Some(branch_id.to_owned()),
            metadata: None,
        };
        match self.link_runs(&request) {
            Ok(_) => Ok(true),
            // What is there already is there.
            Err(ApiError::Refused { status, .. }) if status == axum::http::StatusCode::CONFLICT => {
                Ok(true)
            }
            Err(error) => Err(error),
        }
    }
}

pub(super) fn link_id(branch_id: &str) -> String {
    format!("link-of-{branch_id}")
}
