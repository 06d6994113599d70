/// Why bytes are not JSON that has one meaning. `offset` counts bytes from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text is larger than may be parsed.
    #[error("{size_bytes} bytes of JSON where at most {most_bytes} are read")]
    TooLarge {
        /// How large it is.
        size_bytes: usize,
        /// How large it may be.
        most_bytes: usize,
    },
    /// The bytes are not UTF-8.
    #[error("the byte at {offset} is not UTF-8")]
    InvalidUtf8 {
        /// Where the first such byte is.
        offset: usize,
    },
    /// The text ends within a value.
    #[error("the text ends within a value")]
    UnexpectedEnd,
    /// Another byte stands where the grammar has none such.
    #[error("the byte at {offset} does not belong there")]
    UnexpectedByte {
        /// Where.
        offset: usize,
    },
    /// There is something behind the value.
    #[error("something follows the value at {offset}")]
    TrailingBytes {
        /// Where it begins.
        offset: usize,
    },
    /// Lists and objects stand in each other too often.
    #[error("more than {most} lists and objects in each other at {offset}")]
    TooDeep {
        /// Where the list or object begins that is too deep.
        offset: usize,
        /// How many there may be.
        most: usize,
    },
    /// An object has a key twice, whatever their spelling.
    #[error("the key {key:?} stands twice in an object, again at {offset}")]
    DuplicateKey {
        /// Where the second begins.
        offset: usize,
        /// The key.
        key: String,
    },
    /// Half of a surrogate pair, which no Unicode text can have.
    #[error("half of a surrogate pair at {offset}")]
    LoneSurrogate {
        /// Where its escape begins.
        offset: usize,
    },
    /// A backslash before something else than an escape.
    #[error("no such escape at {offset}")]
    InvalidEscape {
        /// Where the backslash is.
        offset: usize,
    },
    /// A control character that is not escaped.
    #[error("a control character at {offset} is not escaped")]
    ControlCharacter {
        /// Where it is.
        offset: usize,
    },
    /// A number that is not spelled as JSON spells numbers.
    #[error("the number at {offset} is not spelled as JSON's are")]
    InvalidNumber {
        /// Where it begins.
        offset: usize,
    },
    /// A number beyond what a double can be, or a word for one.
    #[error("the number at {offset} is not finite")]
    NonFinite {
        /// Where it begins.
        offset: usize,
    },
    /// An integer that readers with doubles cannot tell from its neighbours, or a number whose
    /// canonical spelling would be one.
    #[error("the integer at {offset} is beyond 2^53 - 1")]
    IntegerTooLarge {
        /// Where it begins.
        offset: usize,
    },
}
