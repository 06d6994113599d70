//! The names of things, as DER has them.

/// What is signed, and what is in a token: 1.2.840.113549.1.7.2, 1.2.840.113549.1.9.16.1.4.
pub(crate) const SIGNED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
pub(crate) const TST_INFO: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04";

/// What is signed beside it: 1.2.840.113549.1.9.3, .4 and .16.2.47.
pub(crate) const CONTENT_TYPE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03";
pub(crate) const MESSAGE_DIGEST: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04";
pub(crate) const SIGNING_CERTIFICATE_V2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x2f";

/// Hashes: 2.16.840.1.101.3.4.2.1, .2 and .3.
pub(crate) const SHA_256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01";
pub(crate) const SHA_384: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x02";
pub(crate) const SHA_512: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x03";

/// Signatures: 1.2.840.113549.1.1.1, .11, .12 and .13; 1.2.840.10045.4.3.2 and .3.
pub(crate) const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
pub(crate) const RSA_SHA_256: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
pub(crate) const RSA_SHA_384: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c";
pub(crate) const RSA_SHA_512: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d";
pub(crate) const ECDSA_SHA_256: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x02";
pub(crate) const ECDSA_SHA_384: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x03";

/// What a certificate is for, and that it is for putting a time under hashes: 2.5.29.37 and
/// 1.3.6.1.5.5.7.3.8.
pub(crate) const EXTENDED_KEY_USAGE: &[u8] = b"\x55\x1d\x25";
pub(crate) const TIME_STAMPING: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x08";

/// Writes a name as people do.
pub(crate) fn dotted(name: &[u8]) -> String {
    let mut parts: Vec<u128> = Vec::new();
    let mut part = 0u128;
    for byte in name {
        part = part.saturating_mul(128).saturating_add(u128::from(byte & 0x7f));
        if byte & 0x80 == 0 {
            // The first two parts are one.
            if parts.is_empty() {
                parts.push((part / 40).min(2));
                part = part.saturating_sub((part / 40).min(2).saturating_mul(40));
            }
            parts.push(part);
            part = 0;
        }
    }
    parts.iter().map(u128::to_string).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_as_people_do() {
        assert_eq!(dotted(TST_INFO), "1.2.840.113549.1.9.16.1.4");
        assert_eq!(dotted(SHA_256), "2.16.840.1.101.3.4.2.1");
        assert_eq!(dotted(EXTENDED_KEY_USAGE), "2.5.29.37");
        assert_eq!(dotted(b"\x88\x37"), "2.999");
    }
}
