use super::{BUNDLE_VERSION, BundleParts, LogPath, proof::write_statement, write_observations};
use runseal_receipt::{
    json::{Number, Object, Value},
    member::{integer, object_of},
};
use runseal_types::{Address, AnchorFacts};

/// Writes a bundle; what it does not have does not stand in it.
pub(super) fn write(parts: &BundleParts) -> Value {
    let mut object = object_of([
        ("version", Value::from(BUNDLE_VERSION)),
        ("genesis_hash", Value::from(Address::new(*parts.place.genesis_hash.as_bytes()))),
        ("program", Value::from(parts.program)),
        ("log", Value::from(parts.place.log)),
        ("period", integer(parts.place.period.0)),
        ("proof", Value::from(write_statement(parts.leaf_count, &parts.statement))),
        ("accounts", write_observations(&parts.accounts)),
    ]);
    let lists = [
        ("receipts", &parts.receipts),
        ("addenda", &parts.addenda),
        ("approvals", &parts.approvals),
        ("policies", &parts.policies),
    ];
    for (member, texts) in lists.into_iter().filter(|(_, texts)| !texts.is_empty()) {
        object.insert(member.to_owned(), write_texts(texts));
    }
    let optional = [
        ("previous", parts.previous.as_deref().map(Value::from)),
        ("events", parts.events.as_deref().map(write_texts)),
        ("anchor", parts.anchor.as_ref().map(anchor_object).map(Value::from)),
        ("log_path", parts.log_path.as_ref().map(write_log_path).map(Value::from)),
    ];
    let there = optional.into_iter().filter_map(|(member, value)| Some((member, value?)));
    object.extend(there.map(|(member, value)| (member.to_owned(), value)));
    Value::Object(object)
}

fn write_texts(texts: &[String]) -> Value {
    texts.iter().map(String::as_str).collect()
}

/// Returns what an anchor says as it stands in a bundle.
#[must_use]
pub fn anchor_object(facts: &AnchorFacts) -> Object {
    object_of([
        ("context", Value::from(*facts.context.as_digest())),
        ("root", Value::from(facts.root)),
        ("leaf_count", integer(facts.leaf_count)),
        ("cumulative_leaf_count", integer(facts.cumulative_leaf_count)),
        ("previous_anchor_hash", Value::from(facts.previous_anchor_hash)),
        ("start_seconds", seconds(facts.start_seconds)),
        ("end_seconds", seconds(facts.end_seconds)),
        ("posted_slot", integer(facts.posted_slot)),
        ("posted_unix_seconds", seconds(facts.posted_unix_seconds)),
    ])
}

fn seconds(seconds: i64) -> Value {
    Number::from_integer(seconds).map_or(Value::Null, Value::Number)
}

fn write_log_path(path: &LogPath) -> Object {
    object_of([("count", integer(path.count)), ("path", path.path.iter().copied().collect())])
}
