use super::{draft, is_stdin, name_of};
use crate::{context::Options, error::CliError, keys, output, views::SealedReceiptView};
use clap::Args;
use runseal_client::{
    keys::ours,
    promises::{self, PromiseError},
    receipts, registry,
    store::Runs,
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
        let draft = draft::read(&text, agent, now()?).map_err(|reason| {
            CliError::new(format!("{} is no run: {reason}", name_of(&self.run)))
                .with_hint("`runseal receipt seal --help` says what a run has")
        })?;
        let store = options.store()?;
        store.start_run(&draft.run)?;
        let run_id = draft.run.run_id;
        let is_over = is_finished(&store, &run_id)?;
        for event in draft.events {
            store.put_event(&run_id, event)?;
        }
        let sealed = receipts::finish_run(&store, &run_id, &draft.ending, nonce()?, &identity)?;
        if is_over {
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

fn is_finished(store: &SqliteStore, run_id: &str) -> Result<bool, CliError> {
    let run = store.list_runs(Some(run_id), false, None, 1)?.items.pop();
    let finished = |run: runseal_client::store::RunRow| {
        matches!(run.state, runseal_client::store::RunState::Finished { .. })
    };
    Ok(run.is_some_and(finished))
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
