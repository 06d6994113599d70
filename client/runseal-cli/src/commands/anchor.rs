use crate::{
    clocks::ClockWatch,
    context::Options,
    error::CliError,
    output, progress,
    signals::Signals,
    stores::AnyStore,
    views::{AnchorListView, AnchoringView},
};
use clap::{Args, Subcommand};
use runseal_client::{
    StoreError,
    anchoring::{Anchoring, AnchoringError, Progress},
    claims,
    instructions::logs as build,
    ledger::LedgerError,
    registry,
    store::{AnchorRecord, Anchoring as _, MOST_ITEMS, Periods},
};
use runseal_ledger::AnyLedger;
use runseal_registry::state::Anchor;
use runseal_types::Period;
use solana_address::Address;
use solana_signer::Signer;
use std::time::Duration;

/// How often the chain is looked at while a transaction is on its way.
const LOOK_EVERY: Duration = Duration::from_millis(400);
/// How long `run` waits after the ledger did not answer.
const RETRY_AFTER: Duration = Duration::from_secs(5);
/// How long `run` sleeps at most, so that it notices challenges and a clock that was set.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Anchors: the periods' roots on chain
#[derive(Subcommand)]
pub(crate) enum AnchorCommand {
    /// Seal and post every period that is over by now, and wait until each is finalized
    Post(Target),
    /// Keep going: seal and post each period when it is over, and answer challenges, until stopped
    ///
    /// It holds the store, and the embedded ledger where that is the ledger, alone: no other command
    /// writes there meanwhile. Where receipts come in all the time, let `serve --anchor-log LOG` take
    /// them in and anchor them, or run `anchor post` every now and then, from cron.
    Run(Target),
    /// List the anchors that were seen finalized
    List {
        /// From this period on
        #[arg(long, default_value_t = 0, value_name = "PERIOD")]
        from: u64,
        /// At most so many
        #[arg(long, default_value_t = 100, value_name = "NUMBER")]
        limit: usize,
    },
    /// Close an anchor's account whose retention is over; its rent goes back to who paid it
    Close {
        /// The period
        period: u64,
        #[command(flatten)]
        target: Target,
    },
}

/// Which log
#[derive(Args)]
pub(crate) struct Target {
    /// The log; not needed where the store has one
    #[arg(long, value_name = "ADDRESS")]
    log: Option<Address>,
}

impl AnchorCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        match self {
            Self::Post(target) => post(options, &target).await,
            Self::Run(target) => keep_going(options, &target).await,
            Self::List { from, limit } => list(options, Period(from), limit),
            Self::Close { period, target } => close(options, period, &target).await,
        }
    }
}

fn list(options: &Options, from: Period, limit: usize) -> Result<(), CliError> {
    let store = options.store_to_read()?;
    let limit = limit.min(MOST_ITEMS);
    let (anchors, periods) = (store.list_anchors(from, limit)?, store.list_periods(from, limit)?);
    // A page that is full may be the last all the same.
    let behind = anchors.last().map_or(from, |last| Period(last.period.0.saturating_add(1)));
    let next = store.list_anchors(behind, 1)?.first().map(|anchor| anchor.period);
    output::print(options.output, &AnchorListView::new(&anchors, &periods, next))
}

/// Finds a period's anchor among those that the store has seen.
pub(super) fn find(store: &AnyStore, period: Period) -> Result<Option<AnchorRecord>, StoreError> {
    let found = store.list_anchors(period, 1)?.into_iter().next();
    Ok(found.filter(|anchor| anchor.period == period))
}

async fn post(options: &Options, target: &Target) -> Result<(), CliError> {
    let (store, ledger, key) = (options.store()?, options.ledger()?, options.keypair()?);
    let log = options.log(&store, target.log)?;
    let mut anchoring = Anchoring::begin(&store, &ledger, log, &key).await?;
    ClockWatch::default().look(&ledger, anchoring.begun_seconds());
    let bar = progress::wait("looking at the log".to_owned());
    let mut view = AnchoringView::default();
    loop {
        let step = match anchoring.step().await {
            Err(AnchoringError::NotFinalized { .. }) => {
                tokio::time::sleep(LOOK_EVERY).await;
                continue;
            }
            step => step?,
        };
        bar.set_message(view.add(&step));
        match step {
            // What ends while this goes on is the next command's: else there might be no end to it.
            Progress::Anchored { anchor, .. }
                if anchor.period.0.saturating_add(1) >= anchoring.over_count() =>
            {
                bar.finish_and_clear();
                return output::print(options.output, &view);
            }
            Progress::Waiting { until_seconds, now_seconds } if view.is_on_its_way() => {
                sleep(until_seconds, now_seconds, LOOK_EVERY).await;
            }
            Progress::Waiting { until_seconds, now_seconds } => {
                bar.finish_and_clear();
                view.set_next(until_seconds, now_seconds);
                return output::print(options.output, &view);
            }
            _ => {}
        }
    }
}

async fn sleep(until_seconds: i64, now_seconds: i64, longest: Duration) {
    let seconds = u64::try_from(until_seconds.saturating_sub(now_seconds)).unwrap_or(0);
    tokio::time::sleep(Duration::from_secs(seconds).clamp(LOOK_EVERY, longest)).await;
}

async fn keep_going(options: &Options, target: &Target) -> Result<(), CliError> {
    let (store, ledger, key) = (options.store()?, options.ledger()?, options.keypair()?);
    let log = options.log(&store, target.log)?;
    let (mut signals, clocks) = (Signals::watch()?, ClockWatch::default());
    output::note(&format!("Anchoring log {log} until Ctrl-C"));
    let resent = if options.verbose { output::note } else { |_: &str| () };
    tokio::select! {
        error = anchor_on(&store, &ledger, log, &key, &clocks, resent) => Err(error),
        () = signals.next() => Ok(()),
    }
}

/// Seals and posts each period of a log when it is over and answers challenges, until something is wrong that does not go
/// away by itself. What is sent again is told to `resent`: on a healthy cluster it happens to every anchor.
pub(super) async fn anchor_on(
    store: &AnyStore,
    ledger: &AnyLedger,
    log: Address,
    key: &(dyn Signer + Sync),
    clocks: &ClockWatch,
    resent: fn(&str),
) -> CliError {
    let mut anchoring = match Anchoring::begin(store, ledger, log, key).await {
        Ok(anchoring) => anchoring,
        Err(error) => return error.into(),
    };
    clocks.look(ledger, anchoring.begun_seconds());
    let mut view = AnchoringView::default();
    loop {
        match anchoring.step().await {
            Ok(step) => {
                let sentence = view.add(&step);
                match step {
                    Progress::Waiting { until_seconds, now_seconds } if view.is_on_its_way() => {
                        sleep(until_seconds, now_seconds, LOOK_EVERY).await;
                    }
                    Progress::Waiting { until_seconds, now_seconds } => {
                        clocks.look(ledger, now_seconds);
                        answer_challenges(store, ledger, key, log).await;
                        sleep(until_seconds, now_seconds, LONGEST_SLEEP).await;
                    }
                    Progress::Resent { .. } => resent(&sentence),
                    _ => output::note(&sentence),
                }
            }
            Err(error) if is_passing(&error) => {
                output::note(&format!("{error}; trying again"));
                tokio::time::sleep(RETRY_AFTER).await;
            }
            Err(error) => return error.into(),
        }
    }
}

/// Answers what waits for an answer. What cannot be answered is said each time: somebody must look.
async fn answer_challenges(
    store: &AnyStore,
    ledger: &AnyLedger,
    key: &(dyn Signer + Sync),
    log: Address,
) {
    match claims::answer_open(ledger, store, key, log).await {
        Err(error) => output::note(&format!("challenges cannot be looked for: {error}")),
        Ok(answered) => {
            for (claim, outcome) in answered {
                output::note(&match outcome {
                    Ok(_) => format!("answered challenge {claim}"),
                    Err(reason) => format!("challenge {claim} is not answered: {reason}"),
                });
            }
        }
    }
}

/// What goes away by itself: an endpoint or a store that is silent for a while, a transaction that
/// came too late.
fn is_passing(error: &AnchoringError) -> bool {
    match error {
        AnchoringError::NotFinalized { .. } => true,
        // What was asked of the store may be asked again: it is not done twice.
        AnchoringError::Store(error) => {
            matches!(error, StoreError::Unavailable { .. } | StoreError::Unknown { .. })
        }
        AnchoringError::Ledger(error)
        | AnchoringError::Read(registry::ReadError::Ledger(error)) => matches!(
            error,
            LedgerError::Unreachable { .. }
                | LedgerError::Behind { .. }
                | LedgerError::NoQuorum { .. }
                | LedgerError::Expired { .. }
                | LedgerError::Unknown { .. }
        ),
        _ => false,
    }
}

async fn close(options: &Options, period: u64, target: &Target) -> Result<(), CliError> {
    let store = options.store_to_read();
    let log = match target.log {
        Some(log) => log,
        None => options.log(&store?, None)?,
    };
    let address = registry::anchor_address(&log, period);
    let anchor = registry::load::<Anchor>(&options.ledger()?, address).await?.account;
    options
        .send("Closed anchor", address, |key| build::close_anchor(key, anchor.payer, log, period))
        .await
}
