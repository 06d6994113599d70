use super::{Kind, Member, Problem, parse_moment};
use crate::error::ApiError;
use runseal_receipt::{
    MOST_TEXT_BYTES,
    json::{MOST_INTEGER, Object, Value},
};
use runseal_types::{Address, Timestamp};

/// The members of a request. What is wrong with them is gathered, so that all of it is told at once;
/// until [`Fields::read`] says that nothing is, what was read means nothing.
pub(crate) struct Fields<'a> {
    place: &'static str,
    object: &'a Object,
    problems: Vec<Problem>,
    /// What is asked for, if that is what is to be found out.
    members: Option<Vec<Member>>,
}

/// What is read from a request. The API's document is made by reading too: it has what was asked for.
pub(crate) trait Read: Sized {
    /// Reads all members, whatever some of them are.
    fn read(fields: &mut Fields<'_>) -> Self;
}

/// Lists what something is read from.
pub(crate) fn members_of<T: Read>() -> Vec<Member> {
    let nothing = Object::new();
    let mut fields = Fields { members: Some(Vec::new()), ..Fields::body(&nothing) };
    T::read(&mut fields);
    fields.members.unwrap_or_default()
}

/// How large an object may be, so that what it becomes a part of is read back: a receipt, an entry.
pub(super) const MOST_OBJECT_BYTES: usize = 64 << 10;
/// How many lists and objects may stand in each other in it.
pub(super) const MOST_OBJECT_DEPTH: usize = 32;

fn fits(object: &Object) -> bool {
    let is_flat = object.values().all(|value| is_within(value, MOST_OBJECT_DEPTH));
    is_flat && Value::Object(object.clone()).canonical().len() <= MOST_OBJECT_BYTES
}

fn is_within(value: &Value, most: usize) -> bool {
    let inside = most.checked_sub(1);
    match (value, inside) {
        (Value::List(list), Some(most)) => list.iter().all(|value| is_within(value, most)),
        (Value::Object(object), Some(most)) => object.values().all(|value| is_within(value, most)),
        (Value::List(_) | Value::Object(_), None) => false,
        _ => true,
    }
}

impl<'a> Fields<'a> {
    /// Reads a body.
    pub(crate) fn body(object: &'a Object) -> Self {
        Self { place: "body", object, problems: Vec::new(), members: None }
    }

    /// Reads what stands behind the question mark.
    pub(crate) fn query(object: &'a Object) -> Self {
        Self { place: "query", object, problems: Vec::new(), members: None }
    }

    /// Returns what is read, if nothing is wrong.
    pub(crate) fn read<T: Read>(mut self) -> Result<T, ApiError> {
        let read = T::read(&mut self);
        if self.problems.is_empty() { Ok(read) } else { Err(ApiError::Invalid(self.problems)) }
    }

    /// Reads a text that must be there: 1 to 256 bytes without control characters.
    pub(crate) fn text(&mut self, name: &'static str) -> String {
        self.require(name, Kind::Text);
        self.short_text(name).unwrap_or_default()
    }

    /// Reads a text that need not be there.
    pub(crate) fn find_text(&mut self, name: &'static str) -> Option<String> {
        self.ask(name, Kind::Text);
        self.short_text(name)
    }

    /// Reads a text that must be there, and that the caller looks up among these words.
    pub(crate) fn word(&mut self, name: &'static str, words: Vec<&'static str>) -> String {
        self.require(name, Kind::Word(words));
        self.short_text(name).unwrap_or_default()
    }

    /// Reads a text that need not be there, and that the caller looks up among these words.
    pub(crate) fn find_word(
        &mut self,
        name: &'static str,
        words: Vec<&'static str>,
    ) -> Option<String> {
        self.ask(name, Kind::Word(words));
        self.short_text(name)
    }

    fn short_text(&mut self, name: &str) -> Option<String> {
        let text = self.whole_text(name)?;
        if text.is_empty() {
            self.wrong(name, "string_too_short", "String should have at least 1 character");
        } else if text.len() > MOST_TEXT_BYTES {
            let most = format!("String should have at most {MOST_TEXT_BYTES} bytes");
            self.wrong(name, "string_too_long", most);
        } else if text.chars().any(char::is_control) {
            let message = "String should have no control characters";
            self.wrong(name, "string_pattern_mismatch", message);
        }
        Some(text)
    }

    /// Reads a text of any length and content.
    pub(crate) fn find_any_text(&mut self, name: &'static str) -> Option<String> {
        self.ask(name, Kind::AnyText);
        self.whole_text(name)
    }

    fn whole_text(&mut self, name: &str) -> Option<String> {
        match self.find(name)? {
            Value::Text(text) => Some(text.clone()),
            _ => {
                self.wrong(name, "string_type", "Input should be a valid string");
                None
            }
        }
    }

    /// Reads a number that counts something, up to 2^53 - 1.
    pub(crate) fn find_integer(&mut self, name: &'static str) -> Option<u64> {
        self.ask(name, Kind::Integer);
        self.integer(name)
    }

    fn integer(&mut self, name: &str) -> Option<u64> {
        let value = self.find(name)?;
        let number = match value {
            Value::Number(number) => number.as_u64(),
            // A sign or a space is no part of a number here.
            Value::Text(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().ok()
            }
            _ => None,
        };
        let number = number.filter(|number| *number <= MOST_INTEGER.unsigned_abs());
        if number.is_none() {
            let message = "Input should be a valid integer from 0 to 2^53 - 1";
            self.wrong(name, "int_parsing", message);
        }
        number
    }

    /// Reads a number that must be there.
    pub(crate) fn number(&mut self, name: &'static str) -> u64 {
        self.require(name, Kind::Integer);
        self.integer(name).unwrap_or_default()
    }

    /// Reads an address that need not be there.
    pub(crate) fn find_address(&mut self, name: &'static str) -> Option<Address> {
        self.ask(name, Kind::Address);
        let address = self.short_text(name)?.parse().ok();
        if address.is_none() {
            self.wrong(name, "value_error", "Input should be an address in base58");
        }
        address
    }

    /// Reads how many elements a list may have, which is never more than `most`.
    pub(crate) fn limit(&mut self, name: &'static str, default: usize, most: usize) -> usize {
        self.ask(name, Kind::Limit { default, most });
        let asked = self.integer(name).map(|number| usize::try_from(number).unwrap_or(most));
        asked.unwrap_or(default).clamp(1, most)
    }

    /// Reads yes or no.
    pub(crate) fn flag(&mut self, name: &'static str, default: bool) -> bool {
        self.ask(name, Kind::Flag { default });
        let Some(value) = self.find(name) else { return default };
        let flag = match value {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => match number.as_u64() {
                Some(0) => Some(false),
                Some(1) => Some(true),
                _ => None,
            },
            Value::Text(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "on" | "t" | "y" => Some(true),
                "false" | "0" | "no" | "off" | "f" | "n" => Some(false),
                _ => None,
            },
            _ => None,
        };
        if flag.is_none() {
            self.wrong(name, "bool_parsing", "Input should be a valid boolean");
        }
        flag.unwrap_or(default)
    }

    /// Reads an object that need not be there, and that fits where it will be kept.
    pub(crate) fn find_object(&mut self, name: &'static str) -> Option<Object> {
        self.ask(name, Kind::Object);
        self.small_object(name)
    }

    fn small_object(&mut self, name: &str) -> Option<Object> {
        let object = self.whole_object(name)?;
        if !fits(&object) {
            let message = format!(
                "Dictionary should have at most {MOST_OBJECT_BYTES} bytes and {MOST_OBJECT_DEPTH} levels"
            );
            self.wrong(name, "too_long", message);
        }
        Some(object)
    }

    /// Reads an object that need not be there, and that is as large as an event may be.
    pub(crate) fn find_event_data(&mut self, name: &'static str) -> Option<Object> {
        self.ask(name, Kind::EventData);
        self.whole_object(name)
    }

    fn whole_object(&mut self, name: &str) -> Option<Object> {
        match self.find(name)? {
            Value::Object(object) => Some(object.clone()),
            _ => {
                self.wrong(name, "dict_type", "Input should be a valid dictionary");
                None
            }
        }
    }

    /// Reads an object that must be there.
    pub(crate) fn object(&mut self, name: &'static str) -> Object {
        self.require(name, Kind::Object);
        self.small_object(name).unwrap_or_default()
    }

    /// Reads a list of at most so many objects that must be there.
    pub(crate) fn objects(&mut self, name: &'static str, most: usize) -> Vec<Object> {
        self.require(name, Kind::Objects { most });
        let list = match self.find(name) {
            None => return Vec::new(),
            Some(Value::List(list)) => list,
            Some(_) => {
                self.wrong(name, "list_type", "Input should be a valid list");
                return Vec::new();
            }
        };
        if list.len() > most {
            self.wrong(name, "too_long", format!("List should have at most {most} items"));
        }
        let objects = list.iter().map(|value| match value {
            Value::Object(object) => Some(object.clone()),
            _ => None,
        });
        let objects: Option<Vec<_>> = objects.collect();
        if !objects.iter().flatten().all(fits) {
            self.wrong(name, "too_long", "An item is too large");
        }
        if objects.is_none() {
            self.wrong(name, "dict_type", "Input should be a valid dictionary");
        }
        objects.unwrap_or_default()
    }

    /// Reads a time that need not be there.
    pub(crate) fn find_time(&mut self, name: &'static str) -> Option<Timestamp> {
        self.ask(name, Kind::Time);
        let text = self.whole_text(name)?;
        let time = parse_moment(&text);
        if time.is_none() {
            let message = "Input should be a valid datetime in ISO 8601, since 1970";
            self.wrong(name, "datetime_parsing", message);
        }
        time
    }

    /// Says that what was read is wrong.
    pub(crate) fn wrong(&mut self, name: &str, kind: &'static str, message: impl Into<String>) {
        let input = self.find(name).unwrap_or(&Value::Null);
        self.problems.push(Problem::of(self.place, name, kind, message, input));
    }

    fn ask(&mut self, name: &'static str, kind: Kind) {
        if let Some(members) = &mut self.members {
            members.push(Member { name, kind, required: false });
        }
    }

    fn require(&mut self, name: &'static str, kind: Kind) {
        if let Some(members) = &mut self.members {
            members.push(Member { name, kind, required: true });
        }
        if self.find(name).is_some() {
            return;
        }
        // A null where something must stand is not missing to RunProof, but it is no less wrong.
        self.problems.push(Problem::missing(self.place, name, self.object));
    }

    fn find(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| **value != Value::Null)
    }
}
