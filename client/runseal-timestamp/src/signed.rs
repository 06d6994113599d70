use crate::{
    TokenError,
    der::{Der, tag, write},
    names::{CONTENT_TYPE, MESSAGE_DIGEST, SIGNED_DATA, SIGNING_CERTIFICATE_V2, TST_INFO},
};

/// How many certificates a token may bring along.
const MOST_CERTIFICATES: usize = 16;

/// A token taken apart, and nothing of it believed.
pub(crate) struct Signed<'a> {
    /// What is signed.
    pub(crate) content: &'a [u8],
    /// Every certificate that came along, as it stands there.
    pub(crate) certificates: Vec<&'a [u8]>,
    /// Whose certificate it is that signed: the issuer's name and the number that he gave it.
    pub(crate) issuer: &'a [u8],
    pub(crate) serial: &'a [u8],
    /// The hash, and the signature.
    pub(crate) digest_algorithm: &'a [u8],
    pub(crate) signature_algorithm: &'a [u8],
    pub(crate) signature: &'a [u8],
    /// The attributes as they are signed.
    pub(crate) attributes: Vec<u8>,
    pub(crate) message_digest: &'a [u8],
    pub(crate) signing_certificate: Der<'a>,
}

impl<'a> Signed<'a> {
    pub(crate) fn parse(token: &'a [u8]) -> Result<Self, TokenError> {
        let mut all = Der(token);
        let mut token = all.take(tag::SEQUENCE)?;
        all.end()?;
        if token.oid()? != SIGNED_DATA {
            return Err(TokenError::NotAToken);
        }
        let mut explicit = token.take(tag::context(0))?;
        token.end()?;
        let mut data = explicit.take(tag::SEQUENCE)?;
        explicit.end()?;
        // The version that follows from what is in it (RFC 5652, 5.1); it is not signed.
        let is_known = data.integer()? == [3];
        let mut digest_algorithms = data.take(tag::SET)?;
        let announced = digest_algorithms.algorithm()?;
        if !is_known || !digest_algorithms.is_empty() {
            return Err(TokenError::NotAToken);
        }
        let content = content(data.take(tag::SEQUENCE)?)?;
        let certificates = certificates(data.find(tag::context(0))?)?;
        let _revocations = data.find(tag::context(1))?;
        let mut signers = data.take(tag::SET)?;
        data.end()?;
        let signer = signers.take(tag::SEQUENCE);
        let mut count = usize::from(signer.is_ok());
        while !signers.is_empty() {
            signers.take_any()?;
            count = count.saturating_add(1);
        }
        if count != 1 {
            return Err(TokenError::Signatures { count });
        }
        let signed = Self::of_signer(signer?, content, certificates)?;
        if signed.digest_algorithm != announced {
            return Err(TokenError::NotAToken);
        }
        Ok(signed)
    }

    fn of_signer(
        mut signer: Der<'a>,
        content: &'a [u8],
        certificates: Vec<&'a [u8]>,
    ) -> Result<Self, TokenError> {
        if signer.integer()? != [1] {
            return Err(TokenError::NotAToken);
        }
        let mut name = signer.take(tag::SEQUENCE)?;
        let (issuer, _) = name.take_whole(tag::SEQUENCE)?;
        let serial = name.take(tag::INTEGER)?.0;
        name.end()?;
        let digest_algorithm = signer.algorithm()?;
        let attributes = signer.take(tag::context(0))?;
        let signature_algorithm = signer.algorithm()?;
        let signature = signer.take(tag::OCTETS)?.0;
        // Nobody signed these; an authority may put another's word there.
        let _unsigned = signer.find(tag::context(1))?;
        signer.end()?;
        let read = Attributes::read(attributes)?;
        Ok(Self {
            content,
            certificates,
            issuer,
            serial,
            digest_algorithm,
            signature_algorithm,
            signature,
            // They are signed as a set, and stand in the token under another tag (RFC 5652, 5.4).
            attributes: write(tag::SET, &[attributes.0]),
            message_digest: read.message_digest,
            signing_certificate: read.signing_certificate,
        })
    }
}

fn content(mut content: Der<'_>) -> Result<&[u8], TokenError> {
    if content.oid()? != TST_INFO {
        return Err(TokenError::NotAToken);
    }
    let mut explicit = content.take(tag::context(0))?;
    content.end()?;
    let octets = explicit.take(tag::OCTETS)?.0;
    explicit.end()?;
    Ok(octets)
}

fn certificates(list: Option<Der<'_>>) -> Result<Vec<&[u8]>, TokenError> {
    let Some(mut list) = list else { return Err(TokenError::NoCertificate) };
    let mut certificates = Vec::new();
    while !list.is_empty() {
        if certificates.len() == MOST_CERTIFICATES {
            return Err(TokenError::TooLarge { size_bytes: list.0.len() });
        }
        certificates.push(list.take_whole(tag::SEQUENCE)?.0);
    }
    Ok(certificates)
}

/// What is signed beside the content, as far as it matters.
struct Attributes<'a> {
    message_digest: &'a [u8],
    signing_certificate: Der<'a>,
}

impl<'a> Attributes<'a> {
    fn read(mut list: Der<'a>) -> Result<Self, TokenError> {
        let wanted = [CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2];
        let mut found: [Option<Der<'a>>; 3] = [None; 3];
        const NAMES: [&str; 3] = ["content type", "message digest", "signing certificate"];
        while !list.is_empty() {
            let mut attribute = list.take(tag::SEQUENCE)?;
            let name = attribute.oid()?;
            let values = attribute.take(tag::SET)?;
            attribute.end()?;
            for ((wanted, found), name_of) in wanted.iter().zip(&mut found).zip(NAMES) {
                if *wanted == name && found.replace(values).is_some() {
                    return Err(TokenError::Attribute { name: name_of });
                }
            }
        }
        let [content_type, message_digest, signing_certificate] = found;
        let missing = |name| TokenError::Attribute { name };
        let mut content_type = content_type.ok_or(missing("content type"))?;
        if content_type.oid()? != TST_INFO || !content_type.is_empty() {
            return Err(missing("content type"));
        }
        let mut digests = message_digest.ok_or(missing("message digest"))?;
        let message_digest = digests.take(tag::OCTETS)?.0;
        let mut certificates = signing_certificate.ok_or(missing("signing certificate"))?;
        let signing_certificate = certificates.take(tag::SEQUENCE)?;
        if !digests.is_empty() {
            return Err(missing("message digest"));
        }
        if !certificates.is_empty() {
            return Err(missing("signing certificate"));
        }
        Ok(Self { message_digest, signing_certificate })
    }
}
