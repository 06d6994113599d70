/// Returns what an endpoint is called wherever others may read it: its scheme, host and port.
///
/// Whoever sells access puts a key into the path, the query or the user's name, and a bundle is for
/// everybody. Two ways to one host are one endpoint anyhow: they are not two witnesses.
pub fn endpoint_name(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::endpoint_name;

    #[test]
    fn of_a_url_nothing_is_told_that_may_be_a_key() {
        for (url, name) in [
            ("http://127.0.0.1:8899", "http://127.0.0.1:8899"),
            ("https://api.devnet.solana.com/", "https://api.devnet.solana.com"),
            ("https://rpc.example/v1/KEY", "https://rpc.example"),
            ("https://rpc.example?api-key=KEY", "https://rpc.example"),
            ("https://rpc.example:444#KEY", "https://rpc.example:444"),
            ("https://user:KEY@rpc.example:444/v1", "https://rpc.example:444"),
            ("https://rpc.example/v1@KEY", "https://rpc.example"),
            ("https://[::1]:8899/KEY", "https://[::1]:8899"),
        ] {
            assert_eq!(endpoint_name(url), name);
        }
    }
}
