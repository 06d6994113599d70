use super::{
    draft::{self, Draft, DraftError},
    lines,
};
use crate::{
    clocks::{self, ClockWatch},
    context::Options,
    error::CliError,
    exit::Exit,
    files, keys, output,
    stores::AnyStore,
    views::SealedReceiptView,
};
use clap::Args;
use runseal_client::{
    StoreError,
    keys::ours,
    promises::Promiser,
    receipts, registry,
    store::{RunRow, Runs},
};
use runseal_receipt::Nonce;
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;
use std::path::PathBuf;

/// Make the receipt of a run
#[derive(Args)]
pub(crate) struct Seal {
    /// File with the run, or - for stdin
    #[arg(value_name = "FILE")]
    run: PathBuf,
    /// The file has a run on each line; print an answer for each, as JSON lines
    #[arg(long)]
    lines: bool,
    /// Promise that the receipt will be in the present period: file with the log's promise key
    #[arg(long, value_name = "FILE")]
    promise_key: Option<PathBuf>,
    /// Write the promise into this file, for `claim challenge` and `audit --promise`
    #[arg(long, value_name = "FILE", requires = "promise_key", conflicts_with = "lines")]
    promise_out: Option<PathBuf>,
    /// The log that promises; not needed where the store has one
    #[arg(long, value_name = "ADDRESS", requires = "promise_key")]
    log: Option<Address>,
}

impl Seal {
    pub(super) async fn run(self, options: &Options) -> Result<Exit, CliError> {
        let identity = options.keypair()?;
        let text = files::read(&self.run)?;
        let store = options.store()?;
        let promise_key = self.promise_key.as_deref().map(keys::read).transpose()?;
        let promiser = match &promise_key {
            Some(key) => {
                let (log, ledger) = (options.log(&store, self.log)?, options.ledger()?);
                let promiser = Promiser::begin(&store, &ledger, log, key).await?;
                ClockWatch::default().look(&ledger, promiser.heard_seconds());
                Some(promiser)
            }
            None => None,
        };
        let sealer = Sealer { store: &store, identity: &identity, promiser: promiser.as_ref() };
        if self.lines {
            return lines::seal(&sealer, &text);
        }
        let draft = sealer.read(&text).map_err(|reason| {
            CliError::new(format!("{} is no run: {reason}", files::name_of(&self.run)))
                .with_hint("`runseal receipt seal --help` says what a run has")
        })?;
        sealer.begin(&draft)?;
        let mut view = sealer.finish(&draft)?;
        if let (Some(promise), Some(file)) = (view.promise(), self.promise_out) {
            files::write(&file, &promise.to_bytes()).map_err(|error| {
                error.with_hint(format!("`runseal receipt promise {}` prints it", view.digest()))
            })?;
            view = view.with_promise_file(file);
        }
        output::print(options.output, &view)?;
        Ok(Exit::Done)
    }
}

/// What receipts of runs are made with.
pub(super) struct Sealer<'a> {
    store: &'a AnyStore,
    identity: &'a Keypair,
    promiser: Option<&'a Promiser<'a, AnyStore>>,
}

impl Sealer<'_> {
    pub(super) fn read(&self, text: &[u8]) -> Result<Draft, DraftError> {
        let agent = ours(&registry::agent_address(&self.identity.pubkey()));
        let known = |run_id: &str| find_run(self.store, run_id).ok().flatten();
        let started = |run_id: &str| known(run_id).map(|row| row.run.started_at);
        draft::read(text, agent, clocks::now(), started)
    }

    /// Stores a run and its events. What was stored before is only compared.
    pub(super) fn begin(&self, draft: &Draft) -> Result<(), StoreError> {
        self.store.start_run(&draft.run)?;
        let mut events = draft.events.iter().cloned();
        events.try_for_each(|event| self.store.put_event(&draft.run.run_id, event).map(drop))
    }

    /// Makes the receipt of a stored run, and promises it if that was asked for.
    pub(super) fn finish(&self, draft: &Draft) -> Result<SealedReceiptView, CliError> {
        let run_id = &draft.run.run_id;
        let ending = &draft.ending;
        let sealed = receipts::finish_run(self.store, run_id, ending, nonce()?, self.identity)?;
        if sealed.was_finished {
            output::note(&format!("run {run_id} has its receipt already"));
        }
        let promise = self.promiser.map(|promiser| promiser.promise(sealed.leaf)).transpose()?;
        SealedReceiptView::new(&sealed, promise.as_ref())
    }
}

fn find_run(store: &AnyStore, run_id: &str) -> Result<Option<RunRow>, CliError> {
    Ok(store.list_runs(Some(run_id), false, None, 1)?.items.pop())
}

fn nonce() -> Result<Nonce, CliError> {
    let mut random = [0; 32];
    getrandom::fill(&mut random)
        .map_err(|error| CliError::new(format!("there are no random bytes: {error}")))?;
    Nonce::new(&random).ok_or_else(|| CliError::new("32 bytes are no nonce"))
}
