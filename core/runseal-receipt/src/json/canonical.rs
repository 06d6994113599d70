use super::{Number, Object, Value};
use serde::{Serialize, Serializer};

impl Value {
    /// Returns the one spelling of the value, as RFC 8785 has it.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        print(self)
    }
}

/// Returns the one spelling of an object.
pub(crate) fn canonical_object(object: &Object) -> Vec<u8> {
    print(object)
}

// Printing refuses only numbers that are not finite, keys that are not texts and keys that stand
// twice. A `Value` has none of them, so there is nothing to report.
fn print<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).unwrap_or_default()
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => serializer.collect_seq(list),
            Self::Object(object) => serializer.collect_map(object),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.as_f64())
    }
}
