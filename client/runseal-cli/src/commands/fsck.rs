use crate::{context::Options, error::CliError, exit::Exit, output, progress, views::FsckView};
use clap::Args;
use runseal_client::{reconcile, sql::fsck};

/// Check the store: compute everything again, and compare it with the chain
#[derive(Args)]
pub(crate) struct Fsck {
    /// Leave out the comparison with the chain
    #[arg(long)]
    offline: bool,
}

impl Fsck {
    pub(crate) async fn run(self, options: &Options) -> Result<Exit, CliError> {
        let store = options.store_to_read()?;
        let mut view = FsckView::default();
        let bar = progress::wait("computing every hash, root and link again".to_owned());
        fsck::check(&store, &mut |finding| view.add(finding.to_string()))?;
        if !self.offline {
            bar.set_message("comparing every anchor with the chain");
            let compared = reconcile::compare(&store, &options.ledger()?).await?;
            view.set_compared(compared.anchors, compared.unknown);
            compared.differences.iter().for_each(|one| view.add(one.to_string()));
        }
        bar.finish_and_clear();
        output::print(options.output, &view)?;
        Ok(if view.is_clean() { Exit::Done } else { Exit::Failed })
    }
}
