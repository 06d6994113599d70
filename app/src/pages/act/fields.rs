//! What is asked for, in the words of the program's arguments: a field's name is the argument's.

use maud::{Markup, html};

/// A field whose text or number is the argument.
struct Field {
    name: &'static str,
    label: &'static str,
    /// How the page reads it.
    kind: &'static str,
    value: &'static str,
}

impl Field {
    fn new(name: &'static str, kind: &'static str, label: &'static str) -> Self {
        Self { name, label, kind, value: "" }
    }

    /// With what stands there first.
    fn of(self, value: &'static str) -> Self {
        Self { value, ..self }
    }

    fn shown(&self) -> Markup {
        let is_number = self.kind == "number";
        html! {
            p.row {
                label for=(self.name) { (self.label) }
                input id=(self.name) name=(self.name) data-kind=(self.kind) value=(self.value)
                    inputmode=[is_number.then_some("numeric")] type="text" spellcheck="false" autocomplete="off";
            }
        }
    }
}

/// A file of which the page takes the hash, or the key.
fn file(name: &str, kind: &str, label: &str, about: &str) -> Markup {
    html! {
        div.drop {
            label for=(name) { (label) }
            input id=(name) name=(name) data-kind=(kind) type="file";
            p.quiet { (about) }
        }
    }
}

const HASHED: &str = "Its SHA-256 is registered. The file stays here.";
const URI: &str = "Where others find it, at most 128 printable ASCII characters (may be empty)";

pub(super) fn of_agent() -> Markup {
    let cadence = "How often the agent promises to be heard of, in seconds; 0 promises nothing, the most is 31 days";
    html! {
        (file("identity", "identity", "The agent's own key", "The file that “runseal agent new-identity” wrote. It is read here, \
            signs here, and is forgotten; it goes nowhere."))
        (file("manifest_hash", "hash", "The agent's manifest", HASHED))
        (Field::new("uri", "uri", URI).shown())
        (Field::new("heartbeat_cadence_seconds", "number", cadence).of("0").shown())
    }
}

pub(super) fn of_version() -> Markup {
    html! {
        (Field::new("agent", "address", "The agent: its address, or its identity key").shown())
        (Field::new("semantic", "version", "Version, three numbers as in 1.4.2").shown())
        (file("manifest_hash", "hash", "The version's manifest", HASHED))
        (file("code_hash", "hash", "What runs: an archive, an image's manifest, a binary", HASHED))
        (Field::new("uri", "uri", URI).shown())
    }
}

pub(super) fn of_log() -> Markup {
    let number = |name, label, value| Field::new(name, "number", label).of(value).shown();
    html! {
        (Field::new("name", "name", "What you call it, at most 32 printable ASCII characters; it is in the log's address").shown())
        (Field::new("anchoring_key", "address", "The key that posts anchors").shown())
        (Field::new("promise_key", "address", "The key that signs promises").shown())
        (Field::new("start_seconds", "moment", "Period 0 begins at this Unix time (empty: now, by this machine's clock)").shown())
        (number("cadence_seconds", "A period, in seconds", "86400"))
        (number("grace_seconds", "An anchor is in time for so many seconds after a period", "3600"))
        (number("answer_window_seconds", "Seconds to answer a challenge", "86400"))
        (number("challenge_window_seconds", "Seconds in which promises can be challenged", "2592000"))
        (number("retention_seconds", "Seconds for which an anchor's account is kept", "7776000"))
    }
}
