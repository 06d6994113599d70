//! The options that every command takes, and what they open.

use crate::{
    error::CliError,
    keys,
    monikers::cluster_url,
    output::{self, OutputFormat},
    solana_config::SolanaConfig,
    stores::{AnyStore, Place},
    views::DoneView,
};
use clap::{Args, ValueEnum};
use runseal_client::{Ledger, keys::theirs, ledger::Commitment, store::Periods};
use runseal_ledger::{
    AnyLedger, DEFAULT_MOST_PRIORITY_LAMPORTS, Embedded, EmbeddedError, FeePolicy, Quorum,
    QuorumError, Rpc, RpcOptions, endpoint_name,
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

/// The options that every command takes.
#[derive(Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Options {
    /// Ledger to use: embedded, localhost (l), devnet (d), testnet (t), mainnet-beta (m) or the URL of
    /// an RPC endpoint [default: embedded]. Auditors give several: all of them are asked, and must say
    /// the same [env: RUNSEAL_URL]
    #[arg(short, long, global = true, value_delimiter = ',', value_name = "URL_OR_MONIKER")]
    url: Vec<String>,
    /// File with the keypair that signs and pays [default: the Solana command line's] [env:
    /// RUNSEAL_KEYPAIR]
    #[arg(short, long, global = true, value_name = "FILE")]
    keypair: Option<PathBuf>,
    /// Configuration file of the Solana command line; its URL and keypair are used where -u and -k
    /// are left out [default for the keypair: ~/.config/solana/cli/config.yml]
    #[arg(short = 'C', long = "config", global = true, value_name = "FILE")]
    solana_config: Option<PathBuf>,
    /// Say on stderr what is opened and asked
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// Folder that holds Runseal's data [default: ~/.runseal] [env: RUNSEAL_HOME]
    #[arg(long, global = true, value_name = "FOLDER")]
    home: Option<PathBuf>,
    /// Where the store is: postgres://USER@HOST:PORT/DATABASE [default: a file in Runseal's folder].
    /// The password is taken from PGPASSWORD if it is not in it, who vouches for the server from
    /// PGSSLROOTCERT [env: RUNSEAL_STORE]
    #[arg(long, global = true, value_name = "URL")]
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

/// The value of a variable of the environment that stands in for an option; an empty one is none.
///
/// Clap is not told of these variables: it would print what they stand in for in every usage line, as
/// if it had to be given.
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

#[derive(Clone, Copy, ValueEnum)]
enum CommitmentChoice {
    Confirmed,
    Finalized,
}

impl Options {
    /// Reads the keypair that signs and pays.
    pub(crate) fn keypair(&self) -> Result<Keypair, CliError> {
        if let Some(path) = self.keypair_file() {
            return keys::read(&path);
        }
        let path = self.solana_config()?.keypair.ok_or_else(|| {
            CliError::usage("this command signs, and no keypair was given")
                .with_hint("pass -k FILE; `runseal keygen FILE` makes one")
        })?;
        self.say(&format!("keypair {}", path.display()));
        keys::read(&path)
    }

    fn keypair_file(&self) -> Option<PathBuf> {
        self.keypair.clone().or_else(|| variable("RUNSEAL_KEYPAIR").map(PathBuf::from))
    }

    /// Opens the ledger, or all of them as one that must agree.
    pub(crate) fn ledger(&self) -> Result<AnyLedger, CliError> {
        match self.urls()?.as_slice() {
            [url] => self.open(url, Embedded::open),
            urls => self.quorum_of(urls),
        }
    }

    /// The same; the embedded ledger is made if it is not there and there is a keypair to own it.
    pub(crate) fn ledger_or_new(&self) -> Result<AnyLedger, CliError> {
        match (self.urls()?.as_slice(), self.keypair_file()) {
            ([url], Some(_)) if cluster_url(url)?.is_none() => {
                let owner = self.keypair()?.pubkey();
                self.open(url, |folder| Embedded::open_or_create(folder, owner))
            }
            _ => self.ledger(),
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
        if let Some(urls) = variable("RUNSEAL_URL") {
            return Ok(urls.to_string_lossy().split(',').map(str::to_owned).collect());
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

    fn open(
        &self,
        url: &str,
        open_embedded: impl FnOnce(&Path) -> Result<Embedded, EmbeddedError>,
    ) -> Result<AnyLedger, CliError> {
        let needed = self.quorum()?;
        if needed > 1 {
            return Err(CliError::usage(QuorumError::TooFew { needed, asked: 1 }.to_string())
                .with_hint("repeat -u, once for each endpoint"));
        }
        let Some(url) = cluster_url(url)? else {
            let folder = self.home()?.join("ledger");
            self.say(&format!("embedded ledger in {}", folder.display()));
            return Ok(AnyLedger::Embedded(Box::new(open_embedded(&folder)?)));
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
        self.send_to(&self.ledger()?, done, address, build).await
    }

    /// The same, where the ledger was looked at before.
    pub(crate) async fn send_to(
        &self,
        ledger: &AnyLedger,
        done: &str,
        address: Address,
        build: impl FnOnce(Address) -> Instruction,
    ) -> Result<(), CliError> {
        let keypair = self.keypair()?;
        let landed = ledger.submit(&[build(keypair.pubkey())], &[&keypair]).await?;
        output::print(self.output, &DoneView::new(done, address, Some(landed)))
    }

    /// Says in words where the ledger is, for everybody to read.
    pub(crate) fn ledger_name(&self) -> Result<String, CliError> {
        let name = |url: &String| {
            Ok(match cluster_url(url)? {
                Some(url) => endpoint_name(&url),
                None => "embedded ledger".to_owned(),
            })
        };
        let names: Vec<String> = self.urls()?.iter().map(name).collect::<Result<_, CliError>>()?;
        Ok(names.join(", "))
    }

    /// Returns the folder that holds Runseal's data.
    pub(crate) fn home(&self) -> Result<PathBuf, CliError> {
        if let Some(home) =
            self.home.clone().or_else(|| variable("RUNSEAL_HOME").map(PathBuf::from))
        {
            return Ok(home);
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
        let variable = || variable("RUNSEAL_STORE").map(|url| url.to_string_lossy().into_owned());
        let named = self.store.clone().or_else(variable);
        let place = Place::new(named.as_deref(), &self.home()?)?;
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
