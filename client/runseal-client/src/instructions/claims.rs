//! Accusations and answers.

use super::{SYSTEM_PROGRAM, TOKEN_PROGRAM, build};
use crate::registry::{anchor_address, bond_address, claim_address, config_address};
use runseal_registry::{
    accounts, instruction,
    instructions::{ChallengePromiseArgs, SlashingAddresses},
    state::{ClaimKind, Leaf, Promise},
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signature::Signature;

const ED25519_PROGRAM: Address =
    Address::from_str_const("Ed25519SigVerify111111111111111111111111111");
const INSTRUCTIONS_SYSVAR: Address =
    Address::from_str_const("Sysvar1nstructions1111111111111111111111111");

/// Has the Ed25519 program check a promise's signature. It stands right before the challenge.
///
/// Header, key, signature, message: the one layout that the registry takes.
pub fn show_promise(key: &Address, signature: &Signature, promise: &Promise) -> Instruction {
    const KEY_OFFSET: u16 = 16;
    const SIGNATURE_OFFSET: u16 = KEY_OFFSET + 32;
    const MESSAGE_OFFSET: u16 = SIGNATURE_OFFSET + 64;
    const THIS: u16 = u16::MAX;
    let message = promise.message();
    let size = u16::try_from(message.len()).unwrap_or(u16::MAX);
    let fields = [1, SIGNATURE_OFFSET, THIS, KEY_OFFSET, THIS, MESSAGE_OFFSET, size, THIS];
    let header = fields.iter().flat_map(|field: &u16| field.to_le_bytes());
    let mut data: Vec<u8> = header.collect();
    data.extend_from_slice(key.as_ref());
    data.extend_from_slice(signature.as_ref());
    data.extend_from_slice(&message);
    Instruction { program_id: ED25519_PROGRAM, accounts: Vec::new(), data }
}

/// Challenges the promise that the instruction before this one shows.
pub fn challenge(claimant: Address, log: Address, args: ChallengePromiseArgs) -> Instruction {
    let agent = Address::new_from_array(args.agent);
    let claim = claim_address(
        &log,
        ClaimKind::BrokenPromise,
        args.period,
        &agent,
        args.sequence,
        &args.digest,
    );
    let accounts = accounts::ChallengePromise {
        claimant,
        config: config_address(),
        log,
        claim,
        instructions: INSTRUCTIONS_SYSVAR,
        system_program: SYSTEM_PROGRAM,
    };
    build(&accounts, &instruction::ChallengePromise { args })
}

/// Answers a challenge with the receipt's place in its period. The operator need not sign.
pub fn answer(
    operator: Address,
    log: Address,
    period: u64,
    claim: Address,
    index: u64,
    path: Vec<[u8; 32]>,
) -> Instruction {
    let anchor = anchor_address(&log, period);
    let accounts = accounts::AnswerChallenge { operator, log, anchor, claim };
    build(&accounts, &instruction::AnswerChallenge { index, path })
}

/// Who gets what when a claim is upheld.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slash {
    /// The log.
    pub log: Address,
    /// The claim.
    pub claim: Address,
    /// The claimant.
    pub claimant: Address,
    /// The claimant's token account.
    pub claimant_tokens: Address,
    /// The treasury's token account.
    pub treasury_tokens: Address,
}

impl Slash {
    fn accounts(self) -> SlashingAddresses {
        SlashingAddresses {
            config: config_address(),
            log: self.log,
            claim: self.claim,
            claimant: self.claimant,
            bond_account: bond_address(&self.log),
            claimant_tokens: self.claimant_tokens,
            treasury_tokens: self.treasury_tokens,
            token_program: TOKEN_PROGRAM,
        }
    }
}

/// Upholds a challenge that nobody answered in time.
pub fn settle(slash: Slash) -> Instruction {
    let accounts = accounts::SettleChallenge { slashing: slash.accounts() };
    build(&accounts, &instruction::SettleChallenge {})
}

/// Shows the first of two leaves that are not in order.
pub fn open_disorder(
    claimant: Address,
    log: Address,
    period: u64,
    index: u64,
    leaf: Leaf,
    path: Vec<[u8; 32]>,
) -> Instruction {
    let agent = Address::new_from_array(leaf.agent);
    let accounts = accounts::OpenDisorderClaim {
        claimant,
        log,
        anchor: anchor_address(&log, period),
        claim: claim_address(&log, ClaimKind::Disorder, period, &agent, index, &leaf.digest),
        system_program: SYSTEM_PROGRAM,
    };
    build(&accounts, &instruction::OpenDisorderClaim { index, leaf, path })
}

/// Shows the second.
pub fn prove_disorder(slash: Slash, period: u64, leaf: Leaf, path: Vec<[u8; 32]>) -> Instruction {
    let accounts = accounts::ProveDisorder {
        anchor: anchor_address(&slash.log, period),
        slashing: slash.accounts(),
    };
    build(&accounts, &instruction::ProveDisorder { leaf, path })
}
