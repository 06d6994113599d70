use crate::{
    constants::CLAIM_SEED,
    events::ClaimOpened,
    instructions::signature::{self, INSTRUCTIONS_SYSVAR},
    state::{period_context, Claim, ClaimKind, ClaimState, Config, Leaf, Log, Moment, Promise},
    RegistryError,
};
use anchor_lang::prelude::*;

/// What was promised. The Ed25519 instruction before this one shows that it was.
#[derive(Clone, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct ChallengePromiseArgs {
    /// The period that the receipt was promised for.
    pub period: u64,
    /// The agent's account.
    pub agent: [u8; 32],
    /// The receipt's number among the agent's.
    pub sequence: u64,
    /// The receipt's digest.
    pub digest: [u8; 32],
}

/// The accounts of `challenge_promise`.
#[derive(Accounts)]
#[instruction(args: ChallengePromiseArgs)]
pub struct ChallengePromise {
    /// Who accuses; pays the claim's rent and the deposit.
    #[account(mut)]
    pub claimant: Signer,
    /// Says how much the deposit is.
    pub config: Account<Config>,
    /// The log.
    #[account(mut)]
    pub log: Account<Log>,
    /// The account to create. A promise can be challenged once. The digest is in the address, so
    /// that an answer to one promise is none to another for the same place.
    #[account(
        init,
        payer = claimant,
        seeds = [
            CLAIM_SEED,
            log.address().as_ref(),
            &[ClaimKind::BrokenPromise as u8],
            &args.period.to_le_bytes(),
            args.agent.as_ref(),
            &args.sequence.to_le_bytes(),
            args.digest.as_ref()
        ],
        bump
    )]
    pub claim: Account<Claim>,
    /// Shows the instruction before this one.
    #[account(address = INSTRUCTIONS_SYSVAR)]
    pub instructions: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl ChallengePromise {
    /// Reads only.
    pub fn check(&self, args: &ChallengePromiseArgs, now: Moment) -> Result<()> {
        let log = &self.log;
        let posted = args.period < log.next_period;
        let overdue = now.unix_seconds > log.period_deadline(args.period)?;
        require!(posted || overdue, RegistryError::ChallengeTooEarly);
        let in_time = now.unix_seconds <= log.challenge_deadline(args.period)?;
        require!(in_time, RegistryError::ChallengeTooLate);
        let key = log.promise_key_of(args.period).ok_or(RegistryError::NoPromiseKey)?;
        let promise = Promise {
            context: period_context(&log.genesis_hash, log.address(), args.period),
            period: args.period,
            agent: args.agent,
            sequence: args.sequence,
            digest: args.digest,
        };
        signature::check_promise(self.instructions.account(), key, &promise)
    }

    /// Writes only.
    pub fn apply(
        &mut self,
        args: &ChallengePromiseArgs,
        bump: u8,
        now: Moment,
    ) -> Result<ClaimOpened> {
        let deposit_lamports = self.config.claim_deposit_lamports;
        if deposit_lamports > 0 {
            let from = self.claimant.cpi_handle_mut();
            let to = self.claim.cpi_handle_mut();
            let transfer = system_program::Transfer { from, to };
            let context = CpiContext::new(self.system_program.address(), transfer);
            system_program::transfer(context, deposit_lamports)?;
        }
        let claim = &mut self.claim;
        claim.version = Claim::VERSION;
        claim.bump = bump;
        claim.kind = ClaimKind::BrokenPromise as u8;
        claim.state = ClaimState::Open as u8;
        claim.period = args.period;
        claim.deposit_lamports = deposit_lamports;
        claim.answer_by_seconds = now.plus_seconds(self.log.answer_window_seconds)?;
        claim.opened_at = now;
        claim.log = *self.log.address();
        claim.claimant = *self.claimant.address();
        claim.leaf = Leaf {
            agent: args.agent,
            sequence: args.sequence.to_be_bytes(),
            digest: args.digest,
        };
        let open = self.log.open_claim_count.checked_add(1).ok_or(RegistryError::Overflow)?;
        self.log.open_claim_count = open;
        self.log.invariant()?;
        Ok(ClaimOpened {
            log: claim.log,
            claim: *claim.address(),
            kind: claim.kind.into(),
            period: claim.period,
            claimant: claim.claimant,
            at: now,
        })
    }
}
