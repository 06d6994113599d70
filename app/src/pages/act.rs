//! The room in which vendors and operators act, with a wallet in their own browser: the service makes
//! the transaction, the page looks at its bytes, the wallet signs (docs/adr/0028).

mod fields;

use super::endpoints::add_endpoint;
use crate::{
    Shared,
    page::{Script, layout_of_room, layout_with_script},
    routes::{assets::path_of, not_found},
};
use axum::{
    Router,
    extract::{Path, State},
    http::{Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use maud::{Markup, html};
use runseal_client::registry;
use std::sync::Arc;

/// Scripts of ours, and requests that go where the visitor says. Plain HTTP goes to his own machine
/// alone.
const CONTENT_SECURITY_POLICY: &str = policy!(
    "script-src 'self'; ",
    "connect-src 'self' https: http://127.0.0.1:* http://localhost:*; "
);

const FOOT: &str = "What you type and the hashes of files go to this service, which makes the transaction; keys and files do not leave your \
    browser. The signed transaction goes to the endpoints that you choose. The page itself came from this service: who does not \
    believe it opens it at a service of his own, or uses the command line.";

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new().route("/act", get(all)).route("/act/{name}", get(one))
}

/// Something that can be done.
struct Act {
    /// Its name in paths.
    name: &'static str,
    title: &'static str,
    /// What it comes to.
    lead: &'static str,
    /// How it is done without a script.
    command: &'static str,
    /// Where what it makes is shown.
    shown: &'static str,
    fields: fn() -> Markup,
}

static ACTS: [&Act; 3] = [&REGISTER_AGENT, &PUBLISH_VERSION, &OPEN_LOG];
static REGISTER_AGENT: Act = Act {
    name: "register-agent",
    title: "Register an agent",
    lead: "Your wallet becomes the agent's vendor: it answers for the agent and publishes its versions. The agent's own key signs \
           too, so that nobody registers it in its place.",
    command: "runseal agent register --identity FILE --manifest FILE",
    shown: "agents",
    fields: fields::of_agent,
};

static PUBLISH_VERSION: Act = Act {
    name: "publish-version",
    title: "Publish a version",
    lead: "The next version of an agent that your wallet answers for. What is published stays: a version can be withdrawn and not \
           changed.",
    command: "runseal agent publish AGENT --semver 1.0.0 --manifest FILE --code FILE",
    shown: "agents",
    fields: fields::of_version,
};

static OPEN_LOG: Act = Act {
    name: "open-log",
    title: "Open a log",
    lead: "Your wallet becomes the log's operator. What is not a key is fixed for good.",
    command: "runseal log open NAME --anchoring-key KEY --promise-key KEY",
    shown: "logs",
    fields: fields::of_log,
};

async fn all() -> Markup {
    layout_of_room(
        "Act",
        &html! {
            h1 { "Act" }
            p.lead { "What vendors and operators do, with a wallet. Before you sign you see what the bytes that you sign say." }
            @for act in ACTS { div.card {
                h2 { a href={ "/act/" (act.name) } { (act.title) } }
                p { (act.lead) }
                p.quiet { "By the command line: " code { (act.command) } }
            } }
        },
    )
}

async fn one(State(shared): State<Arc<Shared>>, Path(name): Path<String>, uri: Uri) -> Response {
    let Some(act) = ACTS.iter().find(|act| act.name == name) else { return not_found(uri).await };
    let policy = [(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)];
    (policy, render(&shared.ledger_name, act)).into_response()
}

fn render(ledger: &str, act: &Act) -> Markup {
    let script = Script { name: "act/main.js", foot: FOOT };
    layout_with_script(
        act.title,
        &script,
        &html! {
            h1 { (act.title) }
            p.lead { (act.lead) }
            noscript { p.notice { "This page works with a script. Without one: " code { (act.command) } } }
            form #act data-action=(act.name) data-program=(registry::PROGRAM) data-idl=(path_of("act/idl.json")) data-shown=(act.shown) {
                (wallets())
                fieldset { legend { "2. What" } ((act.fields)()) }
                (endpoints(ledger))
                p.actions {
                    button #look.primary type="submit" { "Show the transaction" }
                    span #progress role="status" {}
                }
            }
            section #shown aria-live="polite" {}
            p.actions hidden { button #sign.primary type="button" disabled { "Sign and send" } }
            section #outcome aria-live="polite" {}
        },
    )
}

fn wallets() -> Markup {
    html! {
        fieldset {
            legend { "1. Your wallet" }
            p.quiet { "It signs and pays. Wallets that follow the Wallet Standard show up here by themselves." }
            ul #wallets.endpoints {}
            p.row {
                label for="account" { "Account" }
                select #account.wide disabled { option value="" { "Connect a wallet first" } }
            }
        }
    }
}

fn endpoints(ledger: &str) -> Markup {
    html! {
        fieldset {
            legend { "3. Through whom" }
            p.quiet { "Solana endpoints of yours: they try the transaction out, they are sent it, and more than half of them must have \
                seen it land. This service does not send it. What this service reads is " span.address { (ledger) } "." }
            ul #endpoints.endpoints data-none="Nobody yet: nothing can be sent." {}
            (add_endpoint("An endpoint (Solana JSON-RPC)"))
        }
    }
}
