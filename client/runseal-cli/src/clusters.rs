//! The clusters that everybody knows, by the hash of their first block.

const KNOWN: [(&str, &str); 3] = [
    ("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d", "mainnet-beta"),
    ("EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG", "devnet"),
    ("4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY", "testnet"),
];

/// Returns a chain's hash with the name of its cluster, where that is known.
pub(crate) fn named(genesis_hash: &str) -> String {
    match KNOWN.iter().find(|(hash, _)| *hash == genesis_hash) {
        Some((hash, name)) => format!("{hash} ({name})"),
        None => genesis_hash.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_that_asks_wallets_knows_the_same_clusters() {
        let page = include_str!("../../../app/assets/act/look.js");
        for (hash, name) in KNOWN {
            let line = page.lines().find(|line| line.contains(hash));
            let chain = format!("'solana:{}'", name.trim_end_matches("-beta"));
            assert!(line.is_some_and(|line| line.contains(&chain)), "{name}: {line:?}");
        }
    }
}
