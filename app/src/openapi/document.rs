use super::{Operation, examples::Example, glossary, refusals, routes::Tag};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::openapi::{RefOr, schema::Schema};

/// The API's document, made once.
pub(crate) struct Document {
    pub(crate) value: Value,
    /// As it goes out.
    pub(crate) text: String,
}

const DESCRIPTION: &str = "Agent runtimes post the events of their runs; the service keeps them, makes \
    a signed receipt when a run ends, and computes every other answer from what it keeps. Bodies are \
    JSON whatever their declared type. What is acknowledged is on the disk, and repeating a call is \
    safe.";

impl Document {
    pub(crate) fn new(operations: &[Operation], tags: &[Tag]) -> Self {
        let value = json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Runseal",
                "version": env!("CARGO_PKG_VERSION"),
                "description": DESCRIPTION,
                "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            },
            "tags": tags.iter().map(tag).collect::<Vec<_>>(),
            "paths": paths(operations),
            "components": {
                "schemas": schemas(operations),
                "responses": refusals::responses(),
                "securitySchemes": { "token": scheme() },
            },
        });
        let text = value.to_string();
        Self { value, text }
    }
}

fn tag(tag: &Tag) -> Value {
    json!({ "name": tag.name, "description": tag.description })
}

fn paths(operations: &[Operation]) -> BTreeMap<&str, Map<String, Value>> {
    let examples = Example::all();
    let mut paths = BTreeMap::<&str, Map<String, Value>>::new();
    for operation in operations {
        let method = operation.method.as_str();
        let of_this = |example: &&Example| {
            // A name in one path may be a word in another.
            let is_of = |it: &&Operation| example.is_of(method, it.path);
            let fitting = operations.iter().filter(|it| it.method == operation.method);
            let best = fitting.filter(is_of).min_by_key(|it| it.path.matches('{').count());
            best.is_some_and(|best| best.path == operation.path)
        };
        let example = examples.iter().find(of_this);
        let item = paths.entry(operation.path).or_default();
        item.insert(method.to_lowercase(), operation.to_value(example));
    }
    paths
}

fn schemas(operations: &[Operation]) -> BTreeMap<String, Value> {
    let all = operations.iter().flat_map(|operation| &operation.schemas);
    let written = |(name, schema): &(String, RefOr<Schema>)| {
        let mut schema = serde_json::to_value(schema).unwrap_or_default();
        explain(&mut schema);
        (name.clone(), schema)
    };
    let ours = refusals::schemas().map(|(name, schema)| (name.to_owned(), schema));
    all.map(written).chain(ours).collect()
}

/// Says of each member what it means, where its own words do not.
fn explain(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                for (name, property) in properties {
                    let Value::Object(property) = property else { continue };
                    let is_named = property.contains_key("$ref");
                    if let (Some(meaning), false) = (glossary::meaning(name), is_named) {
                        property.entry("description").or_insert_with(|| meaning.into());
                    }
                }
            }
            // What may be anything may be null too, and would then be two of the forms.
            if let Some(forms) = object.remove("oneOf") {
                object.insert("anyOf".to_owned(), forms);
            }
            object.values_mut().for_each(explain);
        }
        Value::Array(list) => list.iter_mut().for_each(explain),
        _ => {}
    }
}

fn scheme() -> Value {
    json!({
        "type": "http",
        "scheme": "bearer",
        "description": "Needed where the service was given a list of tokens. A token belongs to one \
            tenant and is good for one or more of: `ingest`, telling what runs do; `operate`, \
            changing agents, identities, checkpoints and anchors; `read`, looking.",
    })
}
