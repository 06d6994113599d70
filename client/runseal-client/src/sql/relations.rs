use super::{
    Database, Failure, Row, Sql,
    columns::{
        address_at, after, bytes_at, digest_at, find_digest_at, id_at, leaf_at, list_rows, not_a,
        number, number_at, page, page_rows, parsed_at, position_at,
    },
    datum::values,
    saying::{self, Said},
};
use crate::store::{
    CheckedAddendum, Conflict, Direction, Page, PolicyRow, Position, Relations, StateRow,
    StoreError, Stored,
};
use runseal_receipt::{
    graph::{Edge, Relation},
    json::{Value, parse},
    policy::PolicyBinding,
    state::{StateProof, StateStep, StateType},
};
use runseal_types::{Address, Digest};

impl<D: Database + ?Sized> Relations for D {
    fn put_addendum(&self, addendum: &CheckedAddendum) -> Result<Stored, StoreError> {
        let addendum = addendum.clone();
        self.write(move |sql| put_addendum(sql, &addendum))
    }

    fn list_addenda(
        &self,
        receipt: &Digest,
        position: Option<Position>,
        limit: usize,
    ) -> Result<Page<Vec<u8>>, StoreError> {
        self.read(|sql| {
            let query = "SELECT addenda.id, text FROM addenda
                JOIN receipts ON receipts.id = receipt_id
                WHERE receipts.digest = ?1 AND addenda.id > ?2 ORDER BY addenda.id LIMIT ?3";
            let values = values![receipt, after(position)?, page_rows(limit)];
            let read = |row: &dyn Row| Ok((position_at(row, 0)?, bytes_at(row, 1)?.to_vec()));
            page(sql, query, values, limit, read)
        })
    }

    fn list_edges(
        &self,
        receipt: &Digest,
        direction: Direction,
        position: Option<Position>,
        limit: usize,
    ) -> Result<Page<Edge>, StoreError> {
        self.read(|sql| {
            let end = match direction {
                Direction::Parents => "child",
                Direction::Children => "parent",
            };
            let query = format!(
                "SELECT id, child, parent, relation FROM edges
                 WHERE {end} = ?1 AND id > ?2 ORDER BY id LIMIT ?3"
            );
            let values = values![receipt, after(position)?, page_rows(limit)];
            page(sql, &query, values, limit, |row| Ok((position_at(row, 0)?, edge_at(row, 1)?)))
        })
    }

    fn list_states(
        &self,
        agent: &Address,
        state_type: StateType,
        after: Option<&StateRow>,
        limit: usize,
    ) -> Result<Vec<StateRow>, StoreError> {
        self.read(|sql| {
            let query = format!(
                "{STATES} WHERE state_proofs.agent = ?1 AND state_type = ?2
                 AND (state_proofs.sequence, state_proofs.id) > (?3, ?4)
                 ORDER BY state_proofs.sequence, state_proofs.id LIMIT ?5"
            );
            let (sequence, id) = match after {
                Some(row) => (number(row.proof.step.sequence)?, number(row.position.0)?),
                None => (-1, 0),
            };
            let values = values![agent, state_type.as_str(), sequence, id, list_rows(limit)];
            sql.all(&query, values, state_row)
        })
    }

    fn list_policies(
        &self,
        policy_id: &str,
        position: Option<Position>,
        limit: usize,
    ) -> Result<Page<PolicyRow>, StoreError> {
        self.read(|sql| {
            let query = "SELECT policy_bindings.id, receipts.digest, binding FROM policy_bindings
                JOIN receipts ON receipts.id = receipt_id
                WHERE policy_id = ?1 AND policy_bindings.id > ?2
                ORDER BY policy_bindings.id LIMIT ?3";
            let values = values![policy_id, after(position)?, page_rows(limit)];
            page(sql, query, values, limit, policy_row)
        })
    }
}

fn put_addendum(sql: &dyn Sql, checked: &CheckedAddendum) -> Result<Stored, Failure> {
    let addendum = checked.addendum();
    let (digest, receipt) = (addendum.document().digest(), addendum.receipt());
    if sql.exists("SELECT id FROM addenda WHERE digest = ?1", values![&digest])? {
        return Ok(Stored::Before);
    }
    let query = "SELECT id, agent, sequence, digest FROM receipts WHERE digest = ?1";
    let found = sql.one(query, values![&receipt], |row| Ok((id_at(row, 0)?, leaf_at(row, 1)?)))?;
    let (receipt_id, leaf) = found.ok_or(Conflict::UnknownReceipt { digest: receipt })?;
    if leaf.agent != addendum.agent() {
        let (expected, found) = (leaf.agent, addendum.agent());
        return Err(Conflict::AddendumByOther { expected, found }.into());
    }
    let insert = "INSERT INTO addenda (id, digest, receipt_id, text)
        VALUES ((SELECT coalesce(max(id), 0) + 1 FROM addenda), ?1, ?2, ?3) RETURNING id";
    let values = values![&digest, receipt_id, checked.text()];
    let addendum_id = sql.one(insert, values, |row| id_at(row, 0))?;
    let statements = addendum.statements();
    saying::put(sql, &[Said { receipt_id, addendum_id, leaf: &leaf, statements }])?;
    Ok(Stored::New)
}

const STATES: &str = "SELECT state_proofs.id, state_proofs.agent, receipts.digest, state_type,
    state_proofs.sequence, state_proofs.previous, next
    FROM state_proofs JOIN receipts ON receipts.id = receipt_id";

fn state_row(row: &dyn Row) -> Result<StateRow, Failure> {
    let step = StateStep {
        state_type: parsed_at(row, 3, "type of state", StateType::find)?,
        sequence: number_at(row, 4)?,
        previous: find_digest_at(row, 5)?,
        next: digest_at(row, 6)?,
    };
    let proof = StateProof { agent: address_at(row, 1)?, receipt: digest_at(row, 2)?, step };
    Ok(StateRow { position: position_at(row, 0)?, proof })
}

fn policy_row(row: &dyn Row) -> Result<(Position, PolicyRow), Failure> {
    let binding = match parse(bytes_at(row, 2)?) {
        Ok(Value::Object(object)) => PolicyBinding::from_object(&object).ok(),
        _ => None,
    };
    let binding = binding.ok_or_else(|| not_a("policy binding", 2))?;
    let position = position_at(row, 0)?;
    Ok((position, PolicyRow { position, receipt: digest_at(row, 1)?, binding }))
}

fn edge_at(row: &dyn Row, index: usize) -> Result<Edge, Failure> {
    Ok(Edge {
        child: digest_at(row, index)?,
        parent: digest_at(row, index + 1)?,
        relation: parsed_at(row, index + 2, "relation", Relation::find)?,
    })
}
