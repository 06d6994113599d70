use super::{
    answer::{Answer, Holds, Refusal},
    line::{Bytes, parse},
    lines::Line,
};
use runseal_ed25519::{
    PointError, PublicKey, Signature, SignatureError, SignedMessage, verify_all,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Question {
    public_key: Bytes,
    message: Bytes,
    signature: Bytes,
}

/// A question that is worth asking: the key is one, and the signature is long enough.
struct Signed {
    key: PublicKey,
    message: Vec<u8>,
    signature: Signature,
}

/// Says of each line whether its key signed its message. Together is several times faster, and the
/// answers are the same.
pub(super) fn answers(lines: &[Line]) -> Vec<Answer> {
    let signed: Vec<Result<Signed, Refusal>> = lines
        .iter()
        .map(|line| line.as_deref().map_err(|too_long| Refusal::from(*too_long)).and_then(read))
        .collect();
    let items: Vec<SignedMessage<'_>> = signed.iter().flatten().map(Signed::item).collect();
    let mut verified = verify_all(&items).into_iter();
    drop(items);
    let answer = |signed: Result<Signed, Refusal>| {
        signed?;
        match verified.next() {
            Some(Err(error)) => Err(refusal(error)),
            _ => Ok(Holds::default()),
        }
    };
    signed.into_iter().map(answer).collect()
}

fn read(line: &[u8]) -> Result<Signed, Refusal> {
    let Question { public_key, message, signature } = parse(line)?;
    let key = exactly::<32>("public_key", &public_key)?;
    let key = PublicKey::parse(&key).map_err(key_refusal)?;
    let signature = Signature::from(exactly::<64>("signature", &signature)?);
    Ok(Signed { key, message: message.0, signature })
}

impl Signed {
    fn item(&self) -> SignedMessage<'_> {
        SignedMessage { key: &self.key, message: &self.message, signature: &self.signature }
    }
}

fn exactly<const N: usize>(name: &str, bytes: &Bytes) -> Result<[u8; N], Refusal> {
    let found = bytes.0.len();
    <[u8; N]>::try_from(bytes.0.as_slice())
        .map_err(|_| Refusal::new("WrongLength", format!("{name} has {found} bytes, not {N}")))
}

fn refusal(error: SignatureError) -> Refusal {
    let reason = match error {
        SignatureError::ScalarNotReduced => "ScalarNotReduced",
        SignatureError::Point(PointError::NotCanonical) => "PointNotCanonical",
        SignatureError::Point(PointError::NotOnCurve) => "PointNotOnCurve",
        SignatureError::Point(PointError::SmallOrder) => "PointOfSmallOrder",
        SignatureError::Mismatch => "Mismatch",
    };
    Refusal::new(reason, error)
}

fn key_refusal(error: PointError) -> Refusal {
    let reason = match error {
        PointError::NotCanonical => "KeyNotCanonical",
        PointError::NotOnCurve => "KeyNotOnCurve",
        PointError::SmallOrder => "KeyOfSmallOrder",
    };
    Refusal::new(reason, format!("the key {error}"))
}
