//! Tells a page that what it shows is not so any more.

use super::Failure;
use crate::{
    Shared,
    live::{MOST_SUBJECTS, Mark, Subject, Visitor},
};
use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream::unfold;
use std::{convert::Infallible, sync::Arc, time::Duration};

/// How often a line says that the stream goes on.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Where a browser that comes back says what it was told last.
const LAST_EVENT_ID: &str = "last-event-id";

/// Tells what is seen of what a page is about, once it is something else than the page shows.
pub(crate) async fn listen(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(asked): Query<Vec<(String, String)>>,
) -> Response {
    let (mut subjects, mut told) = (Vec::new(), None);
    for (name, value) in asked {
        match name.as_str() {
            "of" => subjects.push(value),
            "seen" => told = Mark::find(&value),
            _ => {}
        }
    }
    if let Some(last) = headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok()) {
        told = Mark::find(last);
    }
    // That nobody answers is told to whoever comes, whatever he saw.
    let told = told.filter(Mark::is_seen);
    let subjects: Result<Vec<Subject>, _> = subjects.iter().map(|text| text.parse()).collect();
    let subjects = subjects.ok().filter(|it| (1..=MOST_SUBJECTS).contains(&it.len()));
    let Some(subjects) = subjects else { return nothing_to_tell().answer(true) };
    let Some(visitor) = Visitor::come(&shared, subjects) else { return crowded().answer(true) };
    let events = unfold((visitor, told), |(mut visitor, told)| async move {
        let mark = visitor.next(told).await?;
        Some((Ok::<_, Infallible>(event(mark)), (visitor, Some(mark))))
    });
    // A proxy in front passes on what comes, when it comes.
    let unbuffered = [("x-accel-buffering", "no")];
    let alive = KeepAlive::new().interval(HEARTBEAT).text("alive");
    (unbuffered, Sse::new(events).keep_alive(alive)).into_response()
}

fn event(mark: Mark) -> Event {
    let name = if mark.is_seen() { "seen" } else { "silent" };
    // Which mark it is, its name says.
    Event::default().id(mark.to_string()).event(name).data("{}")
}

fn nothing_to_tell() -> Failure {
    Failure {
        status: StatusCode::BAD_REQUEST,
        code: "nothing_to_tell",
        message: format!("Name one to {MOST_SUBJECTS} things that a page is about, each as of=…"),
    }
}

fn crowded() -> Failure {
    Failure {
        status: StatusCode::SERVICE_UNAVAILABLE,
        code: "crowded",
        message: "Too many pages are told of changes at a time".to_owned(),
    }
}
