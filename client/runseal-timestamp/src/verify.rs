use crate::{
    MOST_BYTES, Request, Roots, TokenError,
    certificate::Certificate,
    der::{Der, tag},
    info::Info,
    names::{
        ECDSA_SHA_256, ECDSA_SHA_384, RSA, RSA_SHA_256, RSA_SHA_384, RSA_SHA_512, SHA_256, SHA_384,
        SHA_512, dotted,
    },
    signed::Signed,
};
use runseal_types::{Digest, Timestamp, to_hex};
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use std::time::Duration;
use webpki::{
    EndEntityCert, KeyUsage,
    ring::{
        ECDSA_P256_SHA256, ECDSA_P256_SHA384, ECDSA_P384_SHA256, ECDSA_P384_SHA384,
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    },
};

/// What a token that was verified says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When the hash was there.
    pub time: Timestamp,
    /// The authority's number for it, in hexadecimal.
    pub serial: String,
    /// Under which of its policies, as numbers with dots.
    pub policy: String,
    /// The SHA-256 of the certificate that signed it.
    pub certificate: Digest,
}

/// The signatures that a certificate may be signed with.
const ACCEPTED: &[&dyn SignatureVerificationAlgorithm] = &[
    ECDSA_P256_SHA256,
    ECDSA_P256_SHA384,
    ECDSA_P384_SHA256,
    ECDSA_P384_SHA384,
    RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512,
];

/// Checks that a token is of this hash, from an authority that leads to one of these roots; and that it
/// answers this request, if it is known which.
///
/// Whether a certificate was revoked is not looked up.
pub fn verify(
    token: &[u8],
    imprint: &Digest,
    request: Option<&Request>,
    roots: &Roots,
) -> Result<Stamp, TokenError> {
    if token.len() > MOST_BYTES {
        return Err(TokenError::TooLarge { size_bytes: token.len() });
    }
    let signed = Signed::parse(token)?;
    let info = Info::parse(signed.content)?;
    if info.imprint != *imprint {
        return Err(TokenError::OtherImprint { expected: *imprint, found: info.imprint });
    }
    if let Some(request) = request
        && (request.imprint != *imprint || info.nonce != Some(&request.nonce[..]))
    {
        return Err(TokenError::OtherNonce);
    }
    let hash = Hash::find(signed.digest_algorithm)?;
    if hash.of(signed.content) != signed.message_digest {
        return Err(TokenError::Attribute { name: "message digest" });
    }
    let signer = find_signer(&signed)?;
    check_signing_certificate(signed.signing_certificate, signer)?;
    Certificate::parse(signer)?.check_purpose()?;
    check_signature(&signed, hash, signer)?;
    check_chain(&signed, signer, info.time, roots)?;
    Ok(Stamp {
        time: info.time,
        serial: to_hex(info.serial),
        policy: dotted(info.policy),
        certificate: Digest::of(&[signer]),
    })
}

/// Finds the certificate that is named as the signer's.
fn find_signer<'a>(signed: &Signed<'a>) -> Result<&'a [u8], TokenError> {
    for &bytes in &signed.certificates {
        let certificate = Certificate::parse(bytes)?;
        if (certificate.issuer, certificate.serial) == (signed.issuer, signed.serial) {
            return Ok(bytes);
        }
    }
    Err(TokenError::NoCertificate)
}

/// The signer has signed which certificate is his, so that no other can be put in its place (RFC 5816).
fn check_signing_certificate(mut list: Der<'_>, signer: &[u8]) -> Result<(), TokenError> {
    let mut first = list.take(tag::SEQUENCE)?.take(tag::SEQUENCE)?;
    let hash = match first.is_next(tag::SEQUENCE) {
        true => Hash::find(first.algorithm()?)?,
        false => Hash::Sha256,
    };
    match first.take(tag::OCTETS)?.0 == hash.of(signer) {
        true => Ok(()),
        false => Err(TokenError::Attribute { name: "signing certificate" }),
    }
}

fn check_signature(signed: &Signed<'_>, hash: Hash, signer: &[u8]) -> Result<(), TokenError> {
    let unknown = || TokenError::Algorithm { name: dotted(signed.signature_algorithm) };
    let algorithms: &[&dyn SignatureVerificationAlgorithm] =
        match (signed.signature_algorithm, hash) {
            (RSA | RSA_SHA_256, Hash::Sha256) => &[RSA_PKCS1_2048_8192_SHA256],
            (RSA | RSA_SHA_384, Hash::Sha384) => &[RSA_PKCS1_2048_8192_SHA384],
            (RSA | RSA_SHA_512, Hash::Sha512) => &[RSA_PKCS1_2048_8192_SHA512],
            (ECDSA_SHA_256, Hash::Sha256) => &[ECDSA_P256_SHA256, ECDSA_P384_SHA256],
            (ECDSA_SHA_384, Hash::Sha384) => &[ECDSA_P256_SHA384, ECDSA_P384_SHA384],
            _ => return Err(unknown()),
        };
    let certificate = CertificateDer::from(signer);
    let certificate = EndEntityCert::try_from(&certificate).map_err(chain)?;
    let verified = algorithms.iter().any(|algorithm| {
        certificate.verify_signature(*algorithm, &signed.attributes, signed.signature).is_ok()
    });
    if verified { Ok(()) } else { Err(TokenError::Signature) }
}

fn check_chain(
    signed: &Signed<'_>,
    signer: &[u8],
    time: Timestamp,
    roots: &Roots,
) -> Result<(), TokenError> {
    let certificate = CertificateDer::from(signer);
    let certificate = EndEntityCert::try_from(&certificate).map_err(chain)?;
    let others: Vec<_> = signed.certificates.iter().map(|it| CertificateDer::from(*it)).collect();
    let time = UnixTime::since_unix_epoch(Duration::from_secs(time.unix_seconds()));
    // The signer's own purpose is checked apart; those above need not say what they are for.
    let purpose = KeyUsage::required_if_present(crate::names::TIME_STAMPING);
    let path = certificate.verify_for_usage(ACCEPTED, &roots.0, &others, time, purpose, None, None);
    path.map(drop).map_err(chain)
}

fn chain(error: webpki::Error) -> TokenError {
    TokenError::Chain { reason: error.to_string() }
}

#[derive(Clone, Copy)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn find(name: &[u8]) -> Result<Self, TokenError> {
        match name {
            SHA_256 => Ok(Self::Sha256),
            SHA_384 => Ok(Self::Sha384),
            SHA_512 => Ok(Self::Sha512),
            _ => Err(TokenError::Algorithm { name: dotted(name) }),
        }
    }

    fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
}
