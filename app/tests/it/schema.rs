//! As much of JSON Schema as the service's document uses.

use serde_json::Value;

/// Says where a value is not what a schema asks for, if so.
pub(crate) fn problem_of(value: &Value, schema: &Value, document: &Value) -> Option<String> {
    let known = [
        "$ref",
        "type",
        "properties",
        "required",
        "items",
        "allOf",
        "anyOf",
        "enum",
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "additionalProperties",
        "propertyNames",
        "description",
        "format",
        "pattern",
        "default",
        "example",
    ];
    let schema = schema.as_object()?;
    for word in schema.keys() {
        assert!(known.contains(&word.as_str()), "{word} is not looked at here");
    }
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let found = document.pointer(reference.trim_start_matches('#')).unwrap();
        return problem_of(value, found, document);
    }
    let wrong = |what: &str| Some(format!("{what}: {value}"));
    let part = |it: &&Value| problem_of(value, it, document).is_none();
    let list = |word: &str| schema.get(word).and_then(Value::as_array).into_iter().flatten();
    if let Some(problem) = list("allOf").find_map(|part| problem_of(value, part, document)) {
        return Some(problem);
    }
    if schema.contains_key("anyOf") && list("anyOf").filter(part).count() == 0 {
        return wrong("not one of the forms");
    }
    if schema.contains_key("enum") && !list("enum").any(|word| word == value) {
        return wrong("none of the words");
    }
    if let Some(kinds) = schema.get("type") {
        let kinds = kinds.as_array().cloned().unwrap_or_else(|| vec![kinds.clone()]);
        if !kinds.iter().any(|kind| is_a(value, kind.as_str().unwrap())) {
            return wrong("of another kind");
        }
    }
    let number = |word: &str| schema.get(word).and_then(Value::as_f64);
    if let Some(found) = value.as_f64()
        && (number("minimum").is_some_and(|it| found < it)
            || number("maximum").is_some_and(|it| found > it))
    {
        return wrong("out of bounds");
    }
    let size = value.as_str().map(|text| ("minLength", "maxLength", text.chars().count()));
    let size = size.or(value.as_array().map(|list| ("minItems", "maxItems", list.len())));
    if let Some((least, most, found)) = size {
        let found = f64::from(u32::try_from(found).unwrap());
        if number(least).is_some_and(|it| found < it) || number(most).is_some_and(|it| found > it) {
            return wrong("of another size");
        }
    }
    if let (Some(items), Some(list)) = (schema.get("items"), value.as_array()) {
        return list.iter().find_map(|item| problem_of(item, items, document));
    }
    problem_of_members(value, &Value::Object(schema.clone()), document)
}

fn is_a(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is no kind"),
    }
}

fn problem_of_members(value: &Value, schema: &Value, document: &Value) -> Option<String> {
    let object = value.as_object()?;
    let mut required =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    if let Some(name) = required.find(|name| !object.contains_key(*name)) {
        return Some(format!("no {name}"));
    }
    object.iter().find_map(|(name, member)| {
        let of_name = schema["properties"].get(name);
        let found =
            of_name.or_else(|| schema.get("additionalProperties").filter(|it| it.is_object()))?;
        problem_of(member, found, document).map(|problem| format!("{name}: {problem}"))
    })
}

#[test]
fn values_of_another_form_are_found() {
    let schema = serde_json::json!({
        "type": "object", "required": ["a"],
        "properties": { "a": { "type": ["string", "null"], "minLength": 1 }, "b": { "type": "array", "items": { "type": "integer", "minimum": 0 } } },
    });
    for (text, good) in [
        (r#"{"a":"x"}"#, true),
        (r#"{"a":null,"b":[1,2],"c":true}"#, true),
        (r#"{"a":""}"#, false),
        (r#"{"b":[]}"#, false),
        (r#"{"a":1}"#, false),
        (r#"{"a":"x","b":[1.5]}"#, false),
        (r#"{"a":"x","b":[-1]}"#, false),
        (r#"{"a":"x","b":{}}"#, false),
        ("[]", false),
    ] {
        let value = serde_json::from_str(text).unwrap();
        assert_eq!(problem_of(&value, &schema, &Value::Null).is_none(), good, "{text}");
    }
}
