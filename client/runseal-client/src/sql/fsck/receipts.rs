use super::{
    super::{
        Failure, Sql,
        columns::{bytes_at, digest_at, id_at, leaf_at, number, number_at},
        datum::values,
        receipts::{COLUMNS, row_of},
    },
    Report, Subject,
};
use crate::store::Columns;
use runseal_receipt::{
    Addendum, Receipt, Statements,
    graph::{Edge, Link},
    json::Value,
};
use runseal_types::Leaf;
use std::collections::BTreeSet;

/// Every text is the receipt that its row says.
pub(super) fn texts(sql: &dyn Sql, report: &mut Report<'_>) -> Result<(), Failure> {
    let query = format!(
        "SELECT {COLUMNS}, text FROM receipts LEFT JOIN receipt_texts ON receipt_id = id ORDER BY id"
    );
    sql.scan(&query, &[], &mut |row| {
        let problem = match (row_of(row), row.bytes(13)?) {
            (Err(failure), _) => Some(failure.to_string()),
            (Ok(_), None) => Some("its text is missing".to_owned()),
            (Ok(row), Some(text)) => problem_of(&row.columns, text),
        };
        if let Some(problem) = problem {
            report(Subject::Receipt(id_at(row, 0)?), problem);
        }
        Ok(())
    })
}

fn problem_of(stored: &Columns, text: &[u8]) -> Option<String> {
    match Receipt::parse(text) {
        Err(error) => Some(format!("its text is no receipt: {error}")),
        Ok(receipt) => difference(stored, &Columns::of(receipt).0),
    }
}

fn difference(stored: &Columns, computed: &Columns) -> Option<String> {
    let (before, now) = (stored.leaf.digest, computed.leaf.digest);
    if before != now {
        return Some(format!("its digest is {before}, its text has {now}"));
    }
    (stored != computed).then(|| format!("its row is {stored:?}, its text says {computed:?}"))
}

/// Every receipt names the one before it, where that is stored.
pub(super) fn links(sql: &dyn Sql, report: &mut Report<'_>) -> Result<(), Failure> {
    let query = "SELECT later.id, later.previous, earlier.digest FROM receipts AS later
        JOIN receipts AS earlier
        ON earlier.agent = later.agent AND earlier.sequence = later.sequence - 1
        WHERE later.previous <> earlier.digest";
    sql.scan(query, &[], &mut |row| {
        let (claimed, stored) = (digest_at(row, 1)?, digest_at(row, 2)?);
        let problem = format!("it names {claimed} as the one before it, which is {stored}");
        report(Subject::Receipt(id_at(row, 0)?), problem);
        Ok(())
    })
}

/// Every text of an addendum is the one that its row says, to the receipt that its row says.
pub(super) fn addenda(sql: &dyn Sql, report: &mut Report<'_>) -> Result<(), Failure> {
    let query = "SELECT addenda.id, addenda.digest, text, agent, sequence, receipts.digest
        FROM addenda JOIN receipts ON receipts.id = receipt_id ORDER BY addenda.id";
    sql.scan(query, &[], &mut |row| {
        let subject = Subject::Addendum(id_at(row, 0)?);
        let (stored, leaf) = (digest_at(row, 1)?, leaf_at(row, 3)?);
        match Addendum::parse(bytes_at(row, 2)?) {
            Err(error) => report(subject, format!("its text is no addendum: {error}")),
            Ok(addendum) => {
                let digest = addendum.document().digest();
                if digest != stored {
                    report(subject, format!("its digest is {stored}, its text has {digest}"));
                } else if (addendum.receipt(), addendum.agent()) != (leaf.digest, leaf.agent) {
                    report(subject, "it is to another receipt than its row says".to_owned());
                }
            }
        }
        Ok(())
    })
}

/// How many rows of each kind receipts and addenda account for. A repetition is one edge.
#[derive(Default)]
struct Counts {
    edges: usize,
    states: usize,
    policies: usize,
}

/// Everything that receipts and addenda say is found, and nothing else.
pub(super) fn relations(sql: &dyn Sql, report: &mut Report<'_>) -> Result<(), Failure> {
    let mut counts = Counts::default();
    let query = "SELECT id, agent, sequence, digest, text FROM receipts
        JOIN receipt_texts ON receipt_id = id";
    sql.scan(query, &[], &mut |row| {
        let (said, leaf) = (said_by_receipt(bytes_at(row, 4)?), leaf_at(row, 1)?);
        counts.edges += edges(&leaf, &said).len();
        check_said(sql, (id_at(row, 0)?, None), &leaf, &said, &mut counts, report)
    })?;
    // Edges that addenda say and receipts do not.
    let mut added: BTreeSet<Edge> = BTreeSet::new();
    let query = "SELECT receipts.id, agent, sequence, receipts.digest, addenda.text, addenda.id,
        receipt_texts.text FROM addenda JOIN receipts ON receipts.id = addenda.receipt_id
        JOIN receipt_texts ON receipt_texts.receipt_id = receipts.id";
    sql.scan(query, &[], &mut |row| {
        let leaf = leaf_at(row, 1)?;
        // A text that is no addendum was reported already.
        let said = Addendum::parse(bytes_at(row, 4)?)
            .map_or_else(|_| Statements::default(), |addendum| addendum.statements().clone());
        let receipts = edges(&leaf, &said_by_receipt(bytes_at(row, 6)?));
        added.extend(edges(&leaf, &said).difference(&receipts).copied());
        let by = (id_at(row, 0)?, Some(id_at(row, 5)?));
        check_said(sql, by, &leaf, &said, &mut counts, report)
    })?;
    counts.edges += added.len();
    surplus(sql, &counts, report)
}

fn said_by_receipt(text: &[u8]) -> Statements {
    // A text that is no receipt was reported already.
    Receipt::parse(text)
        .map_or_else(|_| Statements::default(), |receipt| receipt.facts().statements.clone())
}

fn edges(leaf: &Leaf, said: &Statements) -> BTreeSet<Edge> {
    let edge =
        |link: &Link| Edge { child: leaf.digest, parent: link.parent, relation: link.relation };
    said.links.iter().map(edge).collect()
}

/// Checks that everything that is said is found, and counts it.
fn check_said(
    sql: &dyn Sql,
    by: (i64, Option<i64>),
    leaf: &Leaf,
    said: &Statements,
    counts: &mut Counts,
    report: &mut Report<'_>,
) -> Result<(), Failure> {
    counts.states += said.states.len();
    counts.policies += said.policies.len();
    for missing in missing(sql, by, leaf, said)? {
        report(Subject::Relations, format!("{missing} of {} is missing", leaf.digest));
    }
    Ok(())
}

fn missing(
    sql: &dyn Sql,
    (receipt_id, addendum_id): (i64, Option<i64>),
    leaf: &Leaf,
    said: &Statements,
) -> Result<Vec<String>, Failure> {
    let mut missing = Vec::new();
    for link in &said.links {
        let query = "SELECT id FROM edges WHERE child = ?1 AND parent = ?2 AND relation = ?3";
        let values = values![&leaf.digest, &link.parent, link.relation.as_str()];
        if !sql.exists(query, values)? {
            missing.push(format!("the edge {} to {}", link.relation, link.parent));
        }
    }
    for step in &said.states {
        let query = "SELECT id FROM state_proofs WHERE agent = ?1 AND state_type = ?2
            AND sequence = ?3 AND receipt_id = ?4 AND addendum_id IS NOT DISTINCT FROM ?5
            AND previous IS NOT DISTINCT FROM ?6 AND next = ?7";
        let values = values![
            &leaf.agent,
            step.state_type.as_str(),
            number(step.sequence)?,
            receipt_id,
            addendum_id,
            &step.previous,
            &step.next,
        ];
        if !sql.exists(query, values)? {
            missing.push(format!("change {} of the state {}", step.sequence, step.state_type));
        }
    }
    for policy in &said.policies {
        let query = "SELECT id FROM policy_bindings WHERE policy_id = ?1 AND receipt_id = ?2
            AND addendum_id IS NOT DISTINCT FROM ?3 AND binding = ?4";
        let binding = Value::Object(policy.to_object()).canonical();
        let values = values![&policy.policy_id, receipt_id, addendum_id, &binding];
        if !sql.exists(query, values)? {
            missing.push(format!("the binding to policy {}", policy.policy_id));
        }
    }
    Ok(missing)
}

/// Compares how many there are with how many there should be.
fn surplus(sql: &dyn Sql, counts: &Counts, report: &mut Report<'_>) -> Result<(), Failure> {
    let tables = [
        ("edges", counts.edges),
        ("state_proofs", counts.states),
        ("policy_bindings", counts.policies),
    ];
    for (table, said) in tables {
        let query = format!("SELECT count(*) FROM {table}");
        let stored = sql.one(&query, &[], |row| number_at(row, 0))?.unwrap_or(0);
        if usize::try_from(stored) != Ok(said) {
            let problem = format!("{table} has {stored} rows, receipts and addenda say {said}");
            report(Subject::Relations, problem);
        }
    }
    let query = "SELECT count(*) FROM edges
        WHERE NOT EXISTS (SELECT id FROM receipts WHERE digest = child)";
    let strays = sql.one(query, &[], |row| number_at(row, 0))?.unwrap_or(0);
    if strays != 0 {
        report(Subject::Relations, format!("{strays} edges are of receipts that are not stored"));
    }
    Ok(())
}
