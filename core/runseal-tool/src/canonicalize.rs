use crate::{Answer, Holds, Refusal, question::Question};
use runseal_receipt::json::{self, JsonError};

/// Spells a JSON text as RFC 8785 says, or says why it has not one meaning.
pub(crate) fn answer(question: &Question) -> Answer {
    let value = json::parse(question.text("json")?.as_bytes()).map_err(refusal)?;
    let canonical = String::from_utf8(value.canonical());
    let canonical = canonical.map_err(|error| Refusal::new("InvalidUtf8", error))?;
    Ok(Holds { canonical: Some(canonical) })
}

/// The words are those of docs/spec/canonical-json.md.
fn refusal(error: JsonError) -> Refusal {
    let reason = match error {
        JsonError::TooLarge { .. } => "TooLarge",
        JsonError::InvalidUtf8 { .. } => "InvalidUtf8",
        JsonError::UnexpectedEnd => "UnexpectedEnd",
        JsonError::UnexpectedByte { .. } => "UnexpectedByte",
        JsonError::TrailingBytes { .. } => "TrailingBytes",
        JsonError::TooDeep { .. } => "TooDeep",
        JsonError::DuplicateKey { .. } => "DuplicateKey",
        JsonError::LoneSurrogate { .. } => "LoneSurrogate",
        JsonError::InvalidEscape { .. } => "InvalidEscape",
        JsonError::ControlCharacter { .. } => "ControlCharacter",
        JsonError::InvalidNumber { .. } => "InvalidNumber",
        JsonError::NonFinite { .. } => "NonFinite",
        JsonError::IntegerTooLarge { .. } => "IntegerTooLarge",
    };
    Refusal::new(reason, error)
}
