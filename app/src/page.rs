//! How pages look: one layout, and the parts that several have.

use crate::{
    pages::{Cluster, Page},
    routes::assets::path_of,
};
use axum::http::StatusCode;
use maud::{DOCTYPE, Markup, html};

/// A page about a chain, with its twin and its permalink.
///
/// Where there is a stream, what is marked as [`live`] is brought up to date.
pub(crate) fn layout(page: &impl Page, cluster: &Cluster, stream: Option<&Stream>) -> Markup {
    let (path, twin) = page.paths();
    let foot = html! {
        p {
            a href=(cluster.permalink(&twin)) { "This page as JSON" } " · "
            a href=(cluster.permalink(&path)) rel="bookmark" { "Permalink" }
        }
        p {
            "Ledger: " (cluster.ledger) ", with the genesis hash " span.address { (cluster.genesis_hash) } ". "
            "What stands here was read for this request. Do not believe it: " a href="/verify-here" { "verify" } "."
        }
    };
    let head = html! {
        link rel="alternate" type="application/json" href=(twin);
        @if stream.is_some() { script type="module" src=(path_of("live/live.js")) {} }
    };
    let content = html! {
        @if let Some(stream) = stream { (stream.line()) }
        (page.content())
    };
    whole(&page.title(), &head, &content, &foot)
}

/// Where a page is told that it is not so any more, and what was seen when it was.
pub(crate) struct Stream {
    pub(crate) path: String,
    pub(crate) seen: String,
}

impl Stream {
    /// A line that says whether the page is up to date, and what came.
    fn line(&self) -> Markup {
        html! {
            p #live.live data-stream=(self.path) data-seen=(self.seen) {
                span #live-news role="status" {}
                span #live-state { "As it was when this page was asked for" }
            }
        }
    }
}

/// A part of a page that is brought up to date while somebody looks at it.
pub(crate) fn live(part: &str, content: &Markup) -> Markup {
    html! { div data-live=(part) { (content) } }
}

/// A part that has more and more of something, and what one and many of that are called.
pub(crate) fn live_list(
    part: &str,
    [one, many]: [&str; 2],
    count: u64,
    content: &Markup,
) -> Markup {
    html! { div data-live=(part) data-count=(count) data-one=(one) data-many=(many) { (content) } }
}

/// A page about the service itself, of which there is a twin.
pub(crate) fn layout_of_service(title: &str, twin: &str, content: &Markup) -> Markup {
    let head = html! { link rel="alternate" type="application/json" href=(twin); };
    whole(title, &head, content, &html! { p { a href=(twin) { "This page as JSON" } } })
}

/// A page without a twin: it leads to others.
pub(crate) fn layout_of_room(title: &str, content: &Markup) -> Markup {
    whole(title, &html! {}, content, &html! { p { a href="/" { "Agents and logs" } } })
}

/// What makes a page do something in the browser, and what its visitor should know of that.
pub(crate) struct Script {
    pub(crate) name: &'static str,
    pub(crate) foot: &'static str,
}

/// A page that does something in the browser, by a script of ours.
pub(crate) fn layout_with_script(title: &str, script: &Script, content: &Markup) -> Markup {
    let head = html! { script type="module" src=(path_of(script.name)) {} };
    whole(title, &head, content, &html! { p { (script.foot) } })
}

/// A page that says why there is no other.
pub(crate) fn error_page(status: StatusCode, message: &str) -> Markup {
    let title = status.canonical_reason().unwrap_or("Error");
    let content = html! {
        h1 { (title) }
        p { (message) }
    };
    whole(title, &html! {}, &content, &html! { p { a href="/" { "Agents and logs" } } })
}

fn whole(title: &str, head: &Markup, content: &Markup, foot: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Runseal" }
                link rel="stylesheet" href=(path_of("app.css"));
                link rel="icon" type="image/svg+xml" href=(path_of("icon.svg"));
                (head)
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header.top {
                    a.brand href="/" { "Runseal" }
                    nav aria-label="Pages" {
                        a href="/" { "Agents and logs" }
                        a href="/verify-here" { "Verify here" }
                        a href="/act" { "Act" }
                        a href="/docs" { "API" }
                    }
                    form.search action="/search" role="search" {
                        input name="q" type="search" aria-label="Receipt, run, agent, log, period, key or organisation" placeholder="Receipt, run, agent, log, period, key…" autocomplete="off" spellcheck="false";
                        button type="submit" { "Search" }
                    }
                }
                main #content tabindex="-1" { (content) }
                footer { (foot) }
            }
        }
    }
}

/// Names and values.
pub(crate) fn facts(rows: &[(&str, String)]) -> Markup {
    html! {
        dl {
            @for (name, value) in rows {
                dt { (name) }
                dd { @if value.is_empty() { "none" } @else { (value) } }
            }
        }
    }
}

/// What people could read into a page and should not.
pub(crate) fn does_not_mean(text: &str) -> Markup {
    html! {
        aside.caution aria-label="What this does not mean" {
            strong { "What this does not mean. " } (text)
        }
    }
}
