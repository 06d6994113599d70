//! The system program's and the SPL Token program's instructions, as far as tests make real mints.

use runseal_client::instructions::TOKEN_PROGRAM;
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};
use solana_sdk_ids::system_program;

const MINT_BYTES: u64 = 82;
const TOKEN_ACCOUNT_BYTES: u64 = 165;
/// Enough for the rent of either.
const RENT_LAMPORTS: u64 = 3_000_000;

/// Makes a mint whose key signs, with `authority` to mint.
pub fn create_mint(payer: Address, mint: Address, authority: Address) -> [Instruction; 2] {
    const INITIALIZE_MINT_2: u8 = 20;
    const DECIMALS: u8 = 6;
    // Nobody can freeze what was minted.
    let data = [[INITIALIZE_MINT_2, DECIMALS].as_slice(), authority.as_ref(), &[0]].concat();
    let accounts = vec![AccountMeta::new(mint, false)];
    [create_account(payer, mint, MINT_BYTES), token(accounts, data)]
}

/// Makes a token account whose key signs.
pub fn create_token_account(
    payer: Address,
    account: Address,
    mint: Address,
    owner: Address,
) -> [Instruction; 2] {
    const INITIALIZE_ACCOUNT_3: u8 = 18;
    let data = [[INITIALIZE_ACCOUNT_3].as_slice(), owner.as_ref()].concat();
    let accounts = vec![AccountMeta::new(account, false), AccountMeta::new_readonly(mint, false)];
    [create_account(payer, account, TOKEN_ACCOUNT_BYTES), token(accounts, data)]
}

/// Mints tokens into an account.
pub fn mint_to(mint: Address, account: Address, authority: Address, amount: u64) -> Instruction {
    const MINT_TO: u8 = 7;
    let data = [[MINT_TO].as_slice(), &amount.to_le_bytes()].concat();
    let accounts = vec![
        AccountMeta::new(mint, false),
        AccountMeta::new(account, false),
        AccountMeta::new_readonly(authority, true),
    ];
    token(accounts, data)
}

/// Reads how many tokens the bytes of a token account say there are.
pub fn amount_of(data: &[u8]) -> u64 {
    u64::from_le_bytes(data[64..72].try_into().unwrap())
}

fn token(accounts: Vec<AccountMeta>, data: Vec<u8>) -> Instruction {
    Instruction { program_id: TOKEN_PROGRAM, accounts, data }
}

fn create_account(payer: Address, account: Address, size: u64) -> Instruction {
    // The system program's first instruction: its number, lamports, size and owner.
    let (number, lamports, size) =
        (0u32.to_le_bytes(), RENT_LAMPORTS.to_le_bytes(), size.to_le_bytes());
    let data = [number.as_slice(), &lamports, &size, TOKEN_PROGRAM.as_ref()].concat();
    let accounts = vec![AccountMeta::new(payer, true), AccountMeta::new(account, true)];
    Instruction { program_id: system_program::ID, accounts, data }
}
