use crate::{
    context::Options, error::CliError, exit::Exit, output, progress, stores::AnyStore,
    views::BackupView,
};
use clap::Args;
use runseal_store::SqliteStore;
use std::{fs, path::PathBuf};

/// Copy the store, as it is at one moment, into a file, also while a service writes to it
///
/// Everything that was acknowledged before the command was started is in the copy. Put it in the place
/// of HOME/store.db to use it. Keys are not in it: copy them too, and keep both from others.
#[derive(Args)]
pub(crate) struct Backup {
    /// The file to write; there must be none yet
    file: PathBuf,
}

impl Backup {
    pub(crate) fn run(self, options: &Options) -> Result<(), CliError> {
        let AnyStore::Sqlite(store) = options.store_to_read()? else {
            return Err(CliError::usage("the store is not a file, but a database on a server")
                .with_hint("copy it as the server's other databases are, with pg_dump"));
        };
        if self.file.exists() {
            return Err(CliError::new(format!("{} exists already", self.file.display()))
                .with_hint("nothing is copied over a file: choose another name"));
        }
        let bar = progress::wait("copying the store".to_owned());
        store.back_up(&self.file)?;
        // A copy that cannot be read is found out now.
        bar.set_message("computing every hash, root and link of the copy again");
        let mut findings = 0u64;
        let copy = SqliteStore::open_read_only(&self.file)?;
        copy.fsck(&mut |finding| {
            findings = findings.saturating_add(1);
            output::note(&finding.to_string());
        })?;
        bar.finish_and_clear();
        if findings > 0 {
            let reason = format!("{findings} things are wrong with the copy, as with the store");
            return Err(CliError::new(reason).with_hint("`runseal fsck` says what is in the store"));
        }
        let size_bytes = fs::metadata(&self.file).map(|file| file.len()).map_err(|error| {
            CliError::new(format!("{}: {error}", self.file.display())).with_exit(Exit::Unavailable)
        })?;
        output::print(options.output, &BackupView::new(&self.file, size_bytes))
    }
}
