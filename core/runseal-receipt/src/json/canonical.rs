use super::{Object, Value};

impl Value {
    /// Returns the one spelling of the value, as RFC 8785 has it.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        let mut out = String::new();
        print(self, &mut out);
        out.into_bytes()
    }
}

/// Returns the one spelling of an object.
pub(crate) fn canonical_object(object: &Object) -> Vec<u8> {
    canonical_members(members(object))
}

/// Returns the one spelling of an object of these members, of which no two have the same key.
pub(crate) fn canonical_members(members: Vec<(&str, &Value)>) -> Vec<u8> {
    let mut out = String::new();
    print_members(members, &mut out);
    out.into_bytes()
}

fn members(object: &Object) -> Vec<(&str, &Value)> {
    object.iter().map(|(key, value)| (key.as_str(), value)).collect()
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
        Value::Object(object) => print_members(members(object), out),
    }
}

/// Prints members in the order of the UTF-16 of their keys; an object has them in that of the UTF-8.
fn print_members(mut members: Vec<(&str, &Value)>, out: &mut String) {
    // No two keys are the same, so it makes no difference that equal ones may change places.
    members.sort_unstable_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    print_between('{', '}', members.into_iter(), out, |(key, value), out| {
        print_text(key, out);
        out.push(':');
        print(value, out);
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
    while let Some(at) = rest.bytes().position(|byte| escape(char::from(byte)).is_some()) {
        let (plain, behind) = rest.split_at(at);
        out.push_str(plain);
        let mut characters = behind.chars();
        characters.next().and_then(escape).into_iter().for_each(|escape| escape.print(out));
        rest = characters.as_str();
    }
    out.push_str(rest);
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
