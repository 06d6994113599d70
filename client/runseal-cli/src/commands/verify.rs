use crate::{
    context::Options,
    error::CliError,
    exit::Exit,
    files, output,
    views::{Question, ReportView},
};
use clap::Args;
use runseal_client::{
    Ledger, keys,
    verdicts::{self, Asked},
};
use runseal_engine::{Policy, Verdict};
use runseal_evidence::Registry;
use runseal_types::{Address, Digest};
use std::path::PathBuf;

/// Check a bundle
///
/// Accounts are read again from the ledger, or from every ledger after -u, all of which must say the
/// same. Exit code 0 is VERIFIED, 1 FAILED, 3 INCOMPLETE; 2 is no verdict: the command was not understood,
/// or a file cannot be read.
#[derive(Args)]
pub(crate) struct Verify {
    /// File with the bundle, or - for stdin
    bundle: PathBuf,
    /// Ask no ledger: go by what the bundle says that endpoints answered when it was made
    #[arg(long)]
    offline: bool,
    /// File with a policy: everything that must be so. It takes the place of the options below
    #[arg(long, value_name = "FILE", conflicts_with_all = ["min_stage", "cosigners", "trusted_log", "genesis_hash"])]
    policy: Option<PathBuf>,
    /// The stage that the agent's version must have had: A to E, or none
    #[arg(long, value_name = "STAGE", default_value = "A", value_parser = stage)]
    min_stage: u8,
    /// How many organisations must have cosigned
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    cosigners: u32,
    /// Only this log is trusted; may be given several times [default: any]
    #[arg(long = "trusted-log", value_name = "ADDRESS")]
    trusted_log: Vec<Address>,
    /// With --offline, the chain that is trusted [default: the bundle's own]
    #[arg(long, value_name = "HASH")]
    genesis_hash: Option<Address>,
}

fn stage(text: &str) -> Result<u8, String> {
    verdicts::parse_stage(text).ok_or_else(|| "a stage is A, B, C, D, E or none".to_owned())
}

impl Verify {
    pub(crate) async fn run(self, options: &Options) -> Result<Exit, CliError> {
        let text = files::read(&self.bundle).map_err(CliError::into_usage)?;
        let policy = match &self.policy {
            Some(file) => {
                let policy = Policy::parse(&files::read(file).map_err(CliError::into_usage)?);
                policy.map_err(|reason| {
                    CliError::usage(format!("{} is no policy: {reason}", file.display()))
                        .with_hint("docs/spec/verdict.md says what a policy has")
                })?
            }
            None => self.policy_of_options(options, &text).await?,
        };
        let policy = if self.offline { policy } else { observed(options, policy, &text).await? };
        let report = runseal_engine::verify_text(&text, &policy, &Registry);
        let question = Question::new(&text, &policy, self.offline, &Registry, &report);
        output::print(options.output, &ReportView::new(&report, question))?;
        Ok(match report.verdict() {
            Verdict::Verified => Exit::Done,
            Verdict::Failed => Exit::Failed,
            Verdict::Incomplete => Exit::Unknown,
        })
    }

    async fn policy_of_options(&self, options: &Options, text: &[u8]) -> Result<Policy, CliError> {
        let genesis_hash = match (self.genesis_hash, self.offline) {
            (Some(hash), _) => Digest::new(*hash.as_bytes()),
            (None, false) => keys::digest(&options.ledger()?.genesis_hash().await?),
            (None, true) => verdicts::own_chain(text),
        };
        let asked = Asked {
            logs: self.trusted_log.clone(),
            minimum_stage: self.min_stage,
            cosigners: self.cosigners,
            quorum: options.quorum()?,
            offline: self.offline,
        };
        Ok(asked.policy(genesis_hash))
    }
}

/// Reads what a verdict on the bundle needs from every ledger.
async fn observed(options: &Options, policy: Policy, text: &[u8]) -> Result<Policy, CliError> {
    let ledger = options.ledger()?;
    let policy = verdicts::observe(&ledger, &Registry, policy, text).await?;
    for finding in ledger.findings() {
        output::note(&finding.to_string());
    }
    Ok(policy)
}
