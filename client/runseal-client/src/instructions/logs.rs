//! What operators and auditors do.

use super::{SYSTEM_PROGRAM, build};
use crate::registry::{
    anchor_address, auditor_address, config_address, cosignature_address, log_address,
};
use runseal_registry::{
    accounts, instruction,
    instructions::{OpenLogArgs, PostAnchorArgs, RegisterAuditorArgs, RotateLogKeysArgs},
    state::Name,
};
use solana_address::Address;
use solana_instruction::Instruction;

/// Opens a log.
pub fn open(payer: Address, operator: Address, args: OpenLogArgs) -> Instruction {
    let accounts = accounts::OpenLog {
        payer,
        operator,
        config: config_address(),
        log: log_address(&operator, &args.name),
        system_program: SYSTEM_PROGRAM,
    };
    build(&accounts, &instruction::OpenLog { args })
}

/// Asks `pending` to take over a log.
pub fn propose_operator(operator: Address, log: Address, pending: Address) -> Instruction {
    let accounts = accounts::LogOperator { signer: operator, log };
    build(&accounts, &instruction::ProposeOperator { pending })
}

/// Takes over a log.
pub fn accept_operator(proposed: Address, log: Address) -> Instruction {
    let accounts = accounts::LogOperator { signer: proposed, log };
    build(&accounts, &instruction::AcceptOperator {})
}

/// Withdraws the proposal.
pub fn cancel_operator(operator: Address, log: Address) -> Instruction {
    let accounts = accounts::LogOperator { signer: operator, log };
    build(&accounts, &instruction::CancelOperator {})
}

/// Changes a log's keys.
pub fn rotate_keys(operator: Address, log: Address, args: RotateLogKeysArgs) -> Instruction {
    let accounts = accounts::RotateLogKeys { operator, log };
    build(&accounts, &instruction::RotateLogKeys { args })
}

/// Anchors the next period.
pub fn post_anchor(
    payer: Address,
    anchoring_key: Address,
    log: Address,
    args: PostAnchorArgs,
) -> Instruction {
    let accounts = accounts::PostAnchor {
        payer,
        anchoring_key,
        log,
        anchor: anchor_address(&log, args.period),
        system_program: SYSTEM_PROGRAM,
    };
    build(&accounts, &instruction::PostAnchor { args })
}

/// Closes an anchor's account; `payer` is who paid for it.
pub fn close_anchor(operator: Address, payer: Address, log: Address, period: u64) -> Instruction {
    let anchor = anchor_address(&log, period);
    let accounts = accounts::CloseAnchor { operator, payer, log, anchor };
    build(&accounts, &instruction::CloseAnchor {})
}

/// Registers a key that cosigns for an organisation.
pub fn register_auditor(
    payer: Address,
    authority: Address,
    args: RegisterAuditorArgs,
) -> Instruction {
    let accounts = accounts::RegisterAuditor {
        payer,
        authority,
        config: config_address(),
        auditor: auditor_address(&args.auditor_authority),
        system_program: SYSTEM_PROGRAM,
    };
    build(&accounts, &instruction::RegisterAuditor { args })
}

/// Cosigns an anchor for an organisation.
pub fn cosign_anchor(
    payer: Address,
    authority: Address,
    anchor: Address,
    organisation: &Name,
    anchor_hash: [u8; 32],
) -> Instruction {
    let accounts = accounts::CosignAnchor {
        payer,
        authority,
        auditor: auditor_address(&authority),
        anchor,
        cosignature: cosignature_address(&anchor, organisation),
        system_program: SYSTEM_PROGRAM,
    };
    build(&accounts, &instruction::CosignAnchor { anchor_hash })
}
