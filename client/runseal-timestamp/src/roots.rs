use crate::TokenError;
use rustls_pki_types::{CertificateDer, TrustAnchor, pem::PemObject};
use webpki::anchor_from_trusted_cert;

/// The certificates that a caller trusts, and to which an authority's must lead.
#[derive(Clone, Debug)]
pub struct Roots(pub(crate) Vec<TrustAnchor<'static>>);

impl Roots {
    /// Reads certificates in PEM, at least one.
    pub fn parse_pem(text: &[u8]) -> Result<Self, TokenError> {
        let refused = |reason: String| TokenError::Roots { reason };
        let mut anchors = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(text) {
            let certificate = certificate.map_err(|error| refused(error.to_string()))?;
            let anchor = anchor_from_trusted_cert(&certificate);
            anchors.push(anchor.map_err(|error| refused(error.to_string()))?.to_owned());
        }
        if anchors.is_empty() {
            return Err(refused("there is none".to_owned()));
        }
        Ok(Self(anchors))
    }
}
