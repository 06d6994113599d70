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

    /// The names of what lies aside, and behind them the first that is free.
    fn names_aside(&self, period: Period) -> impl Iterator<Item = PathBuf> + use<> {
        let folder = self.folder.clone();
        (1u32..).map(move |number| match number {
            1 => folder.join(format!("{period}.leaves.differs")),
            more => folder.join(format!("{period}.leaves.differs.{more}")),
        })
    }

    /// What a folder says is durable when the folder itself is synced.
    fn sync_folder(&self) -> Result<(), KeepError> {
        let synced = File::open(&self.folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| problem(&self.folder, "synced", &error))
    }
}

impl ReadLists for LeafFiles {
    fn load(&self, period: Period, copy: Copy) -> Result<Option<Vec<u8>>, KeepError> {
        read(&self.path(period, copy))
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
        let bytes = read(&path)?;
        for aside in self.names_aside(period) {
            let lies_there = read(&aside)?;
            let is_same = lies_there.is_some() && lies_there == bytes;
            if lies_there.is_some() && !is_same {
                continue;
            }
            let moved = if is_same { fs::remove_file(&path) } else { fs::rename(&path, &aside) };
            moved.map_err(|error| problem(&aside, "written", &error))?;
            self.sync_folder()?;
            return Ok(aside.display().to_string());
        }
        Err(KeepError {
            path: path.display().to_string(),
            problem: "finds no free name".to_owned(),
        })
    }

    fn list_aside(&self, period: Period) -> Result<Vec<Vec<u8>>, KeepError> {
        self.names_aside(period).map_while(|path| read(&path).transpose()).collect()
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
