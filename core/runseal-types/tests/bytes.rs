//! The bytes that are hashed and signed, against golden ones that the program's tests can read too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use runseal_merkle::leaf_hash;
use runseal_types::{
    Address, AnchorFacts, Digest, Leaf, Period, PeriodContext, Promise, Sequence, parse_hex, to_hex,
};
use serde_json::Value;

struct Golden(Value);

impl Golden {
    fn read() -> Self {
        Self(serde_json::from_str(include_str!("../../../tests/vectors/bytes.json")).unwrap())
    }

    fn text(&self, name: &str) -> &str {
        self.0.pointer(name).unwrap().as_str().unwrap()
    }

    fn digest(&self, name: &str) -> Digest {
        self.text(name).parse().unwrap()
    }

    fn context(&self) -> PeriodContext {
        let log = Address::new(parse_hex(self.text("/log")).unwrap());
        let period = Period(self.0["period"].as_u64().unwrap());
        PeriodContext::new(&self.digest("/genesis_hash"), &log, period)
    }

    fn leaf(&self) -> Leaf {
        let sequence = parse_hex(self.text("/sequence_hex")).unwrap();
        Leaf {
            agent: self.text("/agent_text").parse().unwrap(),
            sequence: Sequence(u64::from_be_bytes(sequence)),
            digest: self.digest("/digest"),
        }
    }

    fn anchor(&self) -> AnchorFacts {
        let unsigned = |name: &str| self.0["anchor"][name].as_u64().unwrap();
        let signed = |name: &str| self.0["anchor"][name].as_i64().unwrap();
        AnchorFacts {
            context: self.context(),
            root: self.digest("/anchor/root"),
            leaf_count: unsigned("leaf_count"),
            cumulative_leaf_count: unsigned("cumulative_leaf_count"),
            previous_anchor_hash: self.digest("/anchor/previous_anchor_hash"),
            start_seconds: signed("start_seconds"),
            end_seconds: signed("end_seconds"),
            posted_slot: unsigned("posted_slot"),
            posted_unix_seconds: signed("posted_unix_seconds"),
        }
    }
}

#[test]
fn a_leaf_has_its_golden_bytes() {
    let golden = Golden::read();
    let (leaf, context) = (golden.leaf(), golden.context());
    assert_eq!(*context.as_digest(), golden.digest("/context"));
    assert_eq!(to_hex(leaf.agent.as_bytes()), golden.text("/agent"));
    let bytes = leaf.to_bytes(&context);
    assert_eq!(to_hex(&bytes), golden.text("/leaf"));
    assert_eq!(to_hex(&leaf_hash(&[&bytes])), golden.text("/leaf_hash"));
    assert_eq!(bytes[32..], leaf.sort_key());
    assert_eq!(Leaf::from_sort_key(&leaf.sort_key()), leaf);
}

#[test]
fn a_promise_has_its_golden_message() {
    let golden = Golden::read();
    let promise = Promise { context: golden.context(), period: Period(7), leaf: golden.leaf() };
    assert_eq!(to_hex(&promise.message()), golden.text("/promise_message"));
}

#[test]
fn an_anchor_has_its_golden_hash() {
    let golden = Golden::read();
    let hash = golden.anchor().hash();
    assert_eq!(hash, golden.digest("/anchor/hash"));
    let in_range = leaf_hash(&[hash.as_bytes()]);
    assert_eq!(to_hex(&in_range), golden.text("/anchor/mountain_range_leaf_hash"));
}

#[test]
fn every_fact_of_an_anchor_is_in_its_hash() {
    let anchor = Golden::read().anchor();
    let other = Digest::new([99; 32]);
    let changed = [
        AnchorFacts { context: PeriodContext::from_digest(other), ..anchor },
        AnchorFacts { root: other, ..anchor },
        AnchorFacts { leaf_count: 99, ..anchor },
        AnchorFacts { cumulative_leaf_count: 99, ..anchor },
        AnchorFacts { previous_anchor_hash: other, ..anchor },
        AnchorFacts { start_seconds: -99, ..anchor },
        AnchorFacts { end_seconds: -99, ..anchor },
        AnchorFacts { posted_slot: 99, ..anchor },
        AnchorFacts { posted_unix_seconds: -99, ..anchor },
    ];
    for changed in changed {
        assert_ne!(changed.hash(), anchor.hash(), "{changed:?}");
    }
}

#[test]
fn chain_log_and_period_each_make_another_context() {
    let zero = Address::new([0; 32]);
    let here = PeriodContext::new(&Digest::ZERO, &zero, Period(0));
    let elsewhere = [
        PeriodContext::new(&Digest::new([1; 32]), &zero, Period(0)),
        PeriodContext::new(&Digest::ZERO, &Address::new([1; 32]), Period(0)),
        PeriodContext::new(&Digest::ZERO, &zero, Period(1)),
    ];
    assert!(!elsewhere.contains(&here));
}
