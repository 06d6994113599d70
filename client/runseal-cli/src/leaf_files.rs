//! A mirror's files: docs/spec/mirror.md.

use runseal_client::mirror::{Copy, KeepError, LeafLists, ReadLists};
use runseal_types::Period;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// The mirror of one log in a folder.
pub(crate) struct LeafFiles {
    folder: PathBuf,
    /// Held while the mirror is written.
    _lock: Option<File>,
}

impl LeafFiles {
    /// Opens a mirror to read it. One that is not there yet has no lists.
    pub(crate) fn to_read(home: &Path, log: &str) -> Self {
        Self { folder: home.join("mirror").join(log), _lock: None }
    }

    /// Opens a mirror to write to it, which one process at a time may.
    pub(crate) fn to_write(home: &Path, log: &str) -> Result<Self, KeepError> {
        let folder = home.join("mirror").join(log);
        fs::create_dir_all(&folder).map_err(|error| problem(&folder, "made", &error))?;
        let path = folder.join("lock");
        let lock = File::create(&path).map_err(|error| problem(&path, "written", &error))?;
        lock.try_lock().map_err(|_| KeepError {
            path: folder.display().to_string(),
            problem: "is being written by another process".to_owned(),
        })?;
        Ok(Self { folder, _lock: Some(lock) })
    }

    fn path(&self, period: Period, copy: Copy) -> PathBuf {
        match copy {
            Copy::Kept => self.folder.join(format!("{period}.leaves")),
            Copy::Part => self.folder.join(format!("{period}.leaves.part")),
        }
    }

    fn anchor_path(&self, period: Period) -> PathBuf {
        self.folder.join(format!("{period}.anchor"))
    }

    /// The names of what lies aside, and behind them the first that is free.
    fn names_aside(&self, name: String) -> impl Iterator<Item = PathBuf> + use<> {
        let folder = self.folder.clone();
        (1u32..).map(move |number| match number {
            1 => folder.join(format!("{name}.differs")),
            more => folder.join(format!("{name}.differs.{more}")),
        })
    }

    /// Finds where something lies aside already, or else where it can be put.
    fn find_aside(&self, name: String, bytes: &[u8]) -> Result<Aside, KeepError> {
        for path in self.names_aside(name) {
            match read(&path)? {
                None => return Ok(Aside::Free(path)),
                Some(lies_there) if lies_there == bytes => return Ok(Aside::There(path)),
                Some(_) => {}
            }
        }
        Err(KeepError {
            path: self.folder.display().to_string(),
            problem: "has no free name".to_owned(),
        })
    }

    /// The file appears under its name when it is whole and durable.
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), KeepError> {
        let part = path.with_added_extension("part");
        let written = File::create(&part).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&part, path)
        });
        written.map_err(|error| problem(path, "written", &error))?;
        self.sync_folder()
    }

    /// What a folder says is durable when the folder itself is synced.
    fn sync_folder(&self) -> Result<(), KeepError> {
        let synced = File::open(&self.folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| problem(&self.folder, "synced", &error))
    }
}

/// A name for what is put aside.
enum Aside {
    /// The same lies there.
    There(PathBuf),
    /// Nothing does.
    Free(PathBuf),
}

impl ReadLists for LeafFiles {
    fn load(&self, period: Period, copy: Copy) -> Result<Option<Vec<u8>>, KeepError> {
        read(&self.path(period, copy))
    }

    fn load_anchor(&self, period: Period) -> Result<Option<Vec<u8>>, KeepError> {
        read(&self.anchor_path(period))
    }
}

impl LeafLists for LeafFiles {
    fn write_part(&self, period: Period, at_bytes: u64, bytes: &[u8]) -> Result<(), KeepError> {
        let path = self.path(period, Copy::Part);
        let mut options = OpenOptions::new();
        let written =
            options.write(true).create(true).truncate(false).open(&path).and_then(|mut file| {
                file.set_len(at_bytes)?;
                file.seek(SeekFrom::Start(at_bytes))?;
                file.write_all(bytes)
            });
        written.map_err(|error| problem(&path, "written", &error))
    }

    fn keep(&self, period: Period) -> Result<(), KeepError> {
        let (part, kept) = (self.path(period, Copy::Part), self.path(period, Copy::Kept));
        let synced = File::open(&part).and_then(|file| file.sync_all());
        let renamed = synced.and_then(|()| fs::rename(&part, &kept));
        renamed.map_err(|error| problem(&kept, "written", &error))?;
        self.sync_folder()
    }

    fn set_aside(&self, period: Period, copy: Copy) -> Result<String, KeepError> {
        let path = self.path(period, copy);
        let bytes = read(&path)?.unwrap_or_default();
        let (moved, aside) = match self.find_aside(format!("{period}.leaves"), &bytes)? {
            Aside::There(aside) => (fs::remove_file(&path), aside),
            Aside::Free(aside) => (fs::rename(&path, &aside), aside),
        };
        moved.map_err(|error| problem(&aside, "written", &error))?;
        self.sync_folder()?;
        Ok(aside.display().to_string())
    }

    fn keep_anchor(&self, period: Period, text: &[u8]) -> Result<(), KeepError> {
        let path = self.anchor_path(period);
        match read(&path)? {
            Some(kept) if kept == text => return Ok(()),
            Some(kept) => {
                if let Aside::Free(aside) = self.find_aside(format!("{period}.anchor"), &kept)? {
                    self.write(&aside, &kept)?;
                }
            }
            None => {}
        }
        self.write(&path, text)
    }

    fn put_anchor_aside(&self, period: Period, text: &[u8]) -> Result<String, KeepError> {
        let path = self.anchor_path(period);
        // What is kept stays where it is until there is something better.
        if read(&path)?.is_some_and(|kept| kept == text) {
            return Ok(path.display().to_string());
        }
        let aside = match self.find_aside(format!("{period}.anchor"), text)? {
            Aside::There(aside) => aside,
            Aside::Free(aside) => {
                self.write(&aside, text)?;
                aside
            }
        };
        Ok(aside.display().to_string())
    }

    fn list_aside(&self, period: Period) -> Result<Vec<Vec<u8>>, KeepError> {
        self.names_aside(format!("{period}.leaves"))
            .map_while(|path| read(&path).transpose())
            .collect()
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, KeepError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(problem(path, "read", &error)),
    }
}

fn problem(path: &Path, verb: &str, error: &io::Error) -> KeepError {
    KeepError { path: path.display().to_string(), problem: format!("cannot be {verb}: {error}") }
}
