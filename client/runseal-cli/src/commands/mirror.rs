use crate::{
    context::Options, error::CliError, exit::Exit, leaf_files::LeafFiles, leaf_source::Source,
    output, progress, views::MirrorView,
};
use clap::Args;
use runseal_client::{
    Ledger,
    anchors::KnownLog,
    mirror::{Mirror, MirrorError, PeriodState},
};
use runseal_registry::state::Anchor;
use runseal_types::{Period, SORT_KEY_BYTES};
use solana_address::Address;
use std::time::Duration;

/// How often a list that breaks off is gone on with.
const MOST_TRIES: u32 = 3;

/// Fetch a log's leaf lists and check each against its anchor
#[derive(Args)]
pub(crate) struct MirrorCommand {
    /// The log
    log: Address,
    /// Where the operator, or another mirror, publishes PERIOD.leaves: a URL or a folder
    #[arg(long, value_name = "URL_OR_FOLDER")]
    from: String,
    /// Only this period [default: every anchored one]
    #[arg(long, value_name = "PERIOD")]
    period: Option<u64>,
}

impl MirrorCommand {
    pub(crate) async fn run(self, options: &Options) -> Result<Exit, CliError> {
        let (ledger, source) = (options.ledger()?, Source::parse(&self.from)?);
        let log = KnownLog::read(&ledger, self.log).await?;
        let lists = LeafFiles::to_write(&options.home()?, &self.log.to_string())?;
        let mirror = Mirror { log: &log, source: &source, lists: &lists };
        let mut view = MirrorView::new(&self.log);
        let exit = match self.period {
            Some(period) => only(&mirror, &ledger, Period(period), &mut view).await?,
            None => all(&mirror, &ledger, &mut view).await?,
        };
        output::print(options.output, &view)?;
        Ok(exit)
    }
}

async fn only(
    mirror: &Mirror<'_, Source, LeafFiles>,
    ledger: &impl Ledger,
    period: Period,
    view: &mut MirrorView,
) -> Result<Exit, CliError> {
    let bar = progress::count("bytes");
    let state = mirror.mirror_one(ledger, period, &mut |size| tell(&bar, size)).await;
    bar.finish_and_clear();
    Ok(view.add(period, state?))
}

async fn all(
    mirror: &Mirror<'_, Source, LeafFiles>,
    ledger: &impl Ledger,
    view: &mut MirrorView,
) -> Result<Exit, CliError> {
    let leaf_bytes = u64::try_from(SORT_KEY_BYTES).unwrap_or(u64::MAX);
    let total = mirror.log.account.cumulative_leaf_count.saturating_mul(leaf_bytes);
    let bar = progress::of(total, "bytes");
    for part in mirror.log.parts() {
        let anchors = mirror.log.read_anchors(ledger, part.clone()).await?;
        for (period, anchor) in part.map(Period).zip(anchors) {
            let mut progress = |size| tell(&bar, size);
            let state = match persist(mirror, period, anchor.as_ref(), &mut progress).await {
                // What was mirrored before is reported all the same.
                Err(MirrorError::Source(error)) => {
                    bar.finish_and_clear();
                    return Ok(view.add_unavailable(period, &error));
                }
                state => state?,
            };
            if let PeriodState::Checked { leaf_count, was_kept: true, .. } = state {
                bar.inc(leaf_count.saturating_mul(leaf_bytes));
            }
            view.add(period, state);
        }
    }
    bar.finish_and_clear();
    Ok(view.exit())
}

/// Goes on with a list that breaks off, as long as there is some hope.
async fn persist(
    mirror: &Mirror<'_, Source, LeafFiles>,
    period: Period,
    anchor: Option<&Anchor>,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<PeriodState, MirrorError> {
    let mut tries = 1;
    loop {
        match mirror.mirror(period, anchor, progress).await {
            Err(MirrorError::Source(_)) if tries < MOST_TRIES => {
                tokio::time::sleep(Duration::from_secs(u64::from(tries))).await;
                tries += 1;
            }
            done => return done,
        }
    }
}

fn tell(bar: &indicatif::ProgressBar, size: usize) {
    bar.inc(u64::try_from(size).unwrap_or(0));
}
