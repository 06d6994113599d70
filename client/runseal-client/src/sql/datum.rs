use runseal_types::{Address, Digest};

/// A value for a statement. What kind it is is known also where there is none.
#[derive(Clone, Copy, Debug)]
pub enum Datum<'a> {
    /// A whole number.
    Number(Option<i64>),
    /// A text.
    Text(Option<&'a str>),
    /// Bytes.
    Bytes(Option<&'a [u8]>),
}

macro_rules! datum_from {
    ($($from:ty, $name:ident => $datum:expr;)*) => {
        $(impl<'a> From<$from> for Datum<'a> {
            fn from($name: $from) -> Self {
                $datum
            }
        })*
    };
}

datum_from! {
    i64, number => Self::Number(Some(number));
    Option<i64>, number => Self::Number(number);
    u32, number => Self::Number(Some(number.into()));
    &'a str, text => Self::Text(Some(text));
    Option<&'a str>, text => Self::Text(text);
    &'a String, text => Self::Text(Some(text));
    &'a Option<String>, text => Self::Text(text.as_deref());
    &'a [u8], bytes => Self::Bytes(Some(bytes));
    Option<&'a [u8]>, bytes => Self::Bytes(bytes);
    &'a Vec<u8>, bytes => Self::Bytes(Some(bytes));
    &'a [u8; 64], bytes => Self::Bytes(Some(bytes));
    &'a Option<[u8; 64]>, bytes => Self::Bytes(bytes.as_ref().map(<[u8; 64]>::as_slice));
    &'a Address, address => Self::Bytes(Some(address.as_bytes()));
    &'a Digest, digest => Self::Bytes(Some(digest.as_bytes()));
    &'a Option<Digest>, digest => Self::Bytes(digest.as_ref().map(|one| one.as_bytes().as_slice()));
    Option<&'a Digest>, digest => Self::Bytes(digest.map(|one| one.as_bytes().as_slice()));
}

/// Makes the values of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        &[$($crate::sql::Datum::from($value)),*]
    };
}

/// Makes a row that is inserted, or a key that is looked for.
macro_rules! row {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::sql::Datum::from($value)),*]
    };
}

pub(crate) use {row, values};
