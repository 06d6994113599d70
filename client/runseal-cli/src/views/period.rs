use super::counted;
use runseal_client::store::{AnchorRecord, SealedPeriod};
use runseal_types::Period;
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
    /// The slot of its anchor; none if no anchor of it was seen finalized.
    anchored_in_slot: Option<u64>,
}

impl PeriodView {
    pub(crate) fn new(sealed: &SealedPeriod, anchor: Option<&AnchorRecord>) -> Self {
        Self {
            period: sealed.period.0,
            root: sealed.root.to_string(),
            leaf_count: sealed.leaf_count,
            anchored_in_slot: anchor.map(|anchor| anchor.slot),
        }
    }
}

impl Display for PeriodView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "Period    {}", self.period)?;
        writeln!(f, "Root      {}", self.root)?;
        writeln!(f, "Leaves    {}", self.leaf_count)?;
        match self.anchored_in_slot {
            Some(slot) => write!(f, "Anchored  in slot {slot}"),
            None => write!(f, "Anchored  not yet, as far as was seen here"),
        }
    }
}

/// Several of them.
#[derive(Serialize)]
pub(crate) struct PeriodListView {
    periods: Vec<PeriodView>,
    /// What to pass after `--from` for the next page.
    next: Option<u64>,
}

impl PeriodListView {
    /// Lists periods with those anchors that are theirs.
    pub(crate) fn new(
        periods: &[SealedPeriod],
        anchors: &[AnchorRecord],
        next: Option<Period>,
    ) -> Self {
        let row = |sealed: &SealedPeriod| {
            let anchor = anchors.iter().find(|anchor| anchor.period == sealed.period);
            PeriodView::new(sealed, anchor)
        };
        Self { periods: periods.iter().map(row).collect(), next: next.map(|period| period.0) }
    }
}

impl Display for PeriodListView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:>8}  {:>10}  {:>12}  ROOT", "PERIOD", "LEAVES", "IN SLOT")?;
        for row in &self.periods {
            let PeriodView { period, leaf_count, anchored_in_slot, root } = row;
            let slot = anchored_in_slot.map_or_else(|| "not yet".to_owned(), |it| it.to_string());
            write!(f, "\n{period:>8}  {leaf_count:>10}  {slot:>12}  {root}")?;
        }
        super::more(f, self.next)
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
        let lists = counted(self.list_count, "leaf list");
        let anchors = counted(self.files.len() - self.list_count, "anchor");
        write!(f, "{lists}, {anchors}")?;
        self.files.iter().try_for_each(|one| write!(f, "\n{}: {} bytes", one.file, one.size_bytes))
    }
}
