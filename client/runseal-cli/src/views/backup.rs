use serde::Serialize;
use std::{fmt, path::Path};

/// A copy of the store.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BackupView {
    file: String,
    size_bytes: u64,
}

impl BackupView {
    pub(crate) fn new(file: &Path, size_bytes: u64) -> Self {
        Self { file: file.display().to_string(), size_bytes }
    }
}

impl fmt::Display for BackupView {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, size_bytes } = self;
        write!(formatter, "Copied the store to {file}: {size_bytes} bytes, checked")
    }
}
