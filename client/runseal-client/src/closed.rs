//! A log's anchors, also those whose accounts are closed: what is offered of them is proven by the log
//! (`runseal_engine::audit::closed` decides) or not believed.

use crate::{
    anchors::{self, KnownLog, LogError},
    ledger::Ledger,
    mirror::{KeepError, ReadLists},
};
use runseal_engine::{
    audit::closed::{Decided, Shown, Standing, decide},
    bundle::parse_anchor,
};
use runseal_registry::state::Anchor;
use runseal_types::{AnchorFacts, Period};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    ops::Range,
};

/// Who offers what a closed anchor said. Nobody is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferedBy {
    /// The auditor's mirror, which kept it while the account was open.
    Mirror,
    /// The store, which noted it when it was finalized.
    Store,
    /// Whoever publishes the log's lists.
    Source,
}

impl fmt::Display for OfferedBy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Mirror => "the mirror",
            Self::Store => "the store",
            Self::Source => "the source",
        })
    }
}

/// Why it is not known what a closed anchor said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Nobody offers it.
    Missing,
    /// Nothing that is proven leads to what is offered.
    Unproven,
    /// What is offered is not what was anchored.
    Refuted,
}

impl fmt::Display for Closed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the anchor's account is closed, and ")?;
        formatter.write_str(match self {
            Self::Missing => "nobody here knows what it said",
            Self::Unproven => "nothing that is proven leads to what is offered of it",
            Self::Refuted => "what is offered of it is not what was anchored",
        })
    }
}

/// What is known of an anchored period's anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Its account, as it was read.
    Open(Box<Anchor>),
    /// Its account is closed, and this is what it said.
    Closed(AnchorFacts),
    /// Its account is closed.
    Unknown(Closed),
}

/// Something that was offered and is not what was anchored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Of which period.
    pub period: Period,
    /// By whom.
    pub by: OfferedBy,
    /// Its text, as it was offered.
    pub text: Vec<u8>,
    /// Why not.
    pub reason: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { by, reason, .. } = self;
        write!(formatter, "what {by} says of the closed anchor is not what was anchored: {reason}")
    }
}

/// Why anchors could not be read.
#[derive(Debug, thiserror::Error)]
pub enum AnchorsError {
    /// The chain could not be.
    #[error(transparent)]
    Log(#[from] LogError),
    /// What is offered could not be.
    #[error(transparent)]
    Keep(#[from] KeepError),
}

/// Reads the anchors of one log, part by part.
pub struct Anchors<'a, L> {
    ledger: &'a L,
    log: &'a KnownLog,
    offers: &'a [(OfferedBy, &'a dyn ReadLists)],
    survey: Option<Survey>,
}

/// The whole log at once, which is only looked at if an account is closed.
#[derive(Default)]
struct Survey {
    shown: Vec<Shown>,
    /// Who offers what, in the order in which it is shown.
    offered: BTreeMap<Period, Vec<(OfferedBy, Vec<u8>)>>,
    /// What is offered and says nothing at all.
    unreadable: Vec<Refused>,
    decided: Decided,
    /// What the source was asked for, and answered or does not have.
    asked: BTreeSet<Period>,
}

impl<'a, L: Ledger> Anchors<'a, L> {
    /// Begins. Of two offers for one period that both may be right, the first is tried.
    pub const fn new(
        ledger: &'a L,
        log: &'a KnownLog,
        offers: &'a [(OfferedBy, &'a dyn ReadLists)],
    ) -> Self {
        Self { ledger, log, offers, survey: None }
    }

    /// Returns the log.
    pub const fn log(&self) -> &'a KnownLog {
        self.log
    }

    /// Reads the anchors of some periods that the log counts, at most
    /// [`MOST_IN_SNAPSHOT`](crate::ledger::MOST_IN_SNAPSHOT).
    pub async fn read(&mut self, periods: Range<u64>) -> Result<Vec<Known>, AnchorsError> {
        let read = self.log.read_anchors(self.ledger, periods.clone()).await?;
        if self.survey.is_none() && read.iter().any(Option::is_none) {
            self.survey = Some(self.look().await?);
        }
        let known = |(period, anchor): (Period, Option<Anchor>)| match anchor {
            Some(anchor) => Known::Open(Box::new(anchor)),
            None => {
                self.survey.as_ref().map_or(Known::Unknown(Closed::Missing), |it| it.of(period))
            }
        };
        Ok(periods.map(Period).zip(read).map(known).collect())
    }

    /// Reads the anchor of a period that the log counts.
    pub async fn read_one(&mut self, period: Period) -> Result<Known, AnchorsError> {
        let only = period.0..period.0.saturating_add(1);
        let known = self.read(only).await?.pop();
        Ok(known.unwrap_or(Known::Unknown(Closed::Missing)))
    }

    /// Takes what the source has of periods whose accounts were closed when they were read; `None`
    /// where it has nothing.
    pub fn offer(&mut self, offers: Vec<(Period, Option<Vec<u8>>)>) -> Result<(), LogError> {
        if let Some(survey) = &mut self.survey {
            for (period, text) in offers {
                survey.asked.insert(period);
                if let Some(text) = text {
                    survey.offer(period, OfferedBy::Source, text);
                }
            }
            survey.decided = decide(&self.log.facts()?, &survey.shown);
        }
        Ok(())
    }

    /// Returns what was offered and is not what was anchored, as far as it was looked at.
    pub fn refused(&self) -> Vec<Refused> {
        self.survey.as_ref().map(Survey::refused).unwrap_or_default()
    }

    /// Returns the closed periods of which it is not known what their anchors said, and for which the
    /// source was not asked.
    pub fn unasked(&self) -> Vec<Period> {
        let Some(survey) = &self.survey else { return Vec::new() };
        let is_known =
            |standing: &Standing| matches!(standing, Standing::Open | Standing::Proven(_));
        let periods = (0..).map(Period).zip(&survey.decided.standings);
        let unknown = periods.filter(|(_, standing)| !is_known(standing)).map(|(period, _)| period);
        unknown.filter(|period| !survey.asked.contains(period)).collect()
    }

    async fn look(&self) -> Result<Survey, AnchorsError> {
        let mut survey = Survey::default();
        for part in self.log.parts() {
            let anchors = self.log.read_anchors(self.ledger, part.clone()).await?;
            for (period, anchor) in part.map(Period).zip(anchors) {
                match anchor.as_ref().map(anchors::facts_of) {
                    Some(facts) => survey.shown.push(Shown::Open {
                        hash: facts.hash(),
                        previous: facts.previous_anchor_hash,
                    }),
                    None => self.look_at_closed(period, &mut survey)?,
                }
            }
        }
        survey.decided = decide(&self.log.facts()?, &survey.shown);
        Ok(survey)
    }

    fn look_at_closed(&self, period: Period, survey: &mut Survey) -> Result<(), KeepError> {
        survey.shown.push(Shown::Closed(Vec::new()));
        for (by, lists) in self.offers {
            if let Some(text) = lists.load_anchor(period)? {
                survey.offer(period, *by, text);
            }
        }
        Ok(())
    }
}

impl Survey {
    fn offer(&mut self, period: Period, by: OfferedBy, text: Vec<u8>) {
        let index = usize::try_from(period.0).unwrap_or(usize::MAX);
        let Some(Shown::Closed(offers)) = self.shown.get_mut(index) else { return };
        match parse_anchor(&text) {
            Ok(facts) => {
                offers.push(facts);
                self.offered.entry(period).or_default().push((by, text));
            }
            Err(error) => {
                let reason = format!("it is no anchor: {error}");
                self.unreadable.push(Refused { period, by, text, reason });
            }
        }
    }

    fn of(&self, period: Period) -> Known {
        let index = usize::try_from(period.0).unwrap_or(usize::MAX);
        let is_unreadable = || self.unreadable.iter().any(|refused| refused.period == period);
        Known::Unknown(match self.decided.standings.get(index) {
            Some(Standing::Proven(facts)) => return Known::Closed(*facts),
            Some(Standing::Unproven) => Closed::Unproven,
            Some(Standing::Refuted) => Closed::Refuted,
            _ if is_unreadable() => Closed::Refuted,
            // Or it was open when it was looked at, and is closed since.
            _ => Closed::Missing,
        })
    }

    fn refused(&self) -> Vec<Refused> {
        let refusals = self.decided.refusals.iter().filter_map(|refusal| {
            let period = refusal.period;
            let (by, text) = self.offered.get(&period)?.get(refusal.offer)?;
            let reason = refusal.misfit.to_string();
            Some(Refused { period, by: *by, text: text.clone(), reason })
        });
        let mut refused: Vec<Refused> = self.unreadable.iter().cloned().chain(refusals).collect();
        refused.sort_by_key(|refused| refused.period);
        refused
    }
}
