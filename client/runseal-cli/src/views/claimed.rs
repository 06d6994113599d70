use super::ClaimView;
use runseal_client::claims::Claimed;
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// What was done about a claim.
#[derive(Serialize)]
pub(crate) struct ClaimedView {
    done: &'static str,
    #[serde(flatten)]
    claim: ClaimView,
    /// The transaction; none if it was done before.
    signature: Option<String>,
}

impl ClaimedView {
    pub(crate) fn new(done: &'static str, claimed: &Claimed) -> Self {
        Self {
            done,
            claim: ClaimView::from(&claimed.claim),
            signature: claimed.landed.map(|landed| landed.signature.to_string()),
        }
    }
}

impl Display for ClaimedView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let before = if self.signature.is_some() { "" } else { " before" };
        writeln!(f, "{}{before}: {}", self.done, self.claim.address())?;
        self.claim.fmt(f)?;
        match &self.signature {
            Some(signature) => write!(f, "\nTransaction {signature}"),
            None => Ok(()),
        }
    }
}
