use crate::{
    events::LogKeysRotated,
    state::{Log, Moment, PromiseKey},
    RegistryError,
};
use anchor_lang::prelude::*;

/// The new keys; the default address leaves a key as it is.
#[derive(Clone, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct RotateLogKeysArgs {
    /// Posts anchors from now on.
    pub anchoring_key: Address,
    /// Promises from the next period on.
    pub promise_key: Address,
}

/// The accounts of `rotate_log_keys`.
#[derive(Accounts)]
pub struct RotateLogKeys {
    /// The operator.
    pub operator: Signer,
    /// The log.
    #[account(mut)]
    pub log: Account<Log>,
}

impl RotateLogKeys {
    /// Reads only.
    pub fn check(&self, args: &RotateLogKeysArgs, now: Moment) -> Result<()> {
        self.log.check_operator(self.operator.address())?;
        let nothing = Address::default();
        let something = args.anchoring_key != nothing || args.promise_key != nothing;
        require!(something, RegistryError::AddressNotSet);
        if args.promise_key == nothing {
            return Ok(());
        }
        let [newest, .., before_oldest, oldest] = &self.log.promise_keys;
        let from_period = self.log.first_period_after(now.unix_seconds);
        require!(from_period > newest.from_period, RegistryError::RotatedThisPeriod);
        // The oldest key is about to be forgotten, so no promise of its last period may be open to
        // a challenge any more.
        if oldest.key != nothing {
            let last_period = before_oldest.from_period.saturating_sub(1);
            let over = now.unix_seconds > self.log.challenge_deadline(last_period)?;
            require!(over, RegistryError::PromiseKeysFull);
        }
        Ok(())
    }

    /// Writes only.
    pub fn apply(&mut self, args: &RotateLogKeysArgs, now: Moment) -> Result<LogKeysRotated> {
        let log = &mut self.log;
        if args.anchoring_key != Address::default() {
            log.anchoring_key = args.anchoring_key;
            log.anchoring_key_changed_at = now;
        }
        if args.promise_key != Address::default() {
            let from_period = log.first_period_after(now.unix_seconds);
            log.promise_keys.rotate_right(1);
            log.promise_keys[0] = PromiseKey { from_period, key: args.promise_key };
            log.promise_key_changed_at = now;
        }
        log.invariant()?;
        Ok(LogKeysRotated {
            log: *log.address(),
            anchoring_key: log.anchoring_key,
            promise_key: log.promise_keys[0].key,
            at: now,
        })
    }
}
