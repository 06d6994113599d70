//! SPL tokens, as far as bonds need them: whoever posts or receives one has an account for them.

use super::{SYSTEM_PROGRAM, TOKEN_PROGRAM};
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

const ASSOCIATED_TOKEN_PROGRAM: Address =
    Address::from_str_const("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");

/// The mint of wrapped SOL.
pub const WRAPPED_SOL: Address =
    Address::from_str_const("So11111111111111111111111111111111111111112");

/// Returns the address of an owner's account for a mint's tokens, the one that everybody expects.
pub fn account_address(owner: &Address, mint: &Address) -> Address {
    let seeds = [owner.as_ref(), TOKEN_PROGRAM.as_ref(), mint.as_ref()];
    Address::find_program_address(&seeds, &ASSOCIATED_TOKEN_PROGRAM).0
}

/// Returns how many base units an account of tokens holds, from its bytes.
pub fn amount_in(data: &[u8]) -> Option<u64> {
    /// Behind the mint and the owner.
    const OFFSET: usize = 64;
    Some(u64::from_le_bytes(*data.get(OFFSET..)?.first_chunk()?))
}

/// Makes that account, if it is not there.
pub fn create_account(payer: Address, owner: Address, mint: Address) -> Instruction {
    const CREATE_IDEMPOTENT: u8 = 1;
    let accounts = vec![
        AccountMeta::new(payer, true),
        AccountMeta::new(account_address(&owner, &mint), false),
        AccountMeta::new_readonly(owner, false),
        AccountMeta::new_readonly(mint, false),
        AccountMeta::new_readonly(SYSTEM_PROGRAM, false),
        AccountMeta::new_readonly(TOKEN_PROGRAM, false),
    ];
    Instruction { program_id: ASSOCIATED_TOKEN_PROGRAM, accounts, data: vec![CREATE_IDEMPOTENT] }
}

/// Turns an owner's lamports into wrapped SOL in his account for it.
pub fn wrap(owner: Address, lamports: u64) -> [Instruction; 2] {
    const TRANSFER: u32 = 2;
    const SYNC_NATIVE: u8 = 17;
    let account = account_address(&owner, &WRAPPED_SOL);
    let data = [TRANSFER.to_le_bytes().as_slice(), &lamports.to_le_bytes()].concat();
    let accounts = vec![AccountMeta::new(owner, true), AccountMeta::new(account, false)];
    let transfer = Instruction { program_id: SYSTEM_PROGRAM, accounts, data };
    let accounts = vec![AccountMeta::new(account, false)];
    let sync = Instruction { program_id: TOKEN_PROGRAM, accounts, data: vec![SYNC_NATIVE] };
    [transfer, sync]
}
