//! What ledgers are called: short names of the well-known ones, and URLs.

use crate::error::CliError;

/// Returns the URL behind a moniker; `None` stands for the embedded ledger.
pub(crate) fn cluster_url(text: &str) -> Result<Option<String>, CliError> {
    let url = match text {
        "embedded" => return Ok(None),
        "localhost" | "localnet" | "l" => "http://127.0.0.1:8899",
        "devnet" | "d" => "https://api.devnet.solana.com",
        "testnet" | "t" => "https://api.testnet.solana.com",
        "mainnet-beta" | "mainnet" | "m" => "https://api.mainnet-beta.solana.com",
        url if url.starts_with("http://") || url.starts_with("https://") => url,
        other => {
            return Err(CliError::usage(format!("\"{other}\" is no ledger"))
                .with_hint("use embedded, localhost, devnet, testnet, mainnet-beta or a URL"));
        }
    };
    reqwest::Url::parse(url).map_err(|error| {
        CliError::usage(format!("\"{url}\" is no URL: {error}"))
            .with_hint("a URL is http:// or https://, a host, and a port if need be")
    })?;
    Ok(Some(url.to_owned()))
}

/// Returns what of a URL may be shown: scheme, host and port. A user's name, the path and the query may
/// hold a key.
pub(crate) fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |colon| colon + "://".len());
    let end = url[host..].find(['/', '?', '#']).map_or(url.len(), |length| host + length);
    let is_named = url[host..end].contains('@');
    if is_named { "an endpoint" } else { &url[..end] }
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn of_a_url_nothing_is_shown_that_may_be_a_key() {
        for (url, shown) in [
            ("http://127.0.0.1:8899", "http://127.0.0.1:8899"),
            ("https://api.devnet.solana.com/", "https://api.devnet.solana.com"),
            ("https://rpc.example/v1/KEY", "https://rpc.example"),
            ("https://rpc.example?api-key=KEY", "https://rpc.example"),
            ("https://rpc.example:444#KEY", "https://rpc.example:444"),
            ("https://user:KEY@rpc.example", "an endpoint"),
        ] {
            assert_eq!(origin(url), shown);
        }
    }
}
