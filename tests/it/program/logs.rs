//! `open_log`, `rotate_log_keys`, `close_anchor`, `register_auditor` and `cosign_anchor`.

use runseal_client::{
    instructions::{config, logs},
    registry,
};
use runseal_registry::{
    RegistryError as Error,
    constants::{MAX_CADENCE_SECONDS, MAX_RETENTION_SECONDS, MAX_WINDOW_SECONDS},
    instructions::{OpenLogArgs, RegisterAuditorArgs, RotateLogKeysArgs},
    state::{Anchor, Auditor, Cosignature, Log, Name},
};
use runseal_tests::{BOND_MINT, Chain, OpenLog, Refused, leaves, log_args};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

const KEY: Address = Address::new_from_array([11; 32]);

fn open(chain: &mut Chain, args: OpenLogArgs) -> Result<Log, Refused> {
    let owner = chain.owner.pubkey();
    let address = registry::log_address(&owner, &args.name);
    chain.send(&[logs::open(owner, owner, args)], &[])?;
    Ok(chain.read::<Log>(address).account)
}

fn with_keys() -> OpenLogArgs {
    OpenLogArgs { anchoring_key: KEY, promise_key: KEY, ..log_args() }
}

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
fn a_log_begins_empty_and_as_it_was_wished() {
    let mut chain = Chain::configured();
    let log = open(&mut chain, with_keys()).unwrap();
    assert_eq!((log.founder, log.operator), (chain.owner.pubkey(), chain.owner.pubkey()));
    assert_eq!((log.anchoring_key, log.promise_keys[0].key), (KEY, KEY));
    assert_eq!((log.next_period, log.cumulative_leaf_count), (0, 0));
    assert_eq!((log.late_count, log.missed_count, log.upheld_count), (0, 0, 0));
    assert_eq!((log.bond_mint, log.bond_amount), (BOND_MINT, 0));
    assert_eq!((log.head_anchor_hash, log.genesis_hash), ([0; 32], [9; 32]));
    assert_eq!(log.name.as_str(), "receipts");
    assert_eq!(log.opened_at, chain.now());
    let again = open(&mut chain, with_keys()).unwrap_err();
    assert_eq!(again, Refused::custom(0), "the system program's: the account is in use");
    let other = OpenLogArgs { name: Name::parse("other").unwrap(), ..with_keys() };
    open(&mut chain, other).unwrap();
}

#[test]
fn parameters_that_make_no_sense_are_refused_by_name() {
    let args = with_keys;
    let cases = [
        (OpenLogArgs { cadence_seconds: 0, ..args() }, Error::CadenceOutOfRange),
        (
            OpenLogArgs { cadence_seconds: MAX_CADENCE_SECONDS + 1, ..args() },
            Error::CadenceOutOfRange,
        ),
        (OpenLogArgs { grace_seconds: MAX_WINDOW_SECONDS + 1, ..args() }, Error::WindowOutOfRange),
        (OpenLogArgs { answer_window_seconds: 0, ..args() }, Error::WindowOutOfRange),
        (OpenLogArgs { answer_window_seconds: u64::MAX, ..args() }, Error::WindowOutOfRange),
        (OpenLogArgs { challenge_window_seconds: u64::MAX, ..args() }, Error::WindowOutOfRange),
        (OpenLogArgs { challenge_window_seconds: 0, ..args() }, Error::WindowOutOfRange),
        (
            OpenLogArgs { retention_seconds: MAX_RETENTION_SECONDS + 1, ..args() },
            Error::WindowOutOfRange,
        ),
        // 60 + 10 + 100 + 30 seconds is the longest that a claim can take.
        (OpenLogArgs { retention_seconds: 199, ..args() }, Error::RetentionTooShort),
        (OpenLogArgs { start_seconds: i64::MAX - 1, ..args() }, Error::StartOutOfRange),
        (OpenLogArgs { genesis_hash: [0; 32], ..args() }, Error::GenesisHashIsZero),
        (OpenLogArgs { name: Name { bytes: [0; 32] }, ..args() }, Error::NameNotValid),
        (OpenLogArgs { anchoring_key: Address::default(), ..args() }, Error::AddressNotSet),
        (OpenLogArgs { promise_key: Address::default(), ..args() }, Error::AddressNotSet),
    ];
    let mut chain = Chain::configured();
    for (args, error) in cases {
        assert_eq!(open(&mut chain, args.clone()).unwrap_err(), Refused::by(error), "{args:?}");
    }
    let edge = OpenLogArgs { retention_seconds: 200, start_seconds: i64::MIN, ..args() };
    open(&mut chain, edge).unwrap();
}

#[test]
fn no_log_is_opened_in_somebody_else_s_place_or_during_a_pause() {
    let mut chain = Chain::configured();
    let (owner, victim) = (chain.owner.pubkey(), Keypair::new());
    let mut squatting = logs::open(owner, victim.pubkey(), with_keys());
    squatting.accounts[1].is_signer = false;
    assert!(chain.send(&[squatting], &[]).is_err());
    chain.send(&[config::set_pause(owner, true)], &[]).unwrap();
    assert_eq!(open(&mut chain, with_keys()).unwrap_err(), Refused::by(Error::ProgramPaused));
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
fn s8_an_anchor_is_closed_after_its_retention_and_never_comes_back() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    chain.post(&log, &leaves(3));
    let address = registry::anchor_address(&log.address, 0);
    let owner = chain.owner.pubkey();
    let close = logs::close_anchor(owner, owner, log.address, 0);
    chain.advance(1_000);
    let refused = chain.send(std::slice::from_ref(&close), &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::RetentionNotOver));
    chain.advance(1);
    let stranger = chain.rich();
    let to_stranger = logs::close_anchor(owner, stranger.pubkey(), log.address, 0);
    let refused = chain.send(&[to_stranger], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
    let by_stranger = logs::close_anchor(stranger.pubkey(), owner, log.address, 0);
    let refused = chain.send(&[by_stranger], &[&stranger]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
    // Whoever pays the lamports back in the same transaction revives nothing.
    let rent = chain.svm.get_account(&address).unwrap().lamports;
    let refund = Chain::transfer(&owner, &address, rent);
    let before = chain.svm.get_balance(&owner).unwrap();
    chain.send(&[close, refund], &[]).unwrap();
    let left = chain.svm.get_account(&address).unwrap_or_default();
    assert!(left.data.is_empty() && left.owner != registry::PROGRAM, "{left:?}");
    assert!(chain.svm.get_balance(&owner).unwrap() <= before);
    let (args, _) = chain.anchor_args(&log, &leaves(3));
    assert_eq!(args.period, 1, "only the next period can be anchored");
}

#[test]
fn an_anchor_of_another_log_is_not_closed() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    let other = chain.log(OpenLogArgs { name: Name::parse("other").unwrap(), ..log_args() });
    chain.post(&log, &leaves(1));
    chain.advance(2_000);
    let owner = chain.owner.pubkey();
    let mut close = logs::close_anchor(owner, owner, other.address, 0);
    close.accounts[3].pubkey = registry::anchor_address(&log.address, 0);
    let refused = chain.send(&[close], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::AnchorOfOtherLog));
}

/// An auditor of this organisation.
fn auditor(chain: &mut Chain, organisation: &str) -> (Keypair, Name) {
    let (key, organisation) = (chain.rich(), Name::parse(organisation).unwrap());
    let owner = chain.owner.pubkey();
    let args = RegisterAuditorArgs { auditor_authority: key.pubkey(), organisation };
    chain.send(&[logs::register_auditor(owner, owner, args)], &[]).unwrap();
    (key, organisation)
}

#[test]
fn an_organisation_cosigns_once_however_many_keys_it_has() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    let (anchor, _) = chain.post(&log, &leaves(2));
    let address = registry::anchor_address(&log.address, 0);
    let owner = chain.owner.pubkey();
    let (one, organisation) = auditor(&mut chain, "one.example");
    let (same, _) = auditor(&mut chain, "one.example");
    let (two, second) = auditor(&mut chain, "two.example");
    let cosign = |key: &Keypair, organisation: &Name, hash| {
        logs::cosign_anchor(owner, key.pubkey(), address, organisation, hash)
    };
    let wrong = cosign(&one, &organisation, [1; 32]);
    let refused = chain.send(&[wrong], &[&one]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::OtherAnchorHash));
    let signed = cosign(&one, &organisation, anchor.anchor_hash);
    chain.send(&[signed], &[&one]).unwrap();
    let again = cosign(&same, &organisation, anchor.anchor_hash);
    assert_eq!(chain.send(&[again], &[&same]).unwrap_err(), Refused::custom(0));
    let signed = cosign(&two, &second, anchor.anchor_hash);
    chain.send(&[signed], &[&two]).unwrap();
    assert_eq!(chain.read::<Anchor>(address).account.cosignature_count, 2);
    let cosignature = registry::cosignature_address(&address, &organisation);
    let cosignature = chain.read::<Cosignature>(cosignature).account;
    assert_eq!((cosignature.anchor, cosignature.anchor_hash), (address, anchor.anchor_hash));
    assert_eq!(cosignature.auditor, registry::auditor_address(&one.pubkey()));
    assert_eq!(cosignature.signed_at, chain.now());
}

#[test]
fn nobody_cosigns_in_another_s_name() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    let (anchor, _) = chain.post(&log, &leaves(2));
    let address = registry::anchor_address(&log.address, 0);
    let owner = chain.owner.pubkey();
    let (auditor, organisation) = auditor(&mut chain, "one.example");
    let stranger = chain.rich();
    let args = RegisterAuditorArgs { auditor_authority: stranger.pubkey(), organisation };
    let register = logs::register_auditor(owner, stranger.pubkey(), args);
    let refused = chain.send(&[register], &[&stranger]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
    let mut forged =
        logs::cosign_anchor(owner, stranger.pubkey(), address, &organisation, anchor.anchor_hash);
    forged.accounts[2].pubkey = registry::auditor_address(&auditor.pubkey());
    let refused = chain.send(&[forged], &[&stranger]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
    let account = chain.read::<Auditor>(registry::auditor_address(&auditor.pubkey())).account;
    assert_eq!(account.organisation.as_str(), "one.example");
}
