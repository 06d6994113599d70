//! What operators put at stake, and when they can have it back.

use runseal_registry::state::{Config, Log};

/// Returns the Unix time behind which an operator can withdraw what he asked for, as the program
/// reckons it; `None` if he asked for nothing.
///
/// The notice is never shorter than the time in which a promise that was given until the request can
/// be challenged. While a claim is open, nothing is paid out all the same.
pub fn withdrawable_from(log: &Log, config: &Config) -> Option<i64> {
    if log.unbond_amount == 0 {
        return None;
    }
    let windows = [log.grace_seconds, log.challenge_window_seconds, log.answer_window_seconds];
    let challengeable = windows
        .into_iter()
        .try_fold(log.cadence_seconds, |sum, seconds| sum.checked_add(seconds))?;
    let notice = config.unbond_notice_seconds.max(challengeable);
    log.unbond_requested_at.unix_seconds.checked_add_unsigned(notice)
}
