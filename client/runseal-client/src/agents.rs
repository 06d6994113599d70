//! What a vendor does with agents.

use crate::{
    ledger::{Landed, Ledger, LedgerError},
    registry,
};
use anchor_lang::{InstructionData, ToAccountMetas};
use runseal_registry::instructions::RegisterAgentArgs;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;

/// Registers an agent: `authority` pays and answers for it, `identity` proves that it agrees.
pub async fn register(
    ledger: &impl Ledger,
    authority: &(dyn Signer + Sync),
    identity: &(dyn Signer + Sync),
    args: RegisterAgentArgs,
) -> Result<Landed, LedgerError> {
    let payer = authority.try_pubkey()?;
    let instruction = register_instruction(payer, payer, identity.try_pubkey()?, args);
    ledger.submit(&[instruction], &[authority, identity]).await
}

/// Builds the instruction that registers an agent.
pub fn register_instruction(
    payer: Address,
    authority: Address,
    identity: Address,
    args: RegisterAgentArgs,
) -> Instruction {
    let accounts = runseal_registry::accounts::RegisterAgent {
        payer,
        authority,
        identity,
        config: registry::config_address(),
        agent: registry::agent_address(&identity),
        system_program: solana_sdk_ids::system_program::ID,
    };
    Instruction {
        program_id: registry::PROGRAM,
        accounts: accounts.to_account_metas(None),
        data: runseal_registry::instruction::RegisterAgent { args }.data(),
    }
}
