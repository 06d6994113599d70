use runseal_registry::{RegistryError as Error, instructions::AbsenceArgs, state::Leaf};
use runseal_tests::{Refused, Sealed};

#[test]
fn absence_is_proved_before_between_and_behind() {
    for count in [2, 3, 9, 16] {
        let mut scene = Sealed::new(count);
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
    let mut empty = Sealed::new(0);
    let zero = Leaf::default();
    let args =
        AbsenceArgs { agent: [7; 32], sequence: 1, kind: 0, index: 0, left: zero, right: zero };
    assert_eq!(empty.absent(args, Vec::new()), Ok(0));
    let refused = empty.absent(args, vec![[0; 32]]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::WrongProofLength));
}

#[test]
fn what_is_there_is_not_absent() {
    let mut scene = Sealed::new(9);
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
    let mut scene = Sealed::new(9);
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
