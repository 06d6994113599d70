use super::{
    Overlay, Proof, SPEC_VERSION, Verdict,
    check::{Check, DOCUMENT},
    legacy,
};
use crate::{error::ApiError, wire::Problem};
use runseal_ed25519::PublicKey;
use runseal_receipt::{
    Event, Receipt,
    json::{Object, Value},
};

/// What comes later than a receipt, and is not the sender's to say.
const LATER: [&str; 3] = ["parent_id", "root_id", "seal"];

/// Checks a document that somebody sent, by itself: nothing of it is looked up. `text` is the
/// document as it came.
pub(crate) fn check_posted(
    document: &Object,
    text: &str,
    known: &[PublicKey],
) -> Result<Verdict, ApiError> {
    match document.get("proof_spec_version") {
        Some(Value::Text(version)) if version == SPEC_VERSION => check_own(document, known),
        None | Some(Value::Null) => legacy::check(text),
        Some(Value::Text(version)) if version == "1.0" => legacy::check(text),
        Some(other) => {
            let message = format!("Input should be {SPEC_VERSION} or 1.0");
            Err(Problem::of("body", "proof_spec_version", "literal_error", message, other).into())
        }
    }
}

fn check_own(document: &Object, known: &[PublicKey]) -> Result<Verdict, ApiError> {
    let wrong = |name: &str, message: String| {
        let input = document.get(name).unwrap_or(&Value::Null);
        ApiError::from(Problem::of("body", name, "value_error", message, input))
    };
    let Some(Value::Object(receipt)) = document.get("receipt") else {
        return Err(wrong("receipt", "Input should be a receipt".to_owned()));
    };
    let receipt = Receipt::from_object(receipt.clone())
        .map_err(|error| wrong("receipt", error.to_string()))?;
    let events = events(document).map_err(|reason| wrong("events", reason))?;
    let agent_id = match document.get("agent_id") {
        Some(Value::Text(agent_id)) => agent_id.clone(),
        _ => receipt.facts().agent.to_string(),
    };
    let proof = Proof::new(receipt, events, Overlay { agent_id, ..Overlay::default() });
    let mut verdict = proof.verdict(known);
    let message = "every member is what receipt and events make it";
    verdict.checks.push(Check::of(DOCUMENT, compare(document, &proof.into_document()), message));
    Ok(verdict)
}

fn events(document: &Object) -> Result<Vec<Event>, String> {
    let Some(Value::List(list)) = document.get("events") else {
        return Err("Input should be a valid list".to_owned());
    };
    let event = |(index, value): (usize, &Value)| {
        let Value::Object(event) = value else { return Err(format!("event {index} is no object")) };
        let mut event = event.clone();
        // It is compared with what it must be, with the rest of the document.
        event.remove("content_hash");
        Event::from_object(event).map_err(|error| format!("event {index}: {error}"))
    };
    list.iter().enumerate().map(event).collect()
}

fn compare(found: &Object, computed: &Object) -> Result<(), String> {
    let differs = computed
        .iter()
        .find(|(name, value)| !LATER.contains(&name.as_str()) && found.get(*name) != Some(*value));
    match differs {
        None => Ok(()),
        Some((name, _)) => Err(format!("{name} is not what receipt and events make it")),
    }
}
