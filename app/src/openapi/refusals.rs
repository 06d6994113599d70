//! With what words, and for what, the service says no.

use serde_json::{Map, Value, json};

pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) name: &'static str,
    meaning: &'static str,
}

const fn refusal(status: u16, name: &'static str, meaning: &'static str) -> Refusal {
    Refusal { status, name, meaning }
}

pub(super) const REFUSALS: &[Refusal] = &[
    refusal(400, "NotPossible", "What is asked for cannot be, whatever is stored"),
    refusal(401, "NoToken", "A token is needed, and there is none that is known"),
    refusal(403, "NotAllowed", "The token is not good for this, or the agent has no key here"),
    refusal(404, "NotFound", "What the call is about is not there"),
    refusal(408, "TooSlow", "The body did not come in time"),
    refusal(409, "Conflict", "It does not go with what is stored"),
    refusal(413, "TooLarge", "The body is too large, or was cut off"),
    refusal(415, "NotRead", "The body is packed in a way that is not read here"),
    refusal(416, "NoSuchRange", "The list does not reach so far"),
    refusal(422, "Invalid", "What was sent is not what belongs there; all of it is told"),
    refusal(429, "Busy", "Too many calls at a time; Retry-After says when to come again"),
    refusal(500, "Failed", "What is stored is damaged, or the service failed"),
    refusal(502, "NoLedger", "The ledger does not answer, or its accounts are not understood"),
    refusal(503, "NotAvailable", "The store does not answer, or the service is ending"),
    refusal(507, "Full", "The store is full"),
];

/// Returns the answers that several routes give, by their names.
pub(super) fn responses() -> Map<String, Value> {
    let response = |refusal: &Refusal| {
        let schema = if refusal.status == 422 { "Invalid" } else { "Refusal" };
        let content = json!({
            "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } },
        });
        let mut value = json!({ "description": refusal.meaning, "content": content });
        let text = json!({ "schema": { "type": "string" } });
        match refusal.status {
            401 => value["headers"] = json!({ "WWW-Authenticate": text }),
            429 => value["headers"] = json!({ "Retry-After": text }),
            _ => {}
        }
        (refusal.name.to_owned(), value)
    };
    REFUSALS.iter().map(response).collect()
}

/// Returns the forms in which it is said.
pub(super) fn schemas() -> [(&'static str, Value); 2] {
    let refusal = json!({
        "type": "object", "required": ["detail"],
        "properties": { "detail": { "type": "string", "description": "Why" } },
    });
    let step = json!({ "type": ["string", "integer"] });
    let problem = json!({
        "type": "object", "required": ["type", "loc", "msg", "input"],
        "properties": {
            "type": { "type": "string", "description": "What kind of problem it is" },
            "loc": { "type": "array", "items": step, "description": "Where it is" },
            "msg": { "type": "string", "description": "What should be there" },
            "input": { "description": "What is there" },
            "ctx": { "type": "object", "description": "What else is known" },
        },
    });
    let invalid = json!({
        "type": "object", "required": ["detail"],
        "properties": { "detail": { "type": "array", "items": problem, "minItems": 1 } },
    });
    [("Refusal", refusal), ("Invalid", invalid)]
}
