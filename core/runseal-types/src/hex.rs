/// Why a text is not the lower hexadecimal text of so many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HexError {
    /// It is too long or too short.
    #[error("{found} characters where {expected} belong")]
    WrongLength {
        /// How many bytes of text there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// It has another character than 0 to 9 and a to f.
    #[error("the character at {index} is not one of 0 to 9 and a to f")]
    NotLowerHex {
        /// Where, counted in bytes of text.
        index: usize,
    },
}

/// Prints bytes as two lower hexadecimal characters each.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    text.extend(nibbles.filter_map(|nibble| char::from_digit(u32::from(nibble), 16)));
    text
}

/// Parses bytes from lower hexadecimal text of exactly twice their number.
pub fn parse_hex<const N: usize>(text: &str) -> Result<[u8; N], HexError> {
    let expected = N.saturating_mul(2);
    if text.len() != expected {
        return Err(HexError::WrongLength { found: text.len(), expected });
    }
    let mut bytes = [0; N];
    let (pairs, _) = text.as_bytes().as_chunks();
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let (Some(high), Some(low)) = (nibble(*high), nibble(*low)) else {
            let index = text.bytes().take_while(|digit| nibble(*digit).is_some()).count();
            return Err(HexError::NotLowerHex { index });
        };
        *byte = high << 4 | low;
    }
    Ok(bytes)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => digit.checked_sub(b'0'),
        b'a'..=b'f' => digit.checked_sub(b'a')?.checked_add(10),
        _ => None,
    }
}
