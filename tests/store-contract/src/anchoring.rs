use crate::{conflict, periods::LOG, samples::Agent};
use runseal_client::store::{
    AnchorRecord, Conflict, Cut, Outgoing, Purpose, SavedCommitment, Store, Stored,
    TransactionState::{self, Expired, Landed, Prepared, Sent},
};
use runseal_types::{AnchorFacts, Digest, Period};

const PURPOSE: Purpose = Purpose::PostAnchor(Period(0));

fn outgoing(number: u8) -> Outgoing {
    Outgoing {
        purpose: PURPOSE,
        signature: [number; 64],
        bytes: vec![number; 300],
        last_valid_block_height: 1_000,
        state: Prepared,
    }
}

fn state(store: &impl Store, number: u8) -> TransactionState {
    let all = store.list_transactions(&PURPOSE, 100).unwrap();
    all.iter().find(|one| one.signature == [number; 64]).unwrap().state
}

pub fn nothing_is_signed_twice_while_the_first_can_land(store: &impl Store) {
    assert_eq!(store.put_transaction(&outgoing(1)).unwrap(), Stored::New);
    let open = Conflict::TransactionOpen {
        purpose: "post-anchor:0".to_owned(),
        signature: "01".repeat(64),
    };
    for next in [Prepared, Sent, Landed { slot: 5 }, Sent] {
        store.move_transaction(&[1; 64], next).unwrap();
        assert_eq!(conflict(store.put_transaction(&outgoing(2))), open, "{next:?}");
    }
    // Another purpose is another matter.
    let other = Outgoing { purpose: Purpose::PostAnchor(Period(1)), ..outgoing(3) };
    assert_eq!(store.put_transaction(&other).unwrap(), Stored::New);
    store.move_transaction(&[1; 64], Expired).unwrap();
    assert_eq!(store.put_transaction(&outgoing(2)).unwrap(), Stored::New);
    let all = store.list_transactions(&PURPOSE, 100).unwrap();
    assert_eq!(all.iter().map(|one| one.signature[0]).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(all[0], outgoing(2));
}

pub fn the_same_transaction_again_changes_nothing(store: &impl Store) {
    store.put_transaction(&outgoing(1)).unwrap();
    store.move_transaction(&[1; 64], Sent).unwrap();
    assert_eq!(store.put_transaction(&outgoing(1)).unwrap(), Stored::Before);
    assert_eq!(state(store, 1), Sent);
    let differs = Conflict::TransactionDiffers { signature: "01".repeat(64) };
    let others = [
        Outgoing { bytes: vec![2], ..outgoing(1) },
        Outgoing { last_valid_block_height: 1, ..outgoing(1) },
        Outgoing { purpose: Purpose::CloseAnchor(Period(0)), ..outgoing(1) },
    ];
    for other in others {
        assert_eq!(conflict(store.put_transaction(&other)), differs);
    }
}

pub fn a_transaction_moves_only_forward(store: &impl Store) {
    store.put_transaction(&outgoing(1)).unwrap();
    let steps = [
        (Sent, true),
        (Prepared, false),
        (Landed { slot: 5 }, true),
        (Landed { slot: 6 }, false),
        (Prepared, false),
        (Expired, false),
        // A fork dropped it.
        (Sent, true),
        (Expired, true),
        (Sent, false),
        (Landed { slot: 5 }, false),
    ];
    for (to, is_legal) in steps {
        let from = state(store, 1);
        let outcome = store.move_transaction(&[1; 64], to);
        if is_legal {
            outcome.unwrap();
            assert_eq!(state(store, 1), to);
        } else {
            assert_eq!(conflict(outcome), Conflict::IllegalMove { from, to });
        }
    }
    let unknown = Conflict::UnknownTransaction { signature: "09".repeat(64) };
    assert_eq!(conflict(store.move_transaction(&[9; 64], Sent)), unknown);
}

fn sealed(store: &impl Store) -> AnchorRecord {
    store.bind_log(&LOG).unwrap();
    store.put_receipts(Agent::new(1).sign_many(2)).unwrap();
    let root = store.seal_period(Period(0), Cut::Everything).unwrap().root;
    AnchorRecord {
        period: Period(0),
        root,
        anchor_hash: Digest::new([4; 32]),
        signature: Some([5; 64]),
        slot: 10,
        commitment: SavedCommitment::Confirmed,
        facts: None,
    }
}

/// The same anchor with everything that it says.
fn saying(anchor: AnchorRecord) -> AnchorRecord {
    let facts = AnchorFacts {
        context: LOG.context(anchor.period),
        root: anchor.root,
        leaf_count: 2,
        cumulative_leaf_count: 2,
        previous_anchor_hash: Digest::ZERO,
        start_seconds: 1_000,
        end_seconds: 1_100,
        posted_slot: anchor.slot,
        posted_unix_seconds: 1_101,
    };
    AnchorRecord { anchor_hash: facts.hash(), facts: Some(facts), ..anchor }
}

pub fn what_an_anchor_says_is_kept_if_it_is_what_is_noted_of_it(store: &impl Store) {
    let anchor = saying(sealed(store));
    let facts = anchor.facts.unwrap();
    for (part, facts) in [
        ("root", AnchorFacts { root: Digest::ZERO, ..facts }),
        ("slot", AnchorFacts { posted_slot: 11, ..facts }),
        ("hash", AnchorFacts { leaf_count: 3, ..facts }),
        ("hash", AnchorFacts { posted_unix_seconds: 1_102, ..facts }),
    ] {
        let other = AnchorRecord { facts: Some(facts), ..anchor };
        let expected = Conflict::AnchorDiffers { period: Period(0), part };
        assert_eq!(conflict(store.put_anchor(&other)), expected);
    }
    assert!(store.list_anchors(Period(0), 10).unwrap().is_empty());
    store.put_anchor(&anchor).unwrap();
    let finalized = AnchorRecord { commitment: SavedCommitment::Finalized, ..anchor };
    store.put_anchor(&finalized).unwrap();
    // Whoever notes less of it later takes nothing away.
    store.put_anchor(&AnchorRecord { facts: None, ..finalized }).unwrap();
    assert_eq!(store.list_anchors(Period(0), 10).unwrap(), [finalized]);
}

pub fn an_anchor_is_of_a_sealed_period_and_has_its_root(store: &impl Store) {
    let anchor = sealed(store);
    let unsealed = AnchorRecord { period: Period(1), ..anchor };
    let expected = Conflict::PeriodNotSealed { period: Period(1) };
    assert_eq!(conflict(store.put_anchor(&unsealed)), expected);
    let other = AnchorRecord { root: Digest::ZERO, ..anchor };
    let expected = Conflict::AnchorDiffers { period: Period(0), part: "root" };
    assert_eq!(conflict(store.put_anchor(&other)), expected);
    assert!(store.list_anchors(Period(0), 10).unwrap().is_empty());
    assert_eq!(store.put_anchor(&anchor).unwrap(), Stored::New);
    assert_eq!(store.put_anchor(&anchor).unwrap(), Stored::Before);
    assert_eq!(store.list_anchors(Period(0), 10).unwrap(), [anchor]);
}

pub fn a_finalized_anchor_stays(store: &impl Store) {
    let confirmed = sealed(store);
    let finalized = AnchorRecord { commitment: SavedCommitment::Finalized, ..confirmed };
    store.put_anchor(&confirmed).unwrap();
    store.put_anchor(&finalized).unwrap();
    // An older report of the same anchor takes nothing back.
    for same in [confirmed, AnchorRecord { signature: None, ..finalized }] {
        assert_eq!(store.put_anchor(&same).unwrap(), Stored::Before);
    }
    assert_eq!(store.list_anchors(Period(0), 10).unwrap(), [finalized]);
    let others = [
        ("hash", AnchorRecord { anchor_hash: Digest::ZERO, ..finalized }),
        ("slot", AnchorRecord { slot: 11, ..finalized }),
        ("signature", AnchorRecord { signature: Some([6; 64]), ..finalized }),
    ];
    for (part, other) in others {
        let expected = Conflict::AnchorDiffers { period: Period(0), part };
        assert_eq!(conflict(store.put_anchor(&other)), expected);
    }
}

pub fn a_confirmed_anchor_may_move_to_another_slot(store: &impl Store) {
    let first = sealed(store);
    store.put_anchor(&first).unwrap();
    let moved = AnchorRecord { slot: 12, anchor_hash: Digest::new([8; 32]), ..first };
    assert_eq!(store.put_anchor(&moved).unwrap(), Stored::Before);
    assert_eq!(store.list_anchors(Period(0), 10).unwrap(), [moved]);
}
