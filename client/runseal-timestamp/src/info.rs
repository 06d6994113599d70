use crate::{
    TokenError,
    der::{Der, DerError, tag},
    names::SHA_256,
};
use runseal_types::{Digest, Timestamp};

/// What the authority says.
pub(crate) struct Info<'a> {
    pub(crate) policy: &'a [u8],
    pub(crate) imprint: Digest,
    pub(crate) serial: &'a [u8],
    pub(crate) time: Timestamp,
    pub(crate) nonce: Option<&'a [u8]>,
}

impl<'a> Info<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, TokenError> {
        let mut all = Der(bytes);
        let mut info = all.take(tag::SEQUENCE)?;
        all.end()?;
        if info.integer()? != [1] {
            return Err(TokenError::NotAToken);
        }
        let policy = info.oid()?;
        let mut imprint = info.take(tag::SEQUENCE)?;
        let algorithm = imprint.algorithm()?;
        if algorithm != SHA_256 {
            return Err(TokenError::Algorithm { name: crate::names::dotted(algorithm) });
        }
        let hash: [u8; 32] =
            imprint.take(tag::OCTETS)?.0.try_into().map_err(|_| DerError::Value)?;
        imprint.end()?;
        let serial = info.integer()?;
        let time = time(info.take(tag::TIME)?.0).ok_or(DerError::Value)?;
        let _accuracy = info.find(tag::SEQUENCE)?;
        if info.is_next(tag::BOOLEAN) {
            info.boolean()?;
        }
        let nonce = if info.is_next(tag::INTEGER) { Some(info.integer()?) } else { None };
        let _authority = info.find(tag::context(0))?;
        // An extension that must be understood is not: none is known here.
        if let Some(mut extensions) = info.find(tag::context(1))? {
            while !extensions.is_empty() {
                let mut extension = extensions.take(tag::SEQUENCE)?;
                let name = extension.oid()?;
                if extension.is_next(tag::BOOLEAN) && extension.boolean()? {
                    return Err(TokenError::Algorithm { name: crate::names::dotted(name) });
                }
            }
        }
        info.end()?;
        Ok(Self { policy, imprint: Digest::new(hash), serial, time, nonce })
    }
}

/// Reads `20260317120000Z`, with a fraction that does not end in zero if there is one.
fn time(bytes: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(bytes).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = match text.split_once('.') {
        Some((_, fraction)) if fraction.is_empty() || fraction.ends_with('0') => return None,
        Some((whole, fraction)) => (whole, fraction),
        None => (text, ""),
    };
    if whole.len() != 14 || fraction.len() > 9 || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| whole.get(range);
    let (date, clock) = (
        format!("{}-{}-{}", part(0..4)?, part(4..6)?, part(6..8)?),
        format!("{}:{}:{}", part(8..10)?, part(10..12)?, part(12..14)?),
    );
    let fraction = if fraction.is_empty() { "0" } else { fraction };
    format!("{date}T{clock}.{fraction}Z").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn a_time_has_one_spelling() {
        for (text, expected) in [
            ("20260317120000Z", "2026-03-17T12:00:00Z"),
            ("20260317120000.5Z", "2026-03-17T12:00:00.5Z"),
            ("20260317120000.000000001Z", "2026-03-17T12:00:00.000000001Z"),
        ] {
            assert_eq!(time(text.as_bytes()), Some(expected.parse().unwrap()), "{text}");
        }
        for text in [
            "",
            "Z",
            "20260317120000",
            "202603171200Z",
            "20260317120000.Z",
            "20260317120000.50Z",
            "20260317120000.5",
            "20260317120000+0100",
            "20260317120000,5Z",
            "20261317120000Z",
            "20260230120000Z",
            "20260317250000Z",
            "19690317120000Z",
            "2026031712000\u{661}Z",
            "20260317120000.0000000001Z",
        ] {
            assert_eq!(time(text.as_bytes()), None, "{text}");
        }
    }
}
