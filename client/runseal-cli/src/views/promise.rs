use runseal_engine::SignedPromise;
use runseal_types::Period;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A promise, as it is handed on and brought to a challenge.
pub(crate) struct PromiseView(SignedPromise);

impl PromiseView {
    pub(crate) fn period(&self) -> Period {
        self.0.place.period
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
        let text = String::from_utf8(self.0.to_value().canonical());
        let text = text.map_err(serde::ser::Error::custom)?;
        RawValue::from_string(text).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}
