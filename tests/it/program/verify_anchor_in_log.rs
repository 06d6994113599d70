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
