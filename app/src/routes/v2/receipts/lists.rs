use crate::{
    error::ApiError,
    routes::v2::{agent_of, find_address},
    service::{Api, Service},
    wire::{Answer, Fields, Params},
};
use axum::Extension;
use runseal_client::store::{MOST_ITEMS, Position, ReceiptFilter, ReceiptRow};
use runseal_types::{Address, Leaf, Sequence};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct ReceiptList {
    receipts: Vec<Row>,
    /// What to pass as `after`, or for one agent as `from`, for the next page.
    next: Option<u64>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Row {
    OfAll {
        digest: String,
        agent: String,
        sequence: u64,
        position: u64,
        run_id: String,
        status: &'static str,
        ended_at: String,
    },
    OfAgent {
        digest: String,
        agent: String,
        sequence: u64,
    },
}

pub(crate) async fn list(Extension(service): Api, Params(query): Params) -> Answer<ReceiptList> {
    let mut fields = Fields::query(&query);
    let limit = fields.limit("limit", 100, MOST_ITEMS);
    let agent = find_address(&mut fields, "agent");
    let after = fields.find_integer("after").map(Position);
    let from = Sequence(fields.find_integer("from").unwrap_or(0));
    let to = fields.find_integer("to").map(Sequence);
    if agent.is_none() && (query.contains_key("from") || query.contains_key("to")) {
        fields.wrong("from", "value_error", "Sequences are those of one agent: pass agent");
    }
    let (limit, after) = fields.done((limit, after))?;
    let agent = agent.map(|agent| agent_of(&agent.to_string())).transpose()?;
    service
        .work(move |service| match agent {
            Some(agent) => service.receipts_of(&agent, from, to, limit),
            None => {
                let filter = ReceiptFilter::default();
                let page = service.store.list_receipts(&filter, after, limit)?;
                let receipts = page.items.iter().map(Row::from).collect();
                Ok(ReceiptList { receipts, next: page.next.map(|next| next.0) })
            }
        })
        .await
}

impl From<&ReceiptRow> for Row {
    fn from(row: &ReceiptRow) -> Self {
        let columns = &row.columns;
        Self::OfAll {
            digest: columns.leaf.digest.to_string(),
            agent: columns.leaf.agent.to_string(),
            sequence: columns.leaf.sequence.0,
            position: row.position.0,
            run_id: columns.run_id.clone(),
            status: columns.status.as_str(),
            ended_at: columns.ended_at.to_string(),
        }
    }
}

impl From<&Leaf> for Row {
    fn from(leaf: &Leaf) -> Self {
        let (digest, agent) = (leaf.digest.to_string(), leaf.agent.to_string());
        Self::OfAgent { digest, agent, sequence: leaf.sequence.0 }
    }
}

impl Service {
    fn receipts_of(
        &self,
        agent: &Address,
        from: Sequence,
        to: Option<Sequence>,
        limit: usize,
    ) -> Result<ReceiptList, ApiError> {
        let mut leaves = self.store.list_leaves(agent, from, limit)?;
        let is_whole = leaves.len() < limit;
        if let Some(to) = to {
            leaves.retain(|leaf| leaf.sequence <= to);
        }
        let next = leaves.last().and_then(|last| last.sequence.next()).map(|next| next.0);
        let next = next.filter(|next| !is_whole && to.is_none_or(|to| *next <= to.0));
        Ok(ReceiptList { receipts: leaves.iter().map(Row::from).collect(), next })
    }
}
