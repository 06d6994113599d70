//! Time stamps: tokens of an authority, kept as evidence and verified for every answer.

use super::TYPE_OF_AUTHORITY;
use crate::{
    error::ApiError,
    ids,
    service::{Service, digest_of, hash_of, text_of},
    wire::Moment,
};
use axum::Json;
use base64::{Engine, engine::general_purpose::STANDARD};
use runseal_client::{
    clock::MOST_APART_SECONDS,
    store::{EntryFilter, EntryRecord},
};
use runseal_receipt::{
    json::{Object, Value},
    member::object_of,
};
use runseal_timestamp::{NONCE_BYTES, Request, Stamp, TokenError, token_of, verify};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// What a kept token is called in the ledger.
const TOKEN: &str = "anchor_token";
/// The one network whose tokens are known here.
const NETWORK: &str = "rfc3161";
/// How many tokens of one anchor are looked at.
const MOST_TOKENS: usize = 16;
/// How long an authority may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A token that verifies, and since when it is kept.
pub(super) struct Kept {
    stamp: Stamp,
    entry: EntryRecord,
}

/// Says whether an anchor is one that a token confirms.
fn is_stamped(anchor: &Object) -> bool {
    let network = anchor.get("anchor_network");
    let is_ours =
        matches!(network, None | Some(Value::Null)) || text_of(anchor, "anchor_network") == NETWORK;
    text_of(anchor, "anchor_type") == TYPE_OF_AUTHORITY && is_ours
}

impl Service {
    /// Asks the authority for a token of an anchor that has none. Returns why there is none now; the
    /// anchor stays pending then, and whoever posts it again has it asked again.
    pub(super) async fn stamp(
        self: &Arc<Self>,
        entry: &EntryRecord,
    ) -> Result<Option<String>, ApiError> {
        let Some(ask) = self.settings.authority.as_ref().and_then(|it| it.ask.as_ref()) else {
            return Ok(None);
        };
        let known = entry.clone();
        let find = move |service: &Self| Ok(service.find_stamp(&known)?.is_some());
        if !is_stamped(&entry.draft.content) || self.work(find).await?.0 {
            return Ok(None);
        }
        let imprint = digest_of(text_of(&entry.draft.content, "proof_hash"));
        let request = Request::new(imprint, ids::random::<NONCE_BYTES>()?);
        let answer = timeout(PATIENCE, (ask.post)(request.to_bytes())).await;
        let answer = answer.unwrap_or_else(|_| Err("it took too long".to_owned()));
        let entry = entry.clone();
        let url = ask.url.clone();
        let Json(reason) = self
            .work(move |service| {
                let checked = answer.and_then(|answer| service.check_fresh(&answer, &request));
                match checked {
                    Ok(token) => service.keep(&entry, &token, Some(&url)).map(|()| None),
                    Err(reason) => {
                        tracing::warn!(reason, "no time stamp");
                        Ok(Some(format!("the authority gave no good token: {reason}")))
                    }
                }
            })
            .await?;
        Ok(reason)
    }

    /// Checks an answer that came just now, and returns its token.
    fn check_fresh(&self, answer: &[u8], request: &Request) -> Result<Vec<u8>, String> {
        let token = token_of(answer).map_err(|error| error.to_string())?;
        let stamp = self.check_token(token, &request.imprint(), Some(request));
        let stamp = stamp.map_err(|error| error.to_string())?;
        let now = ids::now().map_err(|_| "there is no time here".to_owned())?;
        let apart = stamp.time.unix_seconds().abs_diff(now.unix_seconds());
        if apart > MOST_APART_SECONDS {
            return Err(format!("its clock and ours are {apart} s apart"));
        }
        Ok(token.to_vec())
    }

    fn check_token(
        &self,
        token: &[u8],
        imprint: &runseal_types::Digest,
        request: Option<&Request>,
    ) -> Result<Stamp, TokenError> {
        let no_roots = || TokenError::Roots { reason: "there is none".to_owned() };
        let authority = self.settings.authority.as_ref().ok_or_else(no_roots)?;
        verify(token, imprint, request, &authority.roots)
    }

    /// Takes a token that somebody brings for an anchor, if he brings one and there is who can check it.
    pub(super) fn take_token(
        &self,
        entry: &EntryRecord,
        confirmation: Option<&Object>,
    ) -> Result<(), ApiError> {
        let token = confirmation.map(|confirmation| text_of(confirmation, "token"));
        let token = token.filter(|token| !token.is_empty());
        let (Some(token), Some(_)) = (token, &self.settings.authority) else { return Ok(()) };
        if !is_stamped(&entry.draft.content) {
            return Ok(());
        }
        let refused = |reason: &dyn std::fmt::Display| {
            ApiError::bad_request(format!("the token is not good: {reason}"))
        };
        let token = STANDARD.decode(token).map_err(|error| refused(&error))?;
        let imprint = digest_of(text_of(&entry.draft.content, "proof_hash"));
        self.check_token(&token, &imprint, None).map_err(|error| refused(&error))?;
        self.keep(entry, &token, None)
    }

    fn keep(&self, anchor: &EntryRecord, token: &[u8], url: Option<&str>) -> Result<(), ApiError> {
        let content = object_of([
            ("about", Value::from(anchor.draft.entry_id.as_str())),
            ("proof_hash", Value::from(text_of(&anchor.draft.content, "proof_hash"))),
            ("url", Value::from(url)),
            ("token", Value::Text(STANDARD.encode(token))),
        ]);
        let id = ids::derived("stamp", &hash_of("runseal/anchor-token/v1", content.clone()));
        if self.store.find_entry(&id)?.is_none() {
            self.append(&anchor.draft.agent_id, id, TOKEN, content)?;
        }
        Ok(())
    }

    /// Finds a token of an anchor that verifies now.
    pub(super) fn find_stamp(&self, anchor: &EntryRecord) -> Result<Option<Kept>, ApiError> {
        if self.settings.authority.is_none() || !is_stamped(&anchor.draft.content) {
            return Ok(None);
        }
        let filter = EntryFilter {
            content_type: TOKEN.to_owned(),
            about: Some(anchor.draft.entry_id.clone()),
            agent_id: None,
            newest_first: true,
        };
        let imprint = digest_of(text_of(&anchor.draft.content, "proof_hash"));
        for entry in self.entries(&filter, MOST_TOKENS)? {
            let token = STANDARD.decode(text_of(&entry.draft.content, "token"));
            let stamp = token.ok().and_then(|it| self.check_token(&it, &imprint, None).ok());
            if let Some(stamp) = stamp {
                return Ok(Some(Kept { stamp, entry }));
            }
        }
        Ok(None)
    }
}

impl Kept {
    /// What an anchor says that this confirms.
    pub(super) fn confirmed(&self) -> Object {
        let Self { stamp, entry } = self;
        let told = |member: &str| entry.draft.content.get(member).cloned().unwrap_or(Value::Null);
        object_of([
            ("status", Value::from("confirmed")),
            ("reason", Value::Null),
            ("anchor_tx_id", Value::from(stamp.serial.as_str())),
            ("anchor_block", Value::Null),
            ("anchor_timestamp", Value::Text(Moment(stamp.time).to_string())),
            ("anchor_url", told("url")),
            ("confirmed_at", Value::Text(Moment(entry.draft.timestamp).without_offset())),
            (
                "confirmation_data",
                Value::Object(object_of([
                    ("token", told("token")),
                    ("policy", Value::from(stamp.policy.as_str())),
                    ("certificate_sha256", Value::from(stamp.certificate)),
                ])),
            ),
        ])
    }
}
