//! What a slash came to, for whoever did it.

use crate::{error::CliError, views::SharesView};
use runseal_client::{Ledger, registry};
use runseal_registry::state::{Claim, Config};
use solana_address::Address;

/// Reads what an upheld claim took, and whose it is now. The parts are reckoned by the parameters of
/// now, which the authority may have changed since.
pub(super) async fn shares(ledger: &impl Ledger, claim: Address) -> Result<SharesView, CliError> {
    let claim = registry::load::<Claim>(ledger, claim).await?.account;
    let config = registry::load::<Config>(ledger, registry::config_address()).await?.account;
    Ok(SharesView::new(claim.slashed_amount, config.slash_claimant_basis_points))
}
