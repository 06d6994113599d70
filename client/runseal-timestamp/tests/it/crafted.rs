//! What openssl's authority would never sign, signed all the same by a key that is trusted.

use crate::authority::{Authority, GOOD, Kind};
use runseal_timestamp::{Roots, Stamp, TokenError, verify};
use runseal_types::Digest;

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut bytes = vec![tag];
    match u8::try_from(content.len()).unwrap() {
        short @ ..0x80 => bytes.push(short),
        long => bytes.extend([0x81, long]),
    }
    [bytes, content].concat()
}

/// The parts of what an authority says, each as it stands there.
struct Said {
    version: Vec<u8>,
    imprint: Vec<u8>,
    time: Vec<u8>,
    more: Vec<u8>,
}

const SHA_256: &[u8] = b"\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00";

fn imprint(algorithm: &[u8], hash: &[u8]) -> Vec<u8> {
    der(0x30, &[algorithm, &der(0x04, &[hash])])
}

impl Said {
    fn good() -> Self {
        Self {
            version: b"\x02\x01\x01".to_vec(),
            imprint: imprint(SHA_256, Digest::of(&[b"x"]).as_bytes()),
            time: der(0x18, &[b"20260317120000Z"]),
            more: Vec::new(),
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        let (policy, serial) = (b"\x06\x03\x2a\x03\x04", b"\x02\x01\x07");
        let Self { version, imprint, time, more } = self;
        der(0x30, &[version, policy, imprint, serial, time, more])
    }
}

fn check(authority: &Authority, token: &[u8]) -> Result<Stamp, TokenError> {
    let roots = Roots::parse_pem(&authority.roots()).unwrap();
    verify(token, &Digest::of(&[b"x"]), None, &roots)
}

#[test]
fn a_token_says_what_it_must_in_one_way() {
    let authority = Authority::new(GOOD);
    let sign = |said: &Said| check(&authority, &authority.sign(&said.to_bytes(), "-cades"));
    let stamp = sign(&Said::good()).unwrap();
    assert_eq!(stamp.time, "2026-03-17T12:00:00Z".parse().unwrap());
    let sha_1 = b"\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00";
    let own = Digest::of(&[b"x"]);
    let good = Said::good;
    let extension = |critical: &[u8]| {
        let extension = der(0x30, &[b"\x06\x03\x2a\x03\x05", critical, &der(0x04, &[b"\x05\x00"])]);
        der(0xa1, &[&extension])
    };
    for (name, said) in [
        ("another version", Said { version: b"\x02\x01\x02".to_vec(), ..good() }),
        ("a short imprint", Said { imprint: imprint(SHA_256, &own.as_bytes()[..31]), ..good() }),
        ("a SHA-1 imprint", Said { imprint: imprint(sha_1, &[0; 20]), ..good() }),
        ("no SHA-1 imprint", Said { imprint: imprint(sha_1, own.as_bytes()), ..good() }),
        ("no UTC", Said { time: der(0x18, &[b"20260317120000+0100"]), ..good() }),
        ("a short time", Said { time: der(0x17, &[b"260317120000Z"]), ..good() }),
        ("no time", Said { time: der(0x18, &[b"20261317120000Z"]), ..good() }),
        ("two nonces", Said { more: b"\x02\x01\x01\x02\x01\x01".to_vec(), ..good() }),
        ("something more", Said { more: b"\x05\x00".to_vec(), ..good() }),
        ("what must be understood", Said { more: extension(b"\x01\x01\xff"), ..good() }),
        ("before its certificate", Said { time: der(0x18, &[b"20191231235959Z"]), ..good() }),
        ("after its certificate", Said { time: der(0x18, &[b"21000101000000Z"]), ..good() }),
    ] {
        assert!(sign(&said).is_err(), "{name}");
    }
    let harmless = Said { more: extension(b""), ..good() };
    assert!(sign(&harmless).is_ok());
    let fine = Said { time: der(0x18, &[b"20260317120000.25Z"]), ..good() };
    assert_eq!(sign(&fine).unwrap().time, "2026-03-17T12:00:00.25Z".parse().unwrap());
}

#[test]
fn a_certificate_that_is_for_anything_else_puts_no_time_under_anything() {
    for purpose in [
        None,
        Some("timeStamping"),
        Some("critical,timeStamping,codeSigning"),
        Some("critical,codeSigning"),
        Some("critical,anyExtendedKeyUsage"),
    ] {
        let authority = Authority::new(Kind { purpose, ..GOOD });
        let token = authority.sign(&Said::good().to_bytes(), "-cades");
        assert_eq!(check(&authority, &token), Err(TokenError::Purpose), "{purpose:?}");
    }
}

#[test]
fn a_token_is_signed_once_with_its_certificate_named_and_nothing_else() {
    let authority = Authority::new(GOOD);
    let content = Said::good().to_bytes();
    // Nobody signed which certificate it is.
    let unnamed = authority.sign(&content, "");
    let refused = check(&authority, &unnamed);
    assert_eq!(refused, Err(TokenError::Attribute { name: "signing certificate" }));
    // No attributes at all: the content itself is signed.
    assert!(check(&authority, &authority.sign(&content, "-noattr")).is_err());
    // By the number of the key, which nobody signed either.
    assert!(check(&authority, &authority.sign(&content, "-cades -keyid")).is_err());
    assert!(check(&authority, &authority.sign(&content, "-cades -nocerts")).is_err());
    let twice = "-cades -signer root.pem -inkey root.key";
    let refused = check(&authority, &authority.sign(&content, twice));
    assert!(refused.is_err(), "{refused:?}");
    // Signed data of another kind.
    let other = authority.sign_as("1.2.840.113549.1.7.1", &content, "-cades");
    assert_eq!(check(&authority, &other), Err(TokenError::NotAToken));
}
