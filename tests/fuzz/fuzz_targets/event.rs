//! Events, one a line: what is hashed of each does not change when its data are withheld, and a
//! trace takes them or says why not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_receipt::{Event, Trace, json::parse};

fuzz_target!(|data: &[u8]| {
    let lines = data.split(|byte| *byte == b'\n');
    let events: Vec<Event> = lines.filter_map(|line| Event::parse(line).ok()).collect();
    for event in &events {
        let bytes = event.to_bytes();
        assert_eq!(parse(bytes).expect("event bytes are JSON").canonical(), bytes);
        let withheld = Event::parse(bytes).expect("event bytes are an event without data");
        assert_eq!((withheld.to_bytes(), withheld.data_hash), (bytes, event.data_hash));
    }
    let Ok(trace) = Trace::of(&events) else { return };
    assert_eq!(usize::try_from(trace.head().count), Ok(events.len()));
});
