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
    parser.advance(plain_bytes(parser.rest().as_bytes()));
    parser.slice(from)
}

/// Counts the bytes before the first quote, backslash or control character: what stands for itself.
pub(super) fn plain_bytes(text: &[u8]) -> usize {
    const WORD: usize = size_of::<u64>();
    let (words, rest) = text.as_chunks::<WORD>();
    let first = words.iter().map(|word| first_special(*word)).enumerate();
    let first =
        first.filter_map(|(index, at)| Some(at?.saturating_add(index.saturating_mul(WORD))));
    let in_rest = || rest.iter().take_while(|byte| !is_special(**byte)).count();
    let before_rest = words.len().saturating_mul(WORD);
    first.into_iter().next().unwrap_or_else(|| before_rest.saturating_add(in_rest()))
}

const fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..b' ')
}

/// Finds the first special byte of eight.
///
/// What is subtracted from a byte borrows from those behind it only if it is special itself, so the
/// first byte of which the highest bit is set is one, whatever those behind it have.
fn first_special(bytes: [u8; 8]) -> Option<usize> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGHEST: u64 = EACH << 7;
    let word = u64::from_le_bytes(bytes);
    let below = |word: u64, bound: u8| word.wrapping_sub(EACH * u64::from(bound)) & !word & HIGHEST;
    let equal = |byte: u8| below(word ^ (EACH * u64::from(byte)), 1);
    let special = below(word, b' ') | equal(b'"') | equal(b'\\');
    let at = special.trailing_zeros() / u8::BITS;
    usize::try_from(at).ok().filter(|_| special != 0)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_special_byte_is_found_wherever_it_is_and_whatever_is_behind_it() {
        for at in 0..20 {
            for first in 0..=u8::MAX {
                for behind in [b'"', b'\\', 0, 0x1f, b' ', 0x7f, 0x80, 0xff, b'!', b'#'] {
                    let mut text = [b'a'; 24];
                    text[at] = first;
                    text[at + 1] = behind;
                    let expected = text.iter().position(|byte| is_special(*byte)).unwrap_or(24);
                    assert_eq!(plain_bytes(&text), expected, "{first} at {at}, then {behind}");
                }
            }
        }
    }

    #[test]
    fn a_text_without_special_bytes_is_plain_to_its_end() {
        for size in 0..40 {
            assert_eq!(plain_bytes(&vec![b'~'; size]), size);
        }
    }
}
