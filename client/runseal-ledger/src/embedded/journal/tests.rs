use super::*;

const AUTHORITY: [u8; 32] = [9; 32];

fn record(slot: u64, addresses: &[u8]) -> Record {
    let accounts = addresses
        .iter()
        .map(|address| SavedAccount {
            address: [*address; 32],
            lamports: slot,
            data: vec![*address; 5],
            ..SavedAccount::default()
        })
        .collect();
    Record { slot, unix_seconds: 7, ahead_seconds: 1, accounts }
}

/// A ledger with three records, closed.
fn three_records() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    Journal::create(folder.path(), AUTHORITY).unwrap();
    let (mut journal, _) = Journal::open(folder.path()).unwrap();
    for slot in 1..=3 {
        journal.append(&record(slot, &[1, 2])).unwrap();
    }
    folder
}

fn reopened_slot(folder: &Path) -> Result<u64, JournalError> {
    Journal::open(folder).map(|(_, sum)| sum.slot)
}

#[test]
fn the_last_record_of_each_account_wins() {
    let folder = three_records();
    let (journal, sum) = Journal::open(folder.path()).unwrap();
    assert_eq!(journal.authority(), AUTHORITY);
    assert_eq!(sum, record(3, &[1, 2]));
}

#[test]
fn a_tail_torn_at_any_byte_loses_only_the_record_that_nobody_was_told_of() {
    let folder = three_records();
    let whole = fs::read(path(folder.path())).unwrap();
    let record_bytes = encode(&record(3, &[1, 2])).unwrap().len();
    for cut in 1..=record_bytes {
        fs::write(path(folder.path()), &whole[..whole.len() - cut]).unwrap();
        assert_eq!(reopened_slot(folder.path()).unwrap(), 2, "cut {cut} bytes");
        let (mut journal, _) = Journal::open(folder.path()).unwrap();
        journal.append(&record(4, &[1])).unwrap();
        drop(journal);
        assert_eq!(reopened_slot(folder.path()).unwrap(), 4, "cut {cut} bytes, then appended");
    }
}

#[test]
fn a_tail_of_zeros_is_a_torn_one() {
    let folder = three_records();
    let mut bytes = fs::read(path(folder.path())).unwrap();
    bytes.extend_from_slice(&[0; 100]);
    fs::write(path(folder.path()), &bytes).unwrap();
    assert_eq!(reopened_slot(folder.path()).unwrap(), 3);
}

#[test]
fn damage_before_the_last_record_is_reported_and_nothing_is_dropped() {
    let folder = three_records();
    let whole = fs::read(path(folder.path())).unwrap();
    let record_bytes = (whole.len() - HEADER_BYTES) / 3;
    // Behind the size, which decides where the next record begins.
    for at in HEADER_BYTES + SIZE_BYTES..HEADER_BYTES + record_bytes {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(path(folder.path()), &bytes).unwrap();
        let error = reopened_slot(folder.path()).unwrap_err();
        assert!(matches!(error, JournalError::Corrupt { offset: HEADER_BYTES }), "{at}: {error}");
        assert_eq!(fs::read(path(folder.path())).unwrap(), bytes);
    }
}

#[test]
fn a_file_of_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for bytes in [
        b"".as_slice(),
        b"RSLEDGR",
        &[0; HEADER_BYTES],
        b"{\"this\": \"is some other file, of forty bytes or more\"}",
    ] {
        fs::write(path(folder.path()), bytes).unwrap();
        assert!(matches!(reopened_slot(folder.path()), Err(JournalError::NotALedger)));
    }
}

#[test]
fn a_journal_of_another_version_is_refused_by_that_name_and_left_alone() {
    let folder = three_records();
    let mut bytes = fs::read(path(folder.path())).unwrap();
    bytes[FAMILY.len()] = b'2';
    fs::write(path(folder.path()), &bytes).unwrap();
    assert!(matches!(reopened_slot(folder.path()), Err(JournalError::OtherVersion)));
    assert_eq!(fs::read(path(folder.path())).unwrap(), bytes);
}

#[test]
fn a_second_user_is_turned_away() {
    let folder = three_records();
    let (_held, _) = Journal::open(folder.path()).unwrap();
    assert!(matches!(reopened_slot(folder.path()), Err(JournalError::InUse)));
}

#[test]
fn a_long_journal_of_old_states_is_rewritten_without_changing_what_it_says() {
    let folder = three_records();
    let (mut journal, _) = Journal::open(folder.path()).unwrap();
    for slot in 4..6000 {
        journal.append(&record(slot, &[1, 2, 3])).unwrap();
    }
    drop(journal);
    assert!(fs::metadata(path(folder.path())).unwrap().len() > COMPACT_FROM_BYTES as u64);
    let (mut journal, sum) = Journal::open(folder.path()).unwrap();
    assert_eq!(sum, record(5999, &[1, 2, 3]));
    assert!(fs::metadata(path(folder.path())).unwrap().len() < 1000);
    journal.append(&record(6000, &[4])).unwrap();
    drop(journal);
    let (_, sum) = Journal::open(folder.path()).unwrap();
    assert_eq!((sum.slot, sum.accounts.len()), (6000, 4));
}

/// A disk that was full may have room again, with half a record on it.
#[test]
fn nothing_is_appended_behind_a_record_that_may_be_half_there() {
    let folder = three_records();
    let (mut journal, _) = Journal::open(folder.path()).unwrap();
    let writable = std::mem::replace(&mut journal.file, File::open(path(folder.path())).unwrap());
    assert!(matches!(journal.append(&record(4, &[])), Err(JournalError::Io(_))));
    journal.file = writable;
    assert!(matches!(journal.append(&record(5, &[])), Err(JournalError::Failed)));
    drop(journal);
    assert_eq!(reopened_slot(folder.path()).unwrap(), 3);
}
