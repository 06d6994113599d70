use runseal_client::{
    instructions::{claims, logs},
    registry,
};
use runseal_registry::{
    RegistryError as Error,
    state::{Claim, ClaimKind, ClaimState, Leaf, Log, Moment, Name},
};
use runseal_tests::{Dispute, Refused, SLASH, leaves, log_args};
use solana_address::Address;
use solana_signer::Signer;

/// The claim's address and what opening it gave.
fn open(
    scene: &mut Dispute,
    index: u64,
    leaf: Leaf,
    path: Vec<[u8; 32]>,
) -> (Address, Result<(), Refused>) {
    let (claimant, log) = (scene.claimant.pubkey(), scene.log.address);
    let open = claims::open_disorder(claimant, log, 0, index, leaf, path);
    let agent = Address::new_from_array(leaf.agent);
    let kind = ClaimKind::Disorder;
    let claim = registry::claim_address(&log, kind, 0, &agent, index, &leaf.digest);
    (claim, scene.send_by_claimant(&[open]))
}

#[test]
fn a_claim_holds_the_first_leaf_and_asks_for_nothing() {
    let mut scene = Dispute::new(SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(5));
    let leaf = leaves(5)[3];
    let (claim, opened) = open(&mut scene, 3, leaf, tree.inclusion_path(3).unwrap());
    opened.unwrap();
    let found = scene.claim(claim);
    let expected = Claim {
        version: 1,
        bump: found.bump,
        kind: ClaimKind::Disorder as u8,
        state: ClaimState::Open as u8,
        reserved_flags: [0; 4],
        period: 0,
        index: 3,
        deposit_lamports: 0,
        slashed_amount: 0,
        answer_by_seconds: 0,
        opened_at: scene.chain.now(),
        decided_at: Moment::default(),
        log: scene.log.address,
        claimant: scene.claimant.pubkey(),
        leaf,
        reserved: [0; 64],
    };
    assert_eq!(found, expected);
    assert_eq!(scene.log().open_claim_count, 0, "it holds up nothing");
    let (_, again) = open(&mut scene, 3, leaf, tree.inclusion_path(3).unwrap());
    assert_eq!(again, Err(Refused::custom(0)), "the system program's: the account is in use");
}

#[test]
fn m4_m5_only_a_leaf_of_the_period_is_shown() {
    let mut scene = Dispute::new(SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(5));
    let (leaf, path) = (leaves(5)[1], tree.inclusion_path(1).unwrap());
    let outside = Err(Refused::by(Error::IndexOutsideTree));
    for index in [5, u64::MAX] {
        assert_eq!(open(&mut scene, index, leaf, path.clone()).1, outside);
    }
    let wrong_length = Err(Refused::by(Error::WrongProofLength));
    assert_eq!(open(&mut scene, 1, leaf, path[1..].to_vec()).1, wrong_length);
    assert_eq!(open(&mut scene, 4, leaf, path.clone()).1, wrong_length);
    let mismatch = Err(Refused::by(Error::RootMismatch));
    assert_eq!(open(&mut scene, 0, leaf, path.clone()).1, mismatch);
    let invented = Leaf { digest: [99; 32], ..leaf };
    assert_eq!(open(&mut scene, 1, invented, path).1, mismatch);
}

#[test]
fn an_anchor_of_another_log_accuses_nobody() {
    let mut scene = Dispute::new(SLASH);
    let other = scene.chain.log(runseal_registry::instructions::OpenLogArgs {
        name: Name::parse("other").unwrap(),
        ..log_args()
    });
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(2));
    let (claimant, path) = (scene.claimant.pubkey(), tree.inclusion_path(0).unwrap());
    let mut crossed = claims::open_disorder(claimant, other.address, 0, 0, leaves(2)[0], path);
    crossed.accounts[2].pubkey = registry::anchor_address(&scene.log.address, 0);
    let refused = scene.send_by_claimant(&[crossed]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::AnchorOfOtherLog));
}

#[test]
fn a_claim_does_not_keep_its_anchor_from_being_closed() {
    let mut scene = Dispute::new(SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(2));
    let (_, opened) = open(&mut scene, 0, leaves(2)[0], tree.inclusion_path(0).unwrap());
    opened.unwrap();
    let (owner, log) = (scene.chain.owner.pubkey(), scene.log.address);
    scene.chain.advance(2_000);
    let close = logs::close_anchor(owner, owner, log, 0);
    scene.chain.send(&[close], &[]).unwrap();
    assert_eq!(scene.chain.read::<Log>(log).account.open_claim_count, 0);
    // Without the anchor there is no second claim.
    let (_, opened) = open(&mut scene, 1, leaves(2)[1], tree.inclusion_path(1).unwrap());
    assert!(opened.is_err());
}
