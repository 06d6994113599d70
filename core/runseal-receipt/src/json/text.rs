use super::{JsonError, parser::Parser};

/// Parses a text between quotes.
pub(super) fn parse_text(parser: &mut Parser<'_>) -> Result<String, JsonError> {
    parser.expect(b'"')?;
    let mut text = take_plain(parser).to_owned();
    loop {
        let offset = parser.offset;
        match parser.next()? {
            b'"' => return Ok(text),
            b'\\' => {
                parser.is_canonical = false;
                text.push(parse_escape(parser, offset)?);
            }
            _ => return Err(JsonError::ControlCharacter { offset }),
        }
        text.push_str(take_plain(parser));
    }
}

/// Takes what stands for itself, up to a quote, a backslash or a control character.
fn take_plain<'a>(parser: &mut Parser<'a>) -> &'a str {
    let from = parser.offset;
    let is_plain = |byte: &u8| *byte >= b' ' && *byte != b'"' && *byte != b'\\';
    let rest = parser.rest().as_bytes();
    parser.advance(rest.iter().position(|byte| !is_plain(byte)).unwrap_or(rest.len()));
    parser.slice(from)
}

fn parse_escape(parser: &mut Parser<'_>, offset: usize) -> Result<char, JsonError> {
    Ok(match parser.next()? {
        escaped @ (b'"' | b'\\' | b'/') => char::from(escaped),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return parse_unicode(parser, offset),
        _ => return Err(JsonError::InvalidEscape { offset }),
    })
}

/// Parses the digits of `\u`, and the second escape if they are the first half of a pair.
fn parse_unicode(parser: &mut Parser<'_>, offset: usize) -> Result<char, JsonError> {
    let first = parse_unit(parser, offset)?;
    let mut units = vec![first];
    if matches!(first, 0xD800..=0xDBFF) {
        for byte in *b"\\u" {
            if parser.next()? != byte {
                return Err(JsonError::LoneSurrogate { offset });
            }
        }
        units.push(parse_unit(parser, offset)?);
    }
    let mut characters = char::decode_utf16(units);
    match (characters.next(), characters.next()) {
        (Some(Ok(character)), None) => Ok(character),
        _ => Err(JsonError::LoneSurrogate { offset }),
    }
}

fn parse_unit(parser: &mut Parser<'_>, offset: usize) -> Result<u16, JsonError> {
    let mut unit = 0u16;
    for _ in 0..4 {
        let digit = char::from(parser.next()?).to_digit(16);
        let digit = digit.and_then(|digit| u16::try_from(digit).ok());
        unit = unit << 4 | digit.ok_or(JsonError::InvalidEscape { offset })?;
    }
    Ok(unit)
}
