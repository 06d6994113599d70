use crate::{
    clocks::ClockWatch,
    context::Options,
    error::CliError,
    files, output,
    views::{ExportView, PeriodListView, PeriodView},
};
use clap::Subcommand;
use runseal_client::{
    clock, proving, published, registry,
    store::{Anchoring as _, Cut, LogIdentity, MOST_ITEMS, Periods},
    utc::Utc,
};
use runseal_registry::state::Log;
use runseal_types::{Digest, Leaf, Period};
use solana_address::Address;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Periods: what is sealed under one root
#[derive(Subcommand)]
pub(crate) enum PeriodCommand {
    /// Seal the next period that is over, without anchoring it; `anchor post` does both
    Seal {
        /// The log; not needed where the store has one
        #[arg(long, value_name = "ADDRESS")]
        log: Option<Address>,
    },
    /// Print a sealed period
    Show {
        /// Its number
        period: u64,
    },
    /// List sealed periods
    List {
        /// From this one on
        #[arg(long, default_value_t = 0, value_name = "PERIOD")]
        from: u64,
        /// At most so many
        #[arg(long, default_value_t = 100, value_name = "NUMBER")]
        limit: usize,
    },
    /// Write for mirrors what is published of each period: PERIOD.leaves, 72 bytes a leaf, and
    /// PERIOD.anchor, what its anchor says
    Export {
        /// Its number [default: every sealed period]
        period: Option<u64>,
        /// Folder for the files
        #[arg(short = 'o', long = "out", value_name = "FOLDER")]
        folder: PathBuf,
    },
}

impl PeriodCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        match self {
            Self::Seal { log } => seal(options, log).await,
            Self::Show { period } => show(options, Period(period)),
            Self::List { from, limit } => list(options, Period(from), limit),
            Self::Export { period, folder } => export(options, period.map(Period), &folder),
        }
    }
}

async fn seal(options: &Options, log: Option<Address>) -> Result<(), CliError> {
    let store = options.store()?;
    let address = options.log(&store, log)?;
    let ledger = options.ledger()?;
    let log = registry::load::<Log>(&ledger, address).await?.account;
    let now = clock::now(&ledger).await?.unix_seconds;
    ClockWatch::default().look(&ledger, now);
    let identity = LogIdentity {
        genesis_hash: Digest::new(log.genesis_hash),
        log: runseal_client::keys::ours(&address),
    };
    store.bind_log(&identity)?;
    let next = next_period(&store)?;
    let end = next.0.checked_add(1).and_then(|periods| periods.checked_mul(log.cadence_seconds));
    let end = end.and_then(|passed| log.start_seconds.checked_add_unsigned(passed));
    if end.is_none_or(|end| now < end) {
        let end = end.map_or_else(|| "never".to_owned(), |end| format!("at {}", Utc(end)));
        let left = format!("period {next} ends {end}; the chain's clock says {}", Utc(now));
        return Err(CliError::new(left).with_hint("what is sealed cannot be added to: wait"));
    }
    let sealed = store.seal_period(next, Cut::Everything)?;
    output::print(options.output, &PeriodView::new(&sealed, None))
}

/// The first period that is not sealed. Periods are sealed one after the other.
fn next_period(store: &impl Periods) -> Result<Period, CliError> {
    let mut next = Period(0);
    loop {
        let sealed = store.list_periods(next, MOST_ITEMS)?;
        match sealed.last() {
            Some(last) => next = Period(last.period.0.saturating_add(1)),
            None => return Ok(next),
        }
    }
}

fn show(options: &Options, period: Period) -> Result<(), CliError> {
    let store = options.store_to_read()?;
    let found = store.list_periods(period, 1)?;
    let found = found.first().filter(|found| found.period == period);
    let found = found.ok_or(proving::PeriodError::NotSealed { period })?;
    let anchor = super::anchor::find(&store, period)?;
    output::print(options.output, &PeriodView::new(found, anchor.as_ref()))
}

fn list(options: &Options, from: Period, limit: usize) -> Result<(), CliError> {
    let store = options.store_to_read()?;
    let limit = limit.min(MOST_ITEMS);
    let (periods, anchors) = (store.list_periods(from, limit)?, store.list_anchors(from, limit)?);
    // A page that is full may be the last all the same.
    let behind = periods.last().map_or(from, |last| Period(last.period.0.saturating_add(1)));
    let next = store.list_periods(behind, 1)?.first().map(|sealed| sealed.period);
    let view = PeriodListView::new(&periods, &anchors, next);
    output::print(options.output, &view)
}

fn export(options: &Options, period: Option<Period>, folder: &Path) -> Result<(), CliError> {
    let store = options.store_to_read()?;
    fs::create_dir_all(folder).map_err(|error| {
        CliError::new(format!("{} cannot be written: {error}", folder.display()))
    })?;
    let mut view = ExportView::default();
    let (mut from, limit) = period.map_or((Period(0), MOST_ITEMS), |only| (only, 1));
    loop {
        let periods = store.list_periods(from, limit)?;
        for sealed in &periods {
            if period.is_some_and(|only| only != sealed.period) {
                return Err(proving::PeriodError::NotSealed { period: from }.into());
            }
            let leaves = proving::load_leaves(&store, sealed.period)?;
            let bytes: Vec<u8> = leaves.iter().flat_map(Leaf::sort_key).collect();
            view.add_list(
                write(folder, &format!("{}.leaves", sealed.period), &bytes)?,
                bytes.len(),
            );
            if let Some(facts) = published::find_anchor(&store, sealed.period)? {
                let text = published::anchor_text(&facts);
                view.add_anchor(
                    write(folder, &format!("{}.anchor", sealed.period), &text)?,
                    text.len(),
                );
            }
        }
        match periods.last() {
            Some(last) if period.is_none() => from = Period(last.period.0.saturating_add(1)),
            None if period.is_some() => {
                return Err(proving::PeriodError::NotSealed { period: from }.into());
            }
            _ => return output::print(options.output, &view),
        }
    }
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, CliError> {
    let path = folder.join(name);
    files::write(&path, bytes)?;
    Ok(path)
}
