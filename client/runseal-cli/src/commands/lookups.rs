//! What commands look at first, so that they can say in words what the chain would refuse in numbers.

use crate::error::CliError;
use runseal_client::{
    Ledger, program,
    registry::{self, Found, RegistryAccount},
};
use runseal_registry::state::Config;

/// Reads the configuration, which must be there.
pub(super) async fn config(ledger: &impl Ledger) -> Result<Found<Config>, CliError> {
    if let Some(found) = registry::find::<Config>(ledger, registry::config_address()).await? {
        return Ok(found);
    }
    deployed(ledger).await?;
    Err(CliError::new("the program is not configured").with_hint("`runseal config init` does it"))
}

/// Reads the program, which must be there.
pub(super) async fn deployed(ledger: &impl Ledger) -> Result<program::Deployed, CliError> {
    let deployed = program::find(ledger).await?;
    deployed.ok_or_else(|| {
        CliError::new("this ledger does not have the program")
            .with_hint("check the ledger after -u; `runseal deploy` puts the program there")
    })
}

/// Reads every account of one kind. Where the program is not, there being none means nothing.
pub(super) async fn all<T: RegistryAccount>(
    ledger: &impl Ledger,
) -> Result<Vec<Found<T>>, CliError> {
    let found = registry::find_all::<T>(ledger).await?;
    if found.is_empty() {
        deployed(ledger).await?;
    }
    Ok(found)
}
