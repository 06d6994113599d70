use super::ExportError;
use crate::bundle::{Bundle, MOST_BUNDLE_BYTES, Statement};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use runseal_ed25519::{PublicKey, Signature};
use runseal_receipt::{
    MemberError,
    json::{Object, Value, parse_within},
    member::{Members, any_text, object_of},
};

/// What the payload of an envelope is.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
/// What the payload says that it is.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// What a statement says of its subject: a whole bundle.
pub const PREDICATE_TYPE: &str = "urn:runseal:bundle:v1";

const MOST_SIGNATURES: usize = 16;

/// A DSSE envelope around an in-toto Statement whose predicate is a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    payload: Vec<u8>,
    signatures: Vec<(String, [u8; 64])>,
}

impl Envelope {
    /// Puts a bundle that shows a receipt's inclusion into an envelope that is still to be signed.
    pub fn of(bundle: &Bundle) -> Result<Self, ExportError> {
        let Value::Object(predicate) = parse_within(&bundle.to_bytes(), MOST_BUNDLE_BYTES)? else {
            return Err(ExportError::NoInclusion);
        };
        let statement = object_of([
            ("_type", Value::from(STATEMENT_TYPE)),
            ("subject", [subject(bundle)?].into_iter().collect()),
            ("predicateType", Value::from(PREDICATE_TYPE)),
            ("predicate", Value::from(predicate)),
        ]);
        Ok(Self { payload: Value::Object(statement).canonical(), signatures: Vec::new() })
    }

    /// Reads an envelope.
    pub fn parse(bytes: &[u8]) -> Result<Self, ExportError> {
        // Base64 is a third longer than what it holds.
        let most = MOST_BUNDLE_BYTES.saturating_mul(2);
        let object = parse_within(bytes, most)?;
        let Value::Object(object) = &object else {
            return Err(MemberError::WrongType { member: "envelope", expected: "an object" }.into());
        };
        let members = Members(object);
        check_type(members, "payloadType", PAYLOAD_TYPE)?;
        let signatures = members.objects("signatures", MOST_SIGNATURES)?;
        let signatures = signatures.into_iter().map(|entry| {
            let members = Members(entry);
            let bytes = decode(members, "sig")?;
            let expected = "64 bytes in base64";
            let wrong = MemberError::WrongType { member: "sig", expected };
            Ok((members.text("keyid")?.to_owned(), bytes.try_into().map_err(|_| wrong)?))
        });
        let signatures = signatures.collect::<Result<_, MemberError>>()?;
        Ok(Self { payload: decode(members, "payload")?, signatures })
    }

    /// Returns what is signed: DSSE's pre-authentication encoding.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        let (kind, size) = (PAYLOAD_TYPE, self.payload.len());
        let start = format!("DSSEv1 {} {kind} {size} ", kind.len());
        [start.as_bytes(), &self.payload].concat()
    }

    /// Adds the signature that the key's owner made of the message.
    pub fn attach(&mut self, key: &PublicKey, signature: [u8; 64]) {
        self.signatures.push((key.id().to_string(), signature));
    }

    /// Returns the envelope as it is sent.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let signatures = self.signatures.iter().map(|(key_id, bytes)| {
            object_of([
                ("keyid", Value::from(key_id.as_str())),
                ("sig", Value::Text(STANDARD.encode(bytes))),
            ])
        });
        let envelope = object_of([
            ("payloadType", Value::from(PAYLOAD_TYPE)),
            ("payload", Value::Text(STANDARD.encode(&self.payload))),
            ("signatures", signatures.collect()),
        ]);
        Value::Object(envelope).canonical()
    }

    /// Checks that the owner of `key` signed the envelope, and returns the bundle in it. Whether that
    /// is true, a verdict says.
    pub fn open(&self, key: &PublicKey) -> Result<Bundle, ExportError> {
        let key_id = key.id().to_string();
        let mut signatures = self.signatures.iter();
        let found = signatures.find(|(signer, _)| *signer == key_id);
        let (_, bytes) = found.ok_or(ExportError::NotSigned { key_id })?;
        runseal_ed25519::verify(key, &self.message(), &Signature::from(*bytes))?;
        self.read()
    }

    fn read(&self) -> Result<Bundle, ExportError> {
        let statement = parse_within(&self.payload, MOST_BUNDLE_BYTES.saturating_mul(2))?;
        let Value::Object(statement) = &statement else {
            return Err(MemberError::WrongType { member: "payload", expected: "an object" }.into());
        };
        let members = Members(statement);
        check_type(members, "_type", STATEMENT_TYPE)?;
        check_type(members, "predicateType", PREDICATE_TYPE)?;
        let predicate = Value::Object(members.object("predicate")?.clone());
        let bundle = Bundle::parse(&predicate.canonical())?;
        let subjects = members.objects("subject", 1)?;
        if subjects != [&subject(&bundle)?] {
            return Err(ExportError::OtherSubject);
        }
        Ok(bundle)
    }
}

/// The receipt, by its digest.
fn subject(bundle: &Bundle) -> Result<Object, ExportError> {
    let Statement::Inclusion(inclusion) = &bundle.parts().statement else {
        return Err(ExportError::NoInclusion);
    };
    let leaf = inclusion.leaf;
    let name = format!("runseal:receipt:{}:{}", leaf.agent, leaf.sequence);
    let digest = object_of([("sha256", Value::from(leaf.digest))]);
    Ok(object_of([("name", Value::Text(name)), ("digest", Value::from(digest))]))
}

fn check_type(
    members: Members<'_>,
    member: &'static str,
    expected: &'static str,
) -> Result<(), ExportError> {
    match members.text(member)? {
        found if found == expected => Ok(()),
        found => Err(ExportError::OtherType { found: found.to_owned(), expected }),
    }
}

fn decode(members: Members<'_>, member: &'static str) -> Result<Vec<u8>, MemberError> {
    let text = any_text(member, members.required(member)?)?;
    let expected = "base64 with padding";
    STANDARD.decode(text).map_err(|_| MemberError::WrongType { member, expected })
}
