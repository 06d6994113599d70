//! Bundles: one file that holds everything which a verdict on a receipt needs. docs/spec/bundle.md.

mod error;
mod observation;
mod proof;
mod read;
mod write;

pub use error::BundleError;
pub(crate) use observation::{read_observations, write_observations};
pub use read::parse_anchor;
pub(crate) use read::refuse_unknown;
pub use write::anchor_object;

use crate::{
    answer::Observation,
    proof::{Absence, Ends, Inclusion, Span},
    seal::Place,
};
use runseal_receipt::{Addendum, Event, Receipt, json::Object};
use runseal_types::{Address, AnchorFacts, Digest, Leaf};
use std::collections::BTreeSet;

/// The version of bundles that this crate reads and writes.
pub const BUNDLE_VERSION: &str = "runseal/bundle/v1";

/// How many bytes a bundle may have: 16 MiB.
pub const MOST_BUNDLE_BYTES: usize = 16 << 20;

/// How many receipts, leaves or events a bundle may have of each.
pub const MOST_ELEMENTS: usize = 65_536;

/// How many accounts, addenda, approvals or policy documents it may have of each.
pub const MOST_ACCOUNTS: usize = 256;

/// How many answers there may be to the question what an account holds.
pub const MOST_ANSWERS: usize = 32;

/// A document, and the text in which it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received<T> {
    text: String,
    document: T,
}

impl<T> Received<T> {
    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns what was read from it.
    #[must_use]
    pub const fn document(&self) -> &T {
        &self.document
    }
}

/// What a bundle shows about a period's tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// That its receipt is in the period.
    Inclusion(Inclusion),
    /// That an agent has no receipt with a number in the period.
    Absence(Absence),
    /// That all of an agent's receipts between two are in the period, by these two.
    Ends(Ends),
    /// The same, with all their leaves.
    Span(Span),
}

impl Statement {
    /// Returns the word for its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Inclusion(_) => "inclusion",
            Self::Absence(_) => "absence",
            Self::Ends(_) => "ends",
            Self::Span(_) => "span",
        }
    }

    /// Returns whose receipts it is about.
    #[must_use]
    pub fn agent(&self) -> Option<Address> {
        match self {
            Self::Absence(absence) => Some(absence.agent),
            _ => self.leaves().first().map(|leaf| leaf.agent),
        }
    }

    /// Returns the proof as it stands in a bundle, for a period with so many leaves.
    #[must_use]
    pub fn to_object(&self, leaf_count: u64) -> Object {
        proof::write_statement(leaf_count, self)
    }

    /// Returns the leaves that it shows to be there.
    #[must_use]
    pub fn leaves(&self) -> Vec<Leaf> {
        match self {
            Self::Inclusion(inclusion) => vec![inclusion.leaf],
            Self::Absence(_) => Vec::new(),
            Self::Ends(ends) => vec![ends.first.leaf, ends.last.leaf],
            Self::Span(span) => span.leaves.clone(),
        }
    }
}

/// That an anchor is in its log's mountain range of so many anchors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPath {
    /// How many anchors the log had.
    pub count: u64,
    /// The siblings on the way to the range's root.
    pub path: Vec<Digest>,
}

/// What a bundle is made of. Documents are the texts in which they were received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleParts {
    /// The registry program.
    pub program: Address,
    /// Which period of which log on which chain.
    pub place: Place,
    /// How many leaves the period has, as its sealer says.
    pub leaf_count: u64,
    /// What is shown about it.
    pub statement: Statement,
    /// The receipts that it is about, by number.
    pub receipts: Vec<String>,
    /// The agent's receipt before the first of them.
    pub previous: Option<String>,
    /// The events of the receipt, if there is one receipt.
    pub events: Option<Vec<String>>,
    /// Addenda to the receipts.
    pub addenda: Vec<String>,
    /// Receipts of approvals by whose leave policies were bypassed.
    pub approvals: Vec<String>,
    /// Documents of policies, whose hashes the receipts name.
    pub policies: Vec<String>,
    /// What the period's anchor said, where its account is closed.
    pub anchor: Option<AnchorFacts>,
    /// That the anchor is in its log.
    pub log_path: Option<LogPath>,
    /// The accounts, and who said what they hold.
    pub accounts: Vec<Observation>,
}

/// A bundle that is well-formed. Whether it is true is what the verdict says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    pub(crate) parts: BundleParts,
    pub(crate) receipts: Vec<Received<Receipt>>,
    pub(crate) previous: Option<Received<Receipt>>,
    pub(crate) events: Option<Vec<Received<Event>>>,
    pub(crate) addenda: Vec<Received<Addendum>>,
    pub(crate) approvals: Vec<Received<Receipt>>,
}

impl Bundle {
    /// Makes a bundle of its parts; each document must be one, and be of what is shown.
    pub fn new(parts: BundleParts) -> Result<Self, BundleError> {
        let receipts = read_all("receipts", &parts.receipts, Receipt::parse)?;
        let previous = parts.previous.iter().map(|text| read_one("previous", 0, text));
        let events = parts.events.as_ref();
        let events = events.map(|texts| read_all("events", texts, Event::parse));
        let bundle = Self {
            receipts,
            previous: previous.into_iter().next().transpose()?,
            events: events.transpose()?,
            addenda: read_all("addenda", &parts.addenda, Addendum::parse)?,
            approvals: read_all("approvals", &parts.approvals, Receipt::parse)?,
            parts,
        };
        bundle.check()?;
        Ok(bundle)
    }

    /// Parses a bundle.
    pub fn parse(bytes: &[u8]) -> Result<Self, BundleError> {
        Self::new(read::read(bytes)?)
    }

    /// Returns the one canonical spelling of the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        write::write(&self.parts).canonical()
    }

    /// Returns what it is made of.
    #[must_use]
    pub const fn parts(&self) -> &BundleParts {
        &self.parts
    }

    /// Returns the receipts, by number.
    #[must_use]
    pub fn receipts(&self) -> &[Received<Receipt>] {
        &self.receipts
    }

    /// Returns the receipts of approvals.
    #[must_use]
    pub fn approvals(&self) -> &[Received<Receipt>] {
        &self.approvals
    }

    /// Returns every account that it has, for whoever wants to read them himself.
    #[must_use]
    pub fn addresses(&self) -> BTreeSet<Address> {
        self.parts.accounts.iter().map(|observation| observation.account.address).collect()
    }

    /// Refuses documents that belong to something else than what is shown.
    fn check(&self) -> Result<(), BundleError> {
        let leaves = self.parts.statement.leaves();
        let mut rest = leaves.iter();
        for receipt in &self.receipts {
            let leaf = receipt.document.leaf();
            if !rest.any(|expected| *expected == leaf) {
                return Err(BundleError::ForeignReceipt { digest: leaf.digest });
            }
        }
        if self.events.is_some() && self.receipts.len() != 1 {
            return Err(BundleError::EventsWithoutReceipt { receipts: self.receipts.len() });
        }
        let mut digests = BTreeSet::new();
        digests.extend(self.receipts.iter().map(|one| one.document.digest()));
        let mut addenda = self.addenda.iter().map(|addendum| addendum.document.receipt());
        match addenda.find(|receipt| !digests.contains(receipt)) {
            Some(receipt) => Err(BundleError::ForeignAddendum { receipt }),
            None => Ok(()),
        }
    }
}

/// Reads documents that stand in a list.
fn read_all<T, E: Into<error::DocumentProblem>>(
    member: &'static str,
    texts: &[String],
    parse: fn(&[u8]) -> Result<T, E>,
) -> Result<Vec<Received<T>>, BundleError> {
    let read = |(index, text): (usize, &String)| {
        let document = parse(text.as_bytes()).map_err(|problem| BundleError::Document {
            member,
            index,
            problem: Box::new(problem.into()),
        })?;
        Ok(Received { text: text.clone(), document })
    };
    texts.iter().enumerate().map(read).collect()
}

fn read_one(
    member: &'static str,
    index: usize,
    text: &String,
) -> Result<Received<Receipt>, BundleError> {
    let problem = |problem: runseal_receipt::ReceiptError| BundleError::Document {
        member,
        index,
        problem: Box::new(problem.into()),
    };
    let document = Receipt::parse(text.as_bytes()).map_err(problem)?;
    Ok(Received { text: text.clone(), document })
}
