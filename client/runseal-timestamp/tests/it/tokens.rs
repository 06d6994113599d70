//! What openssl's own authority answers, and what is left of it after something was changed.

use crate::authority::{Authority, GOOD, Kind, P_256};
use runseal_timestamp::{Request, Roots, Stamp, TokenError, token_of, verify};
use runseal_types::Digest;
use std::time::{SystemTime, UNIX_EPOCH};

fn request() -> Request {
    Request::new(Digest::of(&[b"a receipt"]), [0xff; 16])
}

/// Asks an authority and returns the token, the request and the roots that it leads to.
fn ask(kind: Kind) -> (Vec<u8>, Request, Roots) {
    let (authority, request) = (Authority::new(kind), request());
    let answer = authority.answer(&request.to_bytes());
    let roots = Roots::parse_pem(&authority.roots()).unwrap();
    (token_of(&answer).unwrap().to_vec(), request, roots)
}

fn check((token, request, roots): &(Vec<u8>, Request, Roots)) -> Result<Stamp, TokenError> {
    verify(token, &Digest::of(&[b"a receipt"]), Some(request), roots)
}

const P_384: &[&str] = &["ec", "-pkeyopt", "ec_paramgen_curve:P-384"];

#[test]
fn a_token_of_an_authority_that_is_trusted_is_verified() {
    let rsa = &["rsa:2048"][..];
    for (key, digest, has_middle) in [
        (rsa, "sha256", false),
        (rsa, "sha384", false),
        (rsa, "sha512", true),
        (P_256, "sha256", false),
        (P_256, "sha384", true),
        (P_384, "sha256", false),
        (P_384, "sha384", true),
    ] {
        let asked = ask(Kind { key, digest, has_middle, names_by: digest, ..GOOD });
        let stamp = check(&asked).unwrap_or_else(|error| panic!("{key:?} {digest}: {error}"));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        assert!(now.abs_diff(stamp.time.unix_seconds()) < 600, "{stamp:?}");
        assert_eq!((stamp.policy.as_str(), stamp.serial.as_str()), ("1.2.3.4.1", "02"));
    }
}

/// Made once by `openssl ts`; its certificate is valid until 2099 and its time does not pass.
#[test]
fn a_token_that_is_kept_says_the_same_for_ever() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/timestamp");
    let file = |name: &str| std::fs::read(format!("{folder}/{name}")).unwrap();
    let (answer, token) = (file("answer.der"), file("token.der"));
    assert_eq!(token_of(&answer), Ok(&token[..]));
    let roots = Roots::parse_pem(&file("root.pem")).unwrap();
    let stamp = verify(&token, &Digest::of(&[b"a receipt"]), None, &roots).unwrap();
    assert_eq!(stamp.time, "2026-11-21T16:24:43Z".parse().unwrap());
    assert_eq!((stamp.policy.as_str(), stamp.serial.as_str()), ("1.2.3.4.1", "02"));
}

#[test]
fn a_request_is_what_openssl_reads() {
    let authority = Authority::new(GOOD);
    authority.write("query", &request().to_bytes());
    let text = authority.openssl(&["ts", "-query", "-in", "query", "-text"]);
    for line in ["Hash Algorithm: sha256", "Certificate required: yes", "Policy OID: unspecified"] {
        assert!(text.contains(line), "{text}");
    }
    assert!(text.contains("Nonce: 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"), "{text}");
}

#[test]
fn no_bit_of_a_token_can_be_changed() {
    let (token, request, roots) = ask(GOOD);
    for index in 0..token.len() {
        for bit in 0..8 {
            let mut changed = token.clone();
            changed[index] ^= 1 << bit;
            let checked = check(&(changed, request, roots.clone()));
            assert!(checked.is_err(), "byte {index}, bit {bit}: {checked:?}");
        }
    }
}

#[test]
fn a_token_has_all_its_bytes_and_none_behind_them() {
    let (token, request, roots) = ask(GOOD);
    for length in 0..token.len() {
        let cut = (token[..length].to_vec(), request, roots.clone());
        assert!(matches!(check(&cut), Err(TokenError::Malformed(_))), "{length}");
    }
    for more in [&b"\0"[..], b"\x05\x00", &token.clone()] {
        let long = ([&token[..], more].concat(), request, roots.clone());
        assert!(matches!(check(&long), Err(TokenError::Malformed(_))));
    }
    let large = (vec![0x30; 70_000], request, roots);
    assert_eq!(check(&large), Err(TokenError::TooLarge { size_bytes: 70_000 }));
}

#[test]
fn a_token_of_something_else_or_for_another_request_is_refused() {
    let (token, request, roots) = ask(GOOD);
    let (own, other) = (Digest::of(&[b"a receipt"]), Digest::of(&[b"another"]));
    let refused = verify(&token, &other, None, &roots);
    assert_eq!(refused, Err(TokenError::OtherImprint { expected: other, found: own }));
    let refused = verify(&token, &own, Some(&Request::new(own, [1; 16])), &roots);
    assert_eq!(refused, Err(TokenError::OtherNonce));
    let refused = verify(&token, &own, Some(&Request::new(other, [0xff; 16])), &roots);
    assert_eq!(refused, Err(TokenError::OtherNonce));
    // Who kept the token and not the request can check it all the same.
    assert_eq!(verify(&token, &own, None, &roots), verify(&token, &own, Some(&request), &roots));
}

#[test]
fn an_authority_that_leads_to_no_root_or_not_at_that_time_is_refused() {
    let (token, request, _) = ask(GOOD);
    let strange = Roots::parse_pem(&Authority::new(GOOD).roots()).unwrap();
    let refused = check(&(token, request, strange));
    assert!(matches!(refused, Err(TokenError::Chain { .. })), "{refused:?}");
    for valid in [("20200101000000Z", "20200102000000Z"), ("20980101000000Z", "20991231235959Z")] {
        let refused = check(&ask(Kind { valid, ..GOOD }));
        assert!(matches!(refused, Err(TokenError::Chain { .. })), "{valid:?}: {refused:?}");
    }
}

#[test]
fn sha_1_is_refused_wherever_it_stands() {
    let refused = check(&ask(Kind { digest: "sha1", ..GOOD }));
    assert_eq!(refused, Err(TokenError::Algorithm { name: "1.3.14.3.2.26".to_owned() }));
    let refused = check(&ask(Kind { names_by: "sha1", ..GOOD }));
    assert_eq!(refused, Err(TokenError::Attribute { name: "signing certificate" }));
}

#[test]
fn an_authority_that_refuses_gives_no_token() {
    let authority = Authority::new(GOOD);
    // It takes SHA-256 alone.
    authority.openssl(&["ts", "-query", "-digest", &"00".repeat(20), "-sha1", "-out", "other"]);
    let answer = authority.answer(&authority.bytes("other"));
    assert_eq!(token_of(&answer), Err(TokenError::Refused { status: 2 }));
    for (answer, expected) in [
        (&b"\x30\x05\x30\x03\x02\x01\x05"[..], Some(TokenError::Refused { status: 5 })),
        (b"\x30\x06\x30\x04\x02\x02\x01\x00", Some(TokenError::Refused { status: 255 })),
        // It says that there is a token, and there is none.
        (b"\x30\x05\x30\x03\x02\x01\x00", None),
        (b"", None),
        (b"<html>not found</html>", None),
    ] {
        let refused = token_of(answer).unwrap_err();
        assert!(matches!(refused, TokenError::Malformed(_)) || Some(&refused) == expected.as_ref());
    }
}

#[test]
fn a_token_without_its_certificate_is_refused() {
    let authority = Authority::new(GOOD);
    let digest = Digest::of(&[b"a receipt"]).to_string();
    authority.openssl(&["ts", "-query", "-digest", &digest, "-sha256", "-out", "other"]);
    let answer = authority.answer(&authority.bytes("other"));
    let roots = Roots::parse_pem(&authority.roots()).unwrap();
    let token = token_of(&answer).unwrap();
    let refused = verify(token, &Digest::of(&[b"a receipt"]), None, &roots);
    assert_eq!(refused, Err(TokenError::NoCertificate));
}

#[test]
fn roots_are_certificates_and_at_least_one() {
    let good = Authority::new(GOOD).roots();
    let broken = String::from_utf8(good.clone()).unwrap().replacen("MII", "MIJ", 1).into_bytes();
    let key = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".to_vec();
    for text in [Vec::new(), b"nothing".to_vec(), key, good[..good.len() / 2].to_vec(), broken] {
        let refused = Roots::parse_pem(&text).err();
        assert!(matches!(refused, Some(TokenError::Roots { .. })), "{refused:?}");
    }
    Roots::parse_pem(&[&good[..], &good].concat()).unwrap();
}
