use runseal_registry::RegistryError as Error;
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
