use crate::samples::{Agent, Wish};
use runseal_client::store::{Conflict, Position, ReceiptFilter, Store, Stored};
use runseal_receipt::Status;
use runseal_types::{Digest, Sequence};

pub fn the_same_receipt_again_changes_nothing(store: &impl Store) {
    let receipt = Agent::new(1).sign(&Wish::default());
    let answers = store.put_receipts(vec![receipt.clone(), receipt.clone()]).unwrap();
    assert_eq!(answers, [Ok(Stored::New), Ok(Stored::Before)]);
    assert_eq!(store.put_receipts(vec![receipt]).unwrap(), [Ok(Stored::Before)]);
    let all = store.list_receipts(&ReceiptFilter::default(), None, 10).unwrap();
    assert_eq!((all.items.len(), all.next), (1, None));
}

pub fn another_receipt_at_the_same_place_is_refused(store: &impl Store) {
    let stored = Agent::new(1).sign(&Wish::default());
    let offered = Agent::new(1).sign(&Wish { nonce: 1, ..Wish::default() });
    let (agent, sequence) = (stored.columns().leaf.agent, Sequence::FIRST);
    let (one, other) = (stored.columns().leaf.digest, offered.columns().leaf.digest);
    assert_eq!(store.put_receipts(vec![stored]).unwrap(), [Ok(Stored::New)]);
    let refusal = Conflict::PlaceTaken { agent, sequence, stored: one, offered: other };
    assert_eq!(store.put_receipts(vec![offered]).unwrap(), [Err(refusal)]);
    assert_eq!(store.find_receipt(&other).unwrap(), None);
    assert!(store.find_receipt(&one).unwrap().is_some());
}

pub fn one_refusal_changes_nothing_for_its_neighbours(store: &impl Store) {
    let (mut one, mut two) = (Agent::new(1), Agent::new(2));
    let forked = Agent::new(1).sign(&Wish { nonce: 1, ..Wish::default() });
    let receipts = vec![
        one.sign(&Wish::default()),
        forked,
        two.sign(&Wish::default()),
        one.sign(&Wish::default()),
    ];
    let answers = store.put_receipts(receipts).unwrap();
    let good: Vec<bool> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(good, [true, false, true, true]);
    assert_eq!(store.last_leaf(&one.address()).unwrap().unwrap().sequence, Sequence(1));
    assert_eq!(store.last_leaf(&two.address()).unwrap().unwrap().sequence, Sequence(0));
}

pub fn a_receipt_that_names_another_previous_one_is_refused(store: &impl Store) {
    let mut agent = Agent::new(1);
    let first = agent.sign(&Wish::default());
    let stored = first.columns().leaf.digest;
    let claimed = Digest::new([9; 32]);
    agent.previous = Some(claimed);
    let second = agent.sign(&Wish::default());
    let refusal = Conflict::BrokenLink {
        agent: agent.address(),
        sequence: Sequence(1),
        claimed: Some(claimed),
        stored,
    };
    let answers = store.put_receipts(vec![first, second]).unwrap();
    assert_eq!(answers, [Ok(Stored::New), Err(refusal)]);
}

pub fn an_earlier_receipt_that_a_later_one_does_not_name_is_refused(store: &impl Store) {
    let mut agent = Agent::new(1);
    let first = agent.sign(&Wish::default());
    agent.previous = Some(Digest::new([9; 32]));
    let second = agent.sign(&Wish::default());
    let answers = store.put_receipts(vec![second, first]).unwrap();
    assert!(matches!(
        answers.as_slice(),
        [Ok(Stored::New), Err(Conflict::BrokenLink { sequence: Sequence(1), .. })]
    ));
}

pub fn gaps_may_be_filled_in_any_order(store: &impl Store) {
    let mut receipts = Agent::new(1).sign_many(9);
    receipts.rotate_left(4);
    receipts.swap(1, 6);
    let answers = store.put_receipts(receipts).unwrap();
    assert!(answers.iter().all(|answer| *answer == Ok(Stored::New)));
    let leaves = store.list_leaves(&Agent::new(1).address(), Sequence(0), 100).unwrap();
    let sequences: Vec<u64> = leaves.iter().map(|leaf| leaf.sequence.0).collect();
    assert_eq!(sequences, (0..9).collect::<Vec<_>>());
}

pub fn a_text_comes_back_byte_for_byte(store: &impl Store) {
    // Not the canonical spelling: what came is what is kept.
    let canonical = Agent::new(1).text(&Wish::default());
    let text = [b"  ".as_slice(), &canonical, b" "].concat();
    let receipt = crate::samples::checked(text.clone());
    let leaf = receipt.columns().leaf;
    store.put_receipts(vec![receipt]).unwrap().remove(0).unwrap();
    let found = store.find_receipt(&leaf.digest).unwrap().unwrap();
    assert_eq!((found.text, found.leaf, found.period), (text, leaf, None));
}

pub fn what_is_not_stored_is_not_found(store: &impl Store) {
    store.put_receipts(Agent::new(1).sign_many(3)).unwrap();
    assert_eq!(store.find_receipt(&Digest::new([7; 32])).unwrap(), None);
    assert_eq!(store.last_leaf(&Agent::new(2).address()).unwrap(), None);
    assert!(store.list_leaves(&Agent::new(2).address(), Sequence(0), 10).unwrap().is_empty());
    assert!(store.list_leaves(&Agent::new(1).address(), Sequence(3), 10).unwrap().is_empty());
    let filter = ReceiptFilter { run_id: Some("another".to_owned()), ..Default::default() };
    assert!(store.list_receipts(&filter, None, 10).unwrap().items.is_empty());
}

pub fn filters_find_what_they_say_and_nothing_else(store: &impl Store) {
    let mut agent = Agent::new(1);
    let (run, trace) = (Some("run".to_owned()), Some("work".to_owned()));
    let wishes = [
        Wish { run_id: run.clone(), ..Wish::default() },
        Wish { trace_id: trace.clone(), ..Wish::default() },
        Wish { status: Some(Status::Failed), ..Wish::default() },
        Wish { ended_seconds: Some(1_900_000_000), ..Wish::default() },
        Wish { run_id: run.clone(), status: Some(Status::Failed), ..Wish::default() },
    ];
    let receipts = wishes.iter().map(|wish| agent.sign(wish)).collect();
    store.put_receipts(receipts).unwrap();
    let none = ReceiptFilter::default();
    let (late, failed) = (Some(1_900_000_000), Some(Status::Failed));
    let cases = [
        (none.clone(), vec![0, 1, 2, 3, 4]),
        (ReceiptFilter { run_id: run.clone(), ..none.clone() }, vec![0, 4]),
        (ReceiptFilter { trace_id: trace, ..none.clone() }, vec![1]),
        (ReceiptFilter { status: failed, ..none.clone() }, vec![2, 4]),
        (ReceiptFilter { status: Some(Status::Completed), ..none.clone() }, vec![0, 1, 3]),
        (ReceiptFilter { ended_from_seconds: late, ..none.clone() }, vec![3]),
        (ReceiptFilter { ended_before_seconds: late, ..none.clone() }, vec![0, 1, 2, 4]),
        (ReceiptFilter { run_id: run, status: failed, ..none }, vec![4]),
    ];
    for (filter, expected) in cases {
        let page = store.list_receipts(&filter, None, 10).unwrap();
        let found: Vec<u64> = page.items.iter().map(|row| row.columns.leaf.sequence.0).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

pub fn pages_join_to_the_whole_list(store: &impl Store) {
    store.put_receipts(Agent::new(1).sign_many(25)).unwrap();
    let all = store.list_receipts(&ReceiptFilter::default(), None, 1_000).unwrap();
    for size in [1, 4, 5, 24, 25, 26] {
        let (mut joined, mut after) = (Vec::new(), None::<Position>);
        loop {
            let page = store.list_receipts(&ReceiptFilter::default(), after, size).unwrap();
            assert!(page.items.len() <= size);
            joined.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(joined, all.items, "pages of {size}");
    }
    // Neither none nor without end.
    assert_eq!(store.list_receipts(&ReceiptFilter::default(), None, 0).unwrap().items.len(), 1);
    let most = store.list_receipts(&ReceiptFilter::default(), None, usize::MAX).unwrap();
    assert_eq!(most.items.len(), 25);
}

pub fn many_writers_each_get_their_own_answers(store: &impl Store) {
    std::thread::scope(|scope| {
        for number in 0..8 {
            scope.spawn(move || {
                for receipt in Agent::new(number).sign_many(10) {
                    // Each receipt, a fork of it, and the receipt again.
                    let place = receipt.columns().leaf.sequence;
                    let mut fork = Agent::new(number);
                    (fork.next, fork.previous) = (place, receipt.columns().previous);
                    let fork = fork.sign(&Wish { nonce: 1, ..Wish::default() });
                    let put = |receipt| store.put_receipts(vec![receipt]).unwrap().remove(0);
                    assert_eq!(put(receipt.clone()), Ok(Stored::New));
                    assert!(matches!(put(fork), Err(Conflict::PlaceTaken { .. })));
                    assert_eq!(put(receipt), Ok(Stored::Before));
                }
            });
        }
    });
    let all = store.list_receipts(&ReceiptFilter::default(), None, 1_000).unwrap();
    assert_eq!(all.items.len(), 80);
}
