//! That the Ed25519 program checked a signature in the instruction before this one.

use crate::{RegistryError, state::Promise};
use anchor_lang::prelude::*;

/// Address of the sysvar that shows a transaction's instructions.
pub(crate) const INSTRUCTIONS_SYSVAR: Address =
    Address::from_str_const("Sysvar1nstructions1111111111111111111111111");
const ED25519_PROGRAM: Address =
    Address::from_str_const("Ed25519SigVerify111111111111111111111111111");

/// The Ed25519 program's own layout: how many signatures, a byte of padding, then for each where to
/// find signature, key and message, and in which instruction.
const HEADER_BYTES: usize = 2 + 7 * 2;
const SIGNATURE_BYTES: usize = 64;
const KEY_BYTES: usize = 32;
/// Says that something is in the Ed25519 instruction itself.
const THIS_INSTRUCTION: u16 = u16::MAX;

/// Refuses unless the instruction before this one is the Ed25519 program's, and what it checked is
/// one signature, by `key`, over `promise`, all of it in its own data.
///
/// The data has to be laid out in the one way that the usual builders lay it out: header, key,
/// signature, message, and nothing else. So no offset can point anywhere else.
pub(crate) fn check_promise(sysvar: &AccountView, key: &Address, promise: &Promise) -> Result<()> {
    let data = sysvar.try_borrow()?;
    let (program, instruction) =
        instruction_before(&data).ok_or(RegistryError::SignatureMissing)?;
    require!(*program == ED25519_PROGRAM.to_bytes(), RegistryError::SignatureMissing);
    let (header, rest) =
        instruction.split_first_chunk::<HEADER_BYTES>().ok_or(RegistryError::SignatureElsewhere)?;
    let (signer, rest) =
        rest.split_first_chunk::<KEY_BYTES>().ok_or(RegistryError::SignatureElsewhere)?;
    let (_signature, message) =
        rest.split_first_chunk::<SIGNATURE_BYTES>().ok_or(RegistryError::SignatureElsewhere)?;
    require!(*header == expected_header(message.len()), RegistryError::SignatureElsewhere);
    require!(*signer == key.to_bytes(), RegistryError::SignatureByOtherKey);
    require!(promise.is_said_by(message), RegistryError::SignatureOverOther);
    Ok(())
}

fn expected_header(message_size: usize) -> [u8; HEADER_BYTES] {
    const KEY_OFFSET: u16 = HEADER_BYTES as u16;
    const SIGNATURE_OFFSET: u16 = KEY_OFFSET + KEY_BYTES as u16;
    const MESSAGE_OFFSET: u16 = SIGNATURE_OFFSET + SIGNATURE_BYTES as u16;
    let message_size = u16::try_from(message_size).unwrap_or(0);
    let fields = [
        1u16,
        SIGNATURE_OFFSET,
        THIS_INSTRUCTION,
        KEY_OFFSET,
        THIS_INSTRUCTION,
        MESSAGE_OFFSET,
        message_size,
        THIS_INSTRUCTION,
    ];
    let mut header = [0; HEADER_BYTES];
    let (words, _) = header.as_chunks_mut::<2>();
    words.iter_mut().zip(fields).for_each(|(to, from)| *to = from.to_le_bytes());
    header
}

/// Finds the program and the data of the instruction before the one that runs, in the sysvar's
/// layout: a count and as many offsets, the instructions, the index of the one that runs.
fn instruction_before(sysvar: &[u8]) -> Option<(&[u8; 32], &[u8])> {
    const META_BYTES: usize = 33;
    let (_, running) = sysvar.split_last_chunk::<2>()?;
    let index = usize::from(u16::from_le_bytes(*running).checked_sub(1)?);
    let offset = usize::from(read_u16(sysvar, 2usize.checked_add(index.checked_mul(2)?)?)?);
    let account_count = usize::from(read_u16(sysvar, offset)?);
    let program_at = offset.checked_add(2)?.checked_add(account_count.checked_mul(META_BYTES)?)?;
    let program = sysvar.get(program_at..)?.first_chunk::<32>()?;
    let size_at = program_at.checked_add(32)?;
    let size = usize::from(read_u16(sysvar, size_at)?);
    let data_at = size_at.checked_add(2)?;
    Some((program, sysvar.get(data_at..data_at.checked_add(size)?)?))
}

fn read_u16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk::<2>()?))
}
