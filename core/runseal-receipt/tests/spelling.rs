//! A receipt is what it says, however that is spelled: a text that is hashed as it came, because it
//! shows its canonical spelling, has the digest of one that has to be printed.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::indexing_slicing, missing_docs)]

mod support;

use proptest::prelude::*;
use runseal_receipt::{
    DocumentError, RECEIPT_VERSION, Receipt, ReceiptError,
    json::{Object, Value, parse},
};
use runseal_types::Digest;
use std::{iter::Cycle, vec};
use support::{any_json, any_text, to_bytes, vectors};

/// Spells values, canonically as long as all choices are 0.
struct Speller {
    choices: Cycle<vec::IntoIter<u8>>,
    out: String,
}

impl Speller {
    fn spell(value: &Value, choices: Vec<u8>) -> String {
        let mut speller = Self { choices: choices.into_iter().cycle(), out: String::new() };
        speller.value(value);
        speller.space();
        speller.out
    }

    fn choose<T: Copy, const N: usize>(&mut self, from: [T; N]) -> T {
        from[usize::from(self.choices.next().unwrap()) % N]
    }

    fn space(&mut self) {
        let space = self.choose(["", " ", "\n", "\t", "\r"]);
        self.out.push_str(space);
    }

    fn value(&mut self, value: &Value) {
        self.space();
        match value {
            Value::Number(_) => self.number(&canonical(value)),
            Value::Text(text) => self.text(text),
            Value::List(list) => self.between(['[', ']'], list, Self::value),
            Value::Object(object) => self.object(object),
            _ => self.out.push_str(&canonical(value)),
        }
        self.space();
    }

    fn number(&mut self, canonical: &str) {
        let is_integer = !canonical.contains(['.', 'e']);
        let other = match canonical {
            "0" => self.choose(["0", "-0", "0.0", "0e5"]).to_owned(),
            _ if is_integer => {
                canonical.to_owned() + self.choose(["", ".0", "e0", "E+0", ".00e-0"])
            }
            _ if canonical.contains('e') => canonical.replace('e', self.choose(["e", "E"])),
            _ => canonical.to_owned() + self.choose(["", "0", "e0"]),
        };
        self.out.push_str(&other);
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        for character in text.chars() {
            let plain = canonical(&Value::from(character.to_string().as_str()));
            let units: String = character
                .encode_utf16(&mut [0; 2])
                .iter()
                .map(|unit| format!("\\u{unit:04X}"))
                .collect();
            let spelling = self.choose([&plain[1..plain.len() - 1], &units]);
            self.out.push_str(spelling);
        }
        self.out.push('"');
    }

    fn object(&mut self, object: &Object) {
        let mut members: Vec<_> = object.iter().collect();
        members.sort_by_key(|(key, _)| key.encode_utf16().collect::<Vec<_>>());
        let first = self.choose([0, 1, 2, 3]);
        members.rotate_left(first.min(object.len()));
        self.between(['{', '}'], &members, |speller, (key, value)| {
            speller.space();
            speller.text(key);
            speller.space();
            speller.out.push(':');
            speller.value(value);
        });
    }

    fn between<T>(&mut self, [open, close]: [char; 2], list: &[T], spell: fn(&mut Self, &T)) {
        self.out.push(open);
        self.space();
        for (index, element) in list.iter().enumerate() {
            self.out.push_str(if index == 0 { "" } else { "," });
            spell(self, element);
        }
        self.out.push(close);
    }
}

fn canonical(value: &Value) -> String {
    String::from_utf8(value.canonical()).unwrap()
}

/// Mostly canonical, so that every liberty is also taken alone.
fn choices() -> impl Strategy<Value = Vec<u8>> {
    let seldom = |often| prop_oneof![often => Just(0), 1 => any::<u8>()];
    prop_oneof![
        Just(vec![0]),
        prop::collection::vec(seldom(5), 1..500),
        prop::collection::vec(seldom(300), 500..3000),
    ]
}

/// Receipts of the vectors with members that nobody knows.
fn receipts() -> impl Strategy<Value = Value> {
    let cases = vectors("receipt")["cases"].as_array().unwrap().clone();
    let receipts: Vec<_> = cases.iter().map(|case| to_bytes(&case["receipt"])).collect();
    let key = prop_oneof!["x[a-z]{0,3}", "[A-Z]{1,3}", any_text(), Just("\u{e000}".to_owned())];
    let extra = prop::collection::btree_map(key, any_json(), 0..4);
    (prop::sample::select(receipts), extra).prop_map(|(receipt, extra)| {
        let Value::Object(receipt) = parse(&receipt).unwrap() else { panic!("no object") };
        Value::Object(extra.into_iter().chain(receipt).collect())
    })
}

/// Reads a receipt in the way in which its canonical spelling is always printed.
fn read_printing(text: &[u8]) -> Result<Receipt, ReceiptError> {
    match parse(text).map_err(DocumentError::Json)? {
        Value::Object(object) => Receipt::from_object(object),
        _ => Err(DocumentError::NotAnObject.into()),
    }
}

/// The digest, by the words of the specification.
fn digest(receipt: &Value) -> Digest {
    let Value::Object(mut body) = receipt.clone() else { panic!("no object") };
    body.remove("signatures");
    Digest::of(&[RECEIPT_VERSION.as_bytes(), &Value::Object(body).canonical()])
}

proptest! {
    #[test]
    fn without_liberties_the_speller_is_canonical(value in any_json()) {
        prop_assert_eq!(Speller::spell(&value, vec![0]), canonical(&value));
    }

    #[test]
    fn every_spelling_of_a_receipt_is_the_same_receipt(receipt in receipts(), choices in choices()) {
        let spelled = Speller::spell(&receipt, choices);
        let read = Receipt::parse(spelled.as_bytes()).unwrap();
        prop_assert_eq!(read.digest(), digest(&receipt), "{}", spelled);
        prop_assert_eq!(read_printing(spelled.as_bytes()), Ok(read), "{}", spelled);
    }

    #[test]
    fn a_changed_byte_has_the_same_answer_in_either_way(
        receipt in receipts(),
        choices in choices(),
        place in any::<prop::sample::Index>(),
        byte in prop_oneof![any::<u8>(), prop::sample::select(b"\"\\,:{}[] 019.-eu".to_vec())],
    ) {
        let mut text = Speller::spell(&receipt, choices).into_bytes();
        let place = place.index(text.len());
        text[place] = byte;
        prop_assert_eq!(Receipt::parse(&text), read_printing(&text), "{}", String::from_utf8_lossy(&text));
        text.remove(place);
        prop_assert_eq!(Receipt::parse(&text), read_printing(&text), "{}", String::from_utf8_lossy(&text));
    }
}
