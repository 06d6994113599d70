//! What vendors and agents do.

use super::{SYSTEM_PROGRAM, build};
use crate::registry::{agent_address, config_address, version_address};
use runseal_registry::{
    accounts, instruction,
    instructions::{PublishVersionArgs, RegisterAgentArgs},
    state::AgentStatus,
};
use solana_address::Address;
use solana_instruction::Instruction;

/// Registers an agent.
pub fn register(
    payer: Address,
    authority: Address,
    identity: Address,
    args: RegisterAgentArgs,
) -> Instruction {
    let accounts = accounts::RegisterAgent {
        payer,
        authority,
        identity,
        config: config_address(),
        agent: agent_address(&identity),
        system_program: SYSTEM_PROGRAM,
    };
    build(&accounts, &instruction::RegisterAgent { args })
}

/// Asks `pending` to take over an agent.
pub fn propose_authority(authority: Address, agent: Address, pending: Address) -> Instruction {
    let accounts = accounts::AgentAuthority { signer: authority, agent };
    build(&accounts, &instruction::ProposeAgentAuthority { pending })
}

/// Takes over an agent.
pub fn accept_authority(proposed: Address, agent: Address) -> Instruction {
    let accounts = accounts::AgentAuthority { signer: proposed, agent };
    build(&accounts, &instruction::AcceptAgentAuthority {})
}

/// Withdraws the proposal.
pub fn cancel_authority(authority: Address, agent: Address) -> Instruction {
    let accounts = accounts::AgentAuthority { signer: authority, agent };
    build(&accounts, &instruction::CancelAgentAuthority {})
}

/// Sets manifest, URI and cadence anew.
pub fn update(authority: Address, agent: Address, args: RegisterAgentArgs) -> Instruction {
    let accounts = accounts::UpdateAgent { authority, agent };
    build(&accounts, &instruction::UpdateAgent { args })
}

/// Moves an agent to another status.
pub fn set_status(authority: Address, agent: Address, status: AgentStatus) -> Instruction {
    let accounts = accounts::SetAgentStatus { authority, agent };
    build(&accounts, &instruction::SetAgentStatus { status: status as u8 })
}

/// Shows that an agent is alive.
pub fn heartbeat(identity: Address) -> Instruction {
    let accounts = accounts::Heartbeat { identity, agent: agent_address(&identity) };
    build(&accounts, &instruction::Heartbeat {})
}

/// Publishes the agent's next version, which gets this index.
pub fn publish_version(
    payer: Address,
    authority: Address,
    agent: Address,
    index: u64,
    args: PublishVersionArgs,
) -> Instruction {
    let accounts = accounts::PublishVersion {
        payer,
        authority,
        agent,
        version: version_address(&agent, index),
        system_program: SYSTEM_PROGRAM,
    };
    build(&accounts, &instruction::PublishVersion { args })
}

/// Withdraws a version.
pub fn yank_version(authority: Address, agent: Address, version: Address) -> Instruction {
    let accounts = accounts::YankVersion { authority, agent, version };
    build(&accounts, &instruction::YankVersion {})
}
