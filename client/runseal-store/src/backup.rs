use crate::{SqliteStore, trouble::Trouble};
use runseal_client::{StoreError, sql::Failure};
use rusqlite::{Connection, backup::Backup};
use std::{fs, io, path::Path, time::Duration};

/// How many pages are copied before writers get a turn, and how long that is.
const STEP_PAGES: i32 = 4_096;
const PAUSE: Duration = Duration::from_millis(1);

impl SqliteStore {
    /// Copies the store, as it is at one moment, into a new file, while it goes on being written to.
    ///
    /// The file is there, under its name, only when it is whole.
    pub fn back_up(&self, to: &Path) -> Result<(), StoreError> {
        let name = to.display().to_string();
        let not_writable = |reason: String| StoreError::NotWritable { store: name.clone(), reason };
        if to.exists() {
            return Err(not_writable("there is a file already".to_owned()));
        }
        let mut unfinished = to.as_os_str().to_owned();
        unfinished.push(".part");
        let unfinished = Path::new(&unfinished);
        if unfinished.exists() {
            fs::remove_file(unfinished).map_err(|error| not_writable(error.to_string()))?;
        }
        // Where no file can be made, it is not the store that is at fault.
        let file = fs::File::create_new(unfinished);
        let file = file.map_err(|error| not_writable(error.to_string()))?;
        let copied = self.read_file(|connection| match copy(&connection.0, unfinished) {
            Err(trouble) => Err(match Failure::from(trouble) {
                Failure::Full => StoreError::Full { store: name.clone() }.into(),
                failure => failure,
            }),
            Ok(()) => Ok(()),
        });
        copied.inspect_err(|_| drop(fs::remove_file(unfinished)))?;
        file.sync_all()
            .and_then(|()| fs::rename(unfinished, to))
            .and_then(|()| sync_folder(to))
            .map_err(|error| not_writable(error.to_string()))
    }
}

/// Makes the file's new name as durable as the file.
fn sync_folder(of: &Path) -> io::Result<()> {
    match of.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => fs::File::open(parent)?.sync_all(),
        None => fs::File::open(".")?.sync_all(),
    }
}

/// Copies within the reader's transaction, so that writers neither wait nor start it over again.
fn copy(from: &Connection, to: &Path) -> Result<(), Trouble> {
    let mut target = Connection::open(to)?;
    Backup::new(from, &mut target)?.run_to_completion(STEP_PAGES, PAUSE, None)?;
    // A copy of a store with a write-ahead log asks for one; a file that lies by itself needs none.
    target.pragma_update(None, "journal_mode", "DELETE")?;
    target.close().map_err(|(_, error)| error)?;
    Ok(())
}
