//! What an audit of an agent concludes, and that less evidence never makes it more certain.

mod support;

use proptest::prelude::*;
use runseal_engine::audit::agent::{
    AgentReport, Conclusion, Evidence, Range, Standing, audit_agent, known_range,
};
use runseal_types::{Digest, Leaf, Period, Sequence};
use support::leaf;

fn range(from: u64, to: u64) -> Range {
    Range { from: Sequence(from), to: Sequence(to) }
}

/// Leaves of one agent with these numbers.
fn numbers(numbers: &[u64]) -> Vec<Leaf> {
    numbers.iter().map(|number| leaf(2, *number)).collect()
}

fn other(number: u64) -> Leaf {
    Leaf { digest: Digest::new([0xee; 32]), ..leaf(2, number) }
}

/// Periods by the numbers that they have; `None` is not known.
fn evidence(periods: &[Option<&[u64]>], held: &[u64]) -> Evidence {
    let periods = periods.iter().map(|period| period.map(numbers)).collect();
    Evidence { periods, held: numbers(held), promised: Vec::new() }
}

/// The spans of a report, with the names of their standings.
fn spans(report: &AgentReport) -> Vec<(u64, u64, String)> {
    let name = |standing: Standing| {
        let text = format!("{standing:?}");
        text.split([' ', '{']).next().unwrap_or_default().to_owned()
    };
    let span = |span: &runseal_engine::audit::agent::Span| {
        (span.range.from.0, span.range.to.0, name(span.standing))
    };
    report.spans.iter().map(span).collect()
}

/// What is known, how the numbers 0 to 2 stand, and what follows.
type Case<'a> = (&'a str, Evidence, &'a [(u64, u64, &'a str)], Conclusion);

const KNOWN: &[u64] = &[0, 1, 2];

fn check(cases: &[Case<'_>]) {
    for (name, evidence, expected, conclusion) in cases {
        let report = audit_agent(evidence, range(0, 2));
        let expected: Vec<_> =
            expected.iter().map(|(from, to, name)| (*from, *to, (*name).to_owned())).collect();
        assert_eq!(spans(&report), expected, "{name}");
        assert_eq!(report.conclusion(), *conclusion, "{name}");
    }
}

#[test]
fn what_is_in_no_period_is_left_out_if_a_later_number_is_there() {
    check(&[
        (
            "all there",
            evidence(&[Some(&[0, 1]), Some(&[2])], KNOWN),
            &[(0, 2, "Anchored")],
            Conclusion::Complete,
        ),
        (
            "filled in later",
            evidence(&[Some(&[0, 2]), Some(&[1])], KNOWN),
            &[(0, 2, "Anchored")],
            Conclusion::Complete,
        ),
        (
            "one in the middle left out",
            evidence(&[Some(&[0, 2])], KNOWN),
            &[(0, 0, "Anchored"), (1, 1, "Skipped"), (2, 2, "Anchored")],
            Conclusion::Omitted,
        ),
        (
            "the first left out, and held by nobody",
            evidence(&[Some(&[1, 2])], &[1, 2]),
            &[(0, 0, "Skipped"), (1, 2, "Anchored")],
            Conclusion::Omitted,
        ),
        (
            "the last is not anchored yet",
            evidence(&[Some(&[0, 1])], KNOWN),
            &[(0, 1, "Anchored"), (2, 2, "NotYet")],
            Conclusion::Unknown,
        ),
        ("no period", evidence(&[], KNOWN), &[(0, 2, "NotYet")], Conclusion::Unknown),
        ("empty periods", evidence(&[Some(&[])], KNOWN), &[(0, 2, "NotYet")], Conclusion::Unknown),
    ]);
}

#[test]
fn what_is_not_known_or_not_held_is_unknown() {
    check(&[
        (
            "a period is not known, and may have it",
            evidence(&[Some(&[0, 2]), None], KNOWN),
            &[(0, 0, "Anchored"), (1, 1, "PeriodsUnknown"), (2, 2, "Anchored")],
            Conclusion::Unknown,
        ),
        (
            "a period is not known, and may have one again",
            evidence(&[Some(KNOWN), None], KNOWN),
            &[(0, 2, "Anchored")],
            Conclusion::Unknown,
        ),
        (
            "anchored and not held",
            evidence(&[Some(KNOWN)], &[0, 2]),
            &[(0, 0, "Anchored"), (1, 1, "NotHeld"), (2, 2, "Anchored")],
            Conclusion::Unknown,
        ),
    ]);
}

#[test]
fn what_contradicts_does_so_whatever_else_is_not_known() {
    check(&[
        (
            "anchored twice with one digest",
            evidence(&[Some(&[0, 1]), Some(&[1, 2])], KNOWN),
            &[(0, 0, "Anchored"), (1, 1, "AnchoredTwice"), (2, 2, "Anchored")],
            Conclusion::Omitted,
        ),
        (
            "anchored twice, and a period is not known",
            evidence(&[Some(&[0, 1]), None, Some(&[1, 2])], KNOWN),
            &[(0, 0, "Anchored"), (1, 1, "AnchoredTwice"), (2, 2, "Anchored")],
            Conclusion::Omitted,
        ),
        (
            "another digest",
            Evidence {
                periods: vec![Some(vec![leaf(2, 0), other(1), leaf(2, 2)])],
                held: numbers(KNOWN),
                promised: Vec::new(),
            },
            &[(0, 0, "Anchored"), (1, 1, "OtherDigest"), (2, 2, "Anchored")],
            Conclusion::Omitted,
        ),
        (
            "another digest, and a period is not known",
            Evidence {
                periods: vec![None, Some(vec![leaf(2, 0), other(1), leaf(2, 2)])],
                held: numbers(KNOWN),
                promised: Vec::new(),
            },
            &[(0, 0, "Anchored"), (1, 1, "OtherDigest"), (2, 2, "Anchored")],
            Conclusion::Omitted,
        ),
    ]);
}

#[test]
fn a_promise_is_held_to_its_period() {
    type Case<'a> = (&'a str, &'a [Option<&'a [u64]>], (u64, Leaf), &'a str, Conclusion);
    let kept = leaf(2, 0);
    let cases: [Case<'_>; 8] = [
        ("kept", &[Some(&[0])], (0, kept), "Anchored", Conclusion::Complete),
        ("broken", &[Some(&[])], (0, kept), "NotWherePromised", Conclusion::Omitted),
        (
            "kept too late",
            &[Some(&[]), Some(&[0])],
            (0, kept),
            "NotWherePromised",
            Conclusion::Omitted,
        ),
        (
            "another digest there",
            &[Some(&[0])],
            (0, other(0)),
            "NotWherePromised",
            Conclusion::Omitted,
        ),
        ("for a period to come", &[Some(&[])], (1, kept), "NotYet", Conclusion::Unknown),
        ("for a period without end", &[Some(&[])], (u64::MAX, kept), "NotYet", Conclusion::Unknown),
        (
            "for a period that is not known",
            &[None],
            (0, kept),
            "PeriodsUnknown",
            Conclusion::Unknown,
        ),
        (
            "broken, while another period is not known",
            &[Some(&[]), None],
            (0, kept),
            "NotWherePromised",
            Conclusion::Omitted,
        ),
    ];
    for (name, periods, (period, promised), standing, conclusion) in cases {
        let mut evidence = evidence(periods, &[]);
        evidence.promised.push((Period(period), promised));
        let report = audit_agent(&evidence, range(0, 0));
        assert_eq!(spans(&report), [(0, 0, standing.to_owned())], "{name}");
        assert_eq!(report.conclusion(), conclusion, "{name}");
    }
}

#[test]
fn a_promise_of_what_is_not_held_is_as_good_as_holding_it() {
    let mut evidence = evidence(&[Some(&[0])], &[]);
    assert_eq!(audit_agent(&evidence, range(0, 0)).conclusion(), Conclusion::Unknown);
    evidence.promised.push((Period(0), leaf(2, 0)));
    assert_eq!(audit_agent(&evidence, range(0, 0)).conclusion(), Conclusion::Complete);
    // Two words for one number cannot both be right.
    evidence.held.push(other(0));
    assert_eq!(audit_agent(&evidence, range(0, 0)).conclusion(), Conclusion::Omitted);
}

#[test]
fn a_range_without_end_takes_no_time() {
    let evidence = evidence(&[Some(&[5]), Some(&[1_000_000])], &[5]);
    let report = audit_agent(&evidence, range(0, u64::MAX));
    let expected = [
        (0, 4, "Skipped"),
        (5, 5, "Anchored"),
        (6, 999_999, "Skipped"),
        (1_000_000, 1_000_000, "NotHeld"),
        (1_000_001, u64::MAX, "NotYet"),
    ];
    let expected = expected.map(|(from, to, name)| (from, to, name.to_owned()));
    assert_eq!(spans(&report), expected);
    let last = numbers(&[u64::MAX]);
    let evidence = Evidence { periods: vec![Some(last.clone())], held: last, promised: vec![] };
    let report = audit_agent(&evidence, range(u64::MAX, u64::MAX));
    assert_eq!(report.conclusion(), Conclusion::Complete);
}

#[test]
fn a_range_is_judged_by_what_lies_behind_it_too() {
    let evidence = evidence(&[Some(&[0, 9])], &[0]);
    let report = audit_agent(&evidence, range(0, 3));
    let expected = [(0, 0, "Anchored".to_owned()), (1, 3, "Skipped".to_owned())];
    assert_eq!(spans(&report), expected);
    // An agent that came from another log is audited from its first number in this one.
    assert_eq!(audit_agent(&evidence, range(9, 9)).spans.len(), 1);
}

#[test]
fn the_usual_range_ends_with_the_last_number_that_anything_is_known_of() {
    assert_eq!(known_range(&evidence(&[None, Some(&[])], &[])), None);
    assert_eq!(known_range(&evidence(&[Some(&[3])], &[1])), Some(range(0, 3)));
    assert_eq!(known_range(&evidence(&[Some(&[3])], &[7])), Some(range(0, 7)));
    let mut promised = evidence(&[], &[1]);
    promised.promised.push((Period(4), leaf(2, 8)));
    assert_eq!(known_range(&promised), Some(range(0, 8)));
}

const MOST: u64 = 6;

fn any_leaf() -> impl Strategy<Value = Leaf> {
    (0..MOST, prop::bool::weighted(0.9)).prop_map(|(number, usual)| match usual {
        true => leaf(2, number),
        false => other(number),
    })
}

/// A period has each number once at most.
fn any_period() -> impl Strategy<Value = Option<Vec<Leaf>>> {
    let leaves = prop::collection::vec(any_leaf(), 0..5).prop_map(|mut leaves| {
        leaves.sort();
        leaves.dedup_by_key(|leaf| leaf.sequence);
        leaves
    });
    prop::option::weighted(0.8, leaves)
}

fn any_evidence() -> impl Strategy<Value = Evidence> {
    let held = prop::collection::vec(any_leaf(), 0..8).prop_map(|mut leaves| {
        leaves.sort();
        leaves.dedup_by_key(|leaf| leaf.sequence);
        leaves
    });
    let promised = prop::collection::vec(((0..5u64).prop_map(Period), any_leaf()), 0..3);
    (prop::collection::vec(any_period(), 0..4), held, promised)
        .prop_map(|(periods, held, promised)| Evidence { periods, held, promised })
}

/// The rules of docs/spec/audit.md, one number at a time.
fn judge_slowly(evidence: &Evidence, number: u64) -> Conclusion {
    let of = |leaf: &&Leaf| leaf.sequence.0 == number;
    let known: Vec<&Leaf> = evidence.periods.iter().flatten().flatten().collect();
    let all_known = evidence.periods.iter().all(Option::is_some);
    let here: Vec<&Leaf> = known.iter().copied().filter(of).collect();
    let promised = || evidence.promised.iter().filter(|(_, leaf)| leaf.sequence.0 == number);
    let broken = promised().any(|(period, leaf)| {
        let found = evidence.periods.get(usize::try_from(period.0).expect("it is small"));
        matches!(found, Some(Some(leaves)) if !leaves.contains(leaf))
    });
    let mut words = evidence.held.iter().filter(of).chain(promised().map(|(_, leaf)| leaf));
    let later = known.iter().any(|leaf| leaf.sequence.0 > number);
    match here.as_slice() {
        _ if broken => Conclusion::Omitted,
        [] if all_known && later => Conclusion::Omitted,
        [] => Conclusion::Unknown,
        [one] if words.clone().any(|word| word != *one) => Conclusion::Omitted,
        [_] if words.next().is_some() => Conclusion::Complete,
        [_] => Conclusion::Unknown,
        _ => Conclusion::Omitted,
    }
}

proptest! {
    #[test]
    fn the_report_says_what_the_rules_say_of_every_number(evidence in any_evidence()) {
        let report = audit_agent(&evidence, range(0, MOST));
        let mut next = 0;
        for span in &report.spans {
            prop_assert_eq!(span.range.from.0, next, "spans cover the range, in order");
            for number in span.range.from.0..=span.range.to.0 {
                let slowly = judge_slowly(&evidence, number);
                prop_assert_eq!(span.standing.conclusion(), slowly, "number {}", number);
            }
            next = span.range.to.0 + 1;
        }
        prop_assert_eq!(next, MOST + 1);
    }

    #[test]
    fn hiding_a_list_accuses_nobody_and_completes_nothing(
        evidence in any_evidence(), hidden in 0..4usize,
    ) {
        let before = audit_agent(&evidence, range(0, MOST)).conclusion();
        let mut less = evidence;
        prop_assume!(hidden < less.periods.len());
        less.periods[hidden] = None;
        let after = audit_agent(&less, range(0, MOST)).conclusion();
        prop_assert!(after != Conclusion::Complete);
        prop_assert!(after != Conclusion::Omitted || before == Conclusion::Omitted);
    }

    #[test]
    fn holding_less_accuses_nobody_and_completes_nothing(
        evidence in any_evidence(), dropped in 0..8usize,
    ) {
        let before = audit_agent(&evidence, range(0, MOST)).conclusion();
        let mut less = evidence;
        prop_assume!(dropped < less.held.len());
        let number = less.held.remove(dropped).sequence;
        let after = audit_agent(&less, range(0, MOST));
        prop_assert!(after.conclusion() != Conclusion::Omitted || before == Conclusion::Omitted);
        let promised = less.promised.iter().any(|(_, leaf)| leaf.sequence == number);
        if before == Conclusion::Complete && !promised {
            prop_assert_eq!(after.conclusion(), Conclusion::Unknown);
        }
    }
}
