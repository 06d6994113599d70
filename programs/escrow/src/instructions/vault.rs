//! What the instructions that move tokens share. Only the SPL Token program is spoken to: its
//! accounts hold what they say, without fees and hooks on transfers.

use crate::{EscrowError, constants::ESCROW_SEED, state::Escrow};
use anchor_lang::prelude::*;
use pinocchio::cpi::{Seed, Signer as PdaSigner};
use pinocchio_token::{
    instructions::{CloseAccount, Transfer},
    state::Account as TokenAccount,
};

/// Refuses unless `account` holds tokens of `mint` for `owner`.
pub(crate) fn check_account(account: &AccountView, mint: &Address, owner: &Address) -> Result<()> {
    let account = parse(account)?;
    let right = account.mint() == mint && account.owner() == owner;
    require!(right, EscrowError::WrongTokenAccount);
    Ok(())
}

/// Moves all tokens out of the vault, closes it, and returns how many there were.
///
/// All, and not just what was locked: a token that a stranger sent there would else keep the vault
/// from being closed. The rent goes to `payer`.
pub(crate) fn empty(
    escrow: &Account<Escrow>,
    vault: &AccountView,
    to: &AccountView,
    payer: &AccountView,
) -> Result<u64> {
    let amount = parse(vault)?.amount();
    let (bump, number) = ([escrow.bump], escrow.number.to_le_bytes());
    let seeds = [
        Seed::from(ESCROW_SEED),
        Seed::from(escrow.payer.as_ref()),
        Seed::from(number.as_ref()),
        Seed::from(bump.as_ref()),
    ];
    let signer = [PdaSigner::from(&seeds)];
    Transfer::new(vault, to, escrow.account(), amount).invoke_signed(&signer)?;
    CloseAccount::new(vault, payer, escrow.account()).invoke_signed(&signer)?;
    Ok(amount)
}

fn parse(account: &AccountView) -> Result<pinocchio::account::Ref<'_, TokenAccount>> {
    let parsed = TokenAccount::from_account_view(account);
    parsed.map_err(|_| EscrowError::WrongTokenAccount.into())
}
