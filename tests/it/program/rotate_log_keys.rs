use runseal_client::instructions::logs;
use runseal_registry::{
    RegistryError as Error,
    instructions::{OpenLogArgs, RotateLogKeysArgs},
    state::Log,
};
use runseal_tests::{Chain, OpenLog, Refused, log_args};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

const KEY: Address = Address::new_from_array([11; 32]);

fn rotate(
    chain: &mut Chain,
    log: &OpenLog,
    anchoring: Address,
    promise: Address,
) -> Result<Log, Refused> {
    let args = RotateLogKeysArgs { anchoring_key: anchoring, promise_key: promise };
    chain.send(&[logs::rotate_keys(chain.owner.pubkey(), log.address, args)], &[])?;
    Ok(chain.read::<Log>(log.address).account)
}

#[test]
fn keys_rotate_and_earlier_promise_keys_keep_their_periods() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    let first = log.promise.pubkey();
    let nothing = Address::default();
    let key = |byte| Address::new_from_array([byte; 32]);
    // The log has begun, so the next period is the first that a new key can serve.
    let account = rotate(&mut chain, &log, nothing, key(1)).unwrap();
    assert_eq!(account.promise_keys[0].from_period, 1);
    assert_eq!(account.promise_key_of(0), Some(&first));
    assert_eq!(account.promise_key_of(1), Some(&key(1)));
    assert_eq!(account.promise_key_of(u64::MAX), Some(&key(1)));
    assert_eq!(account.anchoring_key, log.anchoring.pubkey());
    let refused = rotate(&mut chain, &log, nothing, key(2)).unwrap_err();
    assert_eq!(refused, Refused::by(Error::RotatedThisPeriod));
    // The anchoring key is not a promise: it changes at once, as often as need be.
    for byte in [3, 4] {
        let account = rotate(&mut chain, &log, key(byte), nothing).unwrap();
        assert_eq!(account.anchoring_key, key(byte));
    }
    let refused = rotate(&mut chain, &log, nothing, nothing).unwrap_err();
    assert_eq!(refused, Refused::by(Error::AddressNotSet));
}

#[test]
fn a_promise_key_is_not_forgotten_while_it_can_be_challenged() {
    let mut chain = Chain::configured();
    let log = chain.log(OpenLogArgs { challenge_window_seconds: 200, ..log_args() });
    let nothing = Address::default();
    for byte in 1..=3 {
        rotate(&mut chain, &log, nothing, Address::new_from_array([byte; 32])).unwrap();
        chain.advance(60);
    }
    // The ring is full, and the oldest key served period 0, which can be challenged until second
    // 60 + 10 + 200. It is second 180.
    let next = Address::new_from_array([4; 32]);
    chain.advance(90);
    let refused = rotate(&mut chain, &log, nothing, next).unwrap_err();
    assert_eq!(refused, Refused::by(Error::PromiseKeysFull));
    chain.advance(1);
    let account = rotate(&mut chain, &log, nothing, next).unwrap();
    assert_eq!(account.promise_key_of(0), None);
    assert!(account.promise_key_of(1).is_some());
}

#[test]
fn only_the_operator_rotates_keys() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    for stranger in [Keypair::new(), log.anchoring.insecure_clone()] {
        let args = RotateLogKeysArgs { anchoring_key: KEY, promise_key: KEY };
        let rotate = logs::rotate_keys(stranger.pubkey(), log.address, args);
        let refused = chain.send(&[rotate], &[&stranger]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::NotAuthority));
    }
}

#[test]
fn before_a_log_begins_its_first_key_stays() {
    let mut chain = Chain::configured();
    let start_seconds = chain.now().unix_seconds + 1;
    let log = chain.log(OpenLogArgs { start_seconds, ..log_args() });
    let refused = rotate(&mut chain, &log, Address::default(), KEY).unwrap_err();
    assert_eq!(refused, Refused::by(Error::RotatedThisPeriod));
    chain.advance(1);
    let account = rotate(&mut chain, &log, Address::default(), KEY).unwrap();
    assert_eq!(account.promise_keys[0].from_period, 1);
}

#[test]
fn both_keys_change_with_their_moments_and_nothing_else_does() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    let before = chain.read::<Log>(log.address).account;
    chain.advance(119);
    let account = rotate(&mut chain, &log, KEY, Address::new_from_array([12; 32])).unwrap();
    let mut expected = Log {
        anchoring_key: KEY,
        anchoring_key_changed_at: chain.now(),
        promise_key_changed_at: chain.now(),
        ..before
    };
    expected.promise_keys.rotate_right(1);
    expected.promise_keys[0].key = Address::new_from_array([12; 32]);
    expected.promise_keys[0].from_period = 2;
    assert_eq!(account, expected);
}
