use crate::{
    context::Options, error::CliError, exit::Exit, leaf_files::LeafFiles, output, progress,
    views::CosignView,
};
use clap::Args;
use runseal_client::{
    anchors::KnownLog,
    cosigning::{self, Cosigned, Cosigner},
};
use runseal_types::Period;
use solana_address::Address;
use solana_signer::Signer;

/// Cosign anchors whose leaves were mirrored here; each is checked again at this moment
#[derive(Args)]
pub(crate) struct Cosign {
    /// The log
    #[arg(long, value_name = "ADDRESS")]
    log: Address,
    /// The period [default: every one that is mirrored and not cosigned]
    #[arg(long, value_name = "PERIOD")]
    period: Option<u64>,
}

impl Cosign {
    pub(crate) async fn run(self, options: &Options) -> Result<Exit, CliError> {
        let (ledger, key) = (options.ledger()?, options.keypair()?);
        let log = KnownLog::read(&ledger, self.log).await?;
        let lists = LeafFiles::to_read(&options.home()?, &self.log.to_string());
        let auditor = cosigning::load_auditor(&ledger, &key.pubkey()).await.map_err(|error| {
            CliError::from(error).with_hint("`runseal auditor register` by the config's authority")
        })?;
        let cosigner = Cosigner { ledger: &ledger, log: &log, lists: &lists, key: &key, auditor };
        let mut view = CosignView::default();
        if let Some(period) = self.period {
            let cosigned = cosigner.cosign(Period(period)).await?;
            check(Period(period), &cosigned)?;
            view.add(Period(period), &cosigned);
        } else {
            let bar = progress::of(log.anchor_count(), "periods");
            for period in (0..log.anchor_count()).map(Period) {
                view.add(period, &cosigner.cosign(period).await?);
                bar.inc(1);
            }
            bar.finish_and_clear();
        }
        output::print(options.output, &view)?;
        Ok(view.exit())
    }
}

/// Refuses a period that was named and cannot be cosigned.
fn check(period: Period, cosigned: &Cosigned) -> Result<(), CliError> {
    let why = match cosigned {
        Cosigned::Now { .. } | Cosigned::Before => return Ok(()),
        Cosigned::NotMirrored => "it is not mirrored here".to_owned(),
        Cosigned::Differs(difference) => format!("what is mirrored here differs: {difference}"),
        Cosigned::AnchorClosed => "its anchor's account is closed".to_owned(),
        Cosigned::NotAnchored => "it is not anchored".to_owned(),
    };
    let hint = "`runseal mirror LOG --from URL` fetches and checks what the log publishes";
    Err(CliError::new(format!("period {period} is not cosigned: {why}")).with_hint(hint))
}
