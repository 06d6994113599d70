use runseal_client::{instructions::bonds, registry};
use runseal_registry::RegistryError as Error;
use runseal_tests::{BOND_MINT, NOTICE_SECONDS, Refused, Stake};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn token_accounts_of_others_and_of_other_mints_are_refused() {
    let mut scene = Stake::set_up();
    let (owner, stranger) = (scene.chain.owner.pubkey(), Keypair::new());
    let log = scene.log.address;
    let other_mint = Address::new_from_array([31; 32]);
    let of_stranger = scene.chain.tokens(BOND_MINT, stranger.pubkey(), 500);
    let of_other_mint = scene.chain.tokens(other_mint, owner, 500);
    let wrong = Refused::by(Error::WrongTokenAccount);
    for (mint, source) in [
        (BOND_MINT, of_stranger),
        (BOND_MINT, of_other_mint),
        (BOND_MINT, log),
        (BOND_MINT, BOND_MINT),
        (other_mint, of_other_mint),
    ] {
        let deposit = bonds::deposit(owner, owner, log, mint, source, 1);
        let refused = scene.chain.send(&[deposit], &[]).unwrap_err();
        assert!(refused == wrong || refused == Refused::custom(2040), "{refused:?}");
    }
    scene.deposit(100).unwrap();
    scene.request(100).unwrap();
    scene.chain.advance(NOTICE_SECONDS + 1);
    for destination in [of_stranger, of_other_mint] {
        let withdraw = bonds::withdraw(owner, log, destination);
        assert_eq!(scene.chain.send(&[withdraw], &[]).unwrap_err(), wrong);
    }
    assert_eq!(scene.amounts().1, 100);
}

#[test]
fn anybody_adds_to_a_bond_and_only_the_operator_takes_from_it() {
    let mut scene = Stake::set_up();
    let friend = scene.chain.rich();
    let log = scene.log.address;
    let source = scene.chain.tokens(BOND_MINT, friend.pubkey(), 50);
    let deposit = bonds::deposit(friend.pubkey(), friend.pubkey(), log, BOND_MINT, source, 50);
    scene.chain.send(&[deposit], &[&friend]).unwrap();
    assert_eq!(scene.amounts(), (50, 50, 1_000));
    for instruction in [
        bonds::request_unbond(friend.pubkey(), log, 1),
        bonds::withdraw(friend.pubkey(), log, source),
    ] {
        let refused = scene.chain.send(&[instruction], &[&friend]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::NotAuthority));
    }
}

#[test]
fn s3_a_lamport_sent_to_the_bond_s_address_does_not_block_it() {
    let mut scene = Stake::set_up();
    let bond = registry::bond_address(&scene.log.address);
    scene.chain.svm.airdrop(&bond, 890_880).unwrap();
    scene.deposit(10).unwrap();
    assert_eq!(scene.amounts(), (10, 10, 990));
}

#[test]
fn m14_a_bond_is_not_more_than_can_be_counted() {
    let mut scene = Stake::set_up();
    let (owner, log) = (scene.chain.owner.pubkey(), scene.log.address);
    let much = scene.chain.tokens(BOND_MINT, owner, u64::MAX);
    let deposit = |amount| bonds::deposit(owner, owner, log, BOND_MINT, much, amount);
    scene.chain.send(&[deposit(u64::MAX)], &[]).unwrap();
    assert_eq!(scene.amounts().0, u64::MAX);
    // No mint has as much, so no token program counts this far.
    assert_eq!(scene.deposit(1), Err(Refused::by(Error::Overflow)));
    assert_eq!(scene.amounts(), (u64::MAX, u64::MAX, 1_000));
}

#[test]
fn amounts_that_are_not_there_are_not_deposited() {
    let mut scene = Stake::set_up();
    assert_eq!(scene.deposit(0), Err(Refused::by(Error::AmountIsZero)));
    // The token program's: too little.
    for amount in [1_001, u64::MAX] {
        assert_eq!(scene.deposit(amount), Err(Refused::custom(1)));
    }
    scene.deposit(1_000).unwrap();
    assert_eq!(scene.amounts(), (1_000, 1_000, 0));
}

#[test]
fn the_first_deposit_has_the_token_program_look_at_the_mint() {
    type Edit = fn(&mut solana_account::Account);
    let edits: [Edit; 3] = [
        |mint| mint.owner = Address::new_from_array([77; 32]),
        |mint| mint.data.truncate(81),
        |mint| mint.data[45] = 0,
    ];
    for edit in edits {
        let mut scene = Stake::set_up();
        scene.chain.edit(&BOND_MINT, edit);
        assert!(scene.deposit(10).is_err());
        let bond = registry::bond_address(&scene.log.address);
        assert!(scene.chain.svm.get_account(&bond).is_none_or(|bond| bond.data.is_empty()));
    }
}

#[test]
fn tokens_sent_without_a_deposit_count_for_nothing_and_stay() {
    let mut scene = Stake::set_up();
    scene.deposit(100).unwrap();
    let bond = registry::bond_address(&scene.log.address);
    scene.chain.edit(&bond, |account| account.data[64..72].copy_from_slice(&150u64.to_le_bytes()));
    assert_eq!(scene.request(101), Err(Refused::by(Error::AmountAboveBond)));
    scene.request(100).unwrap();
    scene.chain.advance(NOTICE_SECONDS + 1);
    scene.withdraw().unwrap();
    assert_eq!(scene.amounts(), (0, 50, 1_000));
}
