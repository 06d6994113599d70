use crate::{
    context::Options, error::CliError, exit::Exit, leaf_files::LeafFiles, leaf_source::Source,
    output, progress, views::MirrorView,
};
use clap::Args;
use runseal_client::{
    Ledger,
    anchors::KnownLog,
    closed::{Anchors, Known, OfferedBy, Refused},
    mirror::{Mirror, MirrorError, PeriodState, ReadLists},
};
use runseal_types::{Period, SORT_KEY_BYTES};
use solana_address::Address;
use std::{ops::Range, time::Duration};

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
        let offers: [(OfferedBy, &dyn ReadLists); 1] = [(OfferedBy::Mirror, &lists)];
        let mut anchors = Anchors::new(&ledger, &log, &offers);
        let mut view = MirrorView::new(&self.log);
        let exit = match self.period {
            Some(period) => only(&mirror, &mut anchors, Period(period), &mut view).await?,
            None => all(&mirror, &mut anchors, &mut view).await?,
        };
        output::print(options.output, &view)?;
        Ok(exit)
    }
}

async fn only(
    mirror: &Mirror<'_, Source, LeafFiles>,
    anchors: &mut Anchors<'_, impl Ledger>,
    period: Period,
    view: &mut MirrorView,
) -> Result<Exit, CliError> {
    let bar = progress::count("bytes");
    let state = mirror.mirror_one(anchors, period, &mut |size| tell(&bar, size)).await;
    bar.finish_and_clear();
    Ok(view.add(period, state?))
}

async fn all(
    mirror: &Mirror<'_, Source, LeafFiles>,
    anchors: &mut Anchors<'_, impl Ledger>,
    view: &mut MirrorView,
) -> Result<Exit, CliError> {
    let leaf_bytes = u64::try_from(SORT_KEY_BYTES).unwrap_or(u64::MAX);
    let total = mirror.log.account.cumulative_leaf_count.saturating_mul(leaf_bytes);
    let bar = progress::of(total, "bytes");
    for part in mirror.log.parts() {
        let known = match read(mirror, anchors, part.clone()).await {
            Err(MirrorError::Source(error)) => {
                bar.finish_and_clear();
                return Ok(view.add_unavailable(Period(part.start), &error));
            }
            known => known?,
        };
        let refused = anchors.refused();
        for (period, anchor) in part.map(Period).zip(known) {
            let mut progress = |size| tell(&bar, size);
            let state = match persist(mirror, period, (&anchor, &refused), &mut progress).await {
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

/// Reads anchors, and asks a source that does not answer again, as long as there is some hope.
async fn read(
    mirror: &Mirror<'_, Source, LeafFiles>,
    anchors: &mut Anchors<'_, impl Ledger>,
    part: Range<u64>,
) -> Result<Vec<Known>, MirrorError> {
    let mut tries = 1;
    loop {
        match mirror.read(anchors, part.clone()).await {
            Err(MirrorError::Source(_)) if tries < MOST_TRIES => rest(&mut tries).await,
            done => return done,
        }
    }
}

/// Goes on with a list that breaks off, as long as there is some hope.
async fn persist(
    mirror: &Mirror<'_, Source, LeafFiles>,
    period: Period,
    (anchor, refused): (&Known, &[Refused]),
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<PeriodState, MirrorError> {
    let mut tries = 1;
    loop {
        match mirror.mirror(period, anchor, refused, progress).await {
            Err(MirrorError::Source(_)) if tries < MOST_TRIES => rest(&mut tries).await,
            done => return done,
        }
    }
}

async fn rest(tries: &mut u32) {
    tokio::time::sleep(Duration::from_secs(u64::from(*tries))).await;
    *tries = tries.saturating_add(1);
}

fn tell(bar: &indicatif::ProgressBar, size: usize) {
    bar.inc(u64::try_from(size).unwrap_or(0));
}
