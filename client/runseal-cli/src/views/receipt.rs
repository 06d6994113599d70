use super::PromiseView;
use crate::error::CliError;
use runseal_client::{
    import::Answer,
    store::{AnchorRecord, Page, ReceiptRow, Stored, StoredReceipt},
};
use runseal_engine::SignedPromise;
use runseal_types::to_hex;
use serde::Serialize;
use serde_json::value::RawValue;
use std::fmt::{self, Display, Formatter};

/// The text as it is: it goes out with the digits and the order that it came with.
pub(super) fn raw(text: &[u8]) -> Result<Box<RawValue>, CliError> {
    let damaged = |error: &dyn Display| CliError::new(format!("the receipt is damaged: {error}"));
    let text = String::from_utf8(text.to_vec()).map_err(|error| damaged(&error))?;
    RawValue::from_string(text).map_err(|error| damaged(&error))
}

/// A stored receipt.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReceiptView {
    position: u64,
    agent: String,
    sequence: u64,
    digest: String,
    period: Option<u64>,
    promised_for: Option<u64>,
    promise_signature: Option<String>,
    promise: Option<PromiseView>,
    /// The slot of its period's anchor; none if no anchor of it was seen finalized.
    anchored_in_slot: Option<u64>,
    receipt: Box<RawValue>,
}

impl ReceiptView {
    pub(crate) fn new(
        found: &StoredReceipt,
        promise: Option<&SignedPromise>,
        anchor: Option<&AnchorRecord>,
    ) -> Result<Self, CliError> {
        Ok(Self {
            position: found.position.0,
            agent: found.leaf.agent.to_string(),
            sequence: found.leaf.sequence.0,
            digest: found.leaf.digest.to_string(),
            period: found.period.map(|period| period.0),
            promised_for: promise.map(|promise| promise.place.period.0),
            promise_signature: promise.map(|promise| to_hex(&promise.signature.to_bytes())),
            promise: promise.map(PromiseView::from),
            anchored_in_slot: anchor.map(|anchor| anchor.slot),
            receipt: raw(&found.text)?,
        })
    }
}

impl Display for ReceiptView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "Receipt   {}", self.digest)?;
        writeln!(f, "Agent     {}", self.agent)?;
        writeln!(f, "Sequence  {}", self.sequence)?;
        match (self.period, self.anchored_in_slot, self.promised_for) {
            (Some(period), Some(slot), _) => {
                writeln!(f, "Period    {period}, sealed, anchored in slot {slot}")?;
            }
            (Some(period), None, _) => writeln!(f, "Period    {period}, sealed, not anchored yet")?,
            (None, _, Some(period)) => writeln!(f, "Period    {period}, promised")?,
            (None, _, None) => writeln!(f, "Period    none yet")?,
        }
        f.write_str(self.receipt.get())
    }
}

/// A page of receipts.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReceiptListView {
    receipts: Vec<RowView>,
    /// What to pass after `--after` for the next page.
    next: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowView {
    position: u64,
    digest: String,
    agent: String,
    sequence: u64,
    run_id: String,
    trace_id: String,
    status: &'static str,
    started_at: String,
    ended_at: String,
    event_count: u64,
}

impl From<&Page<ReceiptRow>> for ReceiptListView {
    fn from(page: &Page<ReceiptRow>) -> Self {
        let row = |row: &ReceiptRow| RowView {
            position: row.position.0,
            digest: row.columns.leaf.digest.to_string(),
            agent: row.columns.leaf.agent.to_string(),
            sequence: row.columns.leaf.sequence.0,
            run_id: row.columns.run_id.clone(),
            trace_id: row.columns.trace_id.clone(),
            status: row.columns.status.as_str(),
            started_at: row.columns.started_at.to_string(),
            ended_at: row.columns.ended_at.to_string(),
            event_count: row.columns.event_count,
        };
        Self {
            receipts: page.items.iter().map(row).collect(),
            next: page.next.map(|position| position.0),
        }
    }
}

impl Display for ReceiptListView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:<64}  {:>8}  {:<11}  RUN", "RECEIPT", "SEQUENCE", "STATUS")?;
        for row in &self.receipts {
            let RowView { digest, sequence, status, run_id, .. } = row;
            write!(f, "\n{digest:<64}  {sequence:>8}  {status:<11}  {run_id}")?;
        }
        match self.next {
            Some(next) => write!(f, "\nmore: --after {next}"),
            None => Ok(()),
        }
    }
}

/// What became of one line of an import.
#[derive(Serialize)]
pub(crate) struct AnswerView {
    line: u64,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stored: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl From<&Answer> for AnswerView {
    fn from(answer: &Answer) -> Self {
        let imported = answer.outcome.as_ref().ok();
        Self {
            line: answer.line,
            ok: imported.is_some(),
            digest: imported.map(|imported| imported.leaf.digest.to_string()),
            stored: imported.map(|imported| match imported.stored {
                Stored::New => "new",
                Stored::Before => "before",
            }),
            reason: answer.outcome.as_ref().err().map(ToString::to_string),
        }
    }
}

/// What an import came to.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportView {
    new: u64,
    stored_before: u64,
    refused: u64,
    /// The first refused lines, and why.
    reasons: Vec<RefusedView>,
}

#[derive(Serialize)]
struct RefusedView {
    line: u64,
    reason: String,
}

impl ImportView {
    /// Counts a line, and names it if it is one of the first that are refused.
    pub(crate) fn add(&mut self, answer: &Answer, most_named: usize) {
        match &answer.outcome {
            Ok(imported) if imported.stored == Stored::New => self.new += 1,
            Ok(_) => self.stored_before += 1,
            Err(reason) => {
                self.refused += 1;
                if self.reasons.len() < most_named {
                    let (line, reason) = (answer.line, reason.to_string());
                    self.reasons.push(RefusedView { line, reason });
                }
            }
        }
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.refused == 0
    }
}

impl Display for ImportView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { new, stored_before, refused, reasons } = self;
        write!(f, "{new} new, {stored_before} stored before, {refused} refused")?;
        reasons.iter().try_for_each(|one| write!(f, "\nline {}: {}", one.line, one.reason))
    }
}
