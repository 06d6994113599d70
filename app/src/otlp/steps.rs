//! What a span says of a run: events with ids that are the same whenever it is told again.

use super::Span;
use runseal_receipt::{
    json::{Object, Value},
    member::object_of,
};
use runseal_types::Timestamp;

/// An event that a span tells of.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) span_id: String,
    pub(crate) at: Timestamp,
    pub(crate) event_type: String,
    pub(crate) data: Object,
}

impl Step {
    pub(crate) fn event_id(&self) -> String {
        format!("{}/{}", self.span_id, self.event_type)
    }
}

/// What was given to an operation: told when it begins, and not once more when it ends.
const GIVEN: [&str; 3] =
    ["gen_ai.tool.call.arguments", "gen_ai.input.messages", "gen_ai.system_instructions"];
/// What an operation is known by; told both times.
const KNOWN_BY: [&str; 6] = [
    "gen_ai.agent.id",
    "gen_ai.agent.name",
    "gen_ai.conversation.id",
    "gen_ai.request.model",
    "gen_ai.tool.call.id",
    "gen_ai.tool.name",
];

/// Words for begin, end and an end with an error.
struct Words {
    begin: Option<&'static str>,
    end: String,
    error: String,
}

impl Words {
    fn new(begin: &'static str, end: &str, error: &str) -> Self {
        Self { begin: Some(begin), end: end.to_owned(), error: error.to_owned() }
    }
}

impl Span {
    /// Says whether the span is about an agent, and not about what else a program does.
    pub(crate) fn is_of_agent(&self) -> bool {
        self.attributes.keys().any(|key| key.starts_with("gen_ai."))
    }

    /// Returns what happened, first its begin.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.is_of_agent() {
            let Words { begin, end, error } = self.words();
            let is_told_before = begin.is_some();
            if let Some(begin) = begin {
                let told = |key: &str| KNOWN_BY.contains(&key) || GIVEN.contains(&key);
                steps.push(self.step(self.start, begin, self.attributes_that(told)));
            }
            let told = |key: &str| !(is_told_before && GIVEN.contains(&key));
            let word = if self.error.is_some() { &error } else { &end };
            steps.push(self.step(self.end, word, self.attributes_that(told)));
        }
        if self.parent_span_id.is_none() && self.error.is_some() {
            let told = |key: &str| key == "error.type";
            steps.push(self.step(self.end, "run.fail", self.attributes_that(told)));
        }
        steps
    }

    /// What stands in a receipt as the reason of a failure: what it was, and not what was said.
    pub(crate) fn reason(&self) -> String {
        match self.attributes.get("error.type") {
            Some(Value::Text(text)) => short(text),
            _ => "error".to_owned(),
        }
    }

    fn words(&self) -> Words {
        let text = |name| match self.attributes.get(name) {
            Some(Value::Text(text)) => text.as_str(),
            _ => "",
        };
        match text("gen_ai.operation.name") {
            "execute_tool" => Words::new("tool.invoke", "tool.result", "tool.error"),
            "chat" | "text_completion" | "generate_content" | "embeddings" => {
                Words::new("message.received", "message.sent", "model.error")
            }
            // The outermost agent is the one whose run it is.
            "invoke_agent" | "invoke_workflow" if self.parent_span_id.is_none() => {
                Words::new("message.received", "message.sent", "agent.error")
            }
            "invoke_agent" | "invoke_workflow" => {
                Words::new("subagent.spawn", "subagent.result", "subagent.result")
            }
            other => {
                let word = format!("span.{}", if other.is_empty() { "other" } else { other });
                let word = short(&word);
                Words { begin: None, end: word.clone(), error: word }
            }
        }
    }

    fn attributes_that(&self, told: impl Fn(&str) -> bool) -> Object {
        let told = self.attributes.iter().filter(|(key, _)| told(key));
        told.map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    fn step(&self, at: Timestamp, event_type: &str, attributes: Object) -> Step {
        let mut data = object_of([
            ("name", Value::from(self.name.as_str())),
            ("attributes", Value::Object(attributes)),
        ]);
        if let Some(parent) = &self.parent_span_id {
            data.insert("parent_span_id".to_owned(), Value::from(parent.as_str()));
        }
        if let Some(error) = self.error.as_deref().filter(|_| at == self.end) {
            data.insert("error".to_owned(), Value::from(error));
        }
        Step { span_id: self.span_id.clone(), at, event_type: event_type.to_owned(), data }
    }
}

/// How long a word of a caller's own may be, so that ids made of it are short enough too.
const MOST_WORD_CHARACTERS: usize = 64;

fn short(text: &str) -> String {
    let plain = |letter: &char| letter.is_ascii_graphic();
    let word: String = text.chars().filter(plain).take(MOST_WORD_CHARACTERS).collect();
    if word.is_empty() { "other".to_owned() } else { word }
}
