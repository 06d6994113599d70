use crate::{
    conflict,
    samples::{Agent, Wish},
};
use runseal_client::{
    proving::{self, PeriodError},
    sealing,
    store::{Conflict, Cut, LogIdentity, Position, ReceiptFilter, Store},
};
use runseal_engine::proof::AskError;
use runseal_types::{Address, Digest, Leaf, Period, Sequence};
use std::collections::BTreeMap;

pub const LOG: LogIdentity =
    LogIdentity { genesis_hash: Digest::new([1; 32]), log: Address::new([2; 32]) };

pub(crate) fn newest(store: &impl Store) -> Position {
    let page = store.list_receipts(&ReceiptFilter::default(), None, 1_000).unwrap();
    page.items.last().unwrap().position
}

fn all_leaves(store: &impl Store, period: Period) -> Vec<Leaf> {
    store.list_period_leaves(period, 0, 1_000).unwrap()
}

fn root_of(period: Period, leaves: &[Leaf]) -> Digest {
    sealing::root(sealing::chunk_roots(&LOG.context(period), leaves).unwrap())
}

pub fn a_store_is_one_logs(store: &impl Store) {
    assert_eq!(store.find_log().unwrap(), None);
    store.bind_log(&LOG).unwrap();
    store.bind_log(&LOG).unwrap();
    assert_eq!(store.find_log().unwrap(), Some(LOG));
    let others = [
        LogIdentity { log: Address::new([3; 32]), ..LOG },
        LogIdentity { genesis_hash: Digest::ZERO, ..LOG },
    ];
    for other in others {
        let expected = Conflict::OtherLog { stored: LOG.log, genesis_hash: LOG.genesis_hash };
        assert_eq!(conflict(store.bind_log(&other)), expected);
    }
}

pub fn nothing_is_sealed_without_a_log(store: &impl Store) {
    assert_eq!(conflict(store.seal_period(Period(0), Cut::Everything)), Conflict::NoLog);
}

pub fn a_period_holds_everything_up_to_the_cut(store: &impl Store) {
    store.bind_log(&LOG).unwrap();
    let receipts = Agent::new(1).sign_many(5);
    let digests: Vec<Digest> = receipts.iter().map(|one| one.columns().leaf.digest).collect();
    store.put_receipts(receipts[..3].to_vec()).unwrap();
    let cut = newest(store);
    store.put_receipts(receipts[3..].to_vec()).unwrap();
    assert_eq!(store.seal_period(Period(0), Cut::Through(cut)).unwrap().leaf_count, 3);
    assert_eq!(store.seal_period(Period(1), Cut::Everything).unwrap().leaf_count, 2);
    let periods = digests.iter().map(|digest| store.find_receipt(digest).unwrap().unwrap().period);
    let expected = [0, 0, 0, 1, 1].map(|number| Some(Period(number)));
    assert_eq!(periods.collect::<Vec<_>>(), expected);
    for period in [Period(0), Period(1)] {
        let sealed = store.list_periods(period, 1).unwrap().remove(0);
        assert_eq!(sealed.root, root_of(period, &all_leaves(store, period)));
    }
}

pub fn a_sealed_period_never_changes(store: &impl Store) {
    store.bind_log(&LOG).unwrap();
    store.put_receipts(Agent::new(1).sign_many(3)).unwrap();
    let sealed = store.seal_period(Period(0), Cut::Everything).unwrap();
    let leaves = all_leaves(store, Period(0));
    store.put_receipts(Agent::new(2).sign_many(3)).unwrap();
    assert_eq!(store.seal_period(Period(0), Cut::Everything).unwrap(), sealed);
    store.seal_period(Period(1), Cut::Everything).unwrap();
    assert_eq!(store.seal_period(Period(0), Cut::Everything).unwrap(), sealed);
    assert_eq!(all_leaves(store, Period(0)), leaves);
}

pub fn periods_are_sealed_one_after_the_other(store: &impl Store) {
    store.bind_log(&LOG).unwrap();
    let refused = |period, expected| {
        let (found, expected) = (Period(period), Period(expected));
        let outcome = conflict(store.seal_period(found, Cut::Everything));
        assert_eq!(outcome, Conflict::PeriodNotNext { expected, found });
    };
    refused(1, 0);
    store.seal_period(Period(0), Cut::Everything).unwrap();
    refused(2, 1);
    for period in 1..5 {
        store.seal_period(Period(period), Cut::Everything).unwrap();
    }
    let listed = store.list_periods(Period(2), 2).unwrap();
    assert_eq!(listed.iter().map(|one| one.period.0).collect::<Vec<_>>(), [2, 3]);
    assert!(store.list_periods(Period(5), 2).unwrap().is_empty());
}

pub fn an_empty_period_has_the_empty_root(store: &impl Store) {
    store.bind_log(&LOG).unwrap();
    let sealed = store.seal_period(Period(0), Cut::Everything).unwrap();
    assert_eq!((sealed.leaf_count, sealed.root), (0, Digest::of(&[])));
    assert!(all_leaves(store, Period(0)).is_empty());
}

pub fn leaves_are_ordered_by_agent_and_sequence(store: &impl Store) {
    store.bind_log(&LOG).unwrap();
    let mut agents = [Agent::new(1), Agent::new(2), Agent::new(3)];
    for index in [0, 2, 1, 1, 0, 2, 2, 0, 1] {
        store.put_receipts(vec![agents[index].sign(&Wish::default())]).unwrap();
    }
    store.seal_period(Period(0), Cut::Everything).unwrap();
    let leaves = all_leaves(store, Period(0));
    assert_eq!(leaves.len(), 9);
    assert!(leaves.is_sorted_by_key(|leaf| (leaf.agent, leaf.sequence)));
}

pub fn a_leaf_list_is_read_from_any_index(store: &impl Store) {
    store.bind_log(&LOG).unwrap();
    // More than a chunk of the list.
    store.put_receipts(Agent::new(1).sign_many(1_030)).unwrap();
    store.seal_period(Period(0), Cut::Everything).unwrap();
    let read = |from, limit| {
        let leaves = store.list_period_leaves(Period(0), from, limit).unwrap();
        leaves.iter().map(|leaf| leaf.sequence.0).collect::<Vec<_>>()
    };
    let cases = [(0, 3), (1_020, 9), (1_023, 1), (1_024, 2), (1_029, 1), (500, 1_000)];
    for (from, limit) in cases {
        let expected: Vec<u64> = (from..1_030).take(limit).collect();
        assert_eq!(read(from, limit), expected, "{limit} from {from}");
    }
    assert!(read(1_030, 5).is_empty() && read(9_000_000, 5).is_empty());
    let unsealed = conflict(store.list_period_leaves(Period(1), 0, 1));
    assert_eq!(unsealed, Conflict::PeriodNotSealed { period: Period(1) });
}

pub fn a_leaf_is_proved_from_its_chunk_as_from_the_whole_period(store: &impl Store) {
    store.bind_log(&LOG).unwrap();
    // Two chunks and the beginning of a third.
    let (mut first, mut second) = (Agent::new(1), Agent::new(2));
    store.put_receipts(first.sign_many(1_500)).unwrap();
    store.put_receipts(second.sign_many(600)).unwrap();
    store.seal_period(Period(0), Cut::Everything).unwrap();
    let whole = proving::load_period(store, Period(0)).unwrap();
    let prove = |leaf: &Leaf| proving::prove_inclusion(store, Period(0), leaf.agent, leaf.sequence);
    let leaves = whole.leaves();
    for index in [0, 1, 511, 1_022, 1_023, 1_024, 1_025, 2_046, 2_047, 2_048, 2_098, 2_099] {
        let leaf: &Leaf = &leaves[index];
        let expected = whole.prove_inclusion(leaf.agent, leaf.sequence).unwrap();
        assert_eq!(prove(leaf).unwrap(), expected, "{index}");
    }
    let (smallest, largest) = (leaves[0], leaves[leaves.len() - 1]);
    let nobody = Agent::new(3).address();
    let missing = [
        Leaf { agent: Address::new([0; 32]), ..smallest },
        Leaf { agent: Address::new([255; 32]), ..smallest },
        Leaf { agent: nobody, ..smallest },
        Leaf { sequence: Sequence(largest.sequence.0 + 1), ..largest },
        Leaf { sequence: Sequence(u64::MAX), ..smallest },
    ];
    for leaf in missing {
        let (agent, sequence) = (leaf.agent, leaf.sequence);
        let refused = prove(&leaf).unwrap_err();
        let expected = AskError::NotThere { agent, sequence };
        assert!(matches!(refused, PeriodError::Ask(error) if error == expected), "{refused:?}");
    }
    let mut counts = BTreeMap::<Address, u64>::new();
    for leaf in whole.leaves() {
        *counts.entry(leaf.agent).or_default() += 1;
    }
    for (agent, count) in &counts {
        assert_eq!(proving::count_receipts(store, Period(0), agent).unwrap(), *count);
    }
    for nobody in [[0; 32], [0x80; 32], [0xff; 32]].map(Address::new) {
        assert_eq!(proving::count_receipts(store, Period(0), &nobody).unwrap(), 0);
    }
    let uncounted = proving::count_receipts(store, Period(1), &smallest.agent);
    assert!(matches!(uncounted, Err(PeriodError::NotSealed { period: Period(1) })));
    let unsealed = proving::prove_inclusion(store, Period(1), smallest.agent, smallest.sequence);
    assert!(matches!(unsealed, Err(PeriodError::NotSealed { period: Period(1) })), "{unsealed:?}");
}
