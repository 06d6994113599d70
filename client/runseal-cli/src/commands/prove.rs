use crate::{context::Options, error::CliError, files, output, progress, views::WrittenView};
use clap::Args;
use runseal_client::{agents, bundles::Prover, keys::ours};
use runseal_engine::Bundle;
use runseal_evidence::Registry;
use runseal_types::{Digest, Period, Sequence};
use solana_address::Address;
use std::path::{Path, PathBuf};

/// Make a bundle that proves a receipt
#[derive(Args)]
pub(crate) struct Prove {
    /// The receipt's digest
    #[arg(required_unless_present = "agent")]
    receipt: Option<Digest>,
    /// Instead, prove all of this agent's receipts in a range
    #[arg(long, value_name = "AGENT", conflicts_with = "receipt", requires_all = ["period", "first", "last"])]
    agent: Option<Address>,
    /// The period of the range
    #[arg(long, value_name = "PERIOD")]
    period: Option<u64>,
    /// The sequence of the range's first receipt
    #[arg(long = "from", value_name = "SEQUENCE")]
    first: Option<u64>,
    /// The sequence of its last
    #[arg(long = "to", value_name = "SEQUENCE")]
    last: Option<u64>,
    /// File for the bundle, or - for stdout
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
}

/// Make a bundle that proves that an agent has no receipt of a number in a period
#[derive(Args)]
pub(crate) struct ProveAbsence {
    /// The agent's address or identity key
    #[arg(long, value_name = "AGENT")]
    agent: Address,
    /// The sequence of the receipt that is not there
    #[arg(long, value_name = "SEQUENCE")]
    sequence: u64,
    /// The period
    #[arg(long, value_name = "PERIOD")]
    period: u64,
    /// File for the bundle, or - for stdout
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
}

impl Prove {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        let (store, ledger) = (options.store_to_read()?, options.ledger()?);
        let prover = Prover { store: &store, ledger: &ledger, reader: &Registry };
        let bar = progress::wait("proving".to_owned());
        let range = self.agent.zip(self.period).zip(self.first.zip(self.last));
        let bundle = match (self.receipt, range) {
            (Some(digest), _) => prover.prove_receipt(&digest).await?,
            (None, Some(((agent, period), (first, last)))) => {
                let agent = ours(&agents::address_of(agent));
                let (first, last) = (Sequence(first), Sequence(last));
                prover.prove_range(Period(period), agent, first, last).await?
            }
            (None, None) => return Err(CliError::usage("what is to be proved?")),
        };
        bar.finish_and_clear();
        write(options, &self.out, &bundle)
    }
}

impl ProveAbsence {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        let (store, ledger) = (options.store_to_read()?, options.ledger()?);
        let prover = Prover { store: &store, ledger: &ledger, reader: &Registry };
        let agent = ours(&agents::address_of(self.agent));
        let (period, sequence) = (Period(self.period), Sequence(self.sequence));
        let bundle = prover.prove_absence(period, agent, sequence).await?;
        write(options, &self.out, &bundle)
    }
}

fn write(options: &Options, path: &Path, bundle: &Bundle) -> Result<(), CliError> {
    let bytes = bundle.to_bytes();
    files::write(path, &bytes)?;
    let view = WrittenView::new(path, bytes.len(), bundle);
    match files::is_stdin(path) {
        true => output::note(&view.to_string()),
        false => output::print(options.output, &view)?,
    }
    Ok(())
}
