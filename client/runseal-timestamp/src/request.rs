use crate::{
    der::{tag, write},
    names::SHA_256,
};
use runseal_types::Digest;

/// How many random bytes make a request one of its kind.
pub const NONCE_BYTES: usize = 16;

/// What an authority is asked: to put a time under a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    pub(crate) imprint: Digest,
    pub(crate) nonce: [u8; NONCE_BYTES],
}

impl Request {
    /// Makes a request of a SHA-256 and random bytes, by which its answer is known.
    pub fn new(imprint: Digest, mut nonce: [u8; NONCE_BYTES]) -> Self {
        // A positive number whose first byte counts, so that it has one spelling.
        if let Some(first) = nonce.first_mut() {
            *first = (*first & 0x3f) | 0x40;
        }
        Self { imprint, nonce }
    }

    /// Returns the hash that it is about.
    pub fn imprint(self) -> Digest {
        self.imprint
    }

    /// Returns the bytes that are posted as `application/timestamp-query`.
    pub fn to_bytes(self) -> Vec<u8> {
        let version = write(tag::INTEGER, &[&[1]]);
        let algorithm = write(tag::SEQUENCE, &[&write(tag::OID, &[SHA_256]), &[0x05, 0x00]]);
        let imprint = write(tag::OCTETS, &[self.imprint.as_bytes()]);
        let imprint = write(tag::SEQUENCE, &[&algorithm, &imprint]);
        let nonce = write(tag::INTEGER, &[&self.nonce]);
        // The certificate is to be in the token, so that it can be checked by itself.
        let with_certificate = write(tag::BOOLEAN, &[&[0xff]]);
        write(tag::SEQUENCE, &[&version, &imprint, &nonce, &with_certificate])
    }
}
