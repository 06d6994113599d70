//! The options that every command takes, and what they open.

use crate::{
    error::CliError,
    keys,
    output::{self, OutputFormat},
    solana_config::SolanaConfig,
    stores::{AnyStore, Place},
    views::DoneView,
};
use clap::{Args, ValueEnum};
use runseal_client::{Ledger, keys::theirs, ledger::Commitment, store::Periods};
use runseal_ledger::{
    AnyLedger, DEFAULT_MOST_PRIORITY_LAMPORTS, Embedded, FeePolicy, Quorum, Rpc, RpcOptions,
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use std::{env, path::PathBuf};

/// The options that every command takes.
#[derive(Args)]
pub(crate) struct Options {
    /// Ledger to use: embedded, localhost, devnet, testnet, mainnet-beta or the URL of an RPC
    /// endpoint [default: embedded]. Auditors give several: all of them are asked, and must say the
    /// same
    #[arg(
        short,
        long,
        global = true,
        env = "RUNSEAL_URL",
        value_delimiter = ',',
        value_name = "URL_OR_MONIKER"
    )]
    url: Vec<String>,
    /// File with the keypair that signs and pays [default: the Solana command line's]
    #[arg(short, long, global = true, env = "RUNSEAL_KEYPAIR", value_name = "FILE")]
    keypair: Option<PathBuf>,
    /// Configuration file of the Solana command line; its URL and keypair are used where -u and -k
    /// are left out [default for the keypair: ~/.config/solana/cli/config.yml]
    #[arg(short = 'C', long = "config", global = true, value_name = "FILE")]
    solana_config: Option<PathBuf>,
    /// Say on stderr what is opened and asked
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// Folder that holds Runseal's data [default: ~/.runseal]
    #[arg(long, global = true, env = "RUNSEAL_HOME", value_name = "FOLDER")]
    home: Option<PathBuf>,
    /// Where the store is: postgres://USER@HOST:PORT/DATABASE [default: a file in Runseal's folder].
    /// The password is taken from PGPASSWORD if it is not in it, who vouches for the server from
    /// PGSSLROOTCERT
    #[arg(long, global = true, env = "RUNSEAL_STORE", hide_env_values = true, value_name = "URL")]
    store: Option<String>,
    /// How sure to be before believing what a cluster says
    #[arg(long, global = true, default_value = "finalized")]
    commitment: CommitmentChoice,
    /// How many of the ledgers after -u must say the same [default: all of them]
    #[arg(long, global = true, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(1..=32))]
    quorum: Option<u8>,
    /// The most lamports that a transaction pays beyond its base fee to go first
    #[arg(long, global = true, value_name = "LAMPORTS", default_value_t = DEFAULT_MOST_PRIORITY_LAMPORTS)]
    most_priority_fee: u64,
    /// How to print the result
    #[arg(long, global = true, default_value = "text", value_name = "FORMAT")]
    pub(crate) output: OutputFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum CommitmentChoice {
    Confirmed,
    Finalized,
}

impl Options {
    /// Reads the keypair that signs and pays.
    pub(crate) fn keypair(&self) -> Result<Keypair, CliError> {
        if let Some(path) = &self.keypair {
            return keys::read(path);
        }
        let path = self.solana_config()?.keypair.ok_or_else(|| {
            CliError::usage("this command signs, and no keypair was given")
                .with_hint("pass -k FILE; `runseal keygen FILE` makes one")
        })?;
        self.say(&format!("keypair {}", path.display()));
        keys::read(&path)
    }

    /// Opens the ledger, or all of them as one that must agree. The embedded one is made if it is not
    /// there and there is a keypair to own it.
    pub(crate) fn ledger(&self) -> Result<AnyLedger, CliError> {
        match self.urls()?.as_slice() {
            [url] => self.open(url),
            urls => self.quorum_of(urls),
        }
    }

    fn quorum_of(&self, urls: &[String]) -> Result<AnyLedger, CliError> {
        let rpcs = urls.iter().map(|url| match cluster_url(url)? {
            Some(url) => {
                self.say(&format!("ledger {url}"));
                Ok(self.rpc(&url))
            }
            None => Err(CliError::usage("the embedded ledger cannot be one of several")),
        });
        let rpcs: Vec<Rpc> = rpcs.collect::<Result<_, _>>()?;
        let needed = self.quorum();
        let quorum =
            Quorum::new(rpcs, needed?).map_err(|error| CliError::usage(error.to_string()))?;
        Ok(AnyLedger::Quorum(quorum))
    }

    /// Returns how many of the ledgers must say the same.
    pub(crate) fn quorum(&self) -> Result<usize, CliError> {
        Ok(match self.quorum {
            Some(needed) => usize::from(needed),
            None => self.urls()?.len(),
        })
    }

    fn rpc(&self, url: &str) -> Rpc {
        let commitment = match self.commitment {
            CommitmentChoice::Confirmed => Commitment::Confirmed,
            CommitmentChoice::Finalized => Commitment::Finalized,
        };
        let fees = FeePolicy { most_lamports: self.most_priority_fee, ..FeePolicy::default() };
        Rpc::with_options(url, RpcOptions { commitment, fees, ..RpcOptions::default() })
    }

    /// Returns what was named, at least one.
    fn urls(&self) -> Result<Vec<String>, CliError> {
        if !self.url.is_empty() {
            return Ok(self.url.clone());
        }
        // Only a file that was asked for chooses the chain: nobody signs on mainnet by accident.
        let configured = match self.solana_config {
            Some(_) => self.solana_config()?.url,
            None => None,
        };
        Ok(vec![configured.unwrap_or_else(|| "embedded".to_owned())])
    }

    fn solana_config(&self) -> Result<SolanaConfig, CliError> {
        match (&self.solana_config, env::home_dir()) {
            (Some(path), _) => SolanaConfig::read_named(path),
            (None, Some(home)) => SolanaConfig::read_if_there(&home),
            (None, None) => Ok(SolanaConfig::default()),
        }
    }

    fn say(&self, what: &str) {
        if self.verbose {
            output::note(what);
        }
    }

    fn open(&self, url: &str) -> Result<AnyLedger, CliError> {
        let Some(url) = cluster_url(url)? else {
            self.say(&format!("embedded ledger in {}", self.ledger_folder()?.display()));
            return Ok(AnyLedger::Embedded(Box::new(self.embedded()?)));
        };
        self.say(&format!("ledger {url}"));
        Ok(AnyLedger::Rpc(self.rpc(&url)))
    }

    /// Sends one instruction that the keypair signs and pays for, and prints what was done to `address`.
    pub(crate) async fn send(
        &self,
        done: &str,
        address: Address,
        build: impl FnOnce(Address) -> Instruction,
    ) -> Result<(), CliError> {
        let keypair = self.keypair()?;
        let landed = self.ledger()?.submit(&[build(keypair.pubkey())], &[&keypair]).await?;
        output::print(self.output, &DoneView::new(done, address, Some(landed)))
    }

    /// Says in words where the ledger is, for everybody to read.
    pub(crate) fn ledger_name(&self) -> Result<String, CliError> {
        let name = |url: &String| {
            Ok(match cluster_url(url)? {
                Some(url) => origin(&url).to_owned(),
                None => "embedded ledger".to_owned(),
            })
        };
        let names: Vec<String> = self.urls()?.iter().map(name).collect::<Result<_, CliError>>()?;
        Ok(names.join(", "))
    }

    fn embedded(&self) -> Result<Embedded, CliError> {
        let folder = self.ledger_folder()?;
        Ok(match self.keypair {
            Some(_) => Embedded::open_or_create(&folder, self.keypair()?.pubkey())?,
            None => Embedded::open(&folder)?,
        })
    }

    fn ledger_folder(&self) -> Result<PathBuf, CliError> {
        Ok(self.home()?.join("ledger"))
    }

    /// Returns the folder that holds Runseal's data.
    pub(crate) fn home(&self) -> Result<PathBuf, CliError> {
        if let Some(home) = &self.home {
            return Ok(home.clone());
        }
        let no_home = || CliError::new("there is no home folder").with_hint("pass --home FOLDER");
        Ok(env::home_dir().ok_or_else(no_home)?.join(".runseal"))
    }

    /// Opens the store to write to it, and makes it if there is none.
    pub(crate) fn store(&self) -> Result<AnyStore, CliError> {
        self.store_place()?.open()
    }

    /// Returns where the store is.
    pub(crate) fn store_place(&self) -> Result<Place, CliError> {
        let place = Place::new(self.store.as_deref(), &self.home()?)?;
        self.say(&format!("store {}", place.name()));
        Ok(place)
    }

    /// Says whether there is a store.
    pub(crate) fn has_store(&self) -> Result<bool, CliError> {
        self.store_place()?.exists()
    }

    /// Opens the store to read it, also while another process writes to it.
    pub(crate) fn store_to_read(&self) -> Result<AnyStore, CliError> {
        self.store_place()?.open_to_read()
    }

    /// Returns the log that was named, or else the one that the store belongs to.
    pub(crate) fn log(
        &self,
        store: &AnyStore,
        named: Option<Address>,
    ) -> Result<Address, CliError> {
        if let Some(log) = named {
            return Ok(log);
        }
        let log = store.find_log()?.map(|identity| theirs(&identity.log));
        log.ok_or_else(|| {
            CliError::usage("the store belongs to no log yet").with_hint("pass --log LOG")
        })
    }
}

/// Returns the URL behind a moniker; `None` stands for the embedded ledger.
fn cluster_url(text: &str) -> Result<Option<String>, CliError> {
    let url = match text {
        "embedded" => return Ok(None),
        "localhost" | "l" => "http://127.0.0.1:8899",
        "devnet" | "d" => "https://api.devnet.solana.com",
        "testnet" | "t" => "https://api.testnet.solana.com",
        "mainnet-beta" | "m" => "https://api.mainnet-beta.solana.com",
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
fn origin(url: &str) -> &str {
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
