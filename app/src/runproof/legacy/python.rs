//! JSON as Python prints it with its keys sorted, from text that was checked to be JSON.

use serde_json::value::RawValue;
use std::{collections::BTreeMap, fmt::Write};

/// What stands between members, and between a name and its value.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) comma: &'static str,
    pub(super) colon: &'static str,
}

pub(super) const LOOSE: Style = Style { comma: ", ", colon: ": " };
pub(super) const TIGHT: Style = Style { comma: ",", colon: ":" };

/// Prints a value. Whole numbers and others stay apart, as they do in Python.
pub(super) fn print(json: &str, style: Style) -> Result<String, serde_json::Error> {
    let json = json.trim();
    Ok(match json.bytes().next() {
        Some(b'{') => {
            let object: BTreeMap<String, &RawValue> = serde_json::from_str(json)?;
            let member = |(name, value): (&String, &&RawValue)| {
                Ok(format!("{}{}{}", quoted(name), style.colon, print(value.get(), style)?))
            };
            let members: Result<Vec<_>, serde_json::Error> = object.iter().map(member).collect();
            format!("{{{}}}", members?.join(style.comma))
        }
        Some(b'[') => {
            let list: Vec<&RawValue> = serde_json::from_str(json)?;
            let items = list.iter().map(|value| print(value.get(), style));
            format!("[{}]", items.collect::<Result<Vec<_>, _>>()?.join(style.comma))
        }
        Some(b'"') => quoted(&serde_json::from_str::<String>(json)?),
        Some(b'-' | b'0'..=b'9') => number(json),
        _ => json.to_owned(),
    })
}

/// Prints a text with nothing in it but ASCII.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(character),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    // Writing to a text does not fail.
                    write!(out, "\\u{unit:04x}").ok();
                }
            }
        }
    }
    out.push('"');
    out
}

fn number(text: &str) -> String {
    if !text.contains(['.', 'e', 'E']) {
        return if text == "-0" { "0".to_owned() } else { text.to_owned() };
    }
    let value: f64 = text.parse().unwrap_or(f64::NAN);
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = value.to_string();
        return if plain.contains('.') { plain } else { plain + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_printed_as_python_prints_them() {
        for (json, printed) in [
            ("{}", "{}"),
            ("[ ]", "[]"),
            (r#"{"b":"é","a":1.0}"#, r#"{"a": 1.0, "b": "\u00e9"}"#),
            (r#"{"a":[1,2,{"z":null,"y":true}]}"#, r#"{"a": [1, 2, {"y": true, "z": null}]}"#),
            (r#""😀\u007f/""#, r#""\ud83d\ude00\u007f/""#),
            ("1e16", "1e+16"),
            ("1e15", "1000000000000000.0"),
            ("0.0001", "0.0001"),
            ("0.00001", "1e-05"),
            ("1.5e300", "1.5e+300"),
            ("-0.0", "-0.0"),
            ("-0", "0"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("2.50", "2.5"),
        ] {
            assert_eq!(print(json, LOOSE).unwrap(), printed, "{json}");
        }
        assert_eq!(print(r#"{"b":[1,2],"a":0}"#, TIGHT).unwrap(), r#"{"a":0,"b":[1,2]}"#);
    }
}
