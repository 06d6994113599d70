use crate::{
    constants::LOG_SEED,
    events::LogOpened,
    state::{Config, Log, Moment, Name, PromiseKey},
};
use anchor_lang::prelude::*;

/// The log that is wished for. What is not a key is fixed for good.
#[derive(Clone, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct OpenLogArgs {
    /// The operator's name for the log.
    pub name: Name,
    /// Which chain this is.
    pub genesis_hash: [u8; 32],
    /// The key that posts anchors.
    pub anchoring_key: Address,
    /// The key that promises.
    pub promise_key: Address,
    /// Unix time at which period 0 begins.
    pub start_seconds: i64,
    /// How long a period is.
    pub cadence_seconds: u64,
    /// How long after a period's end its anchor is still in time.
    pub grace_seconds: u64,
    /// How long the operator has to answer a challenge.
    pub answer_window_seconds: u64,
    /// How long after a period's end and grace its promises can be challenged.
    pub challenge_window_seconds: u64,
    /// How long an anchor's account is kept after it was posted.
    pub retention_seconds: u64,
}

/// The accounts of `open_log`.
#[derive(Accounts)]
#[instruction(args: OpenLogArgs)]
pub struct OpenLog {
    /// Pays the rent of the log's account.
    // Often the same key as a signer below. Nothing borrows its data, so that is sound.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The operator.
    pub operator: Signer,
    /// Says whether the program is paused, and what bonds are posted in.
    pub config: Account<Config>,
    /// The account to create.
    #[account(
        init,
        payer = payer,
        seeds = [LOG_SEED, operator.address().as_ref(), args.name.bytes.as_ref()],
        bump
    )]
    pub log: Account<Log>,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl OpenLog {
    /// Reads only. The parameters are checked by the account itself.
    pub fn check(&self) -> Result<()> {
        self.config.check_not_paused()
    }

    /// Writes only.
    pub fn apply(&mut self, args: &OpenLogArgs, bump: u8, now: Moment) -> Result<LogOpened> {
        let log = &mut self.log;
        log.version = Log::VERSION;
        log.bump = bump;
        log.start_seconds = args.start_seconds;
        log.cadence_seconds = args.cadence_seconds;
        log.grace_seconds = args.grace_seconds;
        log.answer_window_seconds = args.answer_window_seconds;
        log.challenge_window_seconds = args.challenge_window_seconds;
        log.retention_seconds = args.retention_seconds;
        log.opened_at = now;
        log.anchoring_key_changed_at = now;
        log.promise_key_changed_at = now;
        log.promise_keys[0] = PromiseKey { from_period: 0, key: args.promise_key };
        log.founder = *self.operator.address();
        log.operator = log.founder;
        log.anchoring_key = args.anchoring_key;
        log.bond_mint = self.config.bond_mint;
        log.genesis_hash = args.genesis_hash;
        log.name = args.name;
        log.check_parameters()?;
        log.invariant()?;
        Ok(LogOpened { log: *log.address(), operator: log.operator, at: now })
    }
}
