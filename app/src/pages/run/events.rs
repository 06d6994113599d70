use maud::{Markup, html};
use runseal_receipt::{Event, Trace};
use serde::Serialize;

/// An event, its payload by names and hash alone.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventView {
    seq: u64,
    event_id: String,
    event_type: String,
    source: String,
    timestamp: String,
    data_hash: String,
    /// The names of what its payload has, and no values.
    data_keys: Option<Vec<String>>,
    /// The link of the event chain.
    link: Option<String>,
}

/// Follows the chain through events, from the first on.
pub(super) fn in_order(events: &[Event]) -> Vec<EventView> {
    let mut trace = Trace::default();
    let view = |event: &Event| EventView {
        seq: event.seq,
        event_id: event.event_id.clone(),
        event_type: event.event_type.to_string(),
        source: event.source.clone(),
        timestamp: event.timestamp.clone(),
        data_hash: event.data_hash.to_string(),
        data_keys: event.data.as_ref().map(|data| data.keys().cloned().collect()),
        link: trace.push(event).ok().map(|link| link.to_string()),
    };
    events.iter().map(view).collect()
}

impl EventView {
    pub(super) fn content(&self) -> Markup {
        html! {
            li.card data-key=(self.seq) {
                h3 { (self.seq) " · " (self.event_type) }
                p.quiet { (self.timestamp) ", seen by " (self.source) ", id " (self.event_id) }
                dl.facts {
                    dt { "Payload has" }
                    dd { @match &self.data_keys {
                        Some(keys) if keys.is_empty() => "nothing",
                        Some(keys) => (keys.join(", ")),
                        None => "withheld",
                    } }
                    dt { "Payload hash" } dd.address { (self.data_hash) }
                    dt { "Link of the chain" } dd.address { (self.link.as_deref().unwrap_or("does not follow from the one before")) }
                }
            }
        }
    }
}
