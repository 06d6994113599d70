//! What runs under the registry's address, and who may change it.

use crate::{
    ledger::{Ledger, LedgerError, RawAccount},
    registry::{PROGRAM, program_data_address},
};
use runseal_registry::instructions::find_upgrade_authority;
use sha2::{Digest, Sha256};
use solana_address::Address;

/// The loader of programs that can be replaced.
pub(crate) const LOADER: Address = solana_sdk_ids::bpf_loader_upgradeable::ID;
/// What the loader keeps before a program's bytes: state (u32), slot (u64), a flag and a key.
pub(crate) const METADATA_BYTES: usize = 45;

/// The registry program as a ledger has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployed {
    /// The account that holds its bytes.
    pub program_data: Address,
    /// Who may put other bytes there; `None` if nobody can any more.
    pub upgrade_authority: Option<Address>,
    /// The slot of the last deployment.
    pub slot: u64,
    /// The program, without the zeros at its end: the loader leaves room for larger ones.
    pub bytes: Vec<u8>,
    /// How many bytes a program may have that takes its place.
    pub room_bytes: usize,
}

impl Deployed {
    /// Returns the SHA-256 of the program without the zeros at its end, as other tools give it.
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.bytes).into()
    }

    /// Says whether these are the bytes of `program`, but for zeros at the end.
    pub fn is(&self, program: &[u8]) -> bool {
        self.bytes == without_padding(program)
    }
}

/// Reads the registry program from a ledger; `None` if it has none.
pub async fn find(ledger: &impl Ledger) -> Result<Option<Deployed>, ProgramError> {
    find_at(ledger, &PROGRAM).await
}

/// Reads the program at an address; `None` if there is none.
pub async fn find_at(
    ledger: &impl Ledger,
    program: &Address,
) -> Result<Option<Deployed>, ProgramError> {
    let read = ledger.read(&[*program, program_data_address(program)]).await?;
    match <[_; 2]>::try_from(read) {
        Ok([Some(program), Some(data)]) => parse(&program, &data).map(Some),
        Ok([Some(_), None]) => Err(ProgramError::NoBytes),
        _ => Ok(None),
    }
}

fn parse(program: &RawAccount, data: &RawAccount) -> Result<Deployed, ProgramError> {
    /// How the loader marks an account that points to a program's data.
    const PROGRAM_STATE: [u8; 4] = 2u32.to_le_bytes();
    if program.owner != LOADER {
        return Err(ProgramError::OtherLoader { owner: program.owner });
    }
    let pointer = program.data.strip_prefix(&PROGRAM_STATE);
    if data.owner != LOADER || pointer != Some(data.address.as_ref()) {
        return Err(ProgramError::NoBytes);
    }
    let (metadata, bytes) =
        data.data.split_at_checked(METADATA_BYTES).ok_or(ProgramError::NoBytes)?;
    let upgrade_authority = find_upgrade_authority(metadata).ok_or(ProgramError::NoBytes)?;
    let slot = metadata.get(4..).and_then(<[u8]>::first_chunk).ok_or(ProgramError::NoBytes)?;
    Ok(Deployed {
        program_data: data.address,
        upgrade_authority,
        slot: u64::from_le_bytes(*slot),
        bytes: without_padding(bytes).to_vec(),
        room_bytes: bytes.len(),
    })
}

fn without_padding(program: &[u8]) -> &[u8] {
    let size = program.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
    program.get(..size).unwrap_or_default()
}

/// Why it cannot be said what a ledger runs.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// The ledger did not say.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Something else than a program of the upgradeable loader is at the address.
    #[error("the registry's address belongs to {owner}, not to the upgradeable loader")]
    OtherLoader {
        /// Who owns it.
        owner: Address,
    },
    /// The program was closed, or its accounts are not a loader's.
    #[error("the registry's address has no program behind it")]
    NoBytes,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts(slot: u64, flag: u8, bytes: &[u8]) -> (RawAccount, RawAccount) {
        let account = |address, data| RawAccount { address, owner: LOADER, lamports: 1, data };
        let data = program_data_address(&PROGRAM);
        let pointer = [2u32.to_le_bytes().as_slice(), data.as_ref()].concat();
        let (state, slot) = (3u32.to_le_bytes(), slot.to_le_bytes());
        let metadata = [state.as_slice(), &slot, &[flag], &[7; 32]].concat();
        (account(PROGRAM, pointer), account(data, [metadata.as_slice(), bytes].concat()))
    }

    #[test]
    fn what_the_loader_keeps_is_taken_apart() {
        let (program, data) = accounts(99, 1, &[1, 2, 0, 3, 0, 0]);
        let deployed = parse(&program, &data).unwrap();
        assert_eq!((deployed.slot, deployed.bytes.as_slice()), (99, [1, 2, 0, 3].as_slice()));
        assert_eq!(deployed.upgrade_authority, Some(Address::new_from_array([7; 32])));
        assert!(deployed.is(&[1, 2, 0, 3]) && deployed.is(&[1, 2, 0, 3, 0]));
        for other in [&[1, 2, 0, 3, 1][..], &[1, 2, 0], &[0, 1, 2, 0, 3], &[]] {
            assert!(!deployed.is(other), "{other:?}");
        }
        let (program, data) = accounts(99, 0, &[1]);
        assert_eq!(parse(&program, &data).unwrap().upgrade_authority, None);
    }

    #[test]
    fn what_is_no_program_is_refused() {
        let wrongs: [fn(&mut RawAccount, &mut RawAccount); 7] = [
            |program, _| program.owner = Address::default(),
            |_, data| data.owner = Address::default(),
            |program, _| program.data[0] = 0,
            |program, _| program.data[4] ^= 1,
            |_, data| data.data[0] = 0,
            |_, data| data.data[12] = 2,
            |_, data| data.data.truncate(44),
        ];
        for (index, wrong) in wrongs.into_iter().enumerate() {
            let (mut program, mut data) = accounts(1, 1, &[1]);
            wrong(&mut program, &mut data);
            assert!(parse(&program, &data).is_err(), "{index}");
        }
    }
}
