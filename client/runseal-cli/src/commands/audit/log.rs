//! Walks through a log.

use super::{offers, stored};
use crate::{
    context::Options, error::CliError, exit::Exit, leaf_files::LeafFiles, output, progress,
    views::LogAuditView,
};
use runseal_client::{anchors::KnownLog, audits, clock, closed::Anchors};
use solana_address::Address;

pub(super) async fn run(options: &Options, log: Address) -> Result<Exit, CliError> {
    let ledger = options.ledger()?;
    let log = KnownLog::read(&ledger, log).await?;
    let store = options.has_store()?.then(|| options.store_to_read()).transpose()?;
    let lists = LeafFiles::to_read(&options.home()?, &log.address.to_string());
    let stored = stored(store.as_ref(), &log)?;
    let offers = offers(&lists, stored.as_ref());
    let mut anchors = Anchors::new(&ledger, &log, &offers);
    let bar = progress::of(log.anchor_count(), "anchors");
    let report = audits::walk_log(&mut anchors, &mut || bar.inc(1)).await?;
    bar.finish_and_clear();
    let claims = audits::claims_against(&ledger, &log).await?;
    let now_seconds = clock::now(&ledger).await?.unix_seconds;
    let view = LogAuditView::new(&log, &report, &anchors.refused(), &claims, now_seconds);
    output::print(options.output, &view)?;
    Ok(view.exit())
}
