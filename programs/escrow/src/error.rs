//! Every way in which this program says no. What the registry refuses has the registry's numbers.

use anchor_lang::prelude::*;

/// A refusal: its number is stable, its message says what is wrong.
#[error_code(offset = 0)]
#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant's message documents it")]
pub enum EscrowError {
    #[msg("the amount is zero")]
    AmountIsZero = 6000,
    #[msg("the payee is the default address")]
    PayeeNotSet = 6001,
    #[msg("the deadline is not ahead, or more than 366 days")]
    DeadlineOutOfRange = 6002,
    #[msg("the token account is not the one that belongs here")]
    WrongTokenAccount = 6003,
    #[msg("the account is not the payer's")]
    NotPayer = 6004,
    #[msg("the anchor is of another log than the agreed one")]
    AnchorOfOtherLog = 6005,
    #[msg("the registry did not answer what it answers to a proof")]
    UnexpectedAnswer = 6006,
    #[msg("the deadline is over, and the tokens go back")]
    DeadlineOver = 6007,
    #[msg("the deadline is not over, and the receipt may still come")]
    DeadlineNotOver = 6008,
    #[msg("the account's layout version is unknown")]
    UnknownLayoutVersion = 6009,
}
