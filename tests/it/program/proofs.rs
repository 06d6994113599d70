//! `verify_inclusion`, `verify_absence` and `verify_anchor_in_log`, on chain.

use runseal_client::{instructions::proofs, registry};
use runseal_merkle::{Tree, leaf_hash};
use runseal_registry::{
    RegistryError as Error,
    instructions::AbsenceArgs,
    state::{Anchor, Leaf},
};
use runseal_tests::{Chain, OpenLog, Refused, leaves, log_args};
use solana_address::Address;
use solana_instruction::error::InstructionError;
use solana_signer::Signer;

/// A log with one anchored period of `count` leaves.
struct Scene {
    chain: Chain,
    log: OpenLog,
    anchor: Address,
    leaves: Vec<Leaf>,
    tree: Tree,
}

impl Scene {
    fn new(count: u64) -> Self {
        let mut chain = Chain::configured();
        let log = chain.log(log_args());
        let leaves = leaves(count);
        let (_, tree) = chain.post(&log, &leaves);
        let anchor = registry::anchor_address(&log.address, 0);
        Self { chain, log, anchor, leaves, tree }
    }

    fn include(&mut self, index: u64, leaf: Leaf, path: Vec<[u8; 32]>) -> Result<u64, Refused> {
        let verify = proofs::verify_inclusion(self.anchor, index, leaf, path);
        self.returned(verify)
    }

    fn absent(&mut self, args: AbsenceArgs, proof: Vec<[u8; 32]>) -> Result<u64, Refused> {
        let verify = proofs::verify_absence(self.anchor, args, proof);
        self.returned(verify)
    }

    fn returned(&mut self, verify: solana_instruction::Instruction) -> Result<u64, Refused> {
        let mut data = self.chain.send(&[verify], &[])?.return_data.data;
        data.resize(8, 0);
        Ok(u64::from_le_bytes(data.try_into().unwrap()))
    }

    /// The absence of a sequence of the leaves' agent, between the leaves at `index` and behind it.
    fn between(&self, sequence: u64, index: u64) -> (AbsenceArgs, Vec<[u8; 32]>) {
        let left = self.leaves[index as usize];
        let right = self.leaves[index as usize + 1];
        let args = AbsenceArgs { agent: [7; 32], sequence, kind: 3, index, left, right };
        (args, self.tree.adjacent_proof(index).unwrap())
    }

    /// The absence of a sequence at one end.
    fn at_end(&self, sequence: u64, kind: u8, index: u64) -> (AbsenceArgs, Vec<[u8; 32]>) {
        let left = self.leaves[index as usize];
        let right = Leaf::default();
        let args = AbsenceArgs { agent: [7; 32], sequence, kind, index, left, right };
        (args, self.tree.inclusion_path(index).unwrap())
    }
}

#[test]
fn every_leaf_is_proved_and_the_count_returned() {
    for count in [1, 2, 3, 7, 8, 20] {
        let mut scene = Scene::new(count);
        for index in 0..count {
            let path = scene.tree.inclusion_path(index).unwrap();
            let leaf = scene.leaves[index as usize];
            assert_eq!(scene.include(index, leaf, path), Ok(count), "{index} of {count}");
        }
    }
}

#[test]
fn m4_m5_no_other_index_leaf_or_path_is_accepted() {
    let mut scene = Scene::new(13);
    let path = scene.tree.inclusion_path(6).unwrap();
    let leaf = scene.leaves[6];
    for index in (0..13).filter(|index| *index != 6) {
        assert!(scene.include(index, leaf, path.clone()).is_err(), "as {index}");
    }
    let outside = Refused::by(Error::IndexOutsideTree);
    for index in [13, u64::MAX] {
        assert_eq!(scene.include(index, leaf, path.clone()), Err(outside.clone()));
    }
    let wrong_length = Refused::by(Error::WrongProofLength);
    let mut longer = path.clone();
    longer.push([0; 32]);
    assert_eq!(scene.include(6, leaf, longer), Err(wrong_length.clone()));
    assert_eq!(scene.include(6, leaf, path[1..].to_vec()), Err(wrong_length.clone()));
    assert_eq!(scene.include(6, leaf, Vec::new()), Err(wrong_length));
    let mismatch = Refused::by(Error::RootMismatch);
    for at in 0..path.len() {
        let mut flipped = path.clone();
        flipped[at][0] ^= 1;
        assert_eq!(scene.include(6, leaf, flipped), Err(mismatch.clone()));
    }
    let other = Leaf { digest: [99; 32], ..leaf };
    assert_eq!(scene.include(6, other, path.clone()), Err(mismatch.clone()));
    let other = Leaf { sequence: 1u64.to_be_bytes(), ..leaf };
    assert_eq!(scene.include(6, other, path), Err(mismatch));
}

#[test]
fn m10_a_proof_does_not_move_to_another_period() {
    let mut scene = Scene::new(4);
    let (_, second) = scene.chain.post(&scene.log, &scene.leaves.clone());
    let other = registry::anchor_address(&scene.log.address, 1);
    let (leaf, path) = (scene.leaves[2], scene.tree.inclusion_path(2).unwrap());
    let moved = proofs::verify_inclusion(other, 2, leaf, path);
    let refused = scene.chain.send(&[moved], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::RootMismatch));
    let path = second.inclusion_path(2).unwrap();
    let right = proofs::verify_inclusion(other, 2, leaf, path);
    scene.chain.send(&[right], &[]).unwrap();
}

#[test]
fn only_an_anchor_says_what_is_anchored() {
    let mut scene = Scene::new(4);
    let (leaf, path) = (scene.leaves[2], scene.tree.inclusion_path(2).unwrap());
    let foreign = scene.chain.copy(&scene.anchor, |account| account.owner = Address::new_unique());
    let cases = [
        (scene.log.address, InstructionError::InvalidAccountData),
        (registry::config_address(), InstructionError::AccountDataTooSmall),
        (foreign, InstructionError::IllegalOwner),
    ];
    for (address, error) in cases {
        let verify = proofs::verify_inclusion(address, 2, leaf, path.clone());
        let refused = scene.chain.send(&[verify], &[]).unwrap_err();
        assert_eq!(refused, Refused::with(error), "{address}");
    }
}

#[test]
fn absence_is_proved_before_between_and_behind() {
    for count in [2, 3, 9, 16] {
        let mut scene = Scene::new(count);
        let (args, proof) = scene.at_end(9, 1, 0);
        assert_eq!(scene.absent(args, proof), Ok(count));
        for index in 0..count - 1 {
            let (args, proof) = scene.between(2 * index + 11, index);
            assert_eq!(scene.absent(args, proof), Ok(count), "behind {index} of {count}");
        }
        let (args, proof) = scene.at_end(2 * count + 100, 2, count - 1);
        assert_eq!(scene.absent(args, proof), Ok(count));
        // Another agent's receipts, on both sides of this one's.
        let (args, proof) = scene.at_end(u64::MAX, 1, 0);
        assert_eq!(scene.absent(AbsenceArgs { agent: [6; 32], ..args }, proof), Ok(count));
        let (args, proof) = scene.at_end(0, 2, count - 1);
        assert_eq!(scene.absent(AbsenceArgs { agent: [8; 32], ..args }, proof), Ok(count));
    }
    let mut empty = Scene::new(0);
    let zero = Leaf::default();
    let args =
        AbsenceArgs { agent: [7; 32], sequence: 1, kind: 0, index: 0, left: zero, right: zero };
    assert_eq!(empty.absent(args, Vec::new()), Ok(0));
    let refused = empty.absent(args, vec![[0; 32]]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::WrongProofLength));
}

#[test]
fn what_is_there_is_not_absent() {
    let mut scene = Scene::new(9);
    let not_around = Refused::by(Error::NotAround);
    // The leaves themselves, and what does not lie between them.
    for sequence in [14, 16, 13, 17, 0, u64::MAX] {
        let (args, proof) = scene.between(sequence, 2);
        assert_eq!(scene.absent(args, proof), Err(not_around.clone()), "{sequence}");
    }
    for (sequence, kind, index) in [(10, 1, 0), (11, 1, 0), (9, 1, 1), (26, 2, 8), (99, 2, 7)] {
        let (args, proof) = scene.at_end(sequence, kind, index);
        assert_eq!(scene.absent(args, proof), Err(not_around.clone()), "{sequence}");
    }
    let (args, proof) = scene.between(15, 2);
    let nothing = AbsenceArgs { kind: 0, ..args };
    assert_eq!(scene.absent(nothing, Vec::new()), Err(not_around));
    let unknown = AbsenceArgs { kind: 4, ..args };
    assert_eq!(scene.absent(unknown, proof), Err(Refused::by(Error::UnknownAbsence)));
}

#[test]
fn leaves_that_are_not_neighbours_prove_nothing() {
    let mut scene = Scene::new(9);
    let (args, proof) = scene.between(15, 2);
    let mismatch = Refused::by(Error::RootMismatch);
    let apart = AbsenceArgs { right: scene.leaves[4], ..args };
    assert_eq!(scene.absent(apart, proof.clone()), Err(mismatch.clone()));
    let invented = AbsenceArgs { left: Leaf { digest: [0; 32], ..args.left }, ..args };
    assert_eq!(scene.absent(invented, proof.clone()), Err(mismatch));
    for index in [0, 1, 3, 7] {
        let elsewhere = AbsenceArgs { index, ..args };
        assert!(scene.absent(elsewhere, proof.clone()).is_err(), "at {index}");
    }
    for index in [8, 9, u64::MAX] {
        let outside = AbsenceArgs { index, ..args };
        let refused = scene.absent(outside, proof.clone()).unwrap_err();
        assert_eq!(refused, Refused::by(Error::IndexOutsideTree));
    }
    let refused = scene.absent(args, proof[1..].to_vec()).unwrap_err();
    assert_eq!(refused, Refused::by(Error::WrongProofLength));
}

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
