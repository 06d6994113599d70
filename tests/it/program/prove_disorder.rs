use runseal_client::{
    instructions::claims::{self, Slash},
    registry,
};
use runseal_merkle::Tree;
use runseal_registry::{
    RegistryError as Error,
    instructions::OpenLogArgs,
    state::{Claim, ClaimKind, ClaimState, Leaf, Name},
};
use runseal_tests::{BOND_MINT, Dispute, Refused, SLASH, leaves, log_args, missing};
use solana_address::Address;
use solana_signer::Signer;

/// A period whose leaves were anchored in the wrong order, and the claim about the first two of them.
fn disordered(leaves: &[Leaf]) -> (Dispute, Tree, Address) {
    let mut scene = Dispute::new(SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), leaves);
    let path = tree.inclusion_path(0).unwrap();
    let (claimant, log) = (scene.claimant.pubkey(), scene.log.address);
    let open = claims::open_disorder(claimant, log, 0, 0, leaves[0], path);
    scene.send_by_claimant(&[open]).unwrap();
    let agent = Address::new_from_array(leaves[0].agent);
    let claim = registry::claim_address(&log, ClaimKind::Disorder, 0, &agent, 0, &leaves[0].digest);
    (scene, tree, claim)
}

#[test]
fn leaves_out_of_order_are_proved_by_anybody() {
    let [a, b, c] = leaves(3).try_into().unwrap();
    let twice = Leaf { digest: [50; 32], ..a };
    for order in [[b, a, c], [a, twice, c], [a, a, c]] {
        let (mut scene, tree, claim) = disordered(&order);
        let path = tree.inclusion_path(1).unwrap();
        let prove = claims::prove_disorder(scene.slash(claim), 0, order[1], path);
        scene.chain.send(std::slice::from_ref(&prove), &[]).unwrap();
        let account = scene.claim(claim);
        assert_eq!((account.state, account.slashed_amount), (ClaimState::Upheld as u8, SLASH));
        assert_eq!((scene.log().upheld_count, scene.log().open_claim_count), (1, 0));
        assert_eq!(scene.chain.token_amount(&scene.claimant_tokens), SLASH / 2);
        let refused = scene.chain.send(&[prove], &[]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::ClaimNotOpen));
    }
}

#[test]
fn leaves_in_order_are_no_disorder() {
    let order = leaves(4);
    let (mut scene, tree, claim) = disordered(&order);
    let prove = |leaf, index| {
        let path = tree.inclusion_path(index).unwrap();
        claims::prove_disorder(scene.slash(claim), 0, leaf, path)
    };
    let cases = [
        (prove(order[1], 1), Error::LeavesInOrder),
        (prove(order[3], 3), Error::LeavesInOrder),
        // The same leaf again is not the one behind it.
        (prove(order[0], 0), Error::RootMismatch),
        (prove(Leaf { sequence: [0; 8], ..order[1] }, 1), Error::RootMismatch),
    ];
    for (prove, error) in cases {
        assert_eq!(scene.chain.send(&[prove], &[]).unwrap_err(), Refused::by(error));
    }
    assert_eq!(scene.log().upheld_count, 0);
}

#[test]
fn a_claim_of_one_kind_is_not_decided_as_another() {
    let (mut scene, tree, disorder) = disordered(&leaves(2));
    scene.chain.advance(31);
    assert_eq!(scene.settle(disorder), Err(Refused::by(Error::ClaimOfOtherKind)));
    assert_eq!(scene.answer(disorder, 0, &tree), Err(Refused::by(Error::ClaimOfOtherKind)));
    let challenge = scene.challenge(0, &missing()).unwrap();
    let path = tree.inclusion_path(1).unwrap();
    let prove = claims::prove_disorder(scene.slash(challenge), 0, leaves(2)[1], path);
    let refused = scene.chain.send(&[prove], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::ClaimOfOtherKind));
}

#[test]
fn m4_m5_only_the_leaf_behind_the_first_proves_disorder() {
    let [a, b, c] = leaves(3).try_into().unwrap();
    let (mut scene, tree, claim) = disordered(&[b, a, c]);
    let path = tree.inclusion_path(1).unwrap();
    let mut longer = path.clone();
    longer.push([0; 32]);
    let invented = Leaf { digest: [99; 32], ..a };
    let cases = [
        (a, Vec::new(), Error::WrongProofLength),
        (a, longer, Error::WrongProofLength),
        (invented, path.clone(), Error::RootMismatch),
        (a, tree.inclusion_path(0).unwrap(), Error::RootMismatch),
    ];
    for (leaf, path, error) in cases {
        let prove = claims::prove_disorder(scene.slash(claim), 0, leaf, path);
        assert_eq!(scene.chain.send(&[prove], &[]).unwrap_err(), Refused::by(error));
    }
    let prove = claims::prove_disorder(scene.slash(claim), 0, a, path);
    scene.chain.send(&[prove], &[]).unwrap();
}

#[test]
fn nothing_stands_behind_the_last_leaf() {
    let [a] = leaves(1).try_into().unwrap();
    let (mut scene, _, claim) = disordered(&[a]);
    let prove = claims::prove_disorder(scene.slash(claim), 0, a, Vec::new());
    let refused = scene.chain.send(&[prove], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::IndexOutsideTree));
}

#[test]
fn m14_there_is_no_place_behind_the_last_that_can_be_counted() {
    let [a, b] = leaves(2).try_into().unwrap();
    let (mut scene, tree, claim) = disordered(&[b, a]);
    scene.chain.rewrite::<Claim>(&claim, |account| account.index = u64::MAX);
    let path = tree.inclusion_path(1).unwrap();
    let prove = claims::prove_disorder(scene.slash(claim), 0, a, path);
    let refused = scene.chain.send(&[prove], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::Overflow));
}

#[test]
fn m10_leaves_of_another_period_prove_nothing() {
    let [a, b, c] = leaves(3).try_into().unwrap();
    let (mut scene, tree, claim) = disordered(&[b, a, c]);
    scene.chain.post(&scene.log.clone_keys(), &[b, a, c]);
    let path = tree.inclusion_path(1).unwrap();
    let prove = claims::prove_disorder(scene.slash(claim), 1, a, path.clone());
    let refused = scene.chain.send(&[prove], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::AnchorOfOtherLog));
    let other = OpenLogArgs { name: Name::parse("other").unwrap(), ..log_args() };
    let other = scene.chain.log(other);
    let elsewhere = Slash { log: other.address, ..scene.slash(claim) };
    let mut prove = claims::prove_disorder(elsewhere, 0, a, path);
    prove.accounts[0].pubkey = registry::anchor_address(&scene.log.address, 0);
    let refused = scene.chain.send(&[prove], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::ClaimOfOther));
}

#[test]
fn a_proved_disorder_pays_nobody_else() {
    let [a, b] = leaves(2).try_into().unwrap();
    let (mut scene, tree, claim) = disordered(&[b, a]);
    let thief = scene.chain.rich();
    let loot = scene.chain.tokens(BOND_MINT, thief.pubkey(), 0);
    let good = scene.slash(claim);
    let cases = [
        (Slash { claimant_tokens: loot, ..good }, Error::WrongTokenAccount),
        (Slash { treasury_tokens: loot, ..good }, Error::WrongTokenAccount),
        (Slash { claimant: thief.pubkey(), claimant_tokens: loot, ..good }, Error::NotClaimant),
    ];
    for (slash, error) in cases {
        let path = tree.inclusion_path(1).unwrap();
        let prove = claims::prove_disorder(slash, 0, a, path);
        assert_eq!(scene.chain.send(&[prove], &[]).unwrap_err(), Refused::by(error));
    }
}
