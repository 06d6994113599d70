//! Proofs that the program checks, for other programs and for whoever wants the chain's word.

use super::build;
use runseal_registry::{accounts, instruction, instructions::AbsenceArgs, state::Leaf};
use solana_address::Address;
use solana_instruction::Instruction;

/// Checks that a leaf is in a period.
pub fn verify_inclusion(
    anchor: Address,
    index: u64,
    leaf: Leaf,
    path: Vec<[u8; 32]>,
) -> Instruction {
    let accounts = accounts::VerifyInclusion { anchor };
    build(&accounts, &instruction::VerifyInclusion { index, leaf, path })
}

/// Checks that a receipt is not in a period.
pub fn verify_absence(anchor: Address, args: AbsenceArgs, proof: Vec<[u8; 32]>) -> Instruction {
    let accounts = accounts::VerifyAbsence { anchor };
    build(&accounts, &instruction::VerifyAbsence { args, proof })
}

/// Checks that a log has an anchor.
pub fn verify_anchor_in_log(
    log: Address,
    period: u64,
    anchor_hash: [u8; 32],
    path: Vec<[u8; 32]>,
) -> Instruction {
    let accounts = accounts::VerifyAnchorInLog { log };
    build(&accounts, &instruction::VerifyAnchorInLog { period, anchor_hash, path })
}
