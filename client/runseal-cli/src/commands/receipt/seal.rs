use super::{draft, is_stdin, name_of};
use crate::{context::Options, error::CliError, keys, output, views::SealedReceiptView};
use clap::Args;
use runseal_client::{
    keys::ours,
    promises::{self, PromiseError},
    receipts, registry,
    store::{RunRow, Runs},
};
use runseal_receipt::Nonce;
use runseal_store::SqliteStore;
use runseal_types::{Leaf, Timestamp};
use solana_address::Address;
use solana_signer::Signer;
use std::{
    fs,
    io::{self, Read},
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

/// Make the receipt of a run
#[derive(Args)]
pub(crate) struct Seal {
    /// File with the run, or - for stdin
    #[arg(value_name = "FILE")]
    run: PathBuf,
    /// Promise that the receipt will be in the present period: file with the log's promise key
    #[arg(long, value_name = "FILE")]
    promise_key: Option<PathBuf>,
    /// The log that promises; not needed where the store has one
    #[arg(long, value_name = "ADDRESS", requires = "promise_key")]
    log: Option<Address>,
}

impl Seal {
    pub(super) async fn run(self, options: &Options) -> Result<(), CliError> {
        let identity = options.keypair()?;
        let agent = ours(&registry::agent_address(&identity.pubkey()));
        let text = read(&self.run)?;
        let store = options.store()?;
        let known = |run_id: &str| find_run(&store, run_id).ok().flatten();
        let started = |run_id: &str| known(run_id).map(|row| row.run.started_at);
        let draft = draft::read(&text, agent, now()?, started).map_err(|reason| {
            CliError::new(format!("{} is no run: {reason}", name_of(&self.run)))
                .with_hint("`runseal receipt seal --help` says what a run has")
        })?;
        store.start_run(&draft.run)?;
        let run_id = draft.run.run_id;
        for event in draft.events {
            store.put_event(&run_id, event)?;
        }
        let sealed = receipts::finish_run(&store, &run_id, &draft.ending, nonce()?, &identity)?;
        if sealed.was_finished {
            output::note(&format!("run {run_id} has its receipt already"));
        }
        let promise = match &self.promise_key {
            Some(file) => Some(self.promise(options, &store, file, sealed.leaf).await?),
            None => None,
        };
        output::print(options.output, &SealedReceiptView::new(&sealed, promise.as_ref())?)
    }

    async fn promise(
        &self,
        options: &Options,
        store: &SqliteStore,
        file: &std::path::Path,
        leaf: Leaf,
    ) -> Result<runseal_engine::SignedPromise, CliError> {
        let key = keys::read(file)?;
        let log = options.log(store, self.log)?;
        let ledger = options.ledger()?;
        promises::promise(store, &ledger, log, &key, leaf).await.map_err(|error| match error {
            PromiseError::Read(error) => error.into(),
            PromiseError::Ledger(error) => error.into(),
            PromiseError::Store(error) => error.into(),
            error => CliError::new(error.to_string()),
        })
    }
}

fn find_run(store: &SqliteStore, run_id: &str) -> Result<Option<RunRow>, CliError> {
    Ok(store.list_runs(Some(run_id), false, None, 1)?.items.pop())
}

fn read(path: &PathBuf) -> Result<Vec<u8>, CliError> {
    let read = if is_stdin(path) {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    read.map_err(|error| CliError::new(format!("{} cannot be read: {error}", name_of(path))))
}

fn now() -> Result<Timestamp, CliError> {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::new(passed.as_secs(), passed.subsec_nanos())
        .ok_or_else(|| CliError::new("the machine's clock is behind the year 9999"))
}

fn nonce() -> Result<Nonce, CliError> {
    let mut random = [0; 32];
    getrandom::fill(&mut random)
        .map_err(|error| CliError::new(format!("there are no random bytes: {error}")))?;
    Nonce::new(&random).ok_or_else(|| CliError::new("32 bytes are no nonce"))
}
