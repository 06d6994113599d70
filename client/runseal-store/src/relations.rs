use crate::{
    SqliteStore,
    columns::{
        address_at, after, digest_at, find_digest_at, list_rows, number, number_at, page,
        page_rows, parsed_at,
    },
    failure::Failure,
};
use runseal_client::{
    StoreError,
    store::{
        CheckedAddendum, Conflict, Direction, Page, PolicyRow, Position, Relations, StateRow,
        Stored,
    },
};
use runseal_receipt::{
    Statements,
    graph::{Edge, Relation},
    json::{Value, parse},
    policy::PolicyBinding,
    state::{StateProof, StateStep, StateType},
};
use runseal_types::{Address, Digest, Leaf};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Who says something, and of which receipt.
pub(crate) struct Said<'a> {
    pub(crate) receipt_id: i64,
    pub(crate) addendum_id: Option<i64>,
    pub(crate) leaf: &'a Leaf,
}

impl Said<'_> {
    /// Stores what is said so that it is found.
    pub(crate) fn put(&self, connection: &Connection, said: &Statements) -> Result<(), Failure> {
        for link in &said.links {
            // An addendum may repeat what the receipt says.
            let insert = "INSERT INTO edges (child, parent, relation) VALUES (?1, ?2, ?3)
                ON CONFLICT DO NOTHING";
            let mut statement = connection.prepare_cached(insert)?;
            let (child, parent) = (self.leaf.digest.as_bytes(), link.parent.as_bytes());
            statement.execute(params![child, parent, link.relation.as_str()])?;
        }
        said.states.iter().try_for_each(|step| self.put_state(connection, step))?;
        for policy in &said.policies {
            let insert = "INSERT INTO policy_bindings (receipt_id, addendum_id, policy_id, binding)
                VALUES (?1, ?2, ?3, ?4)";
            let mut statement = connection.prepare_cached(insert)?;
            let binding = Value::Object(policy.to_object()).canonical();
            statement.execute(params![
                self.receipt_id,
                self.addendum_id,
                policy.policy_id,
                binding
            ])?;
        }
        Ok(())
    }

    fn put_state(&self, connection: &Connection, step: &StateStep) -> Result<(), Failure> {
        let insert = "INSERT INTO state_proofs
            (receipt_id, addendum_id, agent, state_type, sequence, previous, next)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        connection.prepare_cached(insert)?.execute(params![
            self.receipt_id,
            self.addendum_id,
            self.leaf.agent.as_bytes(),
            step.state_type.as_str(),
            number(step.sequence)?,
            step.previous.as_ref().map(Digest::as_bytes),
            step.next.as_bytes(),
        ])?;
        Ok(())
    }
}

impl Relations for SqliteStore {
    fn put_addendum(&self, addendum: &CheckedAddendum) -> Result<Stored, StoreError> {
        let addendum = addendum.clone();
        self.write(move |connection| put_addendum(connection, &addendum))
    }

    fn list_addenda(
        &self,
        receipt: &Digest,
        position: Option<Position>,
        limit: usize,
    ) -> Result<Page<Vec<u8>>, StoreError> {
        self.read(|connection| {
            let query = "SELECT addenda.id, text FROM addenda
                JOIN receipts ON receipts.id = receipt_id
                WHERE receipts.digest = ?1 AND addenda.id > ?2 ORDER BY addenda.id LIMIT ?3";
            let mut statement = connection.prepare_cached(query)?;
            let values = params![receipt.as_bytes(), after(position)?, page_rows(limit)];
            page(statement.query_map(values, |row| Ok((position_of(row)?, row.get(1)?)))?, limit)
        })
    }

    fn list_edges(
        &self,
        receipt: &Digest,
        direction: Direction,
        position: Option<Position>,
        limit: usize,
    ) -> Result<Page<Edge>, StoreError> {
        self.read(|connection| {
            let end = match direction {
                Direction::Parents => "child",
                Direction::Children => "parent",
            };
            let query = format!(
                "SELECT id, child, parent, relation FROM edges
                 WHERE {end} = ?1 AND id > ?2 ORDER BY id LIMIT ?3"
            );
            let mut statement = connection.prepare_cached(&query)?;
            let values = params![receipt.as_bytes(), after(position)?, page_rows(limit)];
            let rows =
                statement.query_map(values, |row| Ok((position_of(row)?, edge_at(row, 1)?)))?;
            page(rows, limit)
        })
    }

    fn list_states(
        &self,
        agent: &Address,
        state_type: StateType,
        after: Option<&StateRow>,
        limit: usize,
    ) -> Result<Vec<StateRow>, StoreError> {
        self.read(|connection| {
            let query = format!(
                "{STATES} WHERE state_proofs.agent = ?1 AND state_type = ?2
                 AND (state_proofs.sequence, state_proofs.id) > (?3, ?4)
                 ORDER BY state_proofs.sequence, state_proofs.id LIMIT ?5"
            );
            let mut statement = connection.prepare_cached(&query)?;
            let (sequence, id) = match after {
                Some(row) => (number(row.proof.step.sequence)?, number(row.position.0)?),
                None => (-1, 0),
            };
            let values =
                params![agent.as_bytes(), state_type.as_str(), sequence, id, list_rows(limit)];
            let states = statement.query_map(values, state_row)?;
            Ok(states.collect::<Result<_, _>>()?)
        })
    }

    fn list_policies(
        &self,
        policy_id: &str,
        position: Option<Position>,
        limit: usize,
    ) -> Result<Page<PolicyRow>, StoreError> {
        self.read(|connection| {
            let query = "SELECT policy_bindings.id, receipts.digest, binding FROM policy_bindings
                JOIN receipts ON receipts.id = receipt_id
                WHERE policy_id = ?1 AND policy_bindings.id > ?2
                ORDER BY policy_bindings.id LIMIT ?3";
            let mut statement = connection.prepare_cached(query)?;
            let values = params![policy_id, after(position)?, page_rows(limit)];
            page(statement.query_map(values, policy_row)?, limit)
        })
    }
}

fn put_addendum(connection: &Connection, checked: &CheckedAddendum) -> Result<Stored, Failure> {
    let addendum = checked.addendum();
    let (digest, receipt) = (addendum.document().digest(), addendum.receipt());
    let known = "SELECT 1 FROM addenda WHERE digest = ?1";
    if connection.prepare_cached(known)?.exists([digest.as_bytes()])? {
        return Ok(Stored::Before);
    }
    let query = "SELECT id, agent, sequence, digest FROM receipts WHERE digest = ?1";
    let mut statement = connection.prepare_cached(query)?;
    let found = statement
        .query_row([receipt.as_bytes()], |row| Ok((row.get(0)?, crate::columns::leaf_at(row, 1)?)))
        .optional()?;
    let (receipt_id, leaf) = found.ok_or(Conflict::UnknownReceipt { digest: receipt })?;
    if leaf.agent != addendum.agent() {
        let (expected, found) = (leaf.agent, addendum.agent());
        return Err(Conflict::AddendumByOther { expected, found }.into());
    }
    let insert = "INSERT INTO addenda (digest, receipt_id, text) VALUES (?1, ?2, ?3)";
    let values = params![digest.as_bytes(), receipt_id, checked.text()];
    connection.prepare_cached(insert)?.execute(values)?;
    let addendum_id = Some(connection.last_insert_rowid());
    Said { receipt_id, addendum_id, leaf: &leaf }.put(connection, addendum.statements())?;
    Ok(Stored::New)
}

const STATES: &str = "SELECT state_proofs.id, state_proofs.agent, receipts.digest, state_type,
    state_proofs.sequence, state_proofs.previous, next
    FROM state_proofs JOIN receipts ON receipts.id = receipt_id";

fn state_row(row: &Row<'_>) -> rusqlite::Result<StateRow> {
    let step = StateStep {
        state_type: parsed_at(row, 3, "type of state", StateType::find)?,
        sequence: number_at(row, 4)?,
        previous: find_digest_at(row, 5)?,
        next: digest_at(row, 6)?,
    };
    let proof = StateProof { agent: address_at(row, 1)?, receipt: digest_at(row, 2)?, step };
    Ok(StateRow { position: position_of(row)?, proof })
}

fn policy_row(row: &Row<'_>) -> rusqlite::Result<(Position, PolicyRow)> {
    let bytes: Vec<u8> = row.get(2)?;
    let binding = match parse(&bytes) {
        Ok(Value::Object(object)) => PolicyBinding::from_object(&object).ok(),
        _ => None,
    };
    let binding = binding.ok_or_else(|| crate::columns::not_a("policy binding", 2))?;
    let position = position_of(row)?;
    Ok((position, PolicyRow { position, receipt: digest_at(row, 1)?, binding }))
}

pub(crate) fn edge_at(row: &Row<'_>, index: usize) -> rusqlite::Result<Edge> {
    Ok(Edge {
        child: digest_at(row, index)?,
        parent: digest_at(row, index + 1)?,
        relation: parsed_at(row, index + 2, "relation", Relation::find)?,
    })
}

fn position_of(row: &Row<'_>) -> rusqlite::Result<Position> {
    number_at(row, 0).map(Position)
}
