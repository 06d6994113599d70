//! Values as PostgreSQL takes them: one by one, or a list for each column of many rows.

use bytes::BytesMut;
use runseal_client::sql::{Datum, Failure};
use std::error::Error;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// A value of a statement.
#[derive(Debug)]
pub(crate) struct Bound<'a>(Datum<'a>);

impl<'a> Bound<'a> {
    pub(crate) fn new(value: Datum<'a>) -> Self {
        Self(value)
    }

    /// PostgreSQL holds no U+0000 in a text, so a text that has one is equal to none that is stored.
    pub(crate) fn all(values: &[Datum<'a>]) -> Vec<Self> {
        let held = |value: &Datum<'a>| match value {
            Datum::Text(Some(text)) if text.contains('\0') => Self(Datum::Text(None)),
            value => Self(*value),
        };
        values.iter().map(held).collect()
    }

    /// Refuses what cannot be stored.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match self.0 {
            Datum::Text(Some(text)) if text.contains('\0') => {
                Err(Failure::NotWritable("PostgreSQL holds no U+0000 in a text".to_owned()))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn types(bound: &[Self]) -> Vec<Type> {
        let one = |value: &Self| match value.0 {
            Datum::Number(_) => Type::INT8,
            Datum::Text(_) => Type::TEXT,
            Datum::Bytes(_) => Type::BYTEA,
        };
        bound.iter().map(one).collect()
    }

    pub(crate) fn parameters(bound: &[Self]) -> Vec<&(dyn ToSql + Sync)> {
        bound.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(
        &self,
        to: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Datum::Number(number) => number.to_sql(to, out),
            Datum::Text(text) => text.to_sql(to, out),
            Datum::Bytes(bytes) => bytes.to_sql(to, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// All values of a column.
pub(crate) enum Column<'a> {
    Numbers(Vec<Option<i64>>),
    Texts(Vec<Option<&'a str>>),
    Bytes(Vec<Option<&'a [u8]>>),
}

impl Column<'_> {
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Numbers(_) => "int8",
            Self::Texts(_) => "text",
            Self::Bytes(_) => "bytea",
        }
    }

    pub(crate) fn list_type(&self) -> Type {
        match self {
            Self::Numbers(_) => Type::INT8_ARRAY,
            Self::Texts(_) => Type::TEXT_ARRAY,
            Self::Bytes(_) => Type::BYTEA_ARRAY,
        }
    }

    pub(crate) fn list(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Numbers(numbers) => numbers,
            Self::Texts(texts) => texts,
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// Turns rows into columns. All rows must have the kinds of values that the first one has.
pub(crate) fn columns<'a>(rows: &[Vec<Datum<'a>>]) -> Result<Vec<Column<'a>>, Failure> {
    let empty = |value: &Datum<'a>| match value {
        Datum::Number(_) => Column::Numbers(Vec::with_capacity(rows.len())),
        Datum::Text(_) => Column::Texts(Vec::with_capacity(rows.len())),
        Datum::Bytes(_) => Column::Bytes(Vec::with_capacity(rows.len())),
    };
    let mut columns: Vec<Column<'a>> =
        rows.first().map(|row| row.iter().map(empty).collect()).unwrap_or_default();
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            match (column, *value) {
                (Column::Numbers(numbers), Datum::Number(number)) => numbers.push(number),
                (Column::Texts(texts), Datum::Text(text)) => texts.push(text),
                (Column::Bytes(list), Datum::Bytes(bytes)) => list.push(bytes),
                (_, value) => {
                    return Err(Failure::Damaged(format!(
                        "{value:?} among others of another kind"
                    )));
                }
            }
        }
    }
    Ok(columns)
}
