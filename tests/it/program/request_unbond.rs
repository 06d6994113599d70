use runseal_registry::{
    RegistryError as Error,
    state::{Log, Moment},
};
use runseal_tests::{NOTICE_SECONDS, Refused, Stake};

#[test]
fn amounts_that_make_no_sense_are_refused() {
    let mut scene = Stake::set_up();
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
fn any_part_is_asked_for_and_a_new_request_replaces_the_old() {
    let mut scene = Stake::set_up();
    scene.deposit(1_000).unwrap();
    for amount in [1, 999, 1_000, 1] {
        scene.chain.advance(10);
        scene.request(amount).unwrap();
        let log = scene.chain.read::<Log>(scene.log.address).account;
        assert_eq!((log.unbond_amount, log.unbond_requested_at), (amount, scene.chain.now()));
        assert_eq!(log.bond_amount, 1_000);
    }
    assert_eq!(scene.request(u64::MAX), Err(Refused::by(Error::AmountAboveBond)));
    scene.request(0).unwrap();
    let log = scene.chain.read::<Log>(scene.log.address).account;
    assert_eq!((log.unbond_amount, log.unbond_requested_at), (0, Moment::default()));
}
