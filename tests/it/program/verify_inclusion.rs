use runseal_client::{instructions::proofs, registry};
use runseal_registry::{RegistryError as Error, state::Leaf};
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
