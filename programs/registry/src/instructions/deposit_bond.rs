use crate::{
    constants::BOND_SEED,
    events::BondDeposited,
    instructions::token,
    state::{Log, Moment},
    RegistryError,
};
use anchor_lang::prelude::*;
use pinocchio_token::{
    instructions::{InitializeAccount3, Transfer},
    state::Account as TokenAccount,
};

/// The accounts of `deposit_bond`.
#[derive(Accounts)]
pub struct DepositBond {
    /// Pays the rent of the bond's token account, the first time.
    // Often the same key as a signer below. Nothing borrows its data, so that is sound.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// Whose tokens these are. Anybody may add to a bond; only the operator gets it back.
    pub depositor: Signer,
    /// The log.
    #[account(mut)]
    pub log: Account<Log>,
    /// The log's mint.
    pub mint: UncheckedAccount,
    /// The token account of the bond; made the first time.
    #[account(mut, seeds = [BOND_SEED, log.address().as_ref()], bump)]
    pub bond_account: UncheckedAccount,
    /// The depositor's token account.
    #[account(mut)]
    pub source: UncheckedAccount,
    /// Moves the tokens.
    pub token_program: Program<Token>,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl DepositBond {
    /// Reads only.
    pub fn check(&self, amount: u64) -> Result<()> {
        require!(amount > 0, RegistryError::AmountIsZero);
        let its_mint = self.log.bond_mint == *self.mint.address();
        require!(its_mint, RegistryError::WrongTokenAccount);
        token::check_account(self.source.account(), self.mint.address(), self.depositor.address())
    }

    /// Writes only.
    pub fn apply(&mut self, amount: u64, bump: u8, now: Moment) -> Result<BondDeposited> {
        let bond_account = self.bond_account.account();
        if bond_account.data_len() == 0 {
            let seeds: [&[u8]; 3] = [BOND_SEED, self.log.address().as_ref(), &[bump]];
            create_account_signed(
                self.payer.account(),
                bond_account,
                TokenAccount::LEN,
                &pinocchio_token::ID,
                &seeds,
            )?;
            let mint = self.mint.account();
            InitializeAccount3::new(bond_account, mint, self.log.address()).invoke()?;
        }
        let depositor = self.depositor.account();
        Transfer::new(self.source.account(), bond_account, depositor, amount).invoke()?;
        let bond_amount = self.log.bond_amount.checked_add(amount);
        self.log.bond_amount = bond_amount.ok_or(RegistryError::Overflow)?;
        self.log.invariant()?;
        let (log, bond_amount) = (*self.log.address(), self.log.bond_amount);
        Ok(BondDeposited { log, amount, bond_amount, at: now })
    }
}
