//! Receipts: what they hash to, who signed them, and everything that must not pass for one.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::indexing_slicing, missing_docs)]

mod support;

use ed25519_dalek::{Signer, SigningKey};
use runseal_ed25519::PublicKey;
use runseal_receipt::{
    BatchError, Claim, Event, EventsError, HashKind, Receipt, ReceiptError, ReceiptFacts, Role,
    SignatureDraft, SignatureError, SuccessionError, TraceError, check_receipts, check_signed,
    json::Object,
};
use runseal_types::{Address, Sequence, to_hex};
use serde_json::{Value, json};
use support::{assert_refused, for_each, mutate, text, to_bytes, vectors};

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

fn receipt(json: &Value) -> Receipt {
    Receipt::parse(&to_bytes(json)).unwrap()
}

fn key(text: &Value) -> PublicKey {
    let address: Address = text.as_str().unwrap().parse().unwrap();
    PublicKey::parse(address.as_bytes()).unwrap()
}

fn agent_key() -> PublicKey {
    key(&vectors("receipt")["cases"][0]["keys"][0])
}

fn check(json: &Value) -> Result<Receipt, Refusal> {
    let receipt = Receipt::parse(&to_bytes(json))?;
    receipt.document().check_signed_as(Role::Agent, &agent_key())?;
    Ok(receipt)
}

fn cases() -> Vec<Value> {
    vectors("receipt")["cases"].as_array().unwrap().clone()
}

fn events(case: &Value) -> Vec<Event> {
    let list = case["events"].as_array().unwrap().iter();
    list.map(|event| Event::parse(&to_bytes(event)).unwrap()).collect()
}

#[test]
fn every_receipt_has_its_digest_its_messages_and_its_signatures() {
    for case in cases() {
        let receipt = receipt(&case["receipt"]);
        assert_eq!(receipt.digest().to_string(), text(&case, "digest"));
        let body = runseal_receipt::json::Value::Object(receipt.document().body().clone());
        assert_eq!(body.canonical(), text(&case, "canonical").as_bytes());
        let signatures = receipt.document().signatures();
        for (index, signature) in signatures.iter().enumerate() {
            let message = to_hex(&signature.message(&receipt.digest()));
            assert_eq!(message, case["messages"][index].as_str().unwrap());
            signature.check(&receipt.digest(), &key(&case["keys"][index])).unwrap();
        }
        let key_of = |signature: &runseal_receipt::Signature| {
            let index = signatures.iter().position(|other| other == signature).unwrap();
            Some(key(&case["keys"][index]))
        };
        receipt.document().check_signatures(key_of).unwrap();
    }
}

#[test]
fn the_leaf_of_a_receipt_is_its_agent_its_number_and_its_digest() {
    for case in cases() {
        let leaf = receipt(&case["receipt"]).leaf();
        assert_eq!(leaf.agent.to_string(), text(&case["receipt"], "agent"));
        assert_eq!(Some(leaf.sequence.0), case["receipt"]["sequence"].as_u64());
        assert_eq!(leaf.digest.to_string(), text(&case, "digest"));
    }
}

#[test]
fn every_receipt_has_its_events() {
    for case in cases() {
        receipt(&case["receipt"]).check_events(&events(&case)).unwrap();
    }
}

#[test]
fn every_mutation_of_every_receipt_is_refused_by_its_name() {
    let vectors = vectors("receipt");
    for_each(&vectors["cases"], |case| {
        let mut made = 0;
        for_each(&vectors["mutations"], |mutation| {
            if let Some(mutated) = mutate(&case["receipt"], mutation) {
                made += 1;
                let context = format!("{}: {mutation}", text(case, "name"));
                assert_refused(check(&mutated), mutation, &context);
            }
        });
        assert!(made >= 90, "{made} mutations of {}", text(case, "name"));
    });
}

#[test]
fn no_bit_of_a_signature_can_be_changed() {
    let case = &cases()[1];
    let receipt = receipt(&case["receipt"]);
    let signature = &receipt.document().signatures()[0];
    for bit in 0..512 {
        let mut bytes = *signature.as_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let mut json = case["receipt"].clone();
        let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes);
        json["signatures"][0]["signature"] = json!(text);
        assert!(matches!(check(&json), Err(Refusal::Signature(SignatureError::Wrong { .. }))));
    }
}

#[test]
fn a_receipt_is_the_same_however_it_is_spelled() {
    let case = &cases()[1];
    let compact = to_bytes(&case["receipt"]);
    let pretty = serde_json::to_vec_pretty(&case["receipt"]).unwrap();
    assert_ne!(compact, pretty);
    assert_eq!(Receipt::parse(&compact), Receipt::parse(&pretty));
    let canonical = receipt(&case["receipt"]).document().to_value().canonical();
    assert_eq!(Receipt::parse(&canonical).unwrap(), receipt(&case["receipt"]));
}

#[test]
fn a_receipt_that_is_made_of_facts_is_the_one_that_they_were_read_from() {
    let read = receipt(&cases()[2]["receipt"]);
    let made = Receipt::new(read.facts(), Object::new()).unwrap();
    assert_eq!(made.digest(), read.digest());
    assert_eq!(made.fingerprints(), read.fingerprints());
    let member = ("note".to_owned(), runseal_receipt::json::Value::from("kept"));
    let more = Receipt::new(read.facts(), Object::from([member.clone()])).unwrap();
    assert_ne!(more.digest(), read.digest());
    assert_eq!(more.document().body().get(&member.0), Some(&member.1));
}

#[test]
fn facts_that_contradict_each_other_make_no_receipt() {
    let facts = receipt(&cases()[0]["receipt"]).facts().clone();
    let make = |facts: ReceiptFacts| Receipt::new(&facts, Object::new()).map(|_| ());
    let sequence = Sequence(1);
    let later = ReceiptFacts { sequence, ..facts.clone() };
    assert_eq!(make(later), Err(ReceiptError::NoPrevious { sequence }));
    let unspeakable = ReceiptFacts { agent_version: 1 << 53, ..facts.clone() };
    assert!(matches!(make(unspeakable), Err(ReceiptError::Document(_))));
    let control = ReceiptFacts { run_id: "a\nb".to_owned(), ..facts };
    assert!(matches!(make(control), Err(ReceiptError::Document(_))));
}

#[test]
fn others_can_countersign_and_nothing_changes_but_the_signatures() {
    let mut receipt = receipt(&cases()[0]["receipt"]);
    let digest = receipt.digest();
    let signer = SigningKey::from_bytes(&[9; 32]);
    let host = PublicKey::parse(signer.verifying_key().as_bytes()).unwrap();
    let missing = receipt.document().check_signed_as(Role::Host, &host).unwrap_err();
    assert_eq!(missing, SignatureError::NotSignedAs { role: Role::Host });

    let now = "2026-03-17T00:01:00Z".parse().unwrap();
    let draft = SignatureDraft::new("host:nine", Role::Host, &host, now);
    let bytes = signer.sign(&draft.message(&digest)).to_bytes();
    receipt.attach(draft.complete(bytes).unwrap()).unwrap();
    assert_eq!(receipt.digest(), digest);
    receipt.document().check_signed_as(Role::Host, &host).unwrap();
    receipt.document().check_signed_as(Role::Agent, &agent_key()).unwrap();
    let sent = receipt.document().to_value().canonical();
    assert_eq!(Receipt::parse(&sent).unwrap(), receipt);

    let twice = receipt.attach(draft.complete(bytes).unwrap()).unwrap_err();
    assert!(matches!(twice, SignatureError::SignedTwice { role: Role::Host, .. }));
}

#[test]
fn a_signature_of_one_receipt_is_none_of_another() {
    let cases = cases();
    let mut other = cases[1]["receipt"].clone();
    other["signatures"] = cases[0]["receipt"]["signatures"].clone();
    assert!(matches!(check(&other), Err(Refusal::Signature(SignatureError::Wrong { .. }))));
}

#[test]
fn a_document_takes_sixteen_signatures_and_no_more() {
    let mut receipt = receipt(&cases()[0]["receipt"]);
    let now = "2026-03-17T00:01:00Z".parse().unwrap();
    let attach = |receipt: &mut Receipt, seed: u8| {
        let signer = SigningKey::from_bytes(&[seed; 32]);
        let key = PublicKey::parse(signer.verifying_key().as_bytes()).unwrap();
        let draft = SignatureDraft::new("one of many", Role::Countersigner, &key, now);
        let bytes = signer.sign(&draft.message(&receipt.digest())).to_bytes();
        receipt.attach(draft.complete(bytes).unwrap())
    };
    for seed in 10..25 {
        attach(&mut receipt, seed).unwrap();
    }
    assert_eq!(attach(&mut receipt, 25), Err(SignatureError::TooMany { most: 16 }));
    assert_eq!(Receipt::parse(&receipt.document().to_value().canonical()).unwrap(), receipt);
}

#[test]
fn other_events_than_its_own_are_refused() {
    let cases = cases();
    let receipt = receipt(&cases[1]["receipt"]);
    let own = events(&cases[1]);
    let dropped = EventsError::CountMismatch { claimed: 9, computed: 8 };
    assert_eq!(receipt.check_events(&own[1..]), Err(dropped));
    let foreign = events(&cases[2]);
    assert!(matches!(receipt.check_events(&foreign), Err(EventsError::CountMismatch { .. })));
    let mut changed = cases[1]["events"].clone();
    changed[3]["data"]["tool"] = json!("subtract");
    let changed = events(&json!({ "events": changed }));
    assert!(matches!(receipt.check_events(&changed), Err(EventsError::RootMismatch { .. })));
    let repeated = own.iter().chain([&own[8]]);
    let twice = TraceError::DuplicateEventId { event_id: "e8".to_owned() };
    assert_eq!(receipt.check_events(repeated), Err(twice.into()));
}

#[test]
fn hashes_and_counts_that_the_events_do_not_have_are_refused() {
    let case = &cases()[1];
    let own = events(case);
    let honest = receipt(&case["receipt"]).facts().clone();
    for &kind in HashKind::ALL {
        let mut facts = honest.clone();
        let claimed = match kind {
            HashKind::Input => &mut facts.hashes.input,
            HashKind::Output => &mut facts.hashes.output,
            HashKind::Environment => &mut facts.hashes.environment,
        };
        let computed = claimed.take();
        let lying = Receipt::new(&facts, Object::new()).unwrap();
        let refusal = EventsError::HashMismatch { kind, claimed: None, computed };
        assert_eq!(lying.check_events(&own), Err(refusal));
    }
    let mut counts = honest;
    counts.telemetry.as_mut().unwrap().tool_calls = 1;
    let lying = Receipt::new(&counts, Object::new()).unwrap();
    assert_eq!(lying.check_events(&own), Err(EventsError::TelemetryMismatch));
}

#[test]
fn receipts_of_an_agent_follow_each_other() {
    let receipts: Vec<_> = cases().iter().map(|case| receipt(&case["receipt"])).collect();
    receipts[1].check_follows(&receipts[0]).unwrap();
    receipts[2].check_follows(&receipts[1]).unwrap();
    let skipped = receipts[2].check_follows(&receipts[0]).unwrap_err();
    assert!(matches!(skipped, SuccessionError::NotNext { .. }));
    assert!(receipts[0].check_follows(&receipts[0]).is_err());
    let mut other = cases()[0]["receipt"].clone();
    other["nonce"] = json!("22".repeat(16));
    let replaced = receipts[1].check_follows(&receipt(&other)).unwrap_err();
    assert!(matches!(replaced, SuccessionError::OtherPrevious { .. }));
    let mut facts = receipts[1].facts().clone();
    facts.agent = Address::new([8; 32]);
    let stranger = Receipt::new(&facts, Object::new()).unwrap();
    let refusal = stranger.check_follows(&receipts[0]).unwrap_err();
    assert!(matches!(refusal, SuccessionError::OtherAgent { .. }));
}

#[test]
fn many_receipts_have_the_answers_that_each_has_alone() {
    let vectors = vectors("receipt");
    let mut texts = Vec::new();
    for_each(&vectors["cases"], |case| {
        texts.push(to_bytes(&case["receipt"]));
        for_each(&vectors["mutations"], |mutation| {
            texts.extend(mutate(&case["receipt"], mutation).map(|mutated| to_bytes(&mutated)));
        });
    });
    assert!(texts.len() > 250);
    let slices: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
    let together = check_receipts(&slices, |_| Some(agent_key()), |receipt| receipt);
    for (text, answer) in texts.iter().zip(&together) {
        let json: Value = serde_json::from_slice(text).unwrap();
        match (check(&json), answer) {
            (Ok(alone), Ok(found)) => assert_eq!(alone, *found),
            (Err(Refusal::Receipt(alone)), Err(BatchError::Receipt(found))) => {
                assert_eq!(alone, *found);
            }
            (Err(Refusal::Signature(alone)), Err(BatchError::Signature(found))) => {
                assert_eq!(alone, *found);
            }
            (alone, found) => panic!("alone {alone:?}, together {found:?}"),
        }
    }
    assert_eq!(together.iter().filter(|answer| answer.is_ok()).count(), 3);
}

#[test]
fn a_batch_names_what_it_cannot_check() {
    let case = &cases()[0];
    let text = to_bytes(&case["receipt"]);
    let agent = receipt(&case["receipt"]).facts().agent;
    let unknown = check_receipts(&[&text, b"{"], |_| None, |receipt| receipt);
    assert_eq!(unknown[0], Err(BatchError::UnknownAgent { agent }));
    assert!(matches!(unknown[1], Err(BatchError::Receipt(_))));
    assert_eq!(check_signed(&[]), []);
    let receipt = receipt(&case["receipt"]);
    let claim = Claim { document: receipt.document(), role: Role::Operator, key: &agent_key() };
    let refused = SignatureError::NotSignedAs { role: Role::Operator };
    assert_eq!(check_signed(&[claim]), [Err(refused)]);
}
