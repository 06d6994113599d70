use super::{Object, Value, text::plain_bytes};
use runseal_types::{Digest, to_hex};

/// Most of what is printed fits into it, so it need not grow.
const USUAL_BYTES: usize = 512;

impl Value {
    /// Returns the one spelling of the value, as RFC 8785 has it.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        let mut out = String::with_capacity(USUAL_BYTES);
        print(self, &mut out);
        out.into_bytes()
    }
}

/// A value that somebody else holds.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    /// Whatever it is.
    Value(&'a Value),
    /// A text.
    Text(&'a str),
    /// An object.
    Object(&'a Object),
    /// The text of a hash.
    Hash(Digest),
}

/// Returns the one spelling of an object.
pub(crate) fn canonical_object(object: &Object) -> Vec<u8> {
    let mut out = String::with_capacity(USUAL_BYTES);
    print_object(object, &mut out);
    out.into_bytes()
}

/// Returns the one spelling of an object of these members, of which no two have the same key.
pub(crate) fn canonical_members(members: Vec<(&str, Part<'_>)>) -> Vec<u8> {
    let mut out = String::with_capacity(USUAL_BYTES);
    print_sorted(members, &mut out);
    out.into_bytes()
}

fn print(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        // As ECMAScript prints doubles, which is what the RFC asks for.
        Value::Number(number) => {
            out.push_str(ryu_js::Buffer::new().format_finite(number.as_f64()));
        }
        Value::Text(text) => print_text(text, out),
        Value::List(list) => print_between('[', ']', list.iter(), out, print),
        Value::Object(object) => print_object(object, out),
    }
}

/// Prints an object. It has its keys in the order of their UTF-8, which ASCII shares with UTF-16.
fn print_object(object: &Object, out: &mut String) {
    let members = object.iter().map(|(key, value)| (key.as_str(), Part::Value(value)));
    if object.keys().all(|key| key.is_ascii()) {
        print_members(members, out);
    } else {
        print_sorted(members.collect(), out);
    }
}

/// Prints members in the order of the UTF-16 of their keys.
fn print_sorted(mut members: Vec<(&str, Part<'_>)>, out: &mut String) {
    // No two keys are the same, so it makes no difference that equal ones may change places.
    members.sort_unstable_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    print_members(members.into_iter(), out);
}

fn print_members<'a>(members: impl Iterator<Item = (&'a str, Part<'a>)>, out: &mut String) {
    print_between('{', '}', members, out, |(key, value), out| {
        print_text(key, out);
        out.push(':');
        match value {
            Part::Value(value) => print(value, out),
            Part::Text(text) => print_text(text, out),
            Part::Object(object) => print_object(object, out),
            Part::Hash(hash) => print_text(&to_hex(hash.as_bytes()), out),
        }
    });
}

fn print_between<T>(
    open: char,
    close: char,
    elements: impl Iterator<Item = T>,
    out: &mut String,
    print_one: impl Fn(T, &mut String),
) {
    out.push(open);
    for (index, element) in elements.enumerate() {
        if index != 0 {
            out.push(',');
        }
        print_one(element, out);
    }
    out.push(close);
}

fn print_text(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    // All that is escaped is ASCII, and no byte of a longer character is.
    loop {
        let (plain, behind) = rest.split_at(plain_bytes(rest.as_bytes()));
        out.push_str(plain);
        let mut characters = behind.chars();
        let Some(escape) = characters.next().and_then(escape) else { break };
        escape.print(out);
        rest = characters.as_str();
    }
    out.push('"');
}

/// How a character is written that cannot stand for itself.
enum Escape {
    Short(char),
    Control(u32),
}

impl Escape {
    fn print(&self, out: &mut String) {
        out.push('\\');
        match self {
            Self::Short(letter) => out.push(*letter),
            Self::Control(code) => out.push_str(&format!("u{code:04x}")),
        }
    }
}

fn escape(character: char) -> Option<Escape> {
    Some(match character {
        '"' | '\\' => Escape::Short(character),
        '\u{8}' => Escape::Short('b'),
        '\t' => Escape::Short('t'),
        '\n' => Escape::Short('n'),
        '\u{c}' => Escape::Short('f'),
        '\r' => Escape::Short('r'),
        '\0'..='\u{1f}' => Escape::Control(u32::from(character)),
        _ => return None,
    })
}
