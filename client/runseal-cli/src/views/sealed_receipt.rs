use super::{PromiseView, receipt::raw};
use crate::error::CliError;
use runseal_client::receipts::SealedRun;
use runseal_engine::SignedPromise;
use serde::Serialize;
use serde_json::value::RawValue;
use std::{
    fmt::{self, Display, Formatter},
    path::PathBuf,
};

/// A receipt that was made.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SealedReceiptView {
    agent: String,
    sequence: u64,
    digest: String,
    promise: Option<PromiseView>,
    receipt: Box<RawValue>,
    /// The file that the promise was written to.
    #[serde(skip)]
    promise_file: Option<PathBuf>,
}

impl SealedReceiptView {
    pub(crate) fn new(
        sealed: &SealedRun,
        promise: Option<&SignedPromise>,
    ) -> Result<Self, CliError> {
        Ok(Self {
            promise_file: None,
            agent: sealed.leaf.agent.to_string(),
            sequence: sealed.leaf.sequence.0,
            digest: sealed.leaf.digest.to_string(),
            promise: promise.map(PromiseView::from),
            receipt: raw(&sealed.text)?,
        })
    }

    /// Its digest.
    pub(crate) fn digest(&self) -> &str {
        &self.digest
    }

    /// The promise, if there is one.
    pub(crate) fn promise(&self) -> Option<&PromiseView> {
        self.promise.as_ref()
    }

    /// Says which file has the promise.
    pub(crate) fn with_promise_file(mut self, file: PathBuf) -> Self {
        self.promise_file = Some(file);
        self
    }
}

impl Display for SealedReceiptView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "Receipt   {}", self.digest)?;
        writeln!(f, "Agent     {}", self.agent)?;
        write!(f, "Sequence  {}", self.sequence)?;
        let Some(promise) = &self.promise else { return Ok(()) };
        write!(f, "\nPromised  for period {}", promise.period())?;
        match &self.promise_file {
            Some(file) => write!(f, "\nPromise   {}", file.display()),
            None => write!(f, "\nPromise   `runseal receipt promise {}` prints it", self.digest),
        }
    }
}
