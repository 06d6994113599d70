//! The mint of wrapped SOL, which every cluster has from its first slot on: bonds are posted in it.

use runseal_client::instructions::{TOKEN_PROGRAM, tokens::WRAPPED_SOL};
use solana_account::Account;
use solana_address::Address;

const MINT_BYTES: usize = 82;
/// Behind the mint's authority, of which there is none, and its supply, which nobody counts.
const DECIMALS_OFFSET: usize = 44;
const DECIMALS: u8 = 9;
const INITIALIZED: u8 = 1;

/// Returns the mint's address and what is there.
pub(super) fn mint() -> (Address, Account) {
    let mut data = vec![0; MINT_BYTES];
    let fields = data.iter_mut().skip(DECIMALS_OFFSET);
    fields.zip([DECIMALS, INITIALIZED]).for_each(|(to, from)| *to = from);
    let account =
        Account { lamports: 1_000_000_000, data, owner: TOKEN_PROGRAM, ..Account::default() };
    (WRAPPED_SOL, account)
}
