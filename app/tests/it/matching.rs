//! What an answer must be like: its members, some exactly, some in their form, some remembered.

use serde_json::Value;
use std::collections::BTreeMap;

/// What was remembered under a name.
pub(crate) type Names = BTreeMap<String, String>;

/// Compares an answer with what is expected; the answer may have more members.
///
/// A text `#form` stands for every value of that form, and `<name>` for any text, which is remembered,
/// or must be what was remembered.
pub(crate) fn differs(expected: &Value, found: &Value, names: &mut Names) -> Option<String> {
    let wrong = || Some(format!("{expected} was expected, {found} was found"));
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            expected.iter().find_map(|(name, value)| {
                let Some(found) = found.get(name) else { return Some(format!("no {name}")) };
                differs(value, found, names).map(|reason| format!("{name}: {reason}"))
            })
        }
        (Value::Array(expected), Value::Array(found)) => {
            if expected.len() != found.len() {
                return wrong();
            }
            let mut pairs = expected.iter().zip(found);
            pairs.find_map(|(expected, found)| differs(expected, found, names))
        }
        (Value::String(text), found) => match text.strip_prefix('#') {
            Some(form) => {
                if has_form(form, found) {
                    None
                } else {
                    wrong()
                }
            }
            None => text_differs(text, found, names).then(wrong).flatten(),
        },
        _ => (expected != found).then(wrong).flatten(),
    }
}

fn text_differs(expected: &str, found: &Value, names: &mut Names) -> bool {
    let Some(found) = found.as_str() else { return true };
    match expected.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        Some(name) => match names.get(name) {
            Some(known) => known != found,
            None => names.insert(name.to_owned(), found.to_owned()).is_some(),
        },
        None => expected != found,
    }
}

fn has_form(form: &str, found: &Value) -> bool {
    let text = found.as_str().unwrap_or_default();
    let hex = |text: &str, size: usize| {
        text.len() == size && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
    };
    match form {
        "any" => !found.is_null(),
        "int" => found.is_u64(),
        "text" => found.is_string(),
        "list" => found.is_array(),
        "object" => found.is_object(),
        "H64" => hex(text, 64),
        "P64" => text.strip_prefix("sha256:").is_some_and(|text| hex(text, 64)),
        "hex16" => hex(text, 16),
        "hex128" => hex(text, 128),
        // 2026-03-17T00:00:00.123456+00:00, the same without offset, and 2026-03-17 00:00:00.
        "T1" => text.ends_with("+00:00") && text.as_bytes().get(10) == Some(&b'T'),
        "T2" => {
            !text.contains('+') && !text.ends_with('Z') && text.as_bytes().get(10) == Some(&b'T')
        }
        "T3" => text.len() == 19 && text.as_bytes().get(10) == Some(&b' '),
        "T4" => text.ends_with('Z'),
        other => panic!("#{other} is no form"),
    }
}

#[test]
fn forms_and_names_are_told_apart() {
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let mut names = Names::new();
    for (expected, found, same) in [
        (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, true),
        (r#"{"a":1}"#, r#"{"b":1}"#, false),
        (r#"{"a":null}"#, "{}", false),
        ("[1]", "[1,2]", false),
        (r##""#int""##, "5", true),
        (r##""#int""##, "-5", false),
        (r##""#any""##, "null", false),
        (r##""#T1""##, r#""2026-03-17T00:00:00+00:00""#, true),
        (r##""#T2""##, r#""2026-03-17T00:00:00+00:00""#, false),
        (r#""<x>""#, r#""one""#, true),
        (r#""<x>""#, r#""one""#, true),
        (r#""<x>""#, r#""two""#, false),
        (r#""1""#, "1", false),
    ] {
        let outcome = differs(&value(expected), &value(found), &mut names);
        assert_eq!(outcome.is_none(), same, "{expected} {found}");
    }
}
