//! The embedded ledger's file: a header, then one record for each transaction, only ever appended.
//!
//! A record is its payload's size (u32, little-endian), its payload's SHA-256 and the payload. The
//! file is synced after each append, so only the last record can be torn; opening drops it, for
//! nobody was told that it was written.

use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};
use wincode::{SchemaRead, SchemaWrite};

const MAGIC: [u8; 8] = *b"RSLEDGR1";
/// What the journals of all versions begin with.
const FAMILY: &[u8] = b"RSLEDGR";
const AUTHORITY_BYTES: usize = 32;
const HEADER_BYTES: usize = MAGIC.len() + AUTHORITY_BYTES;
const SIZE_BYTES: usize = 4;
const DIGEST_BYTES: usize = 32;
/// A file is rewritten on opening when it is this long and mostly of accounts that changed since.
const COMPACT_FROM_BYTES: usize = 1 << 20;

/// What one transaction, or one step of the clock, left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq, SchemaRead, SchemaWrite)]
pub(super) struct Record {
    pub(super) slot: u64,
    pub(super) unix_seconds: i64,
    /// How far the ledger's clock runs ahead of the machine's.
    pub(super) ahead_seconds: i64,
    pub(super) accounts: Vec<SavedAccount>,
}

/// An account as it stood after a transaction; one without lamports is gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, SchemaRead, SchemaWrite)]
pub(super) struct SavedAccount {
    pub(super) address: [u8; 32],
    pub(super) owner: [u8; 32],
    pub(super) lamports: u64,
    pub(super) data: Vec<u8>,
}

/// The open, locked file.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    authority: [u8; AUTHORITY_BYTES],
    /// Whether an append failed: its bytes may be half there, and nothing may follow them.
    has_failed: bool,
}

impl Journal {
    /// Says whether there is a ledger in `folder`. Where nobody may look, nobody knows.
    pub(super) fn exists(folder: &Path) -> Result<bool, JournalError> {
        Ok(path(folder).try_exists()?)
    }

    /// Makes an empty ledger in `folder`. Does nothing if there is one.
    pub(super) fn create(
        folder: &Path,
        authority: [u8; AUTHORITY_BYTES],
    ) -> Result<(), JournalError> {
        if Self::exists(folder)? {
            return Ok(());
        }
        fs::create_dir_all(folder)?;
        replace(folder, &[MAGIC.as_slice(), &authority].concat())
    }

    /// Opens and locks the ledger in `folder` and returns what its records add up to.
    pub(super) fn open(folder: &Path) -> Result<(Self, Record), JournalError> {
        let (mut file, mut bytes) = lock_and_read(folder)?;
        let (header, body) =
            bytes.split_at_checked(HEADER_BYTES).ok_or(JournalError::NotALedger)?;
        let authority = header
            .strip_prefix(&MAGIC)
            .and_then(|authority| authority.first_chunk().copied())
            .ok_or_else(|| foreign(header))?;
        let (sum, kept) = replay(body)?;
        let live = encode(&sum)?;
        let whole = HEADER_BYTES + kept;
        if whole > COMPACT_FROM_BYTES && whole > 4 * live.len() {
            bytes.truncate(HEADER_BYTES);
            bytes.extend_from_slice(&live);
            replace(folder, &bytes)?;
            drop(file);
            (file, _) = lock_and_read(folder)?;
        } else {
            file.set_len(u64::try_from(whole).unwrap_or(u64::MAX))?;
        }
        file.seek(SeekFrom::End(0))?;
        Ok((Self { file, authority, has_failed: false }, sum))
    }

    /// Returns who may configure and upgrade this ledger's program.
    pub(super) fn authority(&self) -> [u8; AUTHORITY_BYTES] {
        self.authority
    }

    /// Appends `record`; it is on disk when this returns. After an error nothing is appended any more:
    /// what opens the file the next time finds out what is whole.
    pub(super) fn append(&mut self, record: &Record) -> Result<(), JournalError> {
        if self.has_failed {
            return Err(JournalError::Failed);
        }
        let bytes = encode(record)?;
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        self.has_failed = written.is_err();
        Ok(written?)
    }
}

/// A process that is just being forked has the file open too, until it becomes another program. The
/// lock is of the file and not of whoever has it open, so it is given back and not only dropped.
impl Drop for Journal {
    fn drop(&mut self) {
        drop(self.file.unlock());
    }
}

fn foreign(header: &[u8]) -> JournalError {
    match header.starts_with(FAMILY) {
        true => JournalError::OtherVersion,
        false => JournalError::NotALedger,
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join("journal")
}

/// Writes the whole file beside the old one, then puts it in its place.
fn replace(folder: &Path, bytes: &[u8]) -> Result<(), JournalError> {
    let part = folder.join("journal.part");
    let mut file = File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&part, path(folder))?;
    Ok(File::open(folder)?.sync_all()?)
}

fn lock_and_read(folder: &Path) -> Result<(File, Vec<u8>), JournalError> {
    let mut file = OpenOptions::new().read(true).write(true).open(path(folder))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(JournalError::InUse),
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok((file, bytes))
}

fn encode(record: &Record) -> Result<Vec<u8>, JournalError> {
    let payload = wincode::serialize(record).map_err(|_| JournalError::TooLarge)?;
    let size = u32::try_from(payload.len()).map_err(|_| JournalError::TooLarge)?;
    Ok([size.to_le_bytes().as_slice(), &Sha256::digest(&payload), &payload].concat())
}

/// Adds up the records in `body` and returns how many of its bytes are whole records.
fn replay(body: &[u8]) -> Result<(Record, usize), JournalError> {
    let mut sum = Record::default();
    let mut accounts = BTreeMap::new();
    let mut rest = body;
    while let Some((record, after)) = next_record(rest, body.len() - rest.len())? {
        (sum.slot, sum.unix_seconds) = (record.slot, record.unix_seconds);
        sum.ahead_seconds = record.ahead_seconds;
        for account in record.accounts {
            accounts.insert(account.address, account);
        }
        rest = after;
    }
    sum.accounts = accounts.into_values().collect();
    Ok((sum, body.len() - rest.len()))
}

/// Splits the first record off `rest`; `None` at the end or before a torn last record.
fn next_record(rest: &[u8], offset: usize) -> Result<Option<(Record, &[u8])>, JournalError> {
    let corrupt = JournalError::Corrupt { offset: HEADER_BYTES + offset };
    let Some((size, after_size)) = rest.split_first_chunk::<SIZE_BYTES>() else {
        return Ok(None);
    };
    let size = usize::try_from(u32::from_le_bytes(*size)).map_err(|_| JournalError::TooLarge)?;
    let Some((digest, after_digest)) = after_size.split_first_chunk::<DIGEST_BYTES>() else {
        return Ok(None);
    };
    let Some((payload, after)) = after_digest.split_at_checked(size) else {
        return Ok(None);
    };
    if Sha256::digest(payload)[..] != *digest {
        // Some file systems lengthen a file before they fill it: zeros to the end are a torn tail.
        let torn = after.is_empty() || rest.iter().all(|byte| *byte == 0);
        return if torn { Ok(None) } else { Err(corrupt) };
    }
    let record = wincode::deserialize(payload).map_err(|_| corrupt)?;
    Ok(Some((record, after)))
}

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process has it open.
    #[error("another process is using it; stop that process or choose another folder")]
    InUse,
    /// It is some other file.
    #[error("its journal is not one of Runseal's")]
    NotALedger,
    /// It is of a version that is not known here.
    #[error("another version of runseal made its journal; use that one")]
    OtherVersion,
    /// Bytes that were written whole are no longer what they were.
    #[error("its journal is damaged at byte {offset}; restore it from a backup")]
    Corrupt {
        /// Where the damaged record begins.
        offset: usize,
    },
    /// One transaction's accounts do not fit a record.
    #[error("a record would be larger than 4 GiB")]
    TooLarge,
    /// What was written last is not known to be there.
    #[error("it could not be written to before; start again when that is mended")]
    Failed,
    /// The machine's own error.
    #[error("{0}; see to the permissions, and to the room on the disk")]
    Io(#[from] io::Error),
}

#[cfg(test)]
mod tests;
