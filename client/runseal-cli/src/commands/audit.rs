mod log;

use super::claim::read_promise;
use crate::{
    context::Options, error::CliError, exit::Exit, leaf_files::LeafFiles, output, progress,
    stores::AnyStore, views::AgentAuditView,
};
use clap::{Args, Subcommand};
use runseal_client::{
    agents,
    anchors::KnownLog,
    audits::{self, Gathered},
    closed::{Anchors, OfferedBy},
    keys::ours,
    mirror::ReadLists,
    published::StoredLists,
};
use runseal_engine::{
    SignedPromise,
    audit::agent::{Conclusion, Range, audit_agent, known_range},
};
use runseal_types::Sequence;
use solana_address::Address;
use std::path::PathBuf;

/// Look for receipts of an agent that were left out, or walk through a log
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Audit {
    #[command(subcommand)]
    command: Option<AuditCommand>,
    #[command(flatten)]
    agent: AgentAudit,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Walk through all of a log's anchors and compute everything again
    Log {
        /// The log
        log: Address,
    },
}

/// Hold an agent's receipts against what is mirrored
#[derive(Args)]
struct AgentAudit {
    /// The agent: its address or its identity key
    #[arg(long, value_name = "AGENT", required = true)]
    agent: Option<Address>,
    /// The first number; of an agent that changed logs, the first in this one [default: 0]
    #[arg(long, value_name = "SEQUENCE")]
    from: Option<u64>,
    /// The last number [default: the last that anything is known of]
    #[arg(long, value_name = "SEQUENCE")]
    to: Option<u64>,
    /// The log; not needed where the store has one
    #[arg(long, value_name = "ADDRESS")]
    log: Option<Address>,
    /// File with a promise that the log made, besides those in the store
    #[arg(long, value_name = "FILE")]
    promise: Vec<PathBuf>,
}

impl Audit {
    pub(crate) async fn run(self, options: &Options) -> Result<Exit, CliError> {
        match self.command {
            Some(AuditCommand::Log { log }) => log::run(options, log).await,
            None => self.agent.run(options).await,
        }
    }
}

/// What the store knows of the log, if it is the log's own.
fn stored<'a>(
    store: Option<&'a AnyStore>,
    log: &KnownLog,
) -> Result<Option<StoredLists<'a, AnyStore>>, CliError> {
    let stored = store.map(|store| StoredLists::of_log(store, log));
    Ok(stored.transpose()?.flatten())
}

/// Who may know what closed anchors said.
fn offers<'a>(
    lists: &'a LeafFiles,
    stored: Option<&'a StoredLists<'_, AnyStore>>,
) -> Vec<(OfferedBy, &'a dyn ReadLists)> {
    let mut offers: Vec<(OfferedBy, &dyn ReadLists)> = vec![(OfferedBy::Mirror, lists)];
    offers.extend(stored.map(|stored| (OfferedBy::Store, stored as &dyn ReadLists)));
    offers
}

impl AgentAudit {
    async fn run(self, options: &Options) -> Result<Exit, CliError> {
        let no_agent = || CliError::usage("no agent was named").with_hint("pass --agent AGENT");
        let agent = ours(&agents::address_of(self.agent.ok_or_else(no_agent)?));
        let promises = self.promise.iter().map(|file| read_promise(file));
        let promises: Vec<SignedPromise> = promises.collect::<Result<_, _>>()?;
        // Without a store nothing is held, and the answer says so.
        let store = options.has_store()?.then(|| options.store_to_read()).transpose()?;
        let log = match (&store, self.log) {
            (_, Some(log)) => log,
            (Some(store), None) => options.log(store, None)?,
            (None, None) => {
                return Err(CliError::usage("no log was named").with_hint("pass --log LOG"));
            }
        };
        let ledger = options.ledger()?;
        let log = KnownLog::read(&ledger, log).await?;
        let lists = LeafFiles::to_read(&options.home()?, &log.address.to_string());
        let stored = stored(store.as_ref(), &log)?;
        let offers = offers(&lists, stored.as_ref());
        let mut anchors = Anchors::new(&ledger, &log, &offers);
        let bar = progress::of(log.anchor_count(), "periods");
        let mut gathered =
            audits::gather_leaves(&mut anchors, &lists, &agent, &mut || bar.inc(1)).await?;
        bar.finish_and_clear();
        let from = Sequence(self.from.unwrap_or(0));
        if let Some(store) = &store {
            audits::add_held(&mut gathered, store, &log, &agent, from)?;
        }
        audits::add_promises(&mut gathered, &log, &agent, &promises)?;
        let range = self.range(&gathered)?;
        let report = audit_agent(&gathered.evidence, range);
        let conclusion = report.conclusion();
        output::print(
            options.output,
            &AgentAuditView::new(&agent, &log.address, range, &report, &gathered.unknown),
        )?;
        Ok(match conclusion {
            Conclusion::Complete => Exit::Done,
            Conclusion::Omitted => Exit::Failed,
            Conclusion::Unknown => Exit::Unknown,
        })
    }

    fn range(&self, gathered: &Gathered) -> Result<Range, CliError> {
        let from = Sequence(self.from.unwrap_or(0));
        let known = known_range(&gathered.evidence).map(|range| range.to);
        let to = self.to.map(Sequence).or(known).ok_or_else(|| {
            CliError::new("nothing is known of the agent: no receipt, no promise, no leaf")
                .with_exit(Exit::Unknown)
                .with_hint("`runseal mirror` fetches leaf lists, `receipt import` stores receipts")
        })?;
        if from > to {
            return Err(CliError::usage(format!("{from} is behind {to}: that is no range")));
        }
        Ok(Range { from, to })
    }
}
