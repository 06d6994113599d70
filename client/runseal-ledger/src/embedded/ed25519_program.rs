//! The Ed25519 program, which shows promises to the registry. The virtual machine has one of its own,
//! but that one comes with OpenSSL (docs/adr/0019).

use runseal_ed25519::{PublicKey, Signature};
use solana_instruction::error::InstructionError;
use solana_program_runtime::declare_process_instruction;

/// How many signatures, and a byte that means nothing.
const COUNT_BYTES: usize = 2;
/// Seven numbers of two bytes for each signature.
const OFFSETS_BYTES: usize = 14;
/// Stands where the index of another instruction could: here, in this one.
const THIS_INSTRUCTION: u16 = u16::MAX;

/// Why an instruction of the Ed25519 program is refused, with the number that a cluster gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ed25519Refusal {
    /// A key is no point that signs.
    #[error("a public key is not valid")]
    BadKey = 0,
    /// A signature is not the key's.
    #[error("a signature is not valid")]
    BadSignature = 2,
    /// Something is said to be where nothing is, or in another instruction, which is not looked into.
    #[error("an offset leads out of the instruction")]
    OffsetOutside = 3,
    /// It is cut off.
    #[error("the instruction is cut off")]
    CutOff = 4,
}

declare_process_instruction!(Ed25519Program, 1, |invoke_context| {
    let context = invoke_context.transaction_context.get_current_instruction_context()?;
    check_signatures(context.get_instruction_data())
        .map_err(|refusal| InstructionError::Custom(refusal as u32))
});

/// Checks every signature that an instruction of the Ed25519 program shows, strictly.
///
/// The answer is a cluster's, with two exceptions on the strict side: what is in another instruction
/// is not looked into, and a key must be canonical (docs/spec/signatures.md).
pub fn check_signatures(data: &[u8]) -> Result<(), Ed25519Refusal> {
    let cut_off = Ed25519Refusal::CutOff;
    let (&[count, _], rest) = data.split_first_chunk::<COUNT_BYTES>().ok_or(cut_off)?;
    if count == 0 && !rest.is_empty() {
        return Err(cut_off);
    }
    let (offsets, _) = rest.as_chunks::<OFFSETS_BYTES>();
    let offsets = offsets.get(..usize::from(count)).ok_or(cut_off)?;
    offsets.iter().try_for_each(|offsets| check_signature(data, offsets))
}

fn check_signature(data: &[u8], offsets: &[u8; OFFSETS_BYTES]) -> Result<(), Ed25519Refusal> {
    let (words, _) = offsets.as_chunks::<2>();
    let mut words = words.iter().map(|word| u16::from_le_bytes(*word));
    let mut next = || words.next().unwrap_or_default();
    let signature = part(data, next(), 64, next())?;
    let key = part(data, next(), 32, next())?;
    let (at, size) = (next(), next());
    let message = part(data, at, size, next());
    let signature: [u8; 64] = signature.try_into().map_err(|_| Ed25519Refusal::OffsetOutside)?;
    let key = key.try_into().map_err(|_| Ed25519Refusal::OffsetOutside)?;
    let key = PublicKey::parse(key).map_err(|_| Ed25519Refusal::BadKey)?;
    runseal_ed25519::verify(&key, message?, &Signature::from(signature))
        .map_err(|_| Ed25519Refusal::BadSignature)
}

/// A part of the instruction.
fn part(data: &[u8], at: u16, size: u16, instruction: u16) -> Result<&[u8], Ed25519Refusal> {
    let (start, size) = (usize::from(at), usize::from(size));
    let within = data.get(start..start.saturating_add(size));
    let within = within.filter(|_| instruction == THIS_INSTRUCTION);
    within.ok_or(Ed25519Refusal::OffsetOutside)
}
