use runseal_engine::SignedPromise;
use runseal_types::Period;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt::{self, Display, Formatter};

/// A promise, as it is handed on and brought to a challenge.
pub(crate) struct PromiseView(SignedPromise);

impl PromiseView {
    pub(crate) fn period(&self) -> Period {
        self.0.place.period
    }

    /// Returns the promise's own file.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.0.to_value().canonical()
    }
}

impl From<&SignedPromise> for PromiseView {
    fn from(promise: &SignedPromise) -> Self {
        Self(*promise)
    }
}

/// For programs it is the promise's own file: docs/spec/audit.md.
impl Serialize for PromiseView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = String::from_utf8(self.to_bytes());
        let text = text.map_err(serde::ser::Error::custom)?;
        RawValue::from_string(text).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

/// For people it is the same: what is shown can be put into a file.
impl Display for PromiseView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.to_bytes()))
    }
}
