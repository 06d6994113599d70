use crate::{
    TokenError,
    der::{Der, DerError, tag},
    names::{EXTENDED_KEY_USAGE, TIME_STAMPING},
};

/// As much of a certificate as is not left to those who check chains: whose it is, and what for.
pub(crate) struct Certificate<'a> {
    pub(crate) issuer: &'a [u8],
    pub(crate) serial: &'a [u8],
    extensions: Option<Der<'a>>,
}

impl<'a> Certificate<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, DerError> {
        let mut certificate = Der(bytes).take(tag::SEQUENCE)?;
        let mut signed = certificate.take(tag::SEQUENCE)?;
        let _version = signed.find(tag::context(0))?;
        // Some have negative numbers; it is compared and not read.
        let serial = signed.take(tag::INTEGER)?.0;
        let _algorithm = signed.take(tag::SEQUENCE)?;
        let (issuer, _) = signed.take_whole(tag::SEQUENCE)?;
        let _validity = signed.take(tag::SEQUENCE)?;
        let _subject = signed.take(tag::SEQUENCE)?;
        let _key = signed.take(tag::SEQUENCE)?;
        let mut extensions = None;
        while !signed.is_empty() {
            match signed.find(tag::context(3))? {
                Some(mut explicit) => extensions = Some(explicit.take(tag::SEQUENCE)?),
                None => {
                    signed.take_any()?;
                }
            }
        }
        Ok(Self { issuer, serial, extensions })
    }

    /// It must be for time-stamping and nothing else, and say so where nobody may overlook it (RFC
    /// 3161, section 2.3).
    pub(crate) fn check_purpose(&self) -> Result<(), TokenError> {
        let mut extensions = self.extensions.ok_or(TokenError::Purpose)?;
        let mut is_found = false;
        while !extensions.is_empty() {
            let mut extension = extensions.take(tag::SEQUENCE)?;
            if extension.oid()? != EXTENDED_KEY_USAGE {
                continue;
            }
            let is_critical = extension.is_next(tag::BOOLEAN) && extension.boolean()?;
            let mut value = extension.take(tag::OCTETS)?;
            let mut purposes = value.take(tag::SEQUENCE)?;
            let is_alone = purposes.oid()? == TIME_STAMPING && purposes.is_empty();
            if !is_critical || !is_alone || is_found {
                return Err(TokenError::Purpose);
            }
            is_found = true;
        }
        if is_found { Ok(()) } else { Err(TokenError::Purpose) }
    }
}
