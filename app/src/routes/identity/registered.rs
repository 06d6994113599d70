use runseal_client::registry;
use runseal_ledger::AnyLedger;
use runseal_registry::state::Agent;
use serde::Serialize;
use solana_address::Address;
use std::time::Duration;
use tokio::time::timeout;
use utoipa::ToSchema;

/// How long the chain is waited for: what the store says is known by then.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether the key that an agent signs with is registered on the chain.
#[derive(Serialize, ToSchema)]
#[schema(as = IdentityOnChain)]
pub(crate) struct Registered {
    /// `registered`; `not_registered`, so that what the agent signs can be anchored and never verified; or
    /// `unknown`, where the ledger does not answer.
    state: &'static str,
    /// Where the chain keeps it, or would.
    address: String,
    /// Active, paused, retired or archived, if it is registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
}

impl Registered {
    /// Asks the chain. An account's address follows from the key, and only the key's own signature puts it
    /// there, so that it is there says that the key is the agent's.
    pub(super) async fn ask(ledger: &AnyLedger, key: Address) -> Self {
        let address = registry::agent_address(&key);
        let found = timeout(PATIENCE, registry::find::<Agent>(ledger, address)).await;
        let (state, status) = match found {
            Ok(Ok(Some(found))) if found.account.identity == key => {
                let status = found.account.status();
                ("registered", Some(status.map_or("unknown", |status| status.as_str())))
            }
            Ok(Ok(None)) => ("not_registered", None),
            _ => ("unknown", None),
        };
        Self { state, address: address.to_string(), status }
    }
}
