use crate::DerError;
use runseal_types::Digest;

/// Why a token is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is not DER, or not of the form that it should have.
    #[error("the token is malformed: {0}")]
    Malformed(#[from] DerError),
    /// It is larger than anything that is read here.
    #[error("the token has {size_bytes} bytes, too many to be read")]
    TooLarge {
        /// How large.
        size_bytes: usize,
    },
    /// The authority refused.
    #[error("the authority refused, with status {status}")]
    Refused {
        /// Its status (RFC 3161, section 2.4.2).
        status: u8,
    },
    /// It is something else that is signed, or not a token of a version that is known.
    #[error("it is no time-stamp token")]
    NotAToken,
    /// It is of another hash.
    #[error("the token is of {found}, not of {expected}")]
    OtherImprint {
        /// What it should be of.
        expected: Digest,
        /// What it is of.
        found: Digest,
    },
    /// It was made for another request.
    #[error("the token answers another request")]
    OtherNonce,
    /// It uses a hash or a signature that is too weak or not known here.
    #[error("{name} is not accepted here")]
    Algorithm {
        /// Which.
        name: String,
    },
    /// What is signed beside the content is not what must be.
    #[error("its signed attribute {name} is missing, there twice, or of something else")]
    Attribute {
        /// Which.
        name: &'static str,
    },
    /// It has not exactly one signature.
    #[error("it has {count} signatures, not one")]
    Signatures {
        /// How many.
        count: usize,
    },
    /// The certificate that signed it is not in it.
    #[error("the certificate that signed it is not in it")]
    NoCertificate,
    /// The certificate that signed it is for other things too, or does not say so as it must.
    #[error("the certificate that signed it is not for time-stamping alone")]
    Purpose,
    /// The signature does not verify.
    #[error("the signature does not verify")]
    Signature,
    /// The certificate leads to no root that is trusted, or did not at that time.
    #[error("its certificate leads to no trusted root at that time: {reason}")]
    Chain {
        /// Why not.
        reason: String,
    },
    /// The roots are not certificates.
    #[error("the roots are not certificates in PEM: {reason}")]
    Roots {
        /// Why not.
        reason: String,
    },
}
