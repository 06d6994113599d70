//! One box for everything: what a text may be is looked at, and whoever means one thing is led there.

mod addresses;
mod hashes;
mod transactions;
mod words;

use super::Page;
use crate::{Shared, routes::Failure, views::escaped};
use maud::{Markup, html};
use runseal_types::Digest;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Something that was found, and where it is shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Hit {
    kind: &'static str,
    name: String,
    path: String,
}

impl Hit {
    pub(super) fn new(kind: &'static str, name: impl ToString, path: String) -> Self {
        Self { kind, name: name.to_string(), path }
    }
}

#[derive(Serialize)]
pub(super) struct SearchPage {
    query: String,
    hits: Vec<Hit>,
    /// What else is to be said.
    hint: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

/// The longest text that can be the name of anything.
const MOST_BYTES: usize = 512;

async fn find(shared: &Arc<Shared>, query: &str) -> Result<SearchPage, Failure> {
    let text = query.trim();
    let mut page = SearchPage { query: text.to_owned(), hits: Vec::new(), hint: None };
    if text.is_empty() || text.len() > MOST_BYTES {
        page.hint = Some("Type the digest of a receipt, the name of a run, an address or a key, a log and a period as LOG/PERIOD, a root or an anchor’s hash, the signature of a transaction, or the name of an organisation.".to_owned());
        return Ok(page);
    }
    if let Some((log, period)) = text.split_once('/')
        && let (Ok(log), Ok(period)) =
            (log.parse::<runseal_types::Address>(), period.parse::<u64>())
    {
        page.hits.push(Hit::new("period", text, format!("/logs/{log}/periods/{period}")));
        return Ok(page);
    }
    let digest: Option<Digest> = text.strip_prefix("sha256:").unwrap_or(text).parse().ok();
    if let Ok(address) = text.parse() {
        page.hits = addresses::find(shared, address).await?;
    } else if let Ok(signature) = text.parse::<solana_signature::Signature>() {
        let found = transactions::find(shared, signature).await?;
        page.hits = found.hits;
        page.hint = Some(found.hint).filter(|hint| !hint.is_empty());
    }
    if page.hits.is_empty() {
        page.hits = words::find(shared, text, digest).await?;
    }
    if let Some(digest) = digest.filter(|_| page.hits.is_empty()) {
        page.hits = hashes::find(shared, digest).await?;
    }
    page.hits.sort();
    page.hits.dedup();
    Ok(page)
}

impl Page for SearchPage {
    type Name = ();
    type Asked = Asked;

    async fn read(shared: &Arc<Shared>, (): (), asked: Asked) -> Result<Self, Failure> {
        find(shared, &asked.q).await
    }

    fn elsewhere(&self) -> Option<&str> {
        match self.hits.as_slice() {
            [only] => Some(&only.path),
            _ => None,
        }
    }

    fn title(&self) -> String {
        format!("Search: {}", self.query)
    }

    fn paths(&self) -> (String, String) {
        let query = escaped(&self.query);
        (format!("/search?q={query}"), format!("/search.json?q={query}"))
    }

    fn content(&self) -> Markup {
        html! {
            h1 { @if self.query.is_empty() { "Search" } @else { "Search for " span.address { (self.query) } } }
            @if self.hits.is_empty() && !self.query.is_empty() { p { "Nothing of this name is on this ledger or in this service." } }
            @if !self.hits.is_empty() { ul.hits { @for hit in &self.hits { li { span.tag { (hit.kind) } " " a.address href=(hit.path) { (hit.name) } } } } }
            @if let Some(hint) = &self.hint { p.quiet { (hint) } }
        }
    }
}
