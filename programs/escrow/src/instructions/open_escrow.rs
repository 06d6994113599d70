use super::vault;
use crate::{
    EscrowError,
    constants::{ESCROW_SEED, MAX_LOCK_SECONDS, VAULT_SEED},
    events::EscrowOpened,
    state::Escrow,
};
use anchor_lang::prelude::*;
use pinocchio_token::{
    instructions::{InitializeAccount3, Transfer},
    state::Account as TokenAccount,
};
use runseal_registry::state::{Leaf, Log};

/// What is agreed.
#[derive(Clone, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct OpenEscrowArgs {
    /// The payer's number for it: he can have several at a time.
    pub number: u64,
    /// How many tokens, in the mint's base units.
    pub amount: u64,
    /// Unix time until when, included, the receipt can be proved.
    pub deadline_seconds: i64,
    /// Who gets the tokens then.
    pub payee: Address,
    /// The receipt.
    pub receipt: Leaf,
}

/// The accounts of `open_escrow`.
#[derive(Accounts)]
#[instruction(args: OpenEscrowArgs)]
pub struct OpenEscrow {
    /// Locks his tokens and pays the rents. He is in the address, so nobody opens it in his place.
    #[account(mut)]
    pub payer: Signer,
    /// The agreed log. That it is one of the registry's is checked, so that no slip of the pen locks
    /// the tokens for a log that does not exist.
    pub log: Account<Log>,
    /// What the tokens are.
    pub mint: UncheckedAccount,
    /// The account to create; lamports sent there before do no harm.
    #[account(
        init,
        payer = payer,
        seeds = [ESCROW_SEED, payer.address().as_ref(), &args.number.to_le_bytes()],
        bump
    )]
    pub escrow: Account<Escrow>,
    /// The token account to create, which the escrow's address owns.
    #[account(mut, seeds = [VAULT_SEED, escrow.address().as_ref()], bump)]
    pub vault: UncheckedAccount,
    /// The payer's token account.
    #[account(mut)]
    pub source: UncheckedAccount,
    /// Moves the tokens.
    pub token_program: Program<Token>,
    /// Creates the accounts.
    pub system_program: Program<System>,
}

impl OpenEscrow {
    /// Reads only.
    pub fn check(&self, args: &OpenEscrowArgs, now_seconds: i64) -> Result<()> {
        let latest = now_seconds.saturating_add(MAX_LOCK_SECONDS);
        let in_range = args.deadline_seconds > now_seconds && args.deadline_seconds <= latest;
        require!(in_range, EscrowError::DeadlineOutOfRange);
        vault::check_account(self.source.account(), self.mint.address(), self.payer.address())
    }

    /// Writes only.
    pub fn apply(&mut self, args: &OpenEscrowArgs, bumps: (u8, u8)) -> Result<EscrowOpened> {
        let (bump, vault_bump) = bumps;
        let escrow = &mut self.escrow;
        escrow.version = Escrow::VERSION;
        escrow.bump = bump;
        escrow.number = args.number;
        escrow.amount = args.amount;
        escrow.deadline_seconds = args.deadline_seconds;
        escrow.payer = *self.payer.address();
        escrow.payee = args.payee;
        escrow.mint = *self.mint.address();
        escrow.log = *self.log.address();
        escrow.receipt = args.receipt;
        escrow.invariant()?;
        self.fill_vault(args.amount, vault_bump)?;
        Ok(EscrowOpened {
            escrow: *self.escrow.address(),
            payer: self.escrow.payer,
            payee: args.payee,
            amount: args.amount,
            deadline_seconds: args.deadline_seconds,
        })
    }

    fn fill_vault(&self, amount: u64, bump: u8) -> Result<()> {
        let (payer, vault) = (self.payer.account(), self.vault.account());
        let seeds: [&[u8]; 3] = [VAULT_SEED, self.escrow.address().as_ref(), &[bump]];
        let owner = &pinocchio_token::ID;
        create_account_signed(payer, vault, TokenAccount::LEN, owner, &seeds)?;
        InitializeAccount3::new(vault, self.mint.account(), self.escrow.address()).invoke()?;
        Transfer::new(self.source.account(), vault, payer, amount).invoke()
    }
}
