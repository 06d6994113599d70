use super::{Failure, Into, Sql, columns::number, datum::row};
use runseal_receipt::{Statements, json::Value};
use runseal_types::Leaf;

/// What somebody says, and of which receipt.
pub(super) struct Said<'a> {
    pub(super) receipt_id: i64,
    /// None where the receipt itself says it.
    pub(super) addendum_id: Option<i64>,
    pub(super) leaf: &'a Leaf,
    pub(super) statements: &'a Statements,
}

// An addendum may repeat what the receipt says.
const EDGES: Into<'_> =
    Into { table: "edges", columns: &["child", "parent", "relation"], or_ignore: true };
const STATES: Into<'_> = Into {
    table: "state_proofs",
    columns: &["receipt_id", "addendum_id", "agent", "state_type", "sequence", "previous", "next"],
    or_ignore: false,
};
const POLICIES: Into<'_> = Into {
    table: "policy_bindings",
    columns: &["receipt_id", "addendum_id", "policy_id", "binding"],
    or_ignore: false,
};

/// Stores what is said so that it is found.
pub(super) fn put(sql: &dyn Sql, said: &[Said<'_>]) -> Result<(), Failure> {
    let (mut edges, mut states) = (Vec::new(), Vec::new());
    for Said { receipt_id, addendum_id, leaf, statements } in said {
        for link in &statements.links {
            edges.push(row![&leaf.digest, &link.parent, link.relation.as_str()]);
        }
        for step in &statements.states {
            states.push(row![
                *receipt_id,
                *addendum_id,
                &leaf.agent,
                step.state_type.as_str(),
                number(step.sequence)?,
                &step.previous,
                &step.next,
            ]);
        }
    }
    let bindings: Vec<_> = said
        .iter()
        .flat_map(|said| said.statements.policies.iter().map(move |policy| (said, policy)))
        .map(|(said, policy)| (said, policy, Value::Object(policy.to_object()).canonical()))
        .collect();
    let policies = bindings.iter().map(|(said, policy, binding)| {
        row![said.receipt_id, said.addendum_id, &policy.policy_id, binding]
    });
    sql.insert(&EDGES, &edges)?;
    sql.insert(&STATES, &states)?;
    sql.insert(&POLICIES, &policies.collect::<Vec<_>>())
}
