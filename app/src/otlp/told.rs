use super::{Span, SpanError};
use runseal_receipt::json::{Object, Value};
use runseal_types::Timestamp;

const NANOSECONDS: u64 = 1_000_000_000;

/// What SDKs call a service that nobody named; it says nothing of who it is.
const UNNAMED: &str = "unknown_service";

/// A span as it came, in whatever spelling.
pub(super) struct Told {
    pub(super) trace_id: String,
    pub(super) span_id: String,
    /// Empty, or all zero, if there is none.
    pub(super) parent_span_id: String,
    pub(super) name: String,
    pub(super) start: Option<u64>,
    pub(super) end: Option<u64>,
    pub(super) attributes: Object,
    pub(super) error: Option<String>,
}

impl Told {
    pub(super) fn check(self, agent_id: Option<&str>) -> Result<Span, SpanError> {
        let start = time(self.start, "startTimeUnixNano")?;
        let is_outermost = self.parent_span_id.bytes().all(|digit| digit == b'0');
        let parent = || id(&self.parent_span_id, "parentSpanId", 16);
        Ok(Span {
            trace_id: id(&self.trace_id, "traceId", 32)?,
            span_id: id(&self.span_id, "spanId", 16)?,
            parent_span_id: if is_outermost { None } else { Some(parent()?) },
            start,
            // A clock that was put back meanwhile.
            end: time(self.end, "endTimeUnixNano")?.max(start),
            name: self.name,
            attributes: self.attributes,
            error: self.error,
            agent_id: agent_id.map(str::to_owned),
        })
    }
}

/// Finds who is at work in what describes where the spans come from.
pub(super) fn agent_of(resource: &Object) -> Option<String> {
    let text = |name| match resource.get(name) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    let service = || text("service.name").filter(|name| !name.starts_with(UNNAMED));
    text("gen_ai.agent.id").or_else(service)
}

fn id(text: &str, member: &'static str, size: usize) -> Result<String, SpanError> {
    let id = text.to_ascii_lowercase();
    let is_hex = id.len() == size && id.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_hex && id.bytes().any(|digit| digit != b'0') {
        Ok(id)
    } else {
        Err(SpanError::BadId { member, size })
    }
}

fn time(nanoseconds: Option<u64>, member: &'static str) -> Result<Timestamp, SpanError> {
    // Zero is how protobuf says that nobody said.
    let time = nanoseconds.filter(|it| *it > 0).and_then(|nanoseconds| {
        let seconds = nanoseconds.checked_div(NANOSECONDS)?;
        let rest = nanoseconds.checked_rem(NANOSECONDS)?;
        Timestamp::new(seconds, u32::try_from(rest).ok()?)
    });
    time.ok_or(SpanError::BadTime { member })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_agent_is_who_the_resource_says() {
        for (resource, agent_id) in [
            (vec![("service.name", "shop")], Some("shop")),
            (vec![("service.name", "shop"), ("gen_ai.agent.id", "a7")], Some("a7")),
            (vec![("service.name", "unknown_service:python")], None),
            (vec![("service.name", "")], None),
            (vec![], None),
        ] {
            let resource = resource.iter().map(|(key, text)| (key.to_string(), Value::from(*text)));
            assert_eq!(agent_of(&resource.collect()).as_deref(), agent_id);
        }
    }
}
