//! The page on which a visitor's own browser checks a bundle, against endpoints of his choice.

use super::endpoints::add_endpoint;
use crate::{
    Shared,
    page::{Script, layout_with_script},
    routes::assets::path_of,
};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use runseal_client::registry;
use std::sync::Arc;

/// A page with a script, and with requests that go where the visitor says. Plain HTTP goes to
/// his own machine alone.
const CONTENT_SECURITY_POLICY: &str = policy!(
    "script-src 'self' 'wasm-unsafe-eval'; ",
    "connect-src 'self' https: http://127.0.0.1:* http://localhost:*; "
);

const FOOT: &str = "Nothing that you choose here leaves your browser, but the questions to the endpoints. The page itself came from this service: who does not believe it opens it at a service of his own, or verifies by the command line.";

pub(crate) async fn page(State(shared): State<Arc<Shared>>) -> Response {
    let policy = [(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)];
    (policy, render(&shared.ledger_name)).into_response()
}

fn render(ledger: &str) -> Markup {
    let script = Script { name: "verify/main.js", foot: FOOT };
    layout_with_script(
        "Verify here",
        &script,
        &html! {
            h1 { "Verify here" }
            p.lead {
                "Your browser checks the file itself, with the code that the command line runs. It reads the chain "
                "from the endpoints that you choose. The file goes nowhere."
            }
            noscript { p.notice { "This page works with a script. Without one: " code { "runseal verify bundle.json -u URL" } } }
            form #verify data-program=(registry::PROGRAM) data-module=(path_of("module/runseal.wasm")) {
                (file())
                (endpoints(ledger))
                (asked())
                p.actions {
                    button.primary type="submit" { "Verify" }
                    span #progress role="status" {}
                }
            }
            section #result aria-live="polite" {}
        },
    )
}

fn file() -> Markup {
    html! {
        fieldset {
            legend { "1. The file" }
            div #drop.drop {
                label for="file" { "A bundle, or a receipt alone: choose it, drop it here, or paste it below" }
                input #file type="file" accept=".json,application/json";
                p #chosen.quiet { "Nothing is chosen." }
            }
            label for="text" { "Or the text" }
            textarea #text rows="4" spellcheck="false" autocomplete="off" {}
        }
    }
}

fn endpoints(ledger: &str) -> Markup {
    html! {
        fieldset {
            legend { "2. Whom to ask" }
            p.quiet { "Each endpoint is asked for the same accounts, in finalized slots. One that you do not know may lie; several that "
                "nobody runs together are harder to bribe." }
            ul #endpoints.endpoints data-own data-none="Nobody: the chain will not be checked." {}
            (add_endpoint("Another endpoint (Solana JSON-RPC)"))
            p.row {
                label for="quorum" { "How many must say the same" }
                input #quorum type="number" min="1" max="32" value="1";
            }
            p.quiet { "This service's own ledger is " span.address { (ledger) } ". Asking it alone means to believe this service." }
        }
    }
}

fn asked() -> Markup {
    html! {
        fieldset {
            legend { "3. What must be so" }
            p.row {
                label for="stage" { "Certified at least to stage" }
                select #stage {
                    option value="0" { "none" }
                    @for (value, name) in (1..).zip(["A", "B", "C", "D", "E"]) {
                        option value=(value) selected[value == 1] { (name) }
                    }
                }
            }
            p.row {
                label for="cosigners" { "Cosigned by how many organisations" }
                input #cosigners type="number" min="0" max="256" value="0";
            }
            p.row {
                label for="log" { "Only this log (empty: any)" }
                input #log type="text" spellcheck="false" autocomplete="off";
            }
            p.row {
                label for="genesis" { "Chain, by its genesis hash (empty: the one that the endpoints are on)" }
                input #genesis type="text" spellcheck="false" autocomplete="off";
            }
        }
    }
}
