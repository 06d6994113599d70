//! Walks through a log.

use crate::{context::Options, error::CliError, exit::Exit, output, progress, views::LogAuditView};
use runseal_client::{anchors::KnownLog, audits, clock};
use solana_address::Address;

pub(super) async fn run(options: &Options, log: Address) -> Result<Exit, CliError> {
    let ledger = options.ledger()?;
    let log = KnownLog::read(&ledger, log).await?;
    let bar = progress::of(log.anchor_count(), "anchors");
    let report = audits::walk_log(&ledger, &log, &mut || bar.inc(1)).await?;
    bar.finish_and_clear();
    let claims = audits::claims_against(&ledger, &log).await?;
    let now_seconds = clock::now(&ledger).await?.unix_seconds;
    let view = LogAuditView::new(&log, &report, &claims, now_seconds);
    output::print(options.output, &view)?;
    Ok(view.exit())
}
