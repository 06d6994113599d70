//! Cosigning: an organisation's signature under an anchor whose leaves it has mirrored and checked.

use crate::{
    anchors::{KnownLog, LogError},
    instructions::logs,
    ledger::{Landed, Ledger, LedgerError},
    mirror::{Copy, Difference, KeepError, LeafLists, check_list},
    registry::{self, Found, ReadError},
};
use runseal_registry::state::{Anchor, Auditor, Cosignature};
use runseal_types::{Digest, Period};
use solana_address::Address;
use solana_signer::Signer;

/// What became of a period that was to be cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cosigned {
    /// It is cosigned now.
    Now {
        /// The hash that was checked and signed.
        anchor_hash: Digest,
        /// The transaction.
        landed: Landed,
    },
    /// The organisation had cosigned it.
    Before,
    /// It is not mirrored here, so it is not cosigned.
    NotMirrored,
    /// What is mirrored here is not what was anchored, so it is not cosigned.
    Differs(Difference),
    /// Its anchor's account is closed.
    AnchorClosed,
    /// It is not anchored.
    NotAnchored,
}

/// Why nothing was cosigned.
#[derive(Debug, thiserror::Error)]
pub enum CosignError {
    /// The chain could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The mirror could not be.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// The ledger did not take it.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<ReadError> for CosignError {
    fn from(error: ReadError) -> Self {
        Self::Log(error.into())
    }
}

/// Cosigns for one organisation.
pub struct Cosigner<'a, L, K> {
    /// The ledger that the log is on.
    pub ledger: &'a L,
    /// The log.
    pub log: &'a KnownLog,
    /// Where its lists are mirrored.
    pub lists: &'a K,
    /// The auditor's key; pays too.
    pub key: &'a (dyn Signer + Sync),
    /// The auditor.
    pub auditor: Found<Auditor>,
}

/// Reads the auditor whose key this is.
pub async fn load_auditor(
    ledger: &impl Ledger,
    key: &Address,
) -> Result<Found<Auditor>, ReadError> {
    registry::load(ledger, registry::auditor_address(key)).await
}

impl<L: Ledger, K: LeafLists> Cosigner<'_, L, K> {
    /// Cosigns a period, if what is mirrored of it is what was anchored: that is checked at this moment.
    pub async fn cosign(&self, period: Period) -> Result<Cosigned, CosignError> {
        if period.0 >= self.log.anchor_count() {
            return Ok(Cosigned::NotAnchored);
        }
        let Some(list) = self.lists.load(period, Copy::Kept)? else {
            return Ok(Cosigned::NotMirrored);
        };
        let only = period.0..period.0.saturating_add(1);
        let anchor: Option<Anchor> =
            self.log.read_anchors(self.ledger, only).await?.pop().flatten();
        let Some(anchor) = anchor else { return Ok(Cosigned::AnchorClosed) };
        let facts = self.log.check_anchor(period, &anchor)?;
        if let Err(difference) = check_list(self.log.place(period), &facts, &list) {
            return Ok(Cosigned::Differs(difference));
        }
        let anchor = registry::anchor_address(&self.log.chain_address(), period.0);
        let organisation = &self.auditor.account.organisation;
        let address = registry::cosignature_address(&anchor, organisation);
        if registry::find::<Cosignature>(self.ledger, address).await?.is_some() {
            return Ok(Cosigned::Before);
        }
        let (key, anchor_hash) = (self.key.try_pubkey().map_err(LedgerError::from)?, facts.hash());
        let cosign = logs::cosign_anchor(key, key, anchor, organisation, *anchor_hash.as_bytes());
        let landed = self.ledger.submit(&[cosign], &[self.key]).await?;
        Ok(Cosigned::Now { anchor_hash, landed })
    }
}
