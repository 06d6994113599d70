//! Making bundles: a receipt with its proof and everything that a verdict on it needs.

use crate::{
    evidence::{self, Subject},
    keys::theirs,
    ledger::{Ledger, LedgerError},
    proving::{self, PeriodError},
    registry::{self, ReadError},
    store::{MOST_ITEMS, Periods, Position, Receipts, Relations, Runs, StoreError, StoredReceipt},
};
use runseal_engine::{
    Bundle, BundleError, BundleParts, LogPath, Place, Statement,
    account::{Account, ReadAccount},
    answer::Observation,
    proof::AskError,
};
use runseal_merkle::{Tree, leaf_hash};
use runseal_receipt::Receipt;
use runseal_types::{Address, AnchorFacts, Digest, Leaf, Period, Sequence};
use std::collections::BTreeSet;

/// Why there is no bundle.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The store has no such receipt.
    #[error("there is no receipt {digest} in the store")]
    UnknownReceipt {
        /// Its digest.
        digest: Digest,
    },
    /// The receipt waits for its period to be sealed.
    #[error("receipt {digest} is in no sealed period yet")]
    NotSealed {
        /// Its digest.
        digest: Digest,
    },
    /// The period has no anchor in a finalized slot.
    #[error("period {period} is not anchored yet")]
    NotAnchored {
        /// Which.
        period: Period,
    },
    /// A stored receipt cannot be read.
    #[error("receipt {digest} is damaged: {reason}")]
    Damaged {
        /// Which.
        digest: Digest,
        /// What is wrong.
        reason: String,
    },
    /// The period says otherwise.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The parts make no bundle.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The period could not be read.
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// The chain could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store could not be.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<LedgerError> for ProveError {
    fn from(error: LedgerError) -> Self {
        Self::Read(error.into())
    }
}

/// What bundles are made from: a store, the ledger that its log is on, and whatever reads accounts.
pub struct Prover<'a, S: ?Sized, L, R> {
    /// The store.
    pub store: &'a S,
    /// The ledger, whose answers are recorded in the bundle.
    pub ledger: &'a L,
    /// Reads the registry's accounts.
    pub reader: &'a R,
}

impl<S: Periods + Receipts + Relations + Runs + Sync + ?Sized, L: Ledger, R: ReadAccount + Sync>
    Prover<'_, S, L, R>
{
    /// Shows that a receipt is in its period.
    pub async fn prove_receipt(&self, digest: &Digest) -> Result<Bundle, ProveError> {
        let stored = self.load(digest)?;
        let period = stored.period.ok_or(ProveError::NotSealed { digest: *digest })?;
        let (place, sealed) = proving::find_period(self.store, period)?;
        let Leaf { agent, sequence, .. } = stored.leaf;
        let inclusion = proving::prove_inclusion(self.store, period, agent, sequence)?;
        let receipt = parse(&stored)?;
        let (statement, receipts) = (Statement::Inclusion(inclusion), vec![text_of(&stored)?]);
        let mut parts = parts(place, sealed.leaf_count, statement, receipts);
        parts.events = self.events(&receipt)?;
        self.finish(parts, &[receipt]).await
    }

    /// Shows that an agent has no receipt of this number in a period.
    pub async fn prove_absence(
        &self,
        period: Period,
        agent: Address,
        sequence: Sequence,
    ) -> Result<Bundle, ProveError> {
        let sealed = proving::load_period(self.store, period)?;
        let statement = Statement::Absence(sealed.prove_absence(agent, sequence)?);
        let parts = parts(*sealed.place(), sealed.leaf_count(), statement, Vec::new());
        self.finish(parts, &[]).await
    }

    /// Shows that all of an agent's receipts from one number to another are in a period.
    pub async fn prove_range(
        &self,
        period: Period,
        agent: Address,
        from: Sequence,
        to: Sequence,
    ) -> Result<Bundle, ProveError> {
        let sealed = proving::load_period(self.store, period)?;
        let span = sealed.prove_span(agent, from, to)?;
        let stored = span.leaves.iter().map(|leaf| self.load(&leaf.digest));
        let stored: Vec<StoredReceipt> = stored.collect::<Result<_, _>>()?;
        let texts = stored.iter().map(text_of).collect::<Result<_, _>>()?;
        let receipts: Vec<Receipt> = stored.iter().map(parse).collect::<Result<_, _>>()?;
        let statement = Statement::Span(span);
        let parts = parts(*sealed.place(), sealed.leaf_count(), statement, texts);
        self.finish(parts, &receipts).await
    }

    fn load(&self, digest: &Digest) -> Result<StoredReceipt, ProveError> {
        let found = self.store.find_receipt(digest)?;
        found.ok_or(ProveError::UnknownReceipt { digest: *digest })
    }

    /// Adds what stands around the receipts and what the chain says.
    async fn finish(
        &self,
        mut parts: BundleParts,
        receipts: &[Receipt],
    ) -> Result<Bundle, ProveError> {
        if let Some(first) = receipts.first() {
            parts.previous = self.previous(first)?;
        }
        let mut approvals = Vec::new();
        for receipt in receipts {
            parts.addenda.extend(self.addenda(&receipt.digest())?);
            approvals.extend(self.approvals(receipt)?);
        }
        parts.approvals = approvals.iter().map(text_of).collect::<Result<_, _>>()?;
        let bundle = Bundle::new(parts)?;
        let subject = Subject::of(&bundle);
        let mut parts = bundle.parts().clone();
        let addresses = evidence::find_accounts(self.ledger, self.reader, &subject).await?;
        parts.accounts = evidence::observe(self.ledger, &addresses).await?;
        let accounts = self.read(&parts.accounts);
        parts.anchor = Some(anchor_facts(&accounts, &parts.place)?);
        parts.log_path = self.log_path(&accounts, &parts.place).await?;
        Ok(Bundle::new(parts)?)
    }

    fn read(&self, observations: &[Observation]) -> Vec<Account> {
        let program = crate::keys::ours(&registry::PROGRAM);
        let read = |one: &Observation| self.reader.read(&program, &one.account).ok();
        observations.iter().filter_map(read).collect()
    }

    /// The agent's receipt before this one, if the store has it.
    fn previous(&self, receipt: &Receipt) -> Result<Option<String>, ProveError> {
        let Some(digest) = receipt.facts().previous else { return Ok(None) };
        let stored = self.store.find_receipt(&digest)?;
        stored.as_ref().map(text_of).transpose()
    }

    /// The run's events, if the store has all of them.
    fn events(&self, receipt: &Receipt) -> Result<Option<Vec<String>>, ProveError> {
        let facts = receipt.facts();
        let (mut texts, mut after) = (Vec::new(), None);
        loop {
            let events = self.store.list_events(&facts.run_id, after, MOST_ITEMS)?;
            let Some(last) = events.last() else { break };
            after = Some(last.seq);
            for event in events {
                texts.push(utf8(event.text, &receipt.digest())?);
            }
        }
        let is_whole = u64::try_from(texts.len()).is_ok_and(|it| it == facts.event_chain.count);
        Ok(is_whole.then_some(texts))
    }

    fn addenda(&self, receipt: &Digest) -> Result<Vec<String>, ProveError> {
        let (mut texts, mut after) = (Vec::new(), None::<Position>);
        loop {
            let page = self.store.list_addenda(receipt, after, MOST_ITEMS)?;
            for text in page.items {
                texts.push(utf8(text, receipt)?);
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(texts),
            }
        }
    }

    /// The receipts of approvals that a receipt names, as far as the store has them.
    fn approvals(&self, receipt: &Receipt) -> Result<Vec<StoredReceipt>, ProveError> {
        let policies = receipt.facts().statements.policies.iter();
        let mut found = Vec::new();
        for approval in policies.filter_map(|binding| binding.approval) {
            found.extend(self.store.find_receipt(&approval)?);
        }
        Ok(found)
    }

    /// That the anchor is in its log, if the chain still has every anchor.
    async fn log_path(
        &self,
        accounts: &[Account],
        place: &Place,
    ) -> Result<Option<LogPath>, ProveError> {
        let count = accounts.iter().find_map(|account| match account {
            Account::Log(log) => Some(log.next_period.0),
            _ => None,
        });
        let Some(count) = count else { return Ok(None) };
        let hashes = self.anchor_hashes(place, count).await?;
        let leaves = hashes.iter().map(|hash| leaf_hash(&[hash.as_bytes()]));
        let path = Tree::from_leaf_hashes(leaves).inclusion_path(place.period.0);
        let complete = u64::try_from(hashes.len()).is_ok_and(|found| found == count);
        let path = path.ok().filter(|_| complete);
        Ok(path.map(|path| LogPath { count, path: path.into_iter().map(Digest::new).collect() }))
    }

    /// The hashes of a log's anchors, up to the first whose account is closed.
    async fn anchor_hashes(&self, place: &Place, count: u64) -> Result<Vec<Digest>, ProveError> {
        let mut hashes = Vec::new();
        let log = theirs(&place.log);
        let periods: Vec<u64> = (0..count).collect();
        for some in periods.chunks(crate::ledger::MOST_IN_SNAPSHOT) {
            let addresses = some.iter().map(|period| registry::anchor_address(&log, *period));
            let addresses = addresses.map(|address| crate::keys::ours(&address));
            let addresses: BTreeSet<Address> = addresses.collect();
            let read = evidence::observe(self.ledger, &addresses).await?;
            let mut anchors: Vec<_> = self.read(&read).into_iter().filter_map(as_anchor).collect();
            anchors.sort_by_key(|anchor| anchor.period);
            if anchors.len() < some.len() {
                return Ok(Vec::new());
            }
            hashes.extend(anchors.into_iter().map(|anchor| anchor.hash));
        }
        Ok(hashes)
    }
}

/// What is known before the chain is asked.
fn parts(
    place: Place,
    leaf_count: u64,
    statement: Statement,
    receipts: Vec<String>,
) -> BundleParts {
    BundleParts {
        program: crate::keys::ours(&registry::PROGRAM),
        place,
        leaf_count,
        statement,
        receipts,
        previous: None,
        events: None,
        addenda: Vec::new(),
        approvals: Vec::new(),
        policies: Vec::new(),
        anchor: None,
        log_path: None,
        accounts: Vec::new(),
    }
}

fn as_anchor(account: Account) -> Option<runseal_engine::account::Anchor> {
    match account {
        Account::Anchor(anchor) => Some(anchor),
        _ => None,
    }
}

fn anchor_facts(accounts: &[Account], place: &Place) -> Result<AnchorFacts, ProveError> {
    let anchor = accounts.iter().find_map(|account| match account {
        Account::Anchor(anchor) if anchor.period == place.period => Some(anchor.facts),
        _ => None,
    });
    anchor.ok_or(ProveError::NotAnchored { period: place.period })
}

fn parse(stored: &StoredReceipt) -> Result<Receipt, ProveError> {
    let digest = stored.leaf.digest;
    let damaged = |reason: runseal_receipt::ReceiptError| ProveError::Damaged {
        digest,
        reason: reason.to_string(),
    };
    Receipt::parse(&stored.text).map_err(damaged)
}

fn text_of(stored: &StoredReceipt) -> Result<String, ProveError> {
    utf8(stored.text.clone(), &stored.leaf.digest)
}

/// Documents are JSON, so they are UTF-8; bytes that are not were damaged.
fn utf8(text: Vec<u8>, digest: &Digest) -> Result<String, ProveError> {
    let damaged = |reason: std::string::FromUtf8Error| ProveError::Damaged {
        digest: *digest,
        reason: reason.to_string(),
    };
    String::from_utf8(text).map_err(damaged)
}
