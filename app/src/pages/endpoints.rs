//! Where a visitor says whom on a chain his browser is to ask.

use maud::{Markup, html};

/// What people ask who run no endpoint themselves, and where a validator on their machine is.
const KNOWN: [&str; 4] = [
    "https://api.devnet.solana.com",
    "https://api.testnet.solana.com",
    "https://api.mainnet-beta.solana.com",
    "http://127.0.0.1:8899",
];

/// The line in which an endpoint is named.
pub(super) fn add_endpoint(label: &str) -> Markup {
    html! {
        p.row {
            label for="endpoint" { (label) }
            input #endpoint type="url" list="known" placeholder="https://…" autocomplete="off";
            button #add type="button" { "Add" }
        }
        datalist #known { @for endpoint in KNOWN { option value=(endpoint) {} } }
    }
}
