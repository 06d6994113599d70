use crate::{
    RegistryError,
    constants::CONFIG_SEED,
    events::ConfigInitialized,
    state::{Config, Moment},
};
use anchor_lang::prelude::*;

/// Address of the loader that keeps upgradeable programs.
const UPGRADEABLE_LOADER: Address =
    Address::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");

/// The parameters that the program starts with.
#[derive(Clone, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct InitializeConfigArgs {
    /// Who may change the config from now on.
    pub authority: Address,
    /// Whose token account receives the treasury's part of a slash.
    pub treasury: Address,
    /// The SPL mint that bonds are posted in.
    pub bond_mint: Address,
    /// The smallest bond that counts as one, in the mint's base units.
    pub smallest_bond_amount: u64,
    /// What a claimant deposits with a claim.
    pub claim_deposit_lamports: u64,
    /// How long a proposed authority waits before it may accept.
    pub authority_notice_seconds: u64,
    /// How long a bond stays claimable after its withdrawal was requested.
    pub unbond_notice_seconds: u64,
    /// The part of a slashed bond that goes to the claimant.
    pub slash_claimant_basis_points: u16,
}

/// The accounts of `initialize_config`.
#[derive(Accounts)]
pub struct InitializeConfig {
    /// Pays the rent of the config account.
    // Often the same key as a signer below. Nothing borrows its data, so that is sound.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The program's upgrade authority. Without it a stranger could be first.
    pub upgrade_authority: Signer,
    /// Where the loader keeps the program's code and its upgrade authority.
    #[account(
        owner = UPGRADEABLE_LOADER,
        seeds = [crate::ID.as_ref()],
        bump,
        seeds::program = UPGRADEABLE_LOADER,
    )]
    pub program_data: UncheckedAccount,
    /// The account to create.
    #[account(init, payer = payer, seeds = [CONFIG_SEED], bump)]
    pub config: Account<Config>,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl InitializeConfig {
    /// Reads only. The parameters are checked by the account's own invariant.
    pub fn check(&self, _args: &InitializeConfigArgs) -> Result<()> {
        let data = self.program_data.account().try_borrow()?;
        let authority = find_upgrade_authority(&data).ok_or(RegistryError::NotProgramData)?;
        require!(
            authority == Some(*self.upgrade_authority.address()),
            RegistryError::NotUpgradeAuthority
        );
        Ok(())
    }

    /// Writes only.
    pub fn apply(
        &mut self,
        args: &InitializeConfigArgs,
        bump: u8,
        now: Moment,
    ) -> Result<ConfigInitialized> {
        let config = &mut self.config;
        config.version = Config::VERSION;
        config.bump = bump;
        config.slash_claimant_basis_points = args.slash_claimant_basis_points;
        config.smallest_bond_amount = args.smallest_bond_amount;
        config.claim_deposit_lamports = args.claim_deposit_lamports;
        config.authority_notice_seconds = args.authority_notice_seconds;
        config.unbond_notice_seconds = args.unbond_notice_seconds;
        config.created_at = now;
        config.updated_at = now;
        config.authority = args.authority;
        config.treasury = args.treasury;
        config.bond_mint = args.bond_mint;
        config.invariant()?;
        Ok(ConfigInitialized { config: *config.address(), authority: config.authority, at: now })
    }
}

/// Returns who may upgrade the program, from the bytes of its data account: `None` if the bytes
/// are not such an account's, `Some(None)` if the program can no longer be upgraded.
///
/// The layout is the loader's: state 3 (u32), slot of the deployment (u64), a flag, the key.
pub fn find_upgrade_authority(data: &[u8]) -> Option<Option<Address>> {
    const PROGRAM_DATA_STATE: [u8; 4] = 3u32.to_le_bytes();
    let (state, rest) = data.split_first_chunk::<4>()?;
    let (_slot, rest) = rest.split_first_chunk::<8>()?;
    let (flag, rest) = rest.split_first()?;
    let key = rest.first_chunk::<32>()?;
    match (*state == PROGRAM_DATA_STATE, flag) {
        (true, 0) => Some(None),
        (true, 1) => Some(Some(Address::new_from_array(*key))),
        _ => None,
    }
}
