use crate::{context::Options, error::CliError, output, views::DoneView};
use clap::Args;
use solana_address::Address;
use solana_signer::Signer;

const LAMPORTS_PER_SOL: u64 = 1_000_000_000;

/// Get lamports from a test ledger's faucet
#[derive(Args)]
pub(crate) struct Airdrop {
    /// How many SOL
    #[arg(value_parser = clap::value_parser!(u64).range(1..=1_000))]
    sol: u64,
    /// Who gets them [default: the keypair's address]
    to: Option<Address>,
}

impl Airdrop {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        let to = match self.to {
            Some(to) => to,
            None => options.keypair()?.pubkey(),
        };
        options.ledger()?.airdrop(&to, self.sol * LAMPORTS_PER_SOL).await?;
        output::print(options.output, &DoneView::new(&format!("Sent {} SOL", self.sol), to, None))
    }
}
