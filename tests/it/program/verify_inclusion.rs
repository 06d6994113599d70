use runseal_client::{instructions::proofs, registry};
use runseal_registry::{
    RegistryError as Error,
    state::{Anchor, Leaf},
};
use runseal_tests::{Refused, Sealed};
use solana_address::Address;
use solana_instruction::error::InstructionError;

#[test]
fn every_leaf_is_proved_and_the_count_returned() {
    for count in [1, 2, 3, 7, 8, 20] {
        let mut scene = Sealed::new(count);
        for index in 0..count {
            let path = scene.tree.inclusion_path(index).unwrap();
            let leaf = scene.leaves[index as usize];
            assert_eq!(scene.include(index, leaf, path), Ok(count), "{index} of {count}");
        }
    }
}

#[test]
fn m4_m5_no_other_index_leaf_or_path_is_accepted() {
    let mut scene = Sealed::new(13);
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
    let mut scene = Sealed::new(4);
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
    let mut scene = Sealed::new(4);
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
fn m1_a_node_is_no_leaf() {
    let mut scene = Sealed::new(4);
    // What the tree hashes for the node over the first two leaves, cut to a leaf's size.
    let hashes: Vec<[u8; 32]> = {
        let context = scene.chain.read::<Anchor>(scene.anchor).account.context;
        scene.leaves.iter().map(|leaf| leaf.hash(&context)).collect()
    };
    let sequence = hashes[1][..8].try_into().unwrap();
    let node = Leaf { agent: hashes[0], sequence, digest: hashes[1] };
    let path = scene.tree.inclusion_path(0).unwrap();
    let shorter = scene.include(0, node, path[1..].to_vec()).unwrap_err();
    assert_eq!(shorter, Refused::by(Error::WrongProofLength));
    assert_eq!(scene.include(0, node, path).unwrap_err(), Refused::by(Error::RootMismatch));
}

#[test]
fn m2_the_last_leaf_does_not_count_twice() {
    let mut scene = Sealed::new(3);
    let (leaf, path) = (scene.leaves[2], scene.tree.inclusion_path(2).unwrap());
    let context = scene.chain.read::<Anchor>(scene.anchor).account.context;
    let doubled = vec![leaf.hash(&context), path[0]];
    let refused = scene.include(2, leaf, doubled.clone()).unwrap_err();
    assert_eq!(refused, Refused::by(Error::WrongProofLength));
    let refused = scene.include(3, leaf, doubled).unwrap_err();
    assert_eq!(refused, Refused::by(Error::IndexOutsideTree));
}

#[test]
fn m3_m6_the_order_of_two_leaves_is_in_the_proof() {
    let mut scene = Sealed::new(2);
    for index in [0, 1] {
        let path = scene.tree.inclusion_path(index).unwrap();
        let leaf = scene.leaves[index as usize];
        let refused = scene.include(1 - index, leaf, path.clone()).unwrap_err();
        assert_eq!(refused, Refused::by(Error::RootMismatch));
        assert_eq!(scene.include(index, leaf, path), Ok(2));
    }
}

#[test]
fn m4_no_proof_serves_for_another_index_or_count() {
    // The same log with the same leaves, so that nothing but the count differs.
    let mut sealed: Vec<Sealed> = (1..=9).map(Sealed::new).collect();
    let mut proofs = Vec::new();
    for scene in &sealed {
        for index in 0..scene.tree.count() {
            let (leaf, path) = (scene.leaves[index as usize], scene.tree.inclusion_path(index));
            proofs.push((index, scene.tree.count(), leaf, path.unwrap()));
        }
    }
    for scene in &mut sealed {
        let count = scene.tree.count();
        for (index, of, leaf, path) in &proofs {
            for at in 0..count {
                let right = (at, count) == (*index, *of);
                let sent = scene.include(at, *leaf, path.clone());
                assert_eq!(sent.is_ok(), right, "{index} of {of} as {at} of {count}");
            }
        }
    }
}

#[test]
fn m7_nothing_is_in_an_empty_period() {
    let mut scene = Sealed::new(0);
    let refused = scene.include(0, Leaf::default(), Vec::new()).unwrap_err();
    assert_eq!(refused, Refused::by(Error::IndexOutsideTree));
}
