//! What an operator puts at stake.

use super::{SYSTEM_PROGRAM, TOKEN_PROGRAM, build};
use crate::registry::{bond_address, config_address};
use runseal_registry::{accounts, instruction};
use solana_address::Address;
use solana_instruction::Instruction;

/// Adds tokens from the depositor's account `source` to a log's bond.
pub fn deposit(
    payer: Address,
    depositor: Address,
    log: Address,
    mint: Address,
    source: Address,
    amount: u64,
) -> Instruction {
    let accounts = accounts::DepositBond {
        payer,
        depositor,
        log,
        mint,
        bond_account: bond_address(&log),
        source,
        token_program: TOKEN_PROGRAM,
        system_program: SYSTEM_PROGRAM,
    };
    build(&accounts, &instruction::DepositBond { amount })
}

/// Asks for a part of the bond; zero takes the request back.
pub fn request_unbond(operator: Address, log: Address, amount: u64) -> Instruction {
    let accounts = accounts::RequestUnbond { operator, log };
    build(&accounts, &instruction::RequestUnbond { amount })
}

/// Pays out what was asked for, to the operator's token account.
pub fn withdraw(operator: Address, log: Address, destination: Address) -> Instruction {
    let accounts = accounts::WithdrawBond {
        operator,
        config: config_address(),
        log,
        bond_account: bond_address(&log),
        destination,
        token_program: TOKEN_PROGRAM,
    };
    build(&accounts, &instruction::WithdrawBond {})
}
