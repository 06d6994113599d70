use runseal_client::instructions::{bonds, logs};
use runseal_registry::{
    RegistryError as Error,
    instructions::SetParametersArgs,
    state::{Log, Moment},
};
use runseal_tests::{BOND_MINT, NOTICE_SECONDS, Refused, Stake, config_args};
use solana_signer::Signer;

#[test]
fn a_bond_is_deposited_asked_for_and_paid_out() {
    let mut scene = Stake::set_up();
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
fn a_request_does_not_ripen_for_ever() {
    let mut scene = Stake::set_up();
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
    let mut scene = Stake::set_up();
    scene.deposit(500).unwrap();
    scene.request(100).unwrap();
    scene.chain.advance(NOTICE_SECONDS);
    scene.request(500).unwrap();
    scene.chain.advance(NOTICE_SECONDS);
    assert_eq!(scene.withdraw(), Err(Refused::by(Error::UnbondTooEarly)));
}

#[test]
fn the_bond_stays_with_the_log_when_the_operator_changes() {
    let mut scene = Stake::set_up();
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

#[test]
fn the_notice_is_never_shorter_than_a_promise_can_be_challenged() {
    let mut scene = Stake::set_up();
    let owner = scene.chain.owner.pubkey();
    let args = config_args(owner);
    let no_notice = SetParametersArgs {
        treasury: args.treasury,
        bond_mint: args.bond_mint,
        smallest_bond_amount: args.smallest_bond_amount,
        claim_deposit_lamports: args.claim_deposit_lamports,
        authority_notice_seconds: args.authority_notice_seconds,
        unbond_notice_seconds: 0,
        slash_claimant_basis_points: args.slash_claimant_basis_points,
    };
    let set = runseal_client::instructions::config::set_parameters(owner, no_notice);
    scene.chain.send(&[set], &[]).unwrap();
    scene.deposit(500).unwrap();
    scene.request(500).unwrap();
    // A minute, ten seconds of grace, 100 to challenge and 30 to answer.
    scene.chain.advance(200);
    assert_eq!(scene.withdraw(), Err(Refused::by(Error::UnbondTooEarly)));
    scene.chain.advance(1);
    scene.withdraw().unwrap();
}

#[test]
fn m14_a_notice_that_cannot_be_counted_is_never_over() {
    let mut scene = Stake::set_up();
    scene.deposit(500).unwrap();
    scene.request(500).unwrap();
    let log = scene.log.address;
    scene.chain.rewrite::<Log>(&log, |log| log.unbond_requested_at.unix_seconds = i64::MAX);
    assert_eq!(scene.withdraw(), Err(Refused::by(Error::Overflow)));
}
