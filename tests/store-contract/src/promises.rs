use crate::{
    conflict,
    periods::{LOG, newest},
    samples::Agent,
};
use runseal_client::store::{Conflict, Cut, SignedPromise, Store, Stored};
use runseal_types::{Digest, Leaf, Period, Promise, Sequence};

fn promise(leaf: Leaf, period: u64) -> SignedPromise {
    let period = Period(period);
    let promise = Promise { context: LOG.context(period), period, leaf };
    SignedPromise { promise, signature: [7; 64] }
}

/// Stores receipts in a log's store and returns their leaves.
fn stored(store: &impl Store, count: usize) -> Vec<Leaf> {
    store.bind_log(&LOG).unwrap();
    let receipts = Agent::new(1).sign_many(count);
    let leaves = receipts.iter().map(|receipt| receipt.columns().leaf).collect();
    store.put_receipts(receipts).unwrap();
    leaves
}

fn period_of(store: &impl Store, leaf: &Leaf) -> Option<u64> {
    store.find_receipt(&leaf.digest).unwrap().unwrap().period.map(|period| period.0)
}

pub fn a_promise_is_kept_beyond_the_cut(store: &impl Store) {
    let early = stored(store, 2);
    let cut = newest(store);
    let mut agent = Agent::resume(1, early.last().copied());
    let late = agent.sign_many(3);
    let leaves: Vec<Leaf> = late.iter().map(|receipt| receipt.columns().leaf).collect();
    store.put_receipts(late).unwrap();
    assert_eq!(store.put_promise(&promise(leaves[1], 0)).unwrap(), Stored::New);
    assert_eq!(store.seal_period(Period(0), Cut::Through(cut)).unwrap().leaf_count, 3);
    let periods = leaves.iter().map(|leaf| period_of(store, leaf)).collect::<Vec<_>>();
    assert_eq!(periods, [None, Some(0), None]);
    assert_eq!(store.seal_period(Period(1), Cut::Everything).unwrap().leaf_count, 2);
}

pub fn what_is_promised_for_later_waits(store: &impl Store) {
    let leaves = stored(store, 4);
    store.put_promise(&promise(leaves[1], 2)).unwrap();
    let counts =
        (0..4).map(|period| store.seal_period(Period(period), Cut::Everything).unwrap().leaf_count);
    assert_eq!(counts.collect::<Vec<_>>(), [3, 0, 1, 0]);
    assert_eq!(period_of(store, &leaves[1]), Some(2));
}

pub fn a_receipt_is_promised_once(store: &impl Store) {
    let leaves = stored(store, 1);
    let given = promise(leaves[0], 1);
    assert_eq!(store.put_promise(&given).unwrap(), Stored::New);
    assert_eq!(store.put_promise(&given).unwrap(), Stored::Before);
    assert_eq!(store.find_promise(&leaves[0].digest).unwrap(), Some(given));
    let others = [promise(leaves[0], 0), SignedPromise { signature: [8; 64], ..given }];
    for other in others {
        let expected = Conflict::PromiseDiffers { digest: leaves[0].digest, period: Period(1) };
        assert_eq!(conflict(store.put_promise(&other)), expected);
    }
}

pub fn a_promise_comes_too_late_for_what_is_sealed(store: &impl Store) {
    let leaves = stored(store, 1);
    let (period, digest) = (Period(0), leaves[0].digest);
    let root = store.seal_period(period, Cut::Everything).unwrap().root;
    let refused = conflict(store.put_promise(&promise(leaves[0], 1)));
    assert_eq!(refused, Conflict::ReceiptSealed { digest, period });
    let mut agent = Agent::resume(1, leaves.last().copied());
    let receipt = agent.sign_many(1).remove(0);
    let leaf = receipt.columns().leaf;
    store.put_receipts(vec![receipt]).unwrap();
    let refused = conflict(store.put_promise(&promise(leaf, 0)));
    assert_eq!(refused, Conflict::PeriodSealed { period, root });
    assert_eq!(store.put_promise(&promise(leaf, 1)).unwrap(), Stored::New);
}

pub fn a_promise_of_something_else_is_refused(store: &impl Store) {
    assert_eq!(store.find_promise(&Digest::ZERO).unwrap(), None);
    let leaf = Agent::new(1).sign_many(1).remove(0).columns().leaf;
    assert_eq!(conflict(store.put_promise(&promise(leaf, 0))), Conflict::NoLog);
    let leaf = stored(store, 1)[0];
    let mut of_other_period = promise(leaf, 0);
    of_other_period.promise.period = Period(1);
    let refused = conflict(store.put_promise(&of_other_period));
    assert_eq!(refused, Conflict::PromiseOfOther { part: "context" });
    let unknown = Leaf { digest: Digest::ZERO, ..leaf };
    let refused = conflict(store.put_promise(&promise(unknown, 0)));
    assert_eq!(refused, Conflict::UnknownReceipt { digest: Digest::ZERO });
    let moved = Leaf { sequence: Sequence(7), ..leaf };
    let refused = conflict(store.put_promise(&promise(moved, 0)));
    assert_eq!(refused, Conflict::PromiseOfOther { part: "agent or sequence" });
}

pub fn promises_are_listed_by_period(store: &impl Store) {
    let leaves = stored(store, 6);
    for (index, leaf) in leaves.iter().enumerate() {
        store.put_promise(&promise(*leaf, (index % 2) as u64)).unwrap();
    }
    let first = store.list_promises(Period(0), None, 2).unwrap();
    let rest = store.list_promises(Period(0), first.next, 2).unwrap();
    let listed: Vec<Leaf> =
        first.items.iter().chain(&rest.items).map(|signed| signed.promise.leaf).collect();
    assert_eq!(listed, [leaves[0], leaves[2], leaves[4]]);
    assert_eq!(rest.next, None);
    assert!(store.list_promises(Period(2), None, 2).unwrap().items.is_empty());
}
