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
    let mut text = vec![0; bytes.len().saturating_mul(2)];
    let (pairs, _) = text.as_chunks_mut();
    for (pair, byte) in pairs.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
    // All of it is ASCII.
    String::from_utf8(text).unwrap_or_default()
}

/// The digit of a number below 16, without a branch, so that many are printed at once.
fn digit(nibble: u8) -> u8 {
    const TO_LETTERS: u8 = b'a' - b'0' - 10;
    let is_letter = u8::from(nibble > 9);
    nibble.wrapping_add(b'0').wrapping_add(is_letter.wrapping_mul(TO_LETTERS))
}

/// Parses bytes from lower hexadecimal text of exactly twice their number.
pub fn parse_hex<const N: usize>(text: &str) -> Result<[u8; N], HexError> {
    let expected = N.saturating_mul(2);
    if text.len() != expected {
        return Err(HexError::WrongLength { found: text.len(), expected });
    }
    let mut bytes = [0; N];
    let (pairs, _) = text.as_bytes().as_chunks();
    let mut seen = 0;
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let (high, low) = (nibble(*high), nibble(*low));
        seen |= high | low;
        *byte = high << 4 | low & 15;
    }
    if seen < 16 {
        return Ok(bytes);
    }
    let index = text.bytes().take_while(|digit| nibble(*digit) < 16).count();
    Err(HexError::NotLowerHex { index })
}

/// The number that a digit stands for; one that is too large if it is none. Without a branch, too.
fn nibble(digit: u8) -> u8 {
    let number = digit.wrapping_sub(b'0');
    let letter = digit.wrapping_sub(b'a');
    if number < 10 {
        number
    } else if letter < 6 {
        letter.wrapping_add(10)
    } else {
        u8::MAX
    }
}
