//! Limits of documents and events, from both sides, and that whatever is taken can be read again.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::indexing_slicing, missing_docs)]

mod support;

use proptest::prelude::*;
use runseal_receipt::{
    DocumentError, Event, EventError, LimitError, MOST_BODY_BYTES, MOST_BODY_DEPTH,
    MOST_SIGNATURE_BYTES, Receipt, ReceiptError, SignatureError, json::Value as Json,
};
use serde_json::{Value, json};
use std::sync::LazyLock;
use support::{to_bytes, vectors};

fn receipt() -> Value {
    static RECEIPT: LazyLock<Value> =
        LazyLock::new(|| vectors("receipt")["cases"][1]["receipt"].clone());
    RECEIPT.clone()
}

fn event() -> Value {
    vectors("events")["cases"][0]["events"][0].clone()
}

/// An element of a list with a member that makes its canonical spelling this long.
fn filled(mut element: Value, size: usize) -> Value {
    element["filling"] = json!("");
    let missing = size - canonical(&element).len();
    element["filling"] = json!("a".repeat(missing));
    element
}

/// A signature's entry that is this long without the signature.
fn with_signature(mut entry: Value, size: usize) -> Value {
    let signature = entry.as_object_mut().unwrap().remove("signature").unwrap();
    let mut filled = filled(entry, size);
    filled["signature"] = signature;
    filled
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| json!([inner]))
}

fn canonical(json: &Value) -> Vec<u8> {
    runseal_receipt::json::parse(&to_bytes(json)).unwrap().canonical()
}

fn read(json: &Value) -> Result<Receipt, ReceiptError> {
    Receipt::parse(&to_bytes(json))
}

fn limit(error: LimitError) -> ReceiptError {
    ReceiptError::Document(DocumentError::Limit(error))
}

#[test]
fn a_receipt_may_have_960_kilobytes_without_its_signatures() {
    let signatures = receipt()["signatures"].clone();
    let of_size = |size| {
        let mut body = receipt();
        body.as_object_mut().unwrap().remove("signatures");
        let mut receipt = filled(body, size);
        receipt["signatures"] = signatures.clone();
        receipt
    };
    let largest = read(&of_size(MOST_BODY_BYTES)).unwrap();
    let again = largest.document().to_value().canonical();
    assert_eq!(Receipt::parse(&again).unwrap(), largest);
    let size_bytes = MOST_BODY_BYTES + 1;
    let error = LimitError::BodyTooLarge { size_bytes };
    assert_eq!(read(&of_size(size_bytes)), Err(limit(error)));
}

#[test]
fn sixteen_large_signatures_leave_a_large_receipt_readable() {
    let entry = receipt()["signatures"][0].clone();
    let sixteen = (0..16).map(|index| {
        let mut entry = entry.clone();
        entry["key_id"] = json!(format!("{index:016x}"));
        with_signature(entry, MOST_SIGNATURE_BYTES)
    });
    let mut body = receipt();
    body.as_object_mut().unwrap().remove("signatures");
    let mut largest = filled(body, MOST_BODY_BYTES);
    largest["signatures"] = Value::Array(sixteen.collect());
    let largest = read(&largest).unwrap();
    assert_eq!(largest.document().signatures().len(), 16);
    let again = largest.document().to_value().canonical();
    assert_eq!(Receipt::parse(&again).unwrap(), largest);
}

#[test]
fn a_signature_may_have_3900_bytes() {
    let mut signed = receipt();
    let entry = signed["signatures"][0].clone();
    let size_bytes = MOST_SIGNATURE_BYTES + 1;
    signed["signatures"][0] = with_signature(entry, size_bytes);
    let most_bytes = MOST_SIGNATURE_BYTES;
    let error = SignatureError::TooLarge { size_bytes, most_bytes };
    assert_eq!(read(&signed), Err(ReceiptError::Document(error.into())));
}

#[test]
fn documents_and_events_may_be_64_deep() {
    let (mut receipt, mut event) = (receipt(), event());
    receipt["more"] = nested(MOST_BODY_DEPTH - 1);
    event["data"]["more"] = nested(MOST_BODY_DEPTH - 2);
    read(&receipt).unwrap();
    Event::parse(&to_bytes(&event)).unwrap();
    receipt["more"] = nested(MOST_BODY_DEPTH);
    event["data"]["more"] = nested(MOST_BODY_DEPTH - 1);
    assert_eq!(read(&receipt), Err(limit(LimitError::BodyTooDeep)));
    let refusal = Event::parse(&to_bytes(&event));
    assert_eq!(refusal, Err(EventError::Limit(LimitError::BodyTooDeep)));
}

#[test]
fn an_event_may_have_960_kilobytes_with_its_data() {
    let bytes = Event::parse(&to_bytes(&event())).unwrap().to_bytes().len();
    let of_size = |size: usize| {
        let mut event = event();
        event["data"] = filled(json!({}), size - bytes);
        Event::parse(&to_bytes(&event))
    };
    of_size(MOST_BODY_BYTES).unwrap();
    let size_bytes = MOST_BODY_BYTES + 1;
    let error = LimitError::BodyTooLarge { size_bytes };
    assert_eq!(of_size(size_bytes), Err(EventError::Limit(error)));
}

/// Values of every kind, right ones for some member among them.
fn anything() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        (0u32..4).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "(00|ff){32}".prop_map(Value::from),
        "2026-0[1-9]-[0-2][1-9]T0[0-9]:00:00Z".prop_map(Value::from),
        "[1-9A-HJ-NP-Za-km-z]{44}".prop_map(Value::from),
        prop::sample::select(vec!["completed", "failed", "agent", "host", "ed25519"])
            .prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([{}])),
    ]
}

/// The place of every value of a document.
fn places(value: &Value, place: &str, found: &mut Vec<String>) {
    found.push(place.to_owned());
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                places(inner, &format!("{place}/{key}"), found);
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                places(inner, &format!("{place}/{index}"), found);
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn whatever_is_changed_is_refused_or_is_another_receipt(
        picked in any::<prop::sample::Index>(),
        value in anything(),
    ) {
        let original = receipt();
        let mut all = Vec::new();
        places(&original, "", &mut all);
        let place = &all[picked.index(all.len())];
        let mut changed = original.clone();
        *changed.pointer_mut(place).unwrap() = value;
        let Ok(found) = read(&changed) else { return Ok(()) };
        prop_assert_eq!(&Receipt::parse(&found.document().to_value().canonical()).unwrap(), &found);
        let original_receipt = read(&original).unwrap();
        let is_signature = place.starts_with("/signatures");
        let is_same = canonical(&changed) == canonical(&original);
        prop_assert_eq!(found.digest() == original_receipt.digest(), is_signature || is_same);
        prop_assert_eq!(found == original_receipt, is_same, "{}", place);
    }

    #[test]
    fn what_is_made_of_read_facts_is_the_receipt_itself(
        picked in any::<prop::sample::Index>(),
        value in anything(),
    ) {
        let mut changed = receipt();
        let mut all = Vec::new();
        places(&changed, "", &mut all);
        *changed.pointer_mut(&all[picked.index(all.len())]).unwrap() = value;
        let Ok(read) = read(&changed) else { return Ok(()) };
        let made = Receipt::new(read.facts(), [].into()).unwrap();
        prop_assert_eq!(made.facts(), read.facts());
        prop_assert_eq!(made.fingerprints(), read.fingerprints());
        prop_assert!(matches!(made.document().to_value(), Json::Object(_)));
    }
}
