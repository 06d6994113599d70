//! Canonical JSON: what is read, how it is printed, and what is refused by which name.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod support;

use proptest::prelude::*;
use runseal_receipt::json::{
    JsonError, MOST_BYTES, MOST_DEPTH, Number, Value, parse, parse_keeping_digits,
};
use serde_json::Value as Vector;
use std::{fs, path::PathBuf, process::Command};
use support::{any_json as json, assert_refused, for_each, text, vectors};

fn canonical(json: &str) -> String {
    String::from_utf8(parse(json.as_bytes()).unwrap().canonical()).unwrap()
}

#[test]
fn every_vector_has_its_canonical_text() {
    for_each(&vectors("canonical")["cases"], |case| {
        let expected = text(case, "canonical");
        assert_eq!(canonical(text(case, "json")), expected, "{case}");
        assert_eq!(canonical(expected), expected, "printing twice is printing once");
    });
}

#[test]
fn every_mutation_of_every_vector_is_refused_by_its_name() {
    let vectors = vectors("canonical");
    for_each(&vectors["cases"], |case| {
        for_each(&vectors["mutations"], |mutation| {
            let around = |side| text(mutation, side);
            let json = format!("{}{}{}", around("before"), text(case, "json"), around("after"));
            assert_refused(parse(json.as_bytes()), mutation, &json);
        });
    });
}

#[test]
fn every_wrong_text_is_refused_by_its_name() {
    for_each(&vectors("canonical")["refused"], |case| {
        let bytes = match &case["hex"] {
            Vector::String(hex) => support::bytes(hex),
            _ => text(case, "json").into(),
        };
        assert_refused(parse(&bytes), case, &String::from_utf8_lossy(&bytes));
    });
}

#[test]
fn doubles_are_printed_as_ecmascript_prints_them() {
    for_each(&vectors("canonical")["doubles"], |case| {
        let bits = u64::from_str_radix(text(case, "bits"), 16).unwrap();
        let number = Number::from_double(f64::from_bits(bits));
        let printed = number.map(|number| Value::Number(number).canonical());
        let expected = case["canonical"].as_str().map(|text| text.as_bytes().to_vec());
        assert_eq!(printed, expected, "{case}");
    });
}

/// The files that come with another implementation, read from where cargo keeps it.
fn shipped() -> PathBuf {
    let cargo = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO")).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    // Of other platforms not every package need be here.
    let about = cargo(&["-vV"]);
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let platform = format!("--filter-platform={host}");
    let metadata = cargo(&["metadata", "--format-version=1", "--offline", &platform]);
    let metadata: Vector = serde_json::from_str(&metadata).unwrap();
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    let package = packages.find(|package| package["name"] == "serde_json_canonicalizer").unwrap();
    PathBuf::from(text(package, "manifest_path")).with_file_name("tests/resources")
}

#[test]
fn the_data_of_the_reference_implementation_are_met() {
    let folder = shipped();
    let inputs = fs::read_dir(folder.join("testdata/input")).unwrap();
    let names: Vec<_> = inputs.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 6, "{names:?}");
    for name in names {
        let read = |side: &str| fs::read(folder.join("testdata").join(side).join(&name)).unwrap();
        assert_eq!(parse(&read("input")).unwrap().canonical(), read("output"), "{name:?}");
    }
    for example in ["rfc_example", "rfc_sorting"] {
        let read = |side| fs::read(folder.join(format!("{example}.{side}.json"))).unwrap();
        let expected = String::from_utf8(read("expected")).unwrap();
        let printed = parse(&read("input")).unwrap().canonical();
        assert_eq!(String::from_utf8(printed).unwrap(), expected.trim_end(), "{example}");
    }
}

#[test]
fn depth_is_bounded_on_both_sides() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth| open.repeat(depth) + "1" + &close.repeat(depth);
        assert!(parse(nested(MOST_DEPTH).as_bytes()).is_ok());
        let offset = MOST_DEPTH * open.len();
        let error = JsonError::TooDeep { offset, most: MOST_DEPTH };
        assert_eq!(parse(nested(MOST_DEPTH + 1).as_bytes()), Err(error.clone()));
        assert_eq!(parse(open.repeat(200_000).as_bytes()), Err(error), "the stack holds");
    }
    let beside = "[".to_owned() + &"[[]],".repeat(1000) + "[]]";
    assert!(parse(beside.as_bytes()).is_ok(), "lists beside each other are not deep");
}

#[test]
fn size_is_bounded_on_both_sides() {
    let of_size = |size: usize| format!("\"{}\"", "a".repeat(size - 2));
    assert!(parse(of_size(MOST_BYTES).as_bytes()).is_ok());
    let size_bytes = MOST_BYTES + 1;
    let error = JsonError::TooLarge { size_bytes, most_bytes: MOST_BYTES };
    assert_eq!(parse(of_size(size_bytes).as_bytes()), Err(error));
}

#[test]
fn large_integers_are_kept_as_digits_where_that_is_asked_for() {
    let read = |json: &str| parse_keeping_digits(json.as_bytes(), MOST_BYTES);
    for digits in ["9007199254740992", "-9007199254740992", "18446744073709551616"] {
        assert_eq!(read(digits), Ok(Value::from(digits)));
        assert_eq!(parse(digits.as_bytes()), Err(JsonError::IntegerTooLarge { offset: 0 }));
    }
    assert_eq!(read("[9007199254740991]"), parse(b"[9007199254740991]"));
    // Not written as an integer, so its digits are not the number.
    for json in ["9007199254740992.0", "1e20", "01", "1e400", "{\"a\":1,\"a\":1}", "[1"] {
        assert_eq!(read(json), parse(json.as_bytes()), "{json}");
        assert!(read(json).is_err(), "{json}");
    }
}

proptest! {
    #[test]
    fn a_value_survives_being_printed(value in json()) {
        let printed = value.canonical();
        prop_assert_eq!(parse(&printed), Ok(value.clone()));
        prop_assert_eq!(parse(&printed).unwrap().canonical(), printed);
    }

    #[test]
    fn another_implementation_prints_the_same(value in json()) {
        let printed = value.canonical();
        let theirs: Vector = serde_json::from_slice(&printed).unwrap();
        prop_assert_eq!(serde_json_canonicalizer::to_vec(&theirs).unwrap(), printed);
    }

    #[test]
    fn whatever_is_taken_is_json(text in "[\\[\\]{}\",:0-9.eE+\\-a-z\\\\u \n]{0,24}") {
        if parse(text.as_bytes()).is_ok() {
            prop_assert!(serde_json::from_str::<Vector>(&text).is_ok(), "{}", text);
        }
    }

    #[test]
    fn no_bytes_break_the_parser(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        drop(parse(&bytes));
    }

    #[test]
    fn numbers_keep_every_bit(bits in any::<u64>()) {
        let double = f64::from_bits(bits);
        if let Some(number) = Number::from_double(double) {
            let Value::Number(read) = parse(&Value::Number(number).canonical()).unwrap() else {
                return Err(TestCaseError::fail("not a number"));
            };
            prop_assert_eq!(read.as_f64(), double);
        }
    }
}
