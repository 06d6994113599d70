//! The program's instructions, built with the program's own types. One module a family.

pub mod agents;
pub mod bonds;
pub mod certification;
pub mod claims;
pub mod config;
pub mod logs;
pub mod proofs;
pub mod tokens;

use crate::registry::PROGRAM;
use anchor_lang::{InstructionData, ToAccountMetas};
use solana_address::Address;
use solana_instruction::Instruction;

const SYSTEM_PROGRAM: Address = solana_sdk_ids::system_program::ID;
/// The SPL Token program.
pub const TOKEN_PROGRAM: Address =
    Address::from_str_const("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");

fn build(accounts: &impl ToAccountMetas, data: &impl InstructionData) -> Instruction {
    let accounts = accounts.to_account_metas(None);
    Instruction { program_id: PROGRAM, accounts, data: data.data() }
}
