use crate::{Answer, Holds, Refusal, question::Question};
use runseal_ed25519::{
    PointError, PublicKey, Signature, SignatureError, SignedMessage, verify_all,
};

/// A question that is worth asking: the key is one, and the signature is long enough.
struct Signed {
    key: PublicKey,
    message: Vec<u8>,
    signature: Signature,
}

/// Says whether a key signed a message.
pub(crate) fn answer(question: &Question) -> Answer {
    Signed::read(question)?.item().verify().map_err(refusal)?;
    Ok(Holds::default())
}

/// Says the same of many: together is several times faster, and the answers are the same.
pub(crate) fn answers(questions: impl Iterator<Item = Result<Question, Refusal>>) -> Vec<Answer> {
    let signed: Vec<Result<Signed, Refusal>> =
        questions.map(|question| Signed::read(&question?)).collect();
    let items: Vec<SignedMessage<'_>> = signed.iter().flatten().map(Signed::item).collect();
    let mut verified = verify_all(&items).into_iter();
    drop(items);
    let answer = |signed: Result<Signed, Refusal>| {
        signed?;
        // There is one for each; a missing one would be no yes.
        let verified = verified.next().unwrap_or(Err(SignatureError::Mismatch));
        verified.map(|()| Holds::default()).map_err(refusal)
    };
    signed.into_iter().map(answer).collect()
}

impl Signed {
    fn read(question: &Question) -> Result<Self, Refusal> {
        let bytes = |name| question.bytes(name);
        let (key, message, signature) =
            (bytes("public_key")?, bytes("message")?, bytes("signature")?);
        let key = PublicKey::parse(&exactly::<32>("public_key", &key)?).map_err(key_refusal)?;
        let signature = exactly::<64>("signature", &signature)?;
        Ok(Self { key, message, signature: Signature::from(signature) })
    }

    fn item(&self) -> SignedMessage<'_> {
        SignedMessage { key: &self.key, message: &self.message, signature: &self.signature }
    }
}

fn exactly<const N: usize>(name: &str, bytes: &[u8]) -> Result<[u8; N], Refusal> {
    let found = bytes.len();
    <[u8; N]>::try_from(bytes)
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
