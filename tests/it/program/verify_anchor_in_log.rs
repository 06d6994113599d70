use runseal_client::instructions::proofs;
use runseal_merkle::{Tree, leaf_hash};
use runseal_registry::{RegistryError as Error, state::Anchor};
use runseal_tests::{Chain, Refused, leaves, log_args};
use solana_signer::Signer;

#[test]
fn a_closed_anchor_is_still_proved_by_its_log() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    let anchors: Vec<Anchor> = (0..7).map(|count| chain.post(&log, &leaves(count)).0).collect();
    let tree =
        Tree::from_leaf_hashes(anchors.iter().map(|anchor| leaf_hash(&[&anchor.anchor_hash])));
    chain.advance(2_000);
    let owner = chain.owner.pubkey();
    let close = runseal_client::instructions::logs::close_anchor(owner, owner, log.address, 3);
    chain.send(&[close], &[]).unwrap();
    for anchor in &anchors {
        let path = tree.inclusion_path(anchor.period).unwrap();
        let verify = proofs::verify_anchor_in_log(
            log.address,
            anchor.period,
            anchor.anchor_hash,
            path.clone(),
        );
        chain.send(&[verify], &[]).unwrap();
        let other = (anchor.period + 1) % 7;
        let wrong =
            proofs::verify_anchor_in_log(log.address, other, anchor.anchor_hash, path.clone());
        assert!(chain.send(&[wrong], &[]).is_err(), "{} as {other}", anchor.period);
        let forged = proofs::verify_anchor_in_log(log.address, anchor.period, [1; 32], path);
        let refused = chain.send(&[forged], &[]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::RootMismatch));
    }
    let beyond = proofs::verify_anchor_in_log(log.address, 7, [1; 32], Vec::new());
    let refused = chain.send(&[beyond], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::IndexOutsideTree));
}

#[test]
fn m5_a_path_has_its_one_length() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    let none = proofs::verify_anchor_in_log(log.address, 0, [0; 32], Vec::new());
    let refused = chain.send(&[none], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::IndexOutsideTree), "of a log without anchors");
    let hashes: Vec<[u8; 32]> =
        (0..5).map(|count| chain.post(&log, &leaves(count)).0.anchor_hash).collect();
    let tree = Tree::from_leaf_hashes(hashes.iter().map(|hash| leaf_hash(&[hash])));
    let path = tree.inclusion_path(3).unwrap();
    let mut longer = path.clone();
    longer.push([0; 32]);
    for wrong in [path[1..].to_vec(), Vec::new(), longer] {
        let verify = proofs::verify_anchor_in_log(log.address, 3, hashes[3], wrong);
        let refused = chain.send(&[verify], &[]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::WrongProofLength));
    }
    let verify = proofs::verify_anchor_in_log(log.address, 3, hashes[3], path);
    let mut returned = chain.send(&[verify], &[]).unwrap().return_data.data;
    returned.resize(8, 0);
    assert_eq!(returned, 5u64.to_le_bytes(), "the number of anchors");
}
