//! TLS with the server. Its certificate and its name in it are always checked: a server that anybody could
//! stand in for would get the receipts, and the password.

use crate::AddressError;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use std::{path::Path, sync::Arc};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Returns what connects to servers for whom an authority vouches that browsers believe.
pub(crate) fn of_public_authorities() -> Result<MakeRustlsConnect, AddressError> {
    of(webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect())
}

/// Returns what connects to servers for whom one of the authorities in a PEM file vouches, and nobody else.
pub(crate) fn of_file(path: &Path) -> Result<MakeRustlsConnect, AddressError> {
    let failed = |reason: String| AddressError::Authorities { path: path.to_owned(), reason };
    let found = CertificateDer::pem_file_iter(path).map_err(|error| failed(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for certificate in found {
        let certificate = certificate.map_err(|error| failed(error.to_string()))?;
        roots.add(certificate).map_err(|error| failed(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(failed("no certificate is in it".to_owned()));
    }
    of(roots)
}

fn of(roots: RootCertStore) -> Result<MakeRustlsConnect, AddressError> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| AddressError::NoTls { reason: error.to_string() })?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
