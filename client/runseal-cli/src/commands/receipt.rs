mod draft;
mod import;
mod lines;
mod seal;

use crate::{
    context::Options,
    error::CliError,
    exit::Exit,
    output,
    views::{PromiseView, ReceiptListView, ReceiptView},
};
use clap::{Args, Subcommand, builder::PossibleValuesParser};
use runseal_client::{
    promises,
    store::{Position, ReceiptFilter, Receipts},
};
use runseal_receipt::Status;
use runseal_types::Digest;

/// Receipts: the signed records of runs
#[derive(Subcommand)]
pub(crate) enum ReceiptCommand {
    /// Make the receipt of a run; the keypair is the agent's identity
    ///
    /// The run is a JSON object with "run_id" and "events" (each with event_id, type, timestamp,
    /// source, seq and data), and, if there is more to say: trace_id, agent_version, adapter,
    /// runtime, started_at, ended_at, status, reason, links, states, policies, compact, payment.
    Seal(seal::Seal),
    /// Print a receipt, and which period it is in
    Show {
        /// The receipt's digest
        digest: Digest,
    },
    /// Print the log's promise of a receipt, for `claim challenge` and `audit --promise`
    Promise {
        /// The receipt's digest
        digest: Digest,
    },
    /// List receipts in the order in which they were stored
    List(List),
    /// Store receipts that others signed, from JSON lines; keys come from the registry
    Import(import::Import),
}

/// List receipts
#[derive(Args)]
pub(crate) struct List {
    /// Only of this run
    #[arg(long, value_name = "RUN_ID")]
    run: Option<String>,
    /// Only of this trace
    #[arg(long, value_name = "TRACE_ID")]
    trace: Option<String>,
    /// Only with this status
    #[arg(long, value_parser = PossibleValuesParser::new(Status::ALL.iter().map(|status| status.as_str())))]
    status: Option<String>,
    /// Go on behind this position
    #[arg(long, value_name = "POSITION")]
    after: Option<u64>,
    /// At most so many
    #[arg(long, default_value_t = 100, value_name = "NUMBER")]
    limit: usize,
}

impl ReceiptCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<Exit, CliError> {
        match self {
            Self::Seal(command) => return command.run(options).await,
            Self::Show { digest } => show(options, &digest)?,
            Self::Promise { digest } => promise(options, &digest)?,
            Self::List(command) => command.run(options)?,
            Self::Import(command) => return command.run(options).await,
        }
        Ok(Exit::Done)
    }
}

fn show(options: &Options, digest: &Digest) -> Result<(), CliError> {
    let store = options.store_to_read()?;
    let found = store.find_receipt(digest)?;
    let found = found.ok_or_else(|| CliError::new(format!("there is no receipt {digest}")))?;
    let promise = promises::find(&store, digest)?;
    let anchor = found.period.map(|period| super::anchor::find(&store, period));
    let anchor = anchor.transpose()?.flatten();
    output::print(options.output, &ReceiptView::new(&found, promise.as_ref(), anchor.as_ref())?)
}

fn promise(options: &Options, digest: &Digest) -> Result<(), CliError> {
    let found = promises::find(&options.store_to_read()?, digest)?;
    let found = found.ok_or_else(|| {
        let error = format!("the store has no promise of receipt {digest}");
        CliError::new(error).with_exit(Exit::Unknown)
    })?;
    output::print(options.output, &PromiseView::from(&found))
}

impl List {
    fn run(self, options: &Options) -> Result<(), CliError> {
        let filter = ReceiptFilter {
            run_id: self.run,
            trace_id: self.trace,
            status: self.status.as_deref().and_then(Status::find),
            ..ReceiptFilter::default()
        };
        let store = options.store_to_read()?;
        let page = store.list_receipts(&filter, self.after.map(Position), self.limit)?;
        output::print(options.output, &ReceiptListView::from(&page))
    }
}
