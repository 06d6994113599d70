use runseal_client::ledger::Landed;
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// What a transaction did.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DoneView {
    /// What happened, as a sentence without its full stop.
    pub(crate) done: String,
    /// The account that it is about.
    pub(crate) address: String,
    /// The transaction; none if nothing had to be done.
    pub(crate) signature: Option<String>,
    /// The slot it landed in.
    pub(crate) slot: Option<u64>,
}

impl DoneView {
    pub(crate) fn new(done: &str, address: impl Display, landed: Option<Landed>) -> Self {
        Self {
            done: done.to_owned(),
            address: address.to_string(),
            signature: landed.map(|landed| landed.signature.to_string()),
            slot: landed.map(|landed| landed.slot),
        }
    }
}

impl Display for DoneView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.done, self.address)?;
        if let (Some(signature), Some(slot)) = (&self.signature, self.slot) {
            write!(f, "\nTransaction {signature} in slot {slot}")?;
        }
        Ok(())
    }
}

/// A keypair's address.
#[derive(Serialize)]
pub(crate) struct AddressView {
    pub(crate) address: String,
}

impl Display for AddressView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

/// What an address has.
#[derive(Serialize)]
pub(crate) struct BalanceView {
    pub(crate) address: String,
    pub(crate) lamports: u64,
}

impl Display for BalanceView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        const PER_SOL: u64 = 1_000_000_000;
        write!(f, "{}.{:09} SOL", self.lamports / PER_SOL, self.lamports % PER_SOL)
    }
}
