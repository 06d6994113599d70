use super::{JsonError, Number, Object, Value, gathered::Gathered, text::parse_text};
use std::ops::Range;

/// How large a text [`parse`] reads: 1 MiB.
pub const MOST_BYTES: usize = 1 << 20;

/// How many lists and objects may stand in each other.
pub const MOST_DEPTH: usize = 128;

/// Parses a text of at most 1 MiB that holds one JSON value and nothing else.
pub fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    parse_within(bytes, MOST_BYTES)
}

/// Parses a text of at most so many bytes: for files that hold many values of ordinary size.
pub fn parse_within(bytes: &[u8], most_bytes: usize) -> Result<Value, JsonError> {
    parse_with(bytes, most_bytes, LargeInteger::Refused)
}

/// Parses the same, with integers beyond 2^53 - 1 as texts of their digits: for questions that ask for
/// more than a double holds, and for nothing that is hashed.
pub fn parse_keeping_digits(bytes: &[u8], most_bytes: usize) -> Result<Value, JsonError> {
    parse_with(bytes, most_bytes, LargeInteger::Text)
}

/// What becomes of an integer beyond 2^53 - 1.
#[derive(Clone, Copy)]
enum LargeInteger {
    Refused,
    Text,
}

fn parse_with(
    bytes: &[u8],
    most_bytes: usize,
    large_integer: LargeInteger,
) -> Result<Value, JsonError> {
    Parser::new(bytes, most_bytes, large_integer)?.whole_text()
}

/// Parses the same as [`parse`] and returns beside the value its canonical spelling without one
/// member, in two parts, if the text shows it: then nobody need print it.
///
/// It is shown by texts that are canonical, but not by all of these: escapes, fractions and keys
/// beyond ASCII would have to be printed to know, and the member must not be the first.
pub(crate) fn parse_beside<'a>(
    bytes: &'a [u8],
    member: &'static str,
) -> Result<(Value, Option<[&'a str; 2]>), JsonError> {
    let mut parser = Parser::new(bytes, MOST_BYTES, LargeInteger::Refused)?;
    parser.beside = member;
    let value = parser.whole_text()?;
    let shown = if parser.is_canonical { parser.around_member() } else { None };
    Ok((value, shown))
}

pub(super) struct Parser<'a> {
    text: &'a str,
    pub(super) offset: usize,
    depth: usize,
    large_integer: LargeInteger,
    /// Whether nothing was seen so far that may have another spelling.
    pub(super) is_canonical: bool,
    /// The member of the outermost object of which the place is noted.
    beside: &'static str,
    /// Where it stands, from its key on.
    place: Option<Range<usize>>,
}

impl<'a> Parser<'a> {
    fn new(
        bytes: &'a [u8],
        most_bytes: usize,
        large_integer: LargeInteger,
    ) -> Result<Self, JsonError> {
        if bytes.len() > most_bytes {
            return Err(JsonError::TooLarge { size_bytes: bytes.len(), most_bytes });
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|error| JsonError::InvalidUtf8 { offset: error.valid_up_to() })?;
        let (is_canonical, beside) = (true, "");
        Ok(Self { text, offset: 0, depth: 0, large_integer, is_canonical, beside, place: None })
    }

    fn whole_text(&mut self) -> Result<Value, JsonError> {
        let value = self.value()?;
        self.skip_space();
        match self.peek() {
            None => Ok(value),
            Some(_) => Err(JsonError::TrailingBytes { offset: self.offset }),
        }
    }

    /// Returns what stands before and behind the noted member and its comma, if it is not the first.
    fn around_member(&self) -> Option<[&'a str; 2]> {
        let place = self.place.clone()?;
        let (before, behind) = (self.text.get(..place.start)?, self.text.get(place.end..)?);
        Some([before.strip_suffix(',')?, behind])
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    pub(super) fn advance(&mut self, bytes: usize) {
        self.offset = self.offset.saturating_add(bytes);
    }

    /// Takes the next byte.
    pub(super) fn next(&mut self) -> Result<u8, JsonError> {
        let byte = self.peek().ok_or(JsonError::UnexpectedEnd)?;
        self.advance(1);
        Ok(byte)
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.offset..).unwrap_or("")
    }

    pub(super) fn slice(&self, from: usize) -> &'a str {
        self.text.get(from..self.offset).unwrap_or("")
    }

    /// Takes this byte or refuses the text.
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        let offset = self.offset;
        if self.next()? == byte { Ok(()) } else { Err(JsonError::UnexpectedByte { offset }) }
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.is_canonical = false;
            self.advance(1);
        }
    }

    fn value(&mut self) -> Result<Value, JsonError> {
        self.skip_space();
        match self.peek().ok_or(JsonError::UnexpectedEnd)? {
            b'{' => self.nested(Self::object),
            b'[' => self.nested(Self::list),
            b'"' => parse_text(self).map(Value::Text),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.word(),
        }
    }

    fn nested(
        &mut self,
        inner: fn(&mut Self) -> Result<Value, JsonError>,
    ) -> Result<Value, JsonError> {
        if self.depth == MOST_DEPTH {
            return Err(JsonError::TooDeep { offset: self.offset, most: MOST_DEPTH });
        }
        self.depth = self.depth.saturating_add(1);
        self.advance(1);
        let value = inner(self)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(value)
    }

    fn list(&mut self) -> Result<Value, JsonError> {
        let mut list = Vec::new();
        if self.closes(b']') {
            return Ok(Value::List(list));
        }
        loop {
            list.push(self.value()?);
            if !self.goes_on(b']')? {
                return Ok(Value::List(list));
            }
        }
    }

    fn object(&mut self) -> Result<Value, JsonError> {
        let mut members = Gathered::default();
        if self.closes(b'}') {
            return Ok(Value::Object(Object::new()));
        }
        loop {
            self.skip_space();
            let offset = self.offset;
            let key = parse_text(self)?;
            self.skip_space();
            self.expect(b':')?;
            let value = self.value()?;
            if self.depth == 1 && key == self.beside {
                self.place = Some(offset..self.offset);
            }
            // The order is that of UTF-16, which ASCII has in every encoding.
            self.is_canonical &= key.is_ascii();
            let put = members.put(key, value);
            self.is_canonical &= put.map_err(|key| JsonError::DuplicateKey { offset, key })?;
            if !self.goes_on(b'}')? {
                return Ok(Value::Object(members.finish()));
            }
        }
    }

    /// Says whether a list or object ends before its first element, and takes its end.
    fn closes(&mut self, end: u8) -> bool {
        self.skip_space();
        let closes = self.peek() == Some(end);
        if closes {
            self.advance(1);
        }
        closes
    }

    /// Takes a comma (there is more) or the end (there is not).
    fn goes_on(&mut self, end: u8) -> Result<bool, JsonError> {
        self.skip_space();
        let offset = self.offset;
        match self.next()? {
            b',' => Ok(true),
            byte if byte == end => Ok(false),
            _ => Err(JsonError::UnexpectedByte { offset }),
        }
    }

    fn word(&mut self) -> Result<Value, JsonError> {
        let rest = self.rest();
        for (word, value) in
            [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))]
        {
            if rest.starts_with(word) {
                self.advance(word.len());
                return Ok(value);
            }
        }
        let offset = self.offset;
        if rest.starts_with("NaN") || rest.starts_with("Infinity") {
            return Err(JsonError::NonFinite { offset });
        }
        Err(JsonError::UnexpectedByte { offset })
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.offset;
        if self.peek() == Some(b'-') {
            self.advance(1);
        }
        if self.rest().starts_with("Infinity") {
            return Err(JsonError::NonFinite { offset: start });
        }
        let has_leading_zero = self.peek() == Some(b'0');
        let digits = self.digits(start)?;
        if has_leading_zero && digits > 1 {
            return Err(JsonError::InvalidNumber { offset: start });
        }
        let is_integer = !self.skip_fraction_and_exponent(start)?;
        let spelling = self.slice(start);
        self.is_canonical &= is_integer && spelling != "-0";
        match (read_number(spelling, is_integer, start), self.large_integer) {
            (Err(JsonError::IntegerTooLarge { .. }), LargeInteger::Text) if is_integer => {
                Ok(Value::from(spelling))
            }
            (number, _) => number.map(Value::Number),
        }
    }

    /// Takes digits, at least one, and counts them.
    fn digits(&mut self, start: usize) -> Result<usize, JsonError> {
        let from = self.offset;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.advance(1);
        }
        match self.slice(from).len() {
            0 => Err(JsonError::InvalidNumber { offset: start }),
            digits => Ok(digits),
        }
    }

    /// Says whether there was any.
    fn skip_fraction_and_exponent(&mut self, start: usize) -> Result<bool, JsonError> {
        let from = self.offset;
        if self.peek() == Some(b'.') {
            self.advance(1);
            self.digits(start)?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.advance(1);
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.advance(1);
            }
            self.digits(start)?;
        }
        Ok(self.offset != from)
    }
}

fn read_number(spelling: &str, is_integer: bool, offset: usize) -> Result<Number, JsonError> {
    if is_integer {
        let integer = spelling.parse().ok().and_then(Number::from_integer);
        return integer.ok_or(JsonError::IntegerTooLarge { offset });
    }
    let double: f64 = spelling.parse().map_err(|_| JsonError::InvalidNumber { offset })?;
    if !double.is_finite() {
        return Err(JsonError::NonFinite { offset });
    }
    Number::from_double(double).ok_or(JsonError::IntegerTooLarge { offset })
}
