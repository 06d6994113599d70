use crate::{context::Options, error::CliError, output, views::BalanceView};
use clap::Args;
use runseal_client::Ledger;
use solana_address::Address;
use solana_signer::Signer;

/// Print how many lamports an address has
#[derive(Args)]
pub(crate) struct Balance {
    /// Whose [default: the keypair's]
    address: Option<Address>,
}

impl Balance {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        let address = match self.address {
            Some(address) => address,
            None => options.keypair()?.pubkey(),
        };
        let found = options.ledger()?.read(&[address]).await?.pop().flatten();
        let lamports = found.map_or(0, |account| account.lamports);
        output::print(options.output, &BalanceView { address: address.to_string(), lamports })
    }
}
