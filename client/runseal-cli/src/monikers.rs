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
