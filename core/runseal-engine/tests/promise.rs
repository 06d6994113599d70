//! A promise's file is read in one way or not at all.

mod support;

use runseal_engine::{PROMISE_VERSION, PromiseError, SignedPromise};
use runseal_receipt::{MemberError, json::JsonError};
use support::{PLACE, leaf};

fn text() -> String {
    let leaf = leaf(2, 7);
    let genesis = runseal_types::Address::new(*PLACE.genesis_hash.as_bytes());
    format!(
        r#"{{"version":"{PROMISE_VERSION}","genesis_hash":"{genesis}","log":"{}","period":{},"agent":"{}","sequence":7,"digest":"{}","signature":"{}"}}"#,
        PLACE.log,
        PLACE.period,
        leaf.agent,
        leaf.digest,
        "ab".repeat(64)
    )
}

#[test]
fn a_promise_reads_back_as_it_was_made() {
    let promise = SignedPromise::parse(text().as_bytes()).unwrap();
    assert_eq!((promise.place, promise.leaf), (PLACE, leaf(2, 7)));
    assert_eq!(promise.signature.to_bytes(), [0xab; 64]);
    assert_eq!(SignedPromise::parse(&promise.to_value().canonical()), Ok(promise));
}

#[test]
fn whatever_else_is_no_promise() {
    type Is = fn(&PromiseError) -> bool;
    let good = text();
    let members = ["genesis_hash", "log", "period", "agent", "sequence", "digest", "signature"];
    for member in members {
        let renamed = good.replace(&format!("\"{member}\":"), &format!("\"{member}_\":"));
        let found = SignedPromise::parse(renamed.as_bytes());
        assert!(matches!(found, Err(PromiseError::UnknownMember { .. })), "{member}");
        let start = good.find(&format!("\"{member}\":")).unwrap();
        let end = good[start..].find([',', '}']).unwrap() + start;
        let end = if good.as_bytes()[end] == b',' { end + 1 } else { end };
        let without = format!("{}{}", &good[..start], &good[end..]).replace(",}", "}");
        let found = SignedPromise::parse(without.as_bytes());
        let missing = matches!(&found, Err(PromiseError::Member(MemberError::Missing { member: it })) if *it == member);
        assert!(missing, "{member}: {found:?}");
    }
    let wrongs: [(String, Is); 12] = [
        (String::new(), |it| matches!(it, PromiseError::Json(_))),
        ("[]".into(), |it| matches!(it, PromiseError::NotAnObject)),
        (format!("{good} {good}"), |it| matches!(it, PromiseError::Json(_))),
        (good.replace("{\"version\"", "{\"version\":\"a\",\"version\""), |it| {
            matches!(it, PromiseError::Json(_))
        }),
        (good.replace("/v1", "/v2"), |it| matches!(it, PromiseError::OtherVersion { .. })),
        (good.replace("\"version\"", "\"more\":1,\"version\""), |it| {
            matches!(it, PromiseError::UnknownMember { .. })
        }),
        (good.replace("\"sequence\":7", "\"sequence\":-7"), |it| {
            matches!(it, PromiseError::Member(MemberError::BadInteger { .. }))
        }),
        (good.replace("\"sequence\":7", "\"sequence\":\"7\""), |it| {
            matches!(it, PromiseError::Member(MemberError::WrongType { .. }))
        }),
        (good.replace("abab\"", "ab\""), |it| matches!(it, PromiseError::BadSignature(_))),
        (good.replace("abab\"", "ABAB\""), |it| matches!(it, PromiseError::BadSignature(_))),
        (good.replace("\"digest\":\"", "\"digest\":\"0"), |it| {
            matches!(it, PromiseError::Member(MemberError::BadDigest { .. }))
        }),
        (format!("{good}{}", " ".repeat(4_096)), |it| {
            matches!(it, PromiseError::Json(JsonError::TooLarge { .. }))
        }),
    ];
    for (wrong, is_it) in wrongs {
        let found = SignedPromise::parse(wrong.as_bytes());
        assert!(found.as_ref().is_err_and(is_it), "{wrong}: {found:?}");
    }
}

#[test]
fn no_cut_and_no_other_byte_makes_a_panic() {
    let good = text();
    for size in 0..good.len() {
        assert!(SignedPromise::parse(&good.as_bytes()[..size]).is_err(), "{size}");
        let mut changed = good.clone().into_bytes();
        changed[size] ^= 0x80;
        assert!(SignedPromise::parse(&changed).is_err(), "{size}");
    }
}
