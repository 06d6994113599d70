use runseal_client::store::SealedPeriod;
use serde::Serialize;
use std::{
    fmt::{self, Display, Formatter},
    path::PathBuf,
};

/// A sealed period.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PeriodView {
    period: u64,
    root: String,
    leaf_count: u64,
}

impl From<&SealedPeriod> for PeriodView {
    fn from(sealed: &SealedPeriod) -> Self {
        Self {
            period: sealed.period.0,
            root: sealed.root.to_string(),
            leaf_count: sealed.leaf_count,
        }
    }
}

impl Display for PeriodView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "Period  {}", self.period)?;
        writeln!(f, "Root    {}", self.root)?;
        write!(f, "Leaves  {}", self.leaf_count)
    }
}

/// Several of them.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct PeriodListView(Vec<PeriodView>);

impl From<&[SealedPeriod]> for PeriodListView {
    fn from(periods: &[SealedPeriod]) -> Self {
        Self(periods.iter().map(PeriodView::from).collect())
    }
}

impl Display for PeriodListView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:>8}  {:>10}  ROOT", "PERIOD", "LEAVES")?;
        self.0.iter().try_for_each(|row| {
            write!(f, "\n{:>8}  {:>10}  {}", row.period, row.leaf_count, row.root)
        })
    }
}

/// Files that were written for mirrors.
#[derive(Default, Serialize)]
#[serde(transparent)]
pub(crate) struct ExportView {
    files: Vec<FileView>,
    #[serde(skip)]
    list_count: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FileView {
    file: String,
    size_bytes: usize,
}

impl ExportView {
    pub(crate) fn add_list(&mut self, file: PathBuf, size_bytes: usize) {
        self.list_count += 1;
        self.add(file, size_bytes);
    }

    pub(crate) fn add_anchor(&mut self, file: PathBuf, size_bytes: usize) {
        self.add(file, size_bytes);
    }

    fn add(&mut self, file: PathBuf, size_bytes: usize) {
        self.files.push(FileView { file: file.display().to_string(), size_bytes });
    }
}

impl Display for ExportView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let anchor_count = self.files.len() - self.list_count;
        write!(f, "{} leaf lists, {anchor_count} anchors", self.list_count)?;
        self.files.iter().try_for_each(|one| write!(f, "\n{}: {} bytes", one.file, one.size_bytes))
    }
}
