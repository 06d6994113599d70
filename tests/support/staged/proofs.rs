use super::Staged;
use crate::{Town, ordered};
use runseal_client::instructions::proofs;
use runseal_merkle::{Tree, leaf_hash};
use runseal_registry::{instructions::AbsenceArgs, state::Anchor};

pub(super) fn staged(town: &mut Town) -> Vec<Staged> {
    let (anchor, tree, leaves) = (town.anchor(0, 0), &town.logs[0].trees[0], ordered());
    let included = proofs::verify_inclusion(anchor, 2, leaves[2], tree.inclusion_path(2).unwrap());
    let args = AbsenceArgs {
        agent: leaves[2].agent,
        sequence: u64::from_be_bytes(leaves[2].sequence) + 1,
        kind: 3,
        index: 2,
        left: leaves[2],
        right: leaves[3],
    };
    let absent = proofs::verify_absence(anchor, args, tree.adjacent_proof(2).unwrap());
    let hashes =
        [0, 1].map(|period| town.chain.read::<Anchor>(town.anchor(0, period)).account.anchor_hash);
    let range = Tree::from_leaf_hashes(hashes.iter().map(|hash| leaf_hash(&[hash])));
    let (log, path) = (town.logs[0].log.address, range.inclusion_path(1).unwrap());
    let in_log = proofs::verify_anchor_in_log(log, 1, hashes[1], path);
    vec![
        Staged::new("verify_inclusion", town, included, &[]),
        Staged::new("verify_absence", town, absent, &[]),
        Staged::new("verify_anchor_in_log", town, in_log, &[]),
    ]
}
