//! What a verdict is about, in words for whoever did not ask.

use crate::clusters;
use runseal_client::utc::Utc;
use runseal_engine::{
    Bundle, Check, Outcome, Policy, Report, Statement,
    account::{Account, ReadAccount},
};
use runseal_receipt::{json::Value, member::integer};
use runseal_types::{Address, AnchorFacts};

/// What a caller asked, and by whose word it is answered.
#[derive(Default)]
pub(crate) struct Question(Vec<(&'static str, String)>);

impl Question {
    /// Puts into words what was asked of a bundle. A text that is none is asked nothing.
    pub(crate) fn new(
        text: &[u8],
        policy: &Policy,
        is_offline: bool,
        reader: &impl ReadAccount,
        report: &Report,
    ) -> Self {
        let Ok(bundle) = Bundle::parse(text) else { return Self::default() };
        let mut lines = vec![("Question", asked(&bundle))];
        if let Some(anchor) = anchor(&bundle, policy, reader, report) {
            lines.push(("Anchored", anchored(&bundle, &anchor)));
        }
        if is_offline {
            lines.push(("Offline", offline(policy).to_owned()));
        }
        if policy.logs.is_empty() {
            lines.push(("Log", "no log was named, so any would do".to_owned()));
        }
        Self(lines)
    }

    /// The lines, each with what it is about.
    pub(super) fn lines(&self) -> &[(&'static str, String)] {
        &self.0
    }
}

fn asked(bundle: &Bundle) -> String {
    let place = &bundle.parts().place;
    let (period, log) = (place.period, place.log);
    match &bundle.parts().statement {
        Statement::Inclusion(inclusion) => {
            let leaf = inclusion.leaf;
            let (digest, number, agent) = (leaf.digest, leaf.sequence, leaf.agent);
            format!(
                "whether receipt {digest} is number {number} of agent {agent}, in period {period} of log {log}"
            )
        }
        Statement::Absence(absence) => {
            let (agent, number) = (absence.agent, absence.sequence);
            format!("whether agent {agent} has no receipt {number} in period {period} of log {log}")
        }
        statement @ (Statement::Ends(_) | Statement::Span(_)) => {
            let leaves = statement.leaves();
            let number = |leaf: Option<&runseal_types::Leaf>| {
                leaf.map_or_else(|| "?".to_owned(), |leaf| leaf.sequence.to_string())
            };
            let (from, to) = (number(leaves.first()), number(leaves.last()));
            let agent = statement.agent().map_or_else(|| "?".to_owned(), |agent| agent.to_string());
            format!(
                "whether period {period} of log {log} has every receipt of agent {agent} from {from} to {to}"
            )
        }
    }
}

fn anchored(bundle: &Bundle, anchor: &AnchorFacts) -> String {
    let (at, slot) = (Utc(anchor.posted_unix_seconds), anchor.posted_slot);
    let chain = Address::new(*bundle.parts().place.genesis_hash.as_bytes()).to_string();
    format!("{at} in slot {slot} of chain {}", clusters::named(&chain))
}

/// The anchor that the verdict went by; none if it is not sure that there is one.
fn anchor(
    bundle: &Bundle,
    policy: &Policy,
    reader: &impl ReadAccount,
    report: &Report,
) -> Option<AnchorFacts> {
    let check = report.find(Check::Anchor)?;
    let parts = bundle.parts();
    let recorded = parts.accounts.iter().filter(|_| policy.recorded_answers);
    let read = policy.accounts.iter().chain(recorded).filter_map(|observation| {
        match reader.read(&policy.program, &observation.account) {
            Ok(Account::Anchor(anchor)) => Some(anchor),
            _ => None,
        }
    });
    let mut here = read.filter(|it| it.log == parts.place.log && it.period == parts.place.period);
    let facts = here.next().map(|anchor| anchor.facts).or(parts.anchor)?;
    let is_it = check.facts.get("root") == Some(&Value::from(facts.root))
        && check.facts.get("posted_slot") == Some(&integer(facts.posted_slot));
    (check.reason.outcome() == Outcome::Pass && is_it).then_some(facts)
}

const fn offline(policy: &Policy) -> &'static str {
    match (policy.recorded_answers, policy.accounts.is_empty()) {
        (true, true) => "no cluster was asked: what the chain says is the bundle's own word",
        (true, false) => {
            "no cluster was asked: beyond the policy's accounts, what the chain says is the bundle's own word"
        }
        (false, _) => "no cluster was asked: what the chain says is in the policy or not known",
    }
}
