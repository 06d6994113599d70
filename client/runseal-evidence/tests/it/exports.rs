//! Bundles in other people's forms, there and back.

use crate::support::{Scene, Town};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer, SigningKey};
use runseal_ed25519::PublicKey;
use runseal_engine::{
    Bundle, Statement,
    export::{CoseDraft, CoseReceipt, Envelope, ExportError},
    proof::Inclusion,
};
use runseal_types::Sequence;
use serde_json::Value;

fn signer(seed: u8) -> (SigningKey, PublicKey) {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let public = PublicKey::parse(key.verifying_key().as_bytes()).unwrap();
    (key, public)
}

fn bundle(parts: fn(&Town) -> runseal_engine::BundleParts) -> Bundle {
    Bundle::new(Scene::new(parts).finish()).unwrap()
}

fn signed() -> (Bundle, Vec<u8>) {
    let bundle = bundle(Town::inclusion);
    let mut envelope = Envelope::of(&bundle).unwrap();
    let (key, public) = signer(5);
    let signature = key.sign(&envelope.message()).to_bytes();
    envelope.attach(&public, signature);
    (bundle, envelope.to_bytes())
}

#[test]
fn an_envelope_brings_its_bundle_back() {
    let (bundle, bytes) = signed();
    let (_, public) = signer(5);
    assert_eq!(Envelope::parse(&bytes).unwrap().open(&public), Ok(bundle));
}

#[test]
fn an_envelope_reads_as_others_write_it() {
    let (bundle, bytes) = signed();
    let envelope: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(envelope["payloadType"], "application/vnd.in-toto+json");
    let payload = STANDARD.decode(envelope["payload"].as_str().unwrap()).unwrap();
    let message = Envelope::parse(&bytes).unwrap().message();
    let start = format!("DSSEv1 28 application/vnd.in-toto+json {} ", payload.len());
    assert_eq!(message, [start.as_bytes(), &payload].concat());
    let statement: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(statement["predicateType"], "urn:runseal:bundle:v1");
    let digest = bundle.receipts()[0].document().digest().to_string();
    assert_eq!(statement["subject"][0]["digest"]["sha256"], digest.as_str());
}

#[test]
fn an_envelope_that_was_touched_is_not_opened() {
    let (_, bytes) = signed();
    let (_, public) = signer(5);
    let (_, other) = signer(6);
    let refused = Envelope::parse(&bytes).unwrap().open(&other);
    assert!(matches!(refused, Err(ExportError::NotSigned { .. })));
    let envelope: Value = serde_json::from_slice(&bytes).unwrap();
    let open = |change: fn(&mut Value)| {
        let mut changed = envelope.clone();
        change(&mut changed);
        Envelope::parse(changed.to_string().as_bytes())?.open(&public)
    };
    let touch = |value: &Value, from: &str, to: &str| {
        let payload = STANDARD.decode(value["payload"].as_str().unwrap()).unwrap();
        let text = String::from_utf8(payload).unwrap();
        assert!(text.contains(from));
        Value::from(STANDARD.encode(text.replacen(from, to, 1)))
    };
    let mut touched = envelope.clone();
    touched["payload"] = touch(&envelope, "runseal:receipt:", "runseal:recaipt:");
    let refused = Envelope::parse(touched.to_string().as_bytes()).unwrap().open(&public);
    assert!(matches!(refused, Err(ExportError::Signature(_))));
    let refused = open(|value| value["payloadType"] = "text/plain".into());
    assert!(matches!(refused, Err(ExportError::OtherType { .. })));
    assert!(open(|value| value["signatures"] = Value::Array(Vec::new())).is_err());
    assert!(open(|value| value["signatures"][0]["sig"] = "AAAA".into()).is_err());
    assert!(open(|value| value["signatures"][0]["keyid"] = "00".into()).is_err());
    assert!(open(|value| value["payload"] = "?".into()).is_err());
}

#[test]
fn a_statement_of_another_receipt_is_refused_though_it_is_signed() {
    let (_, bytes) = signed();
    let (key, public) = signer(5);
    let envelope: Value = serde_json::from_slice(&bytes).unwrap();
    let payload = STANDARD.decode(envelope["payload"].as_str().unwrap()).unwrap();
    let statement: Value = serde_json::from_slice(&payload).unwrap();
    let resigned = |change: fn(&mut Value)| {
        let (mut statement, mut changed) = (statement.clone(), envelope.clone());
        change(&mut statement);
        changed["payload"] = STANDARD.encode(statement.to_string()).into();
        let unsigned = Envelope::parse(changed.to_string().as_bytes()).unwrap();
        let signature = key.sign(&unsigned.message()).to_bytes();
        changed["signatures"][0]["sig"] = STANDARD.encode(signature).into();
        Envelope::parse(changed.to_string().as_bytes()).unwrap().open(&public)
    };
    assert!(resigned(|_| {}).is_ok());
    let zero = "0".repeat(64);
    assert_eq!(zero.len(), 64);
    let refused = resigned(|value| value["subject"][0]["digest"]["sha256"] = "0".repeat(64).into());
    assert_eq!(refused, Err(ExportError::OtherSubject));
    assert_eq!(resigned(|value| value["subject"] = Value::Null), Err(ExportError::OtherSubject));
    assert!(resigned(|value| value["_type"] = "x".into()).is_err());
    assert!(resigned(|value| value["predicateType"] = "x".into()).is_err());
    assert!(resigned(|value| value["predicate"]["period"] = (-1).into()).is_err());
}

#[test]
fn what_shows_no_inclusion_has_no_envelope() {
    for parts in [Town::absence as fn(&Town) -> _, Town::ends, Town::span] {
        assert_eq!(Envelope::of(&bundle(parts)), Err(ExportError::NoInclusion));
    }
}

fn cose(town: &Town) -> (Inclusion, Vec<u8>) {
    let proof = town.sealed().prove_inclusion(town.agent_address(), Sequence(3)).unwrap();
    let draft = CoseDraft::new(&proof, &town.sealed().period_root());
    let (key, _) = signer(5);
    let signature = key.sign(&draft.message()).to_bytes();
    (proof, draft.complete(signature).unwrap())
}

#[test]
fn a_cose_receipt_leads_from_the_leaf_to_the_signed_root() {
    let town = Town::new();
    let (proof, bytes) = cose(&town);
    // Tag 18, four elements, the protected header {1: -8, 395: 1} of seven bytes.
    assert_eq!(bytes[..10], [0xd2, 0x84, 0x47, 0xa2, 0x01, 0x27, 0x19, 0x01, 0x8b, 0x01]);
    let receipt = CoseReceipt::parse(&bytes).unwrap();
    assert_eq!(receipt.place(), (proof.index, town.sealed().leaf_count()));
    let leaf = proof.leaf.to_bytes(&town.place().context());
    let (_, public) = signer(5);
    assert_eq!(receipt.check(&leaf, 13, &public), Ok(*town.sealed().root().as_bytes()));
}

#[test]
fn a_cose_receipt_that_was_touched_is_refused() {
    let town = Town::new();
    let (proof, bytes) = cose(&town);
    let leaf = proof.leaf.to_bytes(&town.place().context());
    let (_, public) = signer(5);
    let check = |bytes: &[u8]| CoseReceipt::parse(bytes)?.check(&leaf, 13, &public);
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut touched = bytes.clone();
            touched[at] ^= 1 << bit;
            assert!(check(&touched).is_err(), "bit {bit} of byte {at}");
        }
        assert!(check(&bytes[..at]).is_err(), "cut at {at}");
    }
    assert!(check(&[&bytes[..], &[0]].concat()).is_err());
    assert!(check(&vec![0; 8193]).is_err());
    let (_, other) = signer(6);
    assert!(CoseReceipt::parse(&bytes).unwrap().check(&leaf, 13, &other).is_err());
    let mut another = leaf;
    another[103] ^= 1;
    assert!(CoseReceipt::parse(&bytes).unwrap().check(&another, 13, &public).is_err());
    assert!(matches!(town.inclusion().statement, Statement::Inclusion(_)));
}
