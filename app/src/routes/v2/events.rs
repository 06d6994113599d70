//! What happens, as it happens: server-sent events.

use crate::{
    error::ApiError,
    service::{Api, Cursor, Happening, Listener, Service},
    wire::{Fields, Params, Read, opaque, opaque_object},
};
use axum::{
    Extension,
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream::unfold;
use runseal_client::store::{AnchorRecord, ReceiptRow, SealedPeriod};
use runseal_receipt::{
    json::{Object, Value},
    member::{integer, object_of},
};
use runseal_types::Period;
use solana_signature::Signature;
use std::{convert::Infallible, time::Duration};

/// How long a listener may take nothing.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a line says that the stream goes on.
const HEARTBEAT: Duration = Duration::from_secs(15);
const LAST_EVENT_ID: &str = "last-event-id";

/// Behind which event to go on.
pub(crate) struct After(Option<String>);

impl Read for After {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self(fields.find_text("after"))
    }
}

/// Tells what happens from now on, or since the event that the listener names.
pub(crate) async fn listen(
    Extension(service): Api,
    headers: HeaderMap,
    Params(After(asked)): Params<After>,
) -> Result<Response, ApiError> {
    // A browser that comes back says where it was, whatever the address that it was given says.
    let header = headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok());
    let after = header.filter(|text| !text.is_empty()).map(str::to_owned).or(asked);
    let seat = service.news.sit_down().ok_or_else(ApiError::crowded)?;
    let begin = move |service: &Service| {
        let now = Cursor::now(&*service.store)?;
        let Some(text) = after else { return Ok(now) };
        let unknown = || ApiError::bad_request(format!("No event has the id {text:?}"));
        let cursor: Cursor = text.parse().map_err(|_| unknown())?;
        if cursor.is_within(&now) { Ok(cursor) } else { Err(unknown()) }
    };
    let axum::Json(cursor) = service.work(begin).await?;
    let items = Listener::new(&service, cursor, seat).begin(PATIENCE);
    let events = unfold(items, |mut items| async move {
        let (cursor, happening) = items.recv().await?;
        Some((Ok::<_, Infallible>(event(&cursor, &happening)), items))
    });
    // A proxy in front passes on what comes, when it comes.
    let unbuffered = [("x-accel-buffering", "no")];
    let alive = KeepAlive::new().interval(HEARTBEAT).text("alive");
    Ok((unbuffered, Sse::new(events).keep_alive(alive)).into_response())
}

fn event(cursor: &Cursor, happening: &Happening) -> Event {
    let (name, data) = match happening {
        Happening::Receipt(row) => ("receipt", opaque_object(&receipt(row))),
        Happening::Promise(promise) => ("promise", opaque(&promise.to_value())),
        Happening::Sealed(sealed) => ("sealed", opaque_object(&period(sealed))),
        Happening::Posted(period, sent) => ("posted", opaque_object(&posted(*period, *sent))),
        Happening::Finalized(seen) => ("finalized", opaque_object(&anchor(seen))),
    };
    // Canonical JSON has no line breaks.
    Event::default().id(cursor.to_string()).event(name).data(data.get())
}

fn receipt(row: &ReceiptRow) -> Object {
    let columns = &row.columns;
    object_of([
        ("digest", Value::from(columns.leaf.digest)),
        ("agent", Value::from(columns.leaf.agent)),
        ("sequence", integer(columns.leaf.sequence.0)),
        ("position", integer(row.position.0)),
        ("run_id", Value::from(columns.run_id.as_str())),
        ("status", Value::from(columns.status.as_str())),
        ("ended_at", Value::Text(columns.ended_at.to_string())),
    ])
}

fn period(sealed: &SealedPeriod) -> Object {
    object_of([
        ("period", integer(sealed.period.0)),
        ("root", Value::from(sealed.root)),
        ("leaf_count", integer(sealed.leaf_count)),
    ])
}

fn posted(period: Period, sent: [u8; 64]) -> Object {
    object_of([("period", integer(period.0)), ("transaction", transaction(sent))])
}

fn anchor(seen: &AnchorRecord) -> Object {
    object_of([
        ("period", integer(seen.period.0)),
        ("root", Value::from(seen.root)),
        ("anchor_hash", Value::from(seen.anchor_hash)),
        ("slot", integer(seen.slot)),
        ("transaction", seen.signature.map_or(Value::Null, transaction)),
    ])
}

fn transaction(signature: [u8; 64]) -> Value {
    Value::Text(Signature::from(signature).to_string())
}
