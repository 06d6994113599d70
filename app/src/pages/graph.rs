//! What a run follows from and what follows from it, drawn as a graph that one can walk.

mod gather;

use super::{
    OfRun, Page,
    drawing::{self, Edge, Node},
    missing,
};
use crate::{Shared, page::does_not_mean, routes::Failure, views::escaped};
use maud::{Markup, html};
use serde::Serialize;
use std::sync::Arc;

/// The part of the proof graph around a run.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GraphPage {
    run_id: String,
    nodes: Vec<NodeView>,
    edges: Vec<EdgeView>,
    /// Whether there is more than is shown.
    truncated: bool,
}

/// A receipt and its run.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct NodeView {
    digest: String,
    /// None where this service does not keep the receipt.
    run_id: Option<String>,
    status: Option<&'static str>,
    /// How many steps from the run in the middle, negative for what it follows from.
    level: i32,
}

/// That a receipt says that it follows from another one.
#[derive(Clone, Serialize)]
struct EdgeView {
    parent: String,
    child: String,
    relation: &'static str,
}

impl NodeView {
    fn name(&self) -> &str {
        self.run_id.as_deref().unwrap_or(&self.digest)
    }

    fn path(&self) -> String {
        match &self.run_id {
            Some(run_id) => format!("/graph?id={}", escaped(run_id)),
            None => format!("/receipts/{}", self.digest),
        }
    }
}

async fn read(shared: &Shared, run_id: String) -> Result<GraphPage, Failure> {
    let service = shared.open_service()?;
    let message = format!("This service keeps no receipt of a run {run_id:?}");
    let found = service.work(move |service| gather::around(service, run_id)).await?.0;
    found.ok_or_else(|| missing("no_such_run", message))
}

impl GraphPage {
    fn drawing(&self) -> Markup {
        let node = |node: &NodeView| Node {
            key: node.digest.clone(),
            name: node.name().to_owned(),
            note: node.status.unwrap_or("kept elsewhere").to_owned(),
            path: node.path(),
            level: node.level,
        };
        let edge = |edge: &EdgeView| Edge {
            from: edge.parent.clone(),
            to: edge.child.clone(),
            says: edge.relation.to_owned(),
        };
        let nodes: Vec<Node> = self.nodes.iter().map(node).collect();
        let edges: Vec<Edge> = self.edges.iter().map(edge).collect();
        drawing::draw(&nodes, &edges)
    }
}

impl Page for GraphPage {
    type Name = ();
    type Asked = OfRun;

    async fn read(shared: &Arc<Shared>, (): (), asked: OfRun) -> Result<Self, Failure> {
        read(shared, asked.id).await
    }

    fn title(&self) -> String {
        format!("Graph around {}", self.run_id)
    }

    fn paths(&self) -> (String, String) {
        let id = escaped(&self.run_id);
        (format!("/graph?id={id}"), format!("/graph.json?id={id}"))
    }

    fn content(&self) -> Markup {
        let named = |digest: &str| self.nodes.iter().find(|node| node.digest == digest);
        let link = |digest: &str| {
            named(digest).map(|node| html! { a href=(node.path()) { (node.name()) } })
        };
        html! {
            h1 { "Graph around " a href={ "/run?id=" (escaped(&self.run_id)) } { (self.run_id) } }
            p.quiet { "From left to right: what it follows from, the run, what follows from it." }
            @if self.truncated { p.notice { "There is more than is shown here: walk on from a run at its edge." } }
            (self.drawing())
            (does_not_mean("A link is what the child’s agent says and signed. The parent’s agent was not asked."))
            h2 { "Links" }
            @if self.edges.is_empty() { p { "None: the run stands alone." } }
            @else { div.scroll tabindex="0" role="region" aria-label="Links" { table {
                thead { tr { th scope="col" { "Run" } th scope="col" { "Relation" } th scope="col" { "Follows from" } } }
                tbody { @for edge in &self.edges { tr {
                    td { (link(&edge.child).unwrap_or_default()) }
                    td { (edge.relation) }
                    td { (link(&edge.parent).unwrap_or_default()) }
                } } }
            } } }
        }
    }
}
