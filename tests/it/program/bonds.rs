//! `deposit_bond`, `request_unbond` and `withdraw_bond`, with the real SPL Token program.

use runseal_client::{
    instructions::{bonds, logs},
    registry,
};
use runseal_registry::{
    RegistryError as Error,
    state::{Log, Moment},
};
use runseal_tests::{BOND_MINT, Chain, OpenLog, Refused, log_args};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// A log whose operator has a thousand tokens, and the account they are in.
struct Scene {
    chain: Chain,
    log: OpenLog,
    purse: Address,
}

impl Scene {
    fn new() -> Self {
        let mut chain = Chain::configured();
        chain.make_mint();
        let log = chain.log(log_args());
        let purse = chain.tokens(BOND_MINT, chain.owner.pubkey(), 1_000);
        Self { chain, log, purse }
    }

    fn deposit(&mut self, amount: u64) -> Result<(), Refused> {
        let owner = self.chain.owner.pubkey();
        let deposit = bonds::deposit(owner, owner, self.log.address, BOND_MINT, self.purse, amount);
        self.chain.send(&[deposit], &[]).map(drop)
    }

    fn request(&mut self, amount: u64) -> Result<(), Refused> {
        let request = bonds::request_unbond(self.chain.owner.pubkey(), self.log.address, amount);
        self.chain.send(&[request], &[]).map(drop)
    }

    fn withdraw(&mut self) -> Result<(), Refused> {
        let owner = self.chain.owner.pubkey();
        let withdraw = bonds::withdraw(owner, self.log.address, self.purse);
        self.chain.send(&[withdraw], &[]).map(drop)
    }

    /// What the log says, what the bond's account has, what the operator has.
    fn amounts(&self) -> (u64, u64, u64) {
        let bond = registry::bond_address(&self.log.address);
        let log = self.chain.read::<Log>(self.log.address).account;
        (log.bond_amount, self.chain.token_amount(&bond), self.chain.token_amount(&self.purse))
    }
}

/// The notice of the tests' config: longer than what the log itself asks for.
const NOTICE_SECONDS: i64 = 1_209_600;

#[test]
fn a_bond_is_deposited_asked_for_and_paid_out() {
    let mut scene = Scene::new();
    scene.deposit(300).unwrap();
    assert_eq!(scene.amounts(), (300, 300, 700));
    scene.deposit(200).unwrap();
    assert_eq!(scene.amounts(), (500, 500, 500));
    scene.request(150).unwrap();
    let log = scene.chain.read::<Log>(scene.log.address).account;
    assert_eq!((log.unbond_amount, log.unbond_requested_at), (150, scene.chain.now()));
    scene.chain.advance(NOTICE_SECONDS);
    assert_eq!(scene.withdraw(), Err(Refused::by(Error::UnbondTooEarly)));
    scene.chain.advance(1);
    scene.withdraw().unwrap();
    assert_eq!(scene.amounts(), (350, 350, 650));
    let log = scene.chain.read::<Log>(scene.log.address).account;
    assert_eq!((log.unbond_amount, log.unbond_requested_at), (0, Moment::default()));
    assert_eq!(scene.withdraw(), Err(Refused::by(Error::NoUnbondRequested)));
}

#[test]
fn amounts_that_make_no_sense_are_refused() {
    let mut scene = Scene::new();
    assert_eq!(scene.deposit(0), Err(Refused::by(Error::AmountIsZero)));
    assert_eq!(scene.deposit(1_001), Err(Refused::custom(1)), "the token program's: too little");
    assert_eq!(scene.request(1), Err(Refused::by(Error::AmountAboveBond)));
    scene.deposit(1_000).unwrap();
    assert_eq!(scene.request(1_001), Err(Refused::by(Error::AmountAboveBond)));
    scene.request(1_000).unwrap();
    scene.request(0).unwrap();
    scene.chain.advance(2 * NOTICE_SECONDS);
    assert_eq!(scene.withdraw(), Err(Refused::by(Error::NoUnbondRequested)));
    assert_eq!(scene.amounts(), (1_000, 1_000, 0));
}

#[test]
fn a_request_does_not_ripen_for_ever() {
    let mut scene = Scene::new();
    scene.deposit(500).unwrap();
    scene.request(500).unwrap();
    scene.chain.advance(NOTICE_SECONDS + 30 * 86_400 + 1);
    assert_eq!(scene.withdraw(), Err(Refused::by(Error::UnbondExpired)));
    scene.request(500).unwrap();
    scene.chain.advance(NOTICE_SECONDS + 30 * 86_400);
    scene.withdraw().unwrap();
}

#[test]
fn asking_again_starts_the_notice_again() {
    let mut scene = Scene::new();
    scene.deposit(500).unwrap();
    scene.request(100).unwrap();
    scene.chain.advance(NOTICE_SECONDS);
    scene.request(500).unwrap();
    scene.chain.advance(NOTICE_SECONDS);
    assert_eq!(scene.withdraw(), Err(Refused::by(Error::UnbondTooEarly)));
}

#[test]
fn token_accounts_of_others_and_of_other_mints_are_refused() {
    let mut scene = Scene::new();
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
    let mut scene = Scene::new();
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
    let mut scene = Scene::new();
    let bond = registry::bond_address(&scene.log.address);
    scene.chain.svm.airdrop(&bond, 890_880).unwrap();
    scene.deposit(10).unwrap();
    assert_eq!(scene.amounts(), (10, 10, 990));
}

#[test]
fn the_bond_stays_with_the_log_when_the_operator_changes() {
    let mut scene = Scene::new();
    scene.deposit(400).unwrap();
    let next = scene.chain.rich();
    let (owner, log) = (scene.chain.owner.pubkey(), scene.log.address);
    scene.chain.send(&[logs::propose_operator(owner, log, next.pubkey())], &[]).unwrap();
    scene.chain.send(&[logs::accept_operator(next.pubkey(), log)], &[&next]).unwrap();
    assert_eq!(scene.request(400), Err(Refused::by(Error::NotAuthority)));
    let request = bonds::request_unbond(next.pubkey(), log, 400);
    scene.chain.send(&[request], &[&next]).unwrap();
    scene.chain.advance(NOTICE_SECONDS + 1);
    let purse = scene.chain.tokens(BOND_MINT, next.pubkey(), 0);
    let withdraw = bonds::withdraw(next.pubkey(), log, purse);
    scene.chain.send(&[withdraw], &[&next]).unwrap();
    assert_eq!(scene.chain.token_amount(&purse), 400);
}
