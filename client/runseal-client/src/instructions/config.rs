//! What the config's authority does.

use super::{SYSTEM_PROGRAM, build};
use crate::registry::{PROGRAM, config_address, program_data_address};
use runseal_registry::{
    accounts, instruction,
    instructions::{InitializeConfigArgs, SetParametersArgs},
};
use solana_address::Address;
use solana_instruction::Instruction;

/// Creates the config account.
pub fn initialize(
    payer: Address,
    upgrade_authority: Address,
    args: InitializeConfigArgs,
) -> Instruction {
    let accounts = accounts::InitializeConfig {
        payer,
        upgrade_authority,
        program_data: program_data_address(&PROGRAM),
        config: config_address(),
        system_program: SYSTEM_PROGRAM,
    };
    build(&accounts, &instruction::InitializeConfig { args })
}

/// Asks `pending` to take over.
pub fn propose_authority(authority: Address, pending: Address) -> Instruction {
    let accounts = accounts::ConfigAuthority { signer: authority, config: config_address() };
    build(&accounts, &instruction::ProposeConfigAuthority { pending })
}

/// Takes over.
pub fn accept_authority(proposed: Address) -> Instruction {
    let accounts = accounts::ConfigAuthority { signer: proposed, config: config_address() };
    build(&accounts, &instruction::AcceptConfigAuthority {})
}

/// Withdraws the proposal.
pub fn cancel_authority(authority: Address) -> Instruction {
    let accounts = accounts::ConfigAuthority { signer: authority, config: config_address() };
    build(&accounts, &instruction::CancelConfigAuthority {})
}

/// Sets every parameter anew.
pub fn set_parameters(authority: Address, args: SetParametersArgs) -> Instruction {
    let accounts = accounts::SetParameters { authority, config: config_address() };
    build(&accounts, &instruction::SetParameters { args })
}

/// Stops or allows what is new.
pub fn set_pause(authority: Address, paused: bool) -> Instruction {
    let accounts = accounts::SetPause { authority, config: config_address() };
    build(&accounts, &instruction::SetPause { paused: u8::from(paused) })
}
