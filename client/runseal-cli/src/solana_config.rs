//! The configuration file of the Solana command line, as far as it concerns us.

use crate::error::CliError;
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Where the Solana command line keeps it, in the user's home folder.
const USUAL_PLACE: &str = ".config/solana/cli/config.yml";

/// What the file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct SolanaConfig {
    /// `json_rpc_url`.
    pub(crate) url: Option<String>,
    /// `keypair_path`.
    pub(crate) keypair: Option<PathBuf>,
}

impl SolanaConfig {
    fn read(path: &Path) -> Result<Self, CliError> {
        let text = fs::read_to_string(path).map_err(|error| {
            CliError::usage(format!("configuration {} cannot be read: {error}", path.display()))
        })?;
        Ok(Self::parse(&text))
    }

    /// Reads a file that was asked for: one that says nothing is another one than was meant.
    pub(crate) fn read_named(path: &Path) -> Result<Self, CliError> {
        let config = Self::read(path)?;
        if config == Self::default() {
            let nothing = format!("{} has no json_rpc_url and no keypair_path", path.display());
            return Err(CliError::usage(nothing)
                .with_hint("`solana config get` says where the Solana command line's file is"));
        }
        Ok(config)
    }

    /// Reads the usual one; without it nothing is configured.
    pub(crate) fn read_if_there(home: &Path) -> Result<Self, CliError> {
        let path = home.join(USUAL_PLACE);
        if path.exists() { Self::read(&path) } else { Ok(Self::default()) }
    }

    /// The file is YAML, but only ever a line for each value: no parser of all of YAML is needed.
    fn parse(text: &str) -> Self {
        Self::parse_at_home(text, env::home_dir().as_deref())
    }

    fn parse_at_home(text: &str, home: Option<&Path>) -> Self {
        let value = |name: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once(':'));
            let (_, value) = lines.find(|(key, _)| key.trim_end() == name)?;
            Some(scalar(value)).filter(|value| !value.is_empty()).map(str::to_owned)
        };
        let keypair = value("keypair_path").map(|path| below(home, &path));
        Self { url: value("json_rpc_url"), keypair }
    }
}

/// What stands behind a colon, without its quotes or the comment behind it.
fn scalar(text: &str) -> &str {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted.split(quote).next().unwrap_or_default();
        }
    }
    if text.starts_with('#') {
        return "";
    }
    text.find(" #").map_or(text, |comment| &text[..comment]).trim_end()
}

/// A path; `~/` at its start is the user's home folder.
fn below(home: Option<&Path>, path: &str) -> PathBuf {
    match (home, path.strip_prefix("~/")) {
        (Some(home), Some(rest)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_and_keypair_are_found_and_the_rest_is_left_alone() {
        let text = "---\njson_rpc_url: \"https://api.devnet.solana.com\"\nwebsocket_url: ''\n\
            keypair_path: /home/me/id.json\naddress_labels:\n  '11111111111111111111111111111111': System\n\
            commitment: confirmed\n";
        let expected = SolanaConfig {
            url: Some("https://api.devnet.solana.com".to_owned()),
            keypair: Some(PathBuf::from("/home/me/id.json")),
        };
        assert_eq!(SolanaConfig::parse(text), expected);
    }

    #[test]
    fn what_is_empty_or_indented_is_not_there() {
        for text in [
            "",
            "json_rpc_url:\nkeypair_path: ''",
            "keypair_path: # none",
            "labels:\n  json_rpc_url: x",
            "nothing",
        ] {
            assert_eq!(SolanaConfig::parse(text), SolanaConfig::default(), "{text:?}");
        }
    }

    #[test]
    fn quotes_comments_and_the_home_folder_are_understood() {
        for (written, expected) in [
            ("~/id.json", "/home/me/id.json"),
            ("~/id.json # mine", "/home/me/id.json"),
            ("\"~/my # id.json\"  # mine", "/home/me/my # id.json"),
            ("'/keys/id.json'", "/keys/id.json"),
            ("/keys/id#1.json", "/keys/id#1.json"),
            ("/keys/~/id.json", "/keys/~/id.json"),
        ] {
            let text = format!("keypair_path: {written}\n");
            let found = SolanaConfig::parse_at_home(&text, Some(Path::new("/home/me")));
            assert_eq!(found.keypair, Some(PathBuf::from(expected)), "{written}");
        }
    }
}
