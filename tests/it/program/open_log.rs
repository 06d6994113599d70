use runseal_client::{
    instructions::{config, logs},
    registry,
};
use runseal_registry::{
    RegistryError as Error,
    constants::{MAX_CADENCE_SECONDS, MAX_NAME_BYTES, MAX_RETENTION_SECONDS, MAX_WINDOW_SECONDS},
    instructions::OpenLogArgs,
    state::{Log, Name},
};
use runseal_tests::{BOND_MINT, Chain, Refused, log_args};
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
fn s17_a_name_is_one_to_32_printable_bytes_and_then_zeros() {
    let mut chain = Chain::configured();
    let (mut gap, mut least) = ([b'a'; MAX_NAME_BYTES], [0; MAX_NAME_BYTES]);
    (gap[3], least[0]) = (0, b'~');
    let mut after = least;
    after[31] = 1;
    for bytes in [gap, after, [b' '; 32], [0x7f; 32], [0x80; 32], [0xff; 32]] {
        let args = OpenLogArgs { name: Name { bytes }, ..with_keys() };
        assert_eq!(open(&mut chain, args).unwrap_err(), Refused::by(Error::NameNotValid));
    }
    for bytes in [least, [b'!'; 32]] {
        let log = open(&mut chain, OpenLogArgs { name: Name { bytes }, ..with_keys() }).unwrap();
        assert_eq!(log.name.bytes, bytes);
    }
}

#[test]
fn every_window_at_its_bound_is_taken() {
    let mut chain = Chain::configured();
    let longest = OpenLogArgs {
        cadence_seconds: MAX_CADENCE_SECONDS,
        grace_seconds: MAX_WINDOW_SECONDS,
        answer_window_seconds: MAX_WINDOW_SECONDS,
        challenge_window_seconds: MAX_WINDOW_SECONDS,
        retention_seconds: MAX_RETENTION_SECONDS,
        ..with_keys()
    };
    let log = open(&mut chain, longest).unwrap();
    assert_eq!((log.cadence_seconds, log.grace_seconds), (MAX_CADENCE_SECONDS, MAX_WINDOW_SECONDS));
    let shortest = OpenLogArgs {
        name: Name::parse("shortest").unwrap(),
        cadence_seconds: 1,
        grace_seconds: 0,
        answer_window_seconds: 1,
        challenge_window_seconds: 1,
        retention_seconds: 3,
        ..with_keys()
    };
    let short = OpenLogArgs { retention_seconds: 2, ..shortest.clone() };
    assert_eq!(open(&mut chain, short).unwrap_err(), Refused::by(Error::RetentionTooShort));
    open(&mut chain, shortest).unwrap();
}

#[test]
fn m14_the_last_period_of_a_log_can_still_be_challenged_in_countable_time() {
    let mut chain = Chain::configured();
    let args = with_keys();
    // Until then the promises of period 2^32 can be challenged.
    let span = (1u64 << 32) * args.cadence_seconds
        + args.cadence_seconds
        + args.grace_seconds
        + args.challenge_window_seconds;
    let latest = i64::MAX - i64::try_from(span).unwrap();
    for start_seconds in [latest + 1, i64::MAX] {
        let args = OpenLogArgs { start_seconds, ..args.clone() };
        assert_eq!(open(&mut chain, args).unwrap_err(), Refused::by(Error::StartOutOfRange));
    }
    open(&mut chain, OpenLogArgs { start_seconds: latest, ..args }).unwrap();
}
