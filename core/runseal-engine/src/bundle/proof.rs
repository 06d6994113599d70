//! Proofs as they stand in a bundle.

use super::{
    BundleError, MOST_ELEMENTS, Statement,
    read::{at, read_path, refuse_unknown},
};
use crate::proof::{Absence, Ends, Gap, Inclusion, Span};
use runseal_receipt::{
    MemberError,
    json::{Object, Value},
    member::{Members, any_text, integer, object_of},
};
use runseal_types::{Leaf, Sequence, parse_hex, to_hex};

const PLACE: &str = "the proof";

/// Reads a proof and the count of leaves that it names. `leaf` knows that of the one receipt.
pub(super) fn read_statement(
    object: &Object,
    leaf: impl FnOnce() -> Result<Leaf, BundleError>,
) -> Result<(u64, Statement), BundleError> {
    let members = Members(object);
    let kind = members.text("kind").map_err(at(PLACE))?;
    let known: &[&str] = match kind {
        "inclusion" => &["kind", "count", "index", "path"],
        "absence" => {
            &["kind", "count", "agent", "sequence", "gap", "left", "right", "index", "path"]
        }
        "ends" => &["kind", "count", "first", "last"],
        "span" => &["kind", "count", "index", "leaves", "path"],
        found => {
            let found = found.to_owned();
            return Err(at(PLACE)(MemberError::UnknownWord { member: "kind", found }));
        }
    };
    refuse_unknown(PLACE, object, known)?;
    let count = members.integer("count").map_err(at(PLACE))?;
    let statement = match kind {
        "inclusion" => Statement::Inclusion(read_inclusion(members, leaf()?).map_err(at(PLACE))?),
        "absence" => Statement::Absence(read_absence(members).map_err(at(PLACE))?),
        "ends" => Statement::Ends(Ends {
            first: read_end(members, "first")?,
            last: read_end(members, "last")?,
        }),
        _ => Statement::Span(read_span(members).map_err(at(PLACE))?),
    };
    Ok((count, statement))
}

/// Writes a proof of a period with so many leaves.
pub(super) fn write_statement(count: u64, statement: &Statement) -> Object {
    let mut object = match statement {
        Statement::Inclusion(inclusion) => write_place(inclusion),
        Statement::Absence(absence) => write_absence(absence),
        Statement::Ends(ends) => object_of([
            ("first", Value::from(write_end(&ends.first))),
            ("last", Value::from(write_end(&ends.last))),
        ]),
        Statement::Span(span) => object_of([
            ("index", integer(span.index)),
            ("leaves", span.leaves.iter().map(write_leaf).collect()),
            ("path", span.path.iter().copied().collect()),
        ]),
    };
    object.insert("kind".to_owned(), Value::from(statement.kind()));
    object.insert("count".to_owned(), integer(count));
    object
}

fn read_inclusion(members: Members<'_>, leaf: Leaf) -> Result<Inclusion, MemberError> {
    Ok(Inclusion { leaf, index: members.integer("index")?, path: read_path(members, "path")? })
}

fn read_end(members: Members<'_>, member: &'static str) -> Result<Inclusion, BundleError> {
    let object = members.object(member).map_err(at(PLACE))?;
    refuse_unknown(member, object, &["leaf", "index", "path"])?;
    let members = Members(object);
    let read = || read_inclusion(members, read_leaf(members, "leaf")?);
    read().map_err(at(member))
}

fn read_absence(members: Members<'_>) -> Result<Absence, MemberError> {
    let left = members.optional("left", read_leaf)?;
    let right = members.optional("right", read_leaf)?;
    let index = members.optional("index", Members::integer)?;
    let word = members.text("gap")?;
    let gap = match (word, left, right, index) {
        ("empty-period", None, None, None) => Gap::EmptyPeriod,
        ("before-first", None, Some(first), None) => Gap::BeforeFirst { first },
        ("between", Some(left), Some(right), Some(index)) => Gap::Between { left, right, index },
        ("after-last", Some(last), None, None) => Gap::AfterLast { last },
        (found, ..) => {
            let found = found.to_owned();
            return Err(MemberError::UnknownWord { member: "gap", found });
        }
    };
    Ok(Absence {
        agent: members.address("agent")?,
        sequence: Sequence(members.integer("sequence")?),
        gap,
        path: read_path(members, "path")?,
    })
}

fn read_span(members: Members<'_>) -> Result<Span, MemberError> {
    let list = members.list("leaves", MOST_ELEMENTS)?;
    let leaf = |value| parse_leaf("leaves", any_text("leaves", value)?);
    Ok(Span {
        index: members.integer("index")?,
        leaves: list.iter().map(leaf).collect::<Result<_, _>>()?,
        path: read_path(members, "path")?,
    })
}

fn read_leaf(members: Members<'_>, member: &'static str) -> Result<Leaf, MemberError> {
    parse_leaf(member, members.text(member)?)
}

/// A leaf is written as it is published: 72 bytes, in hexadecimal.
fn parse_leaf(member: &'static str, text: &str) -> Result<Leaf, MemberError> {
    let bytes = parse_hex(text).map_err(|reason| MemberError::BadDigest { member, reason })?;
    Ok(Leaf::from_sort_key(&bytes))
}

fn write_leaf(leaf: &Leaf) -> Value {
    Value::Text(to_hex(&leaf.sort_key()))
}

fn write_place(inclusion: &Inclusion) -> Object {
    object_of([
        ("index", integer(inclusion.index)),
        ("path", inclusion.path.iter().copied().collect()),
    ])
}

fn write_end(inclusion: &Inclusion) -> Object {
    let mut object = write_place(inclusion);
    object.insert("leaf".to_owned(), write_leaf(&inclusion.leaf));
    object
}

fn write_absence(absence: &Absence) -> Object {
    let mut object = object_of([
        ("agent", Value::from(absence.agent)),
        ("sequence", integer(absence.sequence.0)),
        ("path", absence.path.iter().copied().collect()),
    ]);
    let mut put = |member: &str, value| object.insert(member.to_owned(), value);
    match &absence.gap {
        Gap::EmptyPeriod => drop(put("gap", Value::from("empty-period"))),
        Gap::BeforeFirst { first } => {
            put("gap", Value::from("before-first"));
            put("right", write_leaf(first));
        }
        Gap::Between { left, right, index } => {
            put("gap", Value::from("between"));
            put("left", write_leaf(left));
            put("right", write_leaf(right));
            put("index", integer(*index));
        }
        Gap::AfterLast { last } => {
            put("gap", Value::from("after-last"));
            put("left", write_leaf(last));
        }
    }
    object
}
