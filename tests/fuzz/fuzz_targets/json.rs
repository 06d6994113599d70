//! Whatever is read is JSON, has the canonical spelling that another implementation gives it, and
//! is the same value when that is read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_receipt::json::parse;
use serde::Deserialize;

fuzz_target!(|data: &[u8]| {
    let Ok(value) = parse(data) else { return };
    let canonical = value.canonical();
    assert_eq!(parse(&canonical).as_ref(), Ok(&value));
    let mut reader = serde_json::Deserializer::from_slice(data);
    reader.disable_recursion_limit();
    let theirs = serde_json::Value::deserialize(&mut reader).expect("it is JSON");
    reader.end().expect("there is nothing behind it");
    assert_eq!(serde_json_canonicalizer::to_vec(&theirs).expect("it is printed"), canonical);
});
