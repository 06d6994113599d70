//! Whether every receipt of an agent is anchored, once, as the auditor holds it.

use runseal_types::{Digest, Leaf, Period, Sequence};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// What is known of one agent's receipts in one log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The agent's leaves in each anchored period, the first period first; `None` where nobody has
    /// shown the leaves that were anchored.
    pub periods: Vec<Option<Vec<Leaf>>>,
    /// The receipts that the auditor holds.
    pub held: Vec<Leaf>,
    /// What the log promised, with signatures that were checked.
    pub promised: Vec<(Period, Leaf)>,
}

/// The numbers that an audit is about, the last one included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first.
    pub from: Sequence,
    /// The last.
    pub to: Sequence,
}

/// Where a receipt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is anchored once, with the digest that is held.
    Anchored,
    /// Left out: no period has it, every period's leaves are known, and a later receipt is anchored.
    Skipped,
    /// The log promised it for a period that does not have it.
    NotWherePromised {
        /// That period.
        period: Period,
        /// What was promised.
        digest: Digest,
    },
    /// Another digest is anchored at its number.
    OtherDigest {
        /// Where.
        period: Period,
        /// What is anchored.
        anchored: Digest,
        /// What is held or was promised.
        expected: Digest,
    },
    /// Its number is anchored in more than one period.
    AnchoredTwice {
        /// The first of them.
        first: Period,
        /// The next.
        second: Period,
    },
    /// Its number is anchored, and the auditor holds nothing to compare.
    NotHeld,
    /// No period whose leaves are known has it, and there are others.
    PeriodsUnknown,
    /// Nobody has anchored it or anything later: a period to come may have it.
    NotYet,
}

/// How certain a standing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// Everything is there.
    Complete,
    /// Something that had to be there is not.
    Omitted,
    /// Nobody can say yet.
    Unknown,
}

impl Conclusion {
    /// Returns the word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "COMPLETE",
            Self::Omitted => "OMITTED",
            Self::Unknown => "UNKNOWN",
        }
    }
}

impl Standing {
    /// Returns the code for it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Anchored => "anchored",
            Self::Skipped => "skipped",
            Self::NotWherePromised { .. } => "not-where-promised",
            Self::OtherDigest { .. } => "other-digest",
            Self::AnchoredTwice { .. } => "anchored-twice",
            Self::NotHeld => "not-held",
            Self::PeriodsUnknown => "periods-unknown",
            Self::NotYet => "not-yet",
        }
    }

    /// Returns what follows from it.
    #[must_use]
    pub const fn conclusion(&self) -> Conclusion {
        match self {
            Self::Anchored => Conclusion::Complete,
            Self::Skipped
            | Self::NotWherePromised { .. }
            | Self::OtherDigest { .. }
            | Self::AnchoredTwice { .. } => Conclusion::Omitted,
            Self::NotHeld | Self::PeriodsUnknown | Self::NotYet => Conclusion::Unknown,
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anchored => formatter.write_str("anchored once, as it is held"),
            Self::Skipped => formatter.write_str("in no period, though a later number is anchored"),
            Self::NotWherePromised { period, digest } => {
                write!(formatter, "promised for period {period}, which does not have {digest}")
            }
            Self::OtherDigest { period, anchored, expected } => write!(
                formatter,
                "period {period} has {anchored} at this number, {expected} is held"
            ),
            Self::AnchoredTwice { first, second } => {
                write!(formatter, "anchored in period {first} and again in {second}")
            }
            Self::NotHeld => formatter.write_str("anchored once, but not held: nothing to compare"),
            Self::PeriodsUnknown => {
                formatter.write_str("in no period whose leaves are known; others are not known")
            }
            Self::NotYet => formatter.write_str("nobody has anchored it or anything later"),
        }
    }
}

/// Neighbouring numbers that stand alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Which.
    pub range: Range,
    /// How they stand.
    pub standing: Standing,
}

/// What an audit of an agent came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentReport {
    /// All numbers of the range, in their order.
    pub spans: Vec<Span>,
    /// The anchored periods whose leaves are not known.
    pub unknown_periods: Vec<Period>,
}

impl AgentReport {
    /// Joins the standings. While a period's leaves are not known, they may have a number again, so
    /// nothing is complete; what contradicts stays a contradiction.
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        let is = |wanted| self.spans.iter().any(|span| span.standing.conclusion() == wanted);
        if is(Conclusion::Omitted) {
            Conclusion::Omitted
        } else if is(Conclusion::Unknown) || !self.unknown_periods.is_empty() {
            Conclusion::Unknown
        } else {
            Conclusion::Complete
        }
    }
}

/// Returns the range from an agent's first number to the last that anything is known of; `None` if
/// nothing is.
#[must_use]
pub fn known_range(evidence: &Evidence) -> Option<Range> {
    let anchored = evidence.periods.iter().flatten().flatten();
    let promised = evidence.promised.iter().map(|(_, leaf)| leaf);
    let known = anchored.chain(&evidence.held).chain(promised);
    let to = known.map(|leaf| leaf.sequence).max()?;
    Some(Range { from: Sequence::FIRST, to })
}

/// Holds what is known of an agent's receipts against each other, number by number.
#[must_use]
pub fn audit_agent(evidence: &Evidence, range: Range) -> AgentReport {
    let known = Known::of(evidence);
    let mut spans = Spans::default();
    let mut next = Some(range.from);
    for number in known.numbers(range) {
        if let Some(gap) = next.and_then(|next| gap_before(next, number)) {
            known.judge_gap(gap, &mut spans);
        }
        let range = Range { from: number, to: number };
        spans.push(Span { range, standing: known.judge(number) });
        next = number.next();
    }
    if let Some(from) = next.filter(|next| *next <= range.to) {
        known.judge_gap(Range { from, to: range.to }, &mut spans);
    }
    let unknown = (0..).map(Period).zip(&evidence.periods);
    let unknown = unknown.filter(|(_, leaves)| leaves.is_none());
    AgentReport { spans: spans.0, unknown_periods: unknown.map(|(period, _)| period).collect() }
}

/// The numbers from `next` up to `number`, without that one.
fn gap_before(next: Sequence, number: Sequence) -> Option<Range> {
    let to = Sequence(number.0.checked_sub(1)?);
    (next <= to).then_some(Range { from: next, to })
}

/// Evidence by number.
struct Known<'a> {
    evidence: &'a Evidence,
    anchored: BTreeMap<Sequence, Vec<(Period, Digest)>>,
    promised: BTreeMap<Sequence, Vec<(Period, Digest)>>,
    expected: BTreeMap<Sequence, BTreeSet<Digest>>,
    has_unknown_periods: bool,
}

impl<'a> Known<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        let mut anchored: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (period, leaves) in (0..).map(Period).zip(&evidence.periods) {
            for leaf in leaves.iter().flatten() {
                anchored.entry(leaf.sequence).or_default().push((period, leaf.digest));
            }
        }
        let mut promised: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut expected: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (period, leaf) in &evidence.promised {
            promised.entry(leaf.sequence).or_default().push((*period, leaf.digest));
            expected.entry(leaf.sequence).or_default().insert(leaf.digest);
        }
        for leaf in &evidence.held {
            expected.entry(leaf.sequence).or_default().insert(leaf.digest);
        }
        let has_unknown_periods = evidence.periods.iter().any(Option::is_none);
        Self { evidence, anchored, promised, expected, has_unknown_periods }
    }

    /// The numbers of which something is known.
    fn numbers(&self, range: Range) -> BTreeSet<Sequence> {
        let inside = range.from..=range.to;
        if inside.is_empty() {
            return BTreeSet::new();
        }
        let anchored = self.anchored.range(inside.clone()).map(|(number, _)| *number);
        anchored.chain(self.expected.range(inside).map(|(number, _)| *number)).collect()
    }

    fn judge(&self, number: Sequence) -> Standing {
        let anchored = self.anchored.get(&number).map_or(&[][..], Vec::as_slice);
        if let Some((period, digest)) = self.broken_promise(number, anchored) {
            return Standing::NotWherePromised { period, digest };
        }
        match *anchored {
            [] => self.not_anchored(number),
            [(period, digest)] => self.anchored_once(number, period, digest),
            [(first, _), (second, _), ..] => Standing::AnchoredTwice { first, second },
        }
    }

    fn anchored_once(&self, number: Sequence, period: Period, anchored: Digest) -> Standing {
        let Some(expected) = self.expected.get(&number) else { return Standing::NotHeld };
        match expected.iter().find(|expected| **expected != anchored) {
            Some(&expected) => Standing::OtherDigest { period, anchored, expected },
            None => Standing::Anchored,
        }
    }

    /// A promise for a period whose leaves are known, and that does not have what was promised.
    fn broken_promise(
        &self,
        number: Sequence,
        anchored: &[(Period, Digest)],
    ) -> Option<(Period, Digest)> {
        let mut promised = self.promised.get(&number)?.iter();
        let is_known = |period: Period| {
            let index = usize::try_from(period.0).unwrap_or(usize::MAX);
            self.evidence.periods.get(index).is_some_and(Option::is_some)
        };
        promised
            .find(|(period, digest)| is_known(*period) && !anchored.contains(&(*period, *digest)))
            .copied()
    }

    /// The standing of a number that no known leaf has.
    fn not_anchored(&self, number: Sequence) -> Standing {
        let last = self.anchored.last_key_value().map(|(last, _)| *last);
        if self.has_unknown_periods {
            Standing::PeriodsUnknown
        } else if last.is_some_and(|last| number < last) {
            Standing::Skipped
        } else {
            Standing::NotYet
        }
    }

    /// Numbers of which nothing is known: all of them stand alike, because the last anchored number
    /// is none of them.
    fn judge_gap(&self, range: Range, spans: &mut Spans) {
        spans.push(Span { range, standing: self.not_anchored(range.from) });
    }
}

/// Spans in their order; one that stands as the one before is joined to it.
#[derive(Default)]
struct Spans(Vec<Span>);

impl Spans {
    fn push(&mut self, span: Span) {
        match self.0.last_mut() {
            Some(last) if last.standing == span.standing => last.range.to = span.range.to,
            _ => self.0.push(span),
        }
    }
}
