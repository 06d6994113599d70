//! Values as texts: one text for a value, and nothing else is taken for one.
#![allow(clippy::unwrap_used, missing_docs)]

use proptest::prelude::*;
use runseal_types::{Address, Digest, HexError, Leaf, Sequence, Timestamp, TimestampError};

#[test]
fn only_lower_hexadecimal_of_the_exact_length_is_a_digest() {
    let right = "0a".repeat(32);
    assert_eq!(right.parse::<Digest>().unwrap().to_string(), right);
    for wrong in ["", "0a", &"0a".repeat(31), &"0a".repeat(33), &format!("0x{}", "0a".repeat(32))] {
        let error = HexError::WrongLength { found: wrong.len(), expected: 64 };
        assert_eq!(wrong.parse::<Digest>(), Err(error), "{wrong}");
    }
    for (index, bad) in [(0, "A"), (5, "g"), (63, " "), (9, "-"), (62, "é")] {
        let mut wrong = right.clone();
        wrong.replace_range(index..index + bad.len(), bad);
        assert_eq!(wrong.parse::<Digest>(), Err(HexError::NotLowerHex { index }), "{wrong}");
    }
}

#[test]
fn only_base58_of_32_bytes_is_an_address() {
    let right = "Ed25519SigVerify111111111111111111111111111";
    assert_eq!(right.parse::<Address>().unwrap().to_string(), right);
    assert_eq!(Address::new([0; 32]).to_string(), "1".repeat(32));
    let wrong = [
        "",
        "1",
        &"1".repeat(31),
        &"1".repeat(33),
        &"z".repeat(44),
        &"z".repeat(45),
        "Ed25519SigVerify11111111111111111111111111",
        "Ed25519SigVerify11111111111111111111111111111",
        "0d25519SigVerify111111111111111111111111111",
        "Od25519SigVerify111111111111111111111111111",
        " d25519SigVerify111111111111111111111111111",
        "éd25519SigVerify11111111111111111111111111",
    ];
    for wrong in wrong {
        assert!(wrong.parse::<Address>().is_err(), "{wrong}");
    }
}

#[test]
fn instants_are_counted_from_1970() {
    let table = [
        ("1970-01-01T00:00:00Z", 0, 0),
        ("1970-01-01T00:00:00+00:00", 0, 0),
        ("2000-02-29T23:59:59Z", 951_868_799, 0),
        ("2000-03-01T00:00:00Z", 951_868_800, 0),
        ("2026-03-17T00:00:00.123456+00:00", 1_773_705_600, 123_456_000),
        ("2026-03-17T00:00:00.000000001Z", 1_773_705_600, 1),
        ("2100-02-28T00:00:00Z", 4_107_456_000, 0),
        ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999),
    ];
    for (text, unix_seconds, nanoseconds) in table {
        let instant = Timestamp::new(unix_seconds, nanoseconds).unwrap();
        assert_eq!(text.parse(), Ok(instant), "{text}");
        assert_eq!((instant.unix_seconds(), instant.nanoseconds()), (unix_seconds, nanoseconds));
        assert_eq!(instant.to_string(), text.replace("+00:00", "Z"));
    }
}

#[test]
fn there_is_no_instant_behind_the_year_9999() {
    assert_eq!(Timestamp::new(253_402_300_800, 0), None);
    assert_eq!(Timestamp::new(0, 1_000_000_000), None);
}

#[test]
fn what_is_not_written_as_an_instant_is_refused() {
    let wrong = [
        "",
        "Z",
        "2026-03-17",
        "2026-03-17T00:00:00",
        "2026-03-17 00:00:00Z",
        "2026-03-17t00:00:00z",
        "2026-03-17T00:00:00+01:00",
        "2026-03-17T00:00:00-00:00",
        "2026-03-17T00:00:00.Z",
        "2026-03-17T00:00:00.1234567890Z",
        "2026-03-17T00:00:00.1.2Z",
        "2026-03-17T00:00:00,5Z",
        "2026-3-17T00:00:00Z",
        "+026-03-17T00:00:00Z",
        "2026-03-17T00:00:+1Z",
        "2026-03-17T00:00:000Z",
        "2026-03-17T00:00:00ZZ",
        "2026-03-17T00:00Z",
        "é026-03-17T00:00:00Z",
    ];
    for wrong in wrong {
        assert_eq!(wrong.parse::<Timestamp>(), Err(TimestampError::WrongForm), "{wrong}");
    }
}

#[test]
fn days_and_hours_that_never_were_are_refused() {
    let wrong = [
        "1969-12-31T23:59:59Z",
        "0000-01-01T00:00:00Z",
        "2026-00-17T00:00:00Z",
        "2026-13-17T00:00:00Z",
        "2026-03-00T00:00:00Z",
        "2026-03-32T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2026-03-17T24:00:00Z",
        "2026-03-17T00:60:00Z",
        "2026-12-31T23:59:60Z",
    ];
    for wrong in wrong {
        assert_eq!(wrong.parse::<Timestamp>(), Err(TimestampError::NoSuchTime), "{wrong}");
    }
}

fn leaf() -> impl Strategy<Value = Leaf> {
    let bytes = || any::<u8>().prop_map(|byte| [byte; 32]);
    (bytes(), any::<u64>(), bytes()).prop_map(|(agent, sequence, digest)| Leaf {
        agent: Address::new(agent),
        sequence: Sequence(sequence),
        digest: Digest::new(digest),
    })
}

proptest! {
    #[test]
    fn every_value_is_its_text(bytes in any::<[u8; 32]>()) {
        prop_assert_eq!(Digest::new(bytes).to_string().parse(), Ok(Digest::new(bytes)));
        prop_assert_eq!(Address::new(bytes).to_string().parse(), Ok(Address::new(bytes)));
    }

    #[test]
    fn a_value_has_one_text(text in "[1-9A-HJ-NP-Za-km-z]{30,46}") {
        if let Ok(address) = text.parse::<Address>() {
            prop_assert_eq!(address.to_string(), text);
        }
    }

    #[test]
    fn every_instant_is_its_text(seconds in 0u64..253_402_300_800, nanos in 0u32..1_000_000_000) {
        let instant = Timestamp::new(seconds, nanos).unwrap();
        prop_assert_eq!(instant.to_string().parse(), Ok(instant));
    }

    #[test]
    fn no_text_breaks_a_parser(text in any::<String>()) {
        let _ = (text.parse::<Address>(), text.parse::<Digest>(), text.parse::<Timestamp>());
    }

    #[test]
    fn leaves_are_ordered_as_their_bytes(one in leaf(), other in leaf()) {
        prop_assert_eq!(one.cmp(&other), one.sort_key().cmp(&other.sort_key()));
    }
}
