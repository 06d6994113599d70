//! A sealed period is in order, stays as it is, and proves what it should and nothing else.

mod support;

use ed25519_dalek::{Signer, SigningKey};
use proptest::prelude::*;
use runseal_ed25519::{PublicKey, Signature};
use runseal_engine::{
    MirrorError, SealError, SealedPeriod, SignedPromise, promise_message,
    proof::{AbsenceError, AskError, CompletenessError, Gap, PeriodRoot},
    seal::parse_leaves,
};
use runseal_merkle::ProofError;
use runseal_types::{Digest, Leaf, Period, PeriodContext, Sequence};
use support::{PLACE, agent, leaf, leaves};

fn sealed(leaves: Vec<Leaf>) -> SealedPeriod {
    SealedPeriod::seal(PLACE, leaves).expect("no receipt is there twice")
}

#[test]
fn leaves_in_any_order_are_sealed_under_one_root() {
    let straight = leaves(3, 4);
    let mut turned = straight.clone();
    turned.reverse();
    turned.rotate_left(5);
    let (one, other) = (sealed(straight), sealed(turned));
    assert_eq!(one, other);
    assert_eq!(one.leaf_count(), 12);
    assert!(one.leaves().is_sorted());
}

#[test]
fn an_empty_period_has_the_root_of_nothing() {
    let empty = sealed(Vec::new());
    assert_eq!(*empty.root().as_bytes(), runseal_merkle::EMPTY_ROOT);
    assert_eq!((empty.leaf_count(), empty.published().len()), (0, 0));
}

#[test]
fn a_number_that_is_there_twice_is_refused_with_both_digests() {
    let (first, mut second) = (leaf(2, 5), leaf(2, 5));
    for other in [first.digest, Digest::new([0xff; 32])] {
        second.digest = other;
        let refused = SealedPeriod::seal(PLACE, [second, leaf(2, 4), first]);
        let expected = SealError::DuplicateReceipt {
            agent: agent(2),
            sequence: Sequence(5),
            first: first.digest,
            second: other,
        };
        assert_eq!(refused, Err(expected));
    }
}

#[test]
fn sealing_again_is_the_same_or_refused() {
    let period = sealed(leaves(2, 3));
    assert_eq!(period.check_same(leaves(2, 3)), Ok(()));
    let more = leaves(2, 3).into_iter().chain([leaf(8, 1)]);
    let less = leaves(2, 3).into_iter().skip(1);
    for (other, count) in [(more.collect::<Vec<_>>(), 7), (less.collect(), 5)] {
        let refused = period.check_same(other).unwrap_err();
        let SealError::SealedOtherwise { period, sealed_count, found_count, .. } = refused else {
            panic!("{refused}");
        };
        assert_eq!((period, sealed_count, found_count), (Period(7), 6, count));
    }
}

#[test]
fn a_mirror_recomputes_what_was_sealed() {
    let period = sealed(leaves(3, 3));
    let (count, root) = (period.leaf_count(), period.root());
    let published = period.published();
    assert_eq!(published.len(), 9 * 72);
    assert_eq!(SealedPeriod::recompute(PLACE, &published, count, root), Ok(period));
}

#[test]
fn a_mirror_refuses_what_was_not_sealed() {
    let period = sealed(leaves(3, 3));
    let (count, root, published) = (period.leaf_count(), period.root(), period.published());
    let recompute = |bytes: &[u8], count| SealedPeriod::recompute(PLACE, bytes, count, root);
    let size_bytes = published.len() - 1;
    let found = recompute(&published[..size_bytes], count);
    assert_eq!(found, Err(MirrorError::NotWholeLeaves { size_bytes }));
    let found = recompute(&published[72..], count);
    assert_eq!(found, Err(MirrorError::CountMismatch { expected: 9, found: 8 }));
    assert!(matches!(recompute(&published[72..], 8), Err(MirrorError::RootMismatch { .. })));
    let mut swapped = published.clone();
    swapped[..144].rotate_left(72);
    assert_eq!(recompute(&swapped, count), Err(MirrorError::OutOfOrder { index: 1 }));
    let twice = [&published[..72], &published].concat();
    assert_eq!(recompute(&twice, 10), Err(MirrorError::OutOfOrder { index: 1 }));
    let mut changed = published.clone();
    changed[71] ^= 1;
    assert!(matches!(recompute(&changed, count), Err(MirrorError::RootMismatch { .. })));
    let mut elsewhere = PLACE;
    elsewhere.period = Period(8);
    let found = SealedPeriod::recompute(elsewhere, &published, count, root);
    assert!(matches!(found, Err(MirrorError::RootMismatch { .. })));
}

#[test]
fn absence_is_proved_in_each_of_the_four_gaps() {
    let empty = sealed(Vec::new());
    let absence = empty.prove_absence(agent(3), Sequence(0)).unwrap();
    assert_eq!(absence.gap, Gap::EmptyPeriod);
    assert_eq!(absence.check(&empty.period_root()), Ok(()));
    let period = sealed(leaves(3, 3));
    let cases = [(1, 50, "BeforeFirst"), (2, 9, "BeforeFirst"), (3, 10, "Between")];
    let cases = cases.into_iter().chain([(4, 13, "Between"), (6, 13, "AfterLast")]);
    for (number, sequence, gap) in cases {
        let absence = period.prove_absence(agent(number), Sequence(sequence)).unwrap();
        assert!(format!("{:?}", absence.gap).starts_with(gap), "{absence:?}");
        assert_eq!(absence.check(&period.period_root()), Ok(()));
    }
}

#[test]
fn what_is_there_is_not_proved_absent() {
    let period = sealed(leaves(3, 3));
    let asked = period.prove_absence(agent(4), Sequence(11));
    let there = AskError::IsThere { agent: agent(4), sequence: Sequence(11), index: 4 };
    assert_eq!(asked, Err(there));
    // A proof for a neighbour does not serve.
    let mut absence = period.prove_absence(agent(4), Sequence(13)).unwrap();
    for sequence in [10, 11, 12] {
        absence.sequence = Sequence(sequence);
        let refused = absence.check(&period.period_root());
        let sequence = Sequence(sequence);
        assert_eq!(refused, Err(AbsenceError::OtherGap { agent: agent(4), sequence }));
    }
}

#[test]
fn neighbours_that_are_none_prove_no_absence() {
    let period = sealed(leaves(3, 3));
    let root = period.period_root();
    let mut absence = period.prove_absence(agent(4), Sequence(13)).unwrap();
    let Gap::Between { left, index, .. } = absence.gap else { panic!("{absence:?}") };
    absence.gap = Gap::Between { left, right: leaf(6, 11), index };
    let refused = absence.check(&root);
    assert!(matches!(refused, Err(AbsenceError::Proof(ProofError::RootMismatch { .. }))));
    absence.gap = Gap::EmptyPeriod;
    assert!(absence.check(&root).is_err());
    absence.gap = Gap::AfterLast { last: left };
    assert!(absence.check(&root).is_err());
}

#[test]
fn two_ends_prove_what_is_between_them() {
    let period = sealed(leaves(3, 5));
    let ends = period.prove_ends(agent(4), Sequence(11), Sequence(14)).unwrap();
    assert_eq!(ends.check(&period.period_root()), Ok(()));
    let span = period.prove_span(agent(4), Sequence(11), Sequence(14)).unwrap();
    assert_eq!(span.leaves.len(), 4);
    assert_eq!(span.check(&period.period_root()), Ok(()));
}

#[test]
fn a_range_with_a_gap_is_not_complete() {
    let with_gap = leaves(3, 5).into_iter().filter(|one| *one != leaf(4, 12));
    let period = sealed(with_gap.collect());
    let missing = AskError::NotThere { agent: agent(4), sequence: Sequence(12) };
    assert_eq!(period.prove_ends(agent(4), Sequence(11), Sequence(14)), Err(missing));
    assert_eq!(period.prove_span(agent(4), Sequence(11), Sequence(14)), Err(missing));
    let reversed = AskError::Reversed { from: Sequence(14), to: Sequence(11) };
    assert_eq!(period.prove_ends(agent(4), Sequence(14), Sequence(11)), Err(reversed));
    // Put together by hand, it is refused by whoever checks it.
    let mut ends = period.prove_ends(agent(4), Sequence(13), Sequence(14)).unwrap();
    ends.first = period.prove_inclusion(agent(4), Sequence(11)).unwrap();
    let refused = ends.check(&period.period_root());
    assert!(matches!(refused, Err(CompletenessError::WrongDistance { .. })), "{refused:?}");
    let mut span = period.prove_span(agent(4), Sequence(13), Sequence(14)).unwrap();
    span.leaves.insert(0, leaf(4, 11));
    let refused = span.check(&period.period_root());
    let missing = CompletenessError::Missing { expected: Sequence(12), found: Sequence(13) };
    assert_eq!(refused, Err(missing));
    span.leaves = vec![leaf(4, 14), leaf(6, 15)];
    assert!(matches!(span.check(&period.period_root()), Err(CompletenessError::OtherAgent { .. })));
    span.leaves.clear();
    assert_eq!(span.check(&period.period_root()), Err(CompletenessError::Empty));
}

#[test]
fn ends_of_two_agents_are_no_range() {
    let period = sealed(leaves(3, 5));
    let mut ends = period.prove_ends(agent(4), Sequence(11), Sequence(14)).unwrap();
    ends.last = period.prove_inclusion(agent(6), Sequence(14)).unwrap();
    let refused = ends.check(&period.period_root());
    assert!(matches!(refused, Err(CompletenessError::OtherAgent { .. })), "{refused:?}");
}

#[test]
fn a_promise_holds_under_the_log_s_key_alone() {
    let signer = SigningKey::from_bytes(&[9; 32]);
    let signature = Signature::from(signer.sign(&promise_message(&PLACE, leaf(2, 1))).to_bytes());
    let key = PublicKey::parse(signer.verifying_key().as_bytes()).unwrap();
    let promise = SignedPromise { place: PLACE, leaf: leaf(2, 1), signature };
    assert!(promise.check(&key).is_ok());
    let mut later = PLACE;
    later.period = Period(8);
    assert!(SignedPromise { place: later, ..promise }.check(&key).is_err());
    assert!(SignedPromise { leaf: leaf(2, 2), ..promise }.check(&key).is_err());
    let other = SigningKey::from_bytes(&[8; 32]);
    let other = PublicKey::parse(other.verifying_key().as_bytes()).unwrap();
    assert!(promise.check(&other).is_err());
}

fn any_leaves() -> impl Strategy<Value = Vec<Leaf>> {
    let keys = prop::collection::btree_set((0u8..6, 0u64..40), 0..60);
    keys.prop_map(|keys| keys.into_iter().map(|(agent, number)| leaf(agent, number)).collect())
}

proptest! {
    #[test]
    fn every_receipt_is_proved_there_or_absent(leaves in any_leaves(), number in 0u8..7) {
        let period = sealed(leaves.clone());
        let root = period.period_root();
        let elsewhere = PeriodRoot { context: PeriodContext::from_digest(Digest::ZERO), ..root };
        for sequence in 0..41 {
            let (agent, sequence) = (agent(number), Sequence(sequence));
            let there = leaves.contains(&leaf(number, sequence.0));
            let inclusion = period.prove_inclusion(agent, sequence);
            let absence = period.prove_absence(agent, sequence);
            prop_assert_eq!((inclusion.is_ok(), absence.is_ok()), (there, !there));
            if let Ok(inclusion) = inclusion {
                prop_assert!(inclusion.check(&root).is_ok());
                prop_assert!(inclusion.check(&elsewhere).is_err());
            }
            if let Ok(absence) = absence {
                prop_assert!(absence.check(&root).is_ok());
            }
        }
    }

    #[test]
    fn a_published_list_is_read_as_it_was_written(leaves in any_leaves()) {
        let period = sealed(leaves);
        prop_assert_eq!(parse_leaves(&period.published()).unwrap(), period.leaves());
    }

    #[test]
    fn ranges_are_proved_exactly_where_they_are_whole(
        leaves in any_leaves(), number in 0u8..6, from in 0u64..40, size in 0u64..5,
    ) {
        let period = sealed(leaves.clone());
        let (first, last) = (Sequence(from), Sequence(from + size));
        let whole = (from..=from + size).all(|sequence| leaves.contains(&leaf(number, sequence)));
        let ends = period.prove_ends(agent(number), first, last);
        let span = period.prove_span(agent(number), first, last);
        prop_assert_eq!((ends.is_ok(), span.is_ok()), (whole, whole));
        if let (Ok(ends), Ok(span)) = (ends, span) {
            prop_assert!(ends.check(&period.period_root()).is_ok());
            prop_assert!(span.check(&period.period_root()).is_ok());
        }
    }
}
