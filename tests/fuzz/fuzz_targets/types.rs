//! Addresses, digests, times and published leaves: what is read is printed as it can be read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_fuzz::Input;
use runseal_types::{Address, Digest, Leaf, SORT_KEY_BYTES, Timestamp};
use std::{fmt::Display, str::FromStr};

fuzz_target!(|data: &[u8]| {
    let (kind, bytes) = data.split_first().unwrap_or((&0, data));
    let Ok(text) = std::str::from_utf8(bytes) else { return leaves(bytes) };
    match kind % 4 {
        0 => leaves(bytes),
        1 => {
            if let Some(address) = same_again::<Address>(text) {
                assert_eq!(address.to_string(), text, "an address has one spelling");
            }
            let address = Address::new(Input(bytes).array());
            assert_eq!(address.to_string().parse(), Ok(address));
        }
        2 => {
            if let Some(digest) = same_again::<Digest>(text) {
                assert_eq!(digest.to_string(), text, "a digest has one spelling");
            }
        }
        _ => times(text, bytes),
    }
});

fn same_again<T: FromStr + Display + PartialEq>(text: &str) -> Option<T> {
    let value: T = text.parse().ok()?;
    let again = value.to_string().parse().ok();
    assert!(again.as_ref() == Some(&value), "{value}");
    Some(value)
}

fn times(text: &str, bytes: &[u8]) {
    same_again::<Timestamp>(text);
    let mut input = Input(bytes);
    let seconds = input.number() % 300_000_000_000;
    let Some(time) = Timestamp::new(seconds, u32::from_le_bytes(input.array())) else { return };
    assert_eq!(time.to_string().parse(), Ok(time));
}

/// A published list: the order of the leaves is that of their bytes.
fn leaves(bytes: &[u8]) {
    let (chunks, _) = bytes.as_chunks::<SORT_KEY_BYTES>();
    let leaves: Vec<Leaf> = chunks.iter().map(Leaf::from_sort_key).collect();
    for (leaf, chunk) in leaves.iter().zip(chunks) {
        assert_eq!(leaf.sort_key(), *chunk);
    }
    assert_eq!(leaves.is_sorted(), chunks.is_sorted());
}
