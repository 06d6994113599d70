//! Vectors and what is done with them.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of it")]

use proptest::prelude::*;
use runseal_receipt::json::{Number, Value as Json};
use serde_json::Value;
use std::{fmt::Debug, fs, path::Path};

/// Reads a file of vectors.
pub fn vectors(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let text = fs::read_to_string(folder.join(name).with_extension("json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Does something with every element of a list that has some.
pub fn for_each(list: &Value, mut check: impl FnMut(&Value)) {
    let list = list.as_array().unwrap();
    assert!(!list.is_empty());
    list.iter().for_each(&mut check);
}

pub fn text<'a>(case: &'a Value, member: &str) -> &'a str {
    case[member].as_str().unwrap_or_else(|| panic!("{member} of {case}"))
}

pub fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

pub fn to_bytes(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

/// Asserts that something was refused with one of the errors that a vector names.
pub fn assert_refused<T: Debug, E: Debug>(found: Result<T, E>, vector: &Value, context: &str) {
    let expected = text(vector, "error");
    let error = match found {
        Ok(found) => panic!("{context}: {expected} was expected, {found:?} was found"),
        Err(error) => format!("{error:?}"),
    };
    // The variant's name stands in the error's debug text, inside of those that carry it.
    let words = |text: &str| -> Vec<String> {
        text.split(|character: char| !character.is_alphanumeric()).map(str::to_owned).collect()
    };
    let found = words(&error);
    let named = expected.split('|').any(|name| found.contains(&name.to_owned()));
    assert!(named, "{context}: {expected} was expected, {error} was found");
}

/// Makes a vector's mutation to a document; `None` if the document has no such place.
pub fn mutate(document: &Value, mutation: &Value) -> Option<Value> {
    let mut mutated = document.clone();
    let place = |name: &str| mutation[name].as_str();
    if let Some([place, value]) = mutation["set"].as_array().map(Vec::as_slice) {
        set(&mut mutated, place.as_str()?, value.clone())?;
    } else if let Some(place) = place("remove") {
        remove(&mut mutated, place)?;
    } else if let Some([one, other]) = mutation["swap"].as_array().map(Vec::as_slice) {
        let (one, other) = (one.as_str()?, other.as_str()?);
        let (first, second) = (mutated.pointer(one)?.clone(), mutated.pointer(other)?.clone());
        *mutated.pointer_mut(one)? = second;
        *mutated.pointer_mut(other)? = first;
    } else if let Some(place) = place("append") {
        let copy = mutated.pointer(place)?.clone();
        let (list, _) = place.rsplit_once('/')?;
        mutated.pointer_mut(list)?.as_array_mut()?.push(copy);
    } else {
        panic!("no such mutation: {mutation}");
    }
    Some(mutated)
}

fn set(document: &mut Value, place: &str, value: Value) -> Option<()> {
    let (parent, key) = place.rsplit_once('/')?;
    match document.pointer_mut(parent)? {
        Value::Object(object) => {
            object.insert(key.to_owned(), value);
        }
        Value::Array(list) => *list.get_mut(key.parse::<usize>().ok()?)? = value,
        _ => return None,
    }
    Some(())
}

fn remove(document: &mut Value, place: &str) -> Option<()> {
    let (parent, key) = place.rsplit_once('/')?;
    match document.pointer_mut(parent)? {
        Value::Object(object) => object.remove(key).map(drop),
        Value::Array(list) => {
            let index = key.parse::<usize>().ok().filter(|index| *index < list.len())?;
            list.remove(index);
            Some(())
        }
        _ => None,
    }
}

/// Any characters, those that are escaped and those beyond the first plane among them.
pub fn any_text() -> impl Strategy<Value = String> {
    let character = prop_oneof![any::<char>(), prop::char::range('\0', '\u{7f}')];
    prop::collection::vec(character, 0..8).prop_map(String::from_iter)
}

/// Any value that can be read.
pub fn any_json() -> impl Strategy<Value = Json> {
    let double = prop_oneof![
        any::<f64>(),
        any::<i32>().prop_map(|integer| f64::from(integer) * 4_194_303.0),
        (-1000i32..1000).prop_map(f64::from)
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        double.prop_filter_map("finite", |double| Number::from_double(double).map(Json::Number)),
        any_text().prop_map(Json::Text),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Json::List),
            prop::collection::btree_map(any_text(), inner, 0..8).prop_map(Json::Object),
        ]
    })
}
