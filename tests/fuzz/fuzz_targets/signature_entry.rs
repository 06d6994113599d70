//! An entry of `signatures`, in a document that is fine but for it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_ed25519::PublicKey;
use runseal_receipt::Addendum;

const BEFORE: &[u8] = br#"{"version":"runseal/addendum/v1",
"receipt":"0505050505050505050505050505050505050505050505050505050505050505",
"agent":"CktRuQ2mttgRGkXJtyksdKHjUdc2C4TgDzyB98oEzy8","made_at":"2026-03-17T00:00:00Z",
"links":[{"relation":"retry","parent":"0606060606060606060606060606060606060606060606060606060606060606"}],
"signatures":["#;

fuzz_target!(|data: &[u8]| {
    let Ok(addendum) = Addendum::parse(&[BEFORE, data, b"]}"].concat()) else { return };
    let document = addendum.document();
    let printed = document.to_value().canonical();
    let again = Addendum::parse(&printed).expect("what is printed is read");
    assert_eq!(again.document().signatures(), document.signatures());
    for signature in document.signatures() {
        let message = signature.message(&document.digest());
        assert!(message.starts_with(b"runseal/signature/v1"));
        let key = signature.public_key.and_then(|key| PublicKey::parse(key.as_bytes()).ok());
        let signed = key.is_some_and(|key| signature.check(&document.digest(), &key).is_ok());
        let answer = document.check_signed_as(signature.role, &key.unwrap_or(any_key()));
        assert_eq!(answer.is_ok(), signed);
    }
});

fn any_key() -> PublicKey {
    let base_point = ed25519_dalek::SigningKey::from_bytes(&[1; 32]).verifying_key();
    PublicKey::parse(base_point.as_bytes()).expect("an honest key")
}
