//! What a vendor does with agents.

use crate::{
    instructions,
    ledger::{Landed, Ledger, LedgerError},
};
use runseal_registry::instructions::RegisterAgentArgs;
use solana_signer::Signer;

/// Registers an agent: `authority` pays and answers for it, `identity` proves that it agrees.
pub async fn register(
    ledger: &impl Ledger,
    authority: &(dyn Signer + Sync),
    identity: &(dyn Signer + Sync),
    args: RegisterAgentArgs,
) -> Result<Landed, LedgerError> {
    let payer = authority.try_pubkey()?;
    let instruction = instructions::agents::register(payer, payer, identity.try_pubkey()?, args);
    ledger.submit(&[instruction], &[authority, identity]).await
}
