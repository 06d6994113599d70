//! Accounts are read as the program writes them, or refused by name.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use proptest::prelude::*;
use runseal_engine::account::{Account, AccountError, RawAccount, ReadAccount};
use runseal_evidence::{Registry, derive_address};
use runseal_types::Address;
use support::{Town, ours, program, raw};

fn read(raw: &RawAccount) -> Result<Account, AccountError> {
    Registry.read(&program(), raw)
}

#[test]
fn every_account_says_what_the_program_wrote() {
    let town = Town::new();
    let Ok(Account::Agent(agent)) = read(&raw(&town.agent)) else { panic!() };
    assert_eq!(agent.identity, ours(&town.agent.1.identity));
    assert_eq!(agent.authority, ours(&town.agent.1.authority));
    assert_eq!(agent.status.as_str(), town.agent.1.status().unwrap().as_str());
    assert_eq!((agent.registered_at.slot, agent.status_changed_at.slot), (100, 250));
    let Ok(Account::Version(version)) = read(&raw(&town.version)) else { panic!() };
    assert_eq!((version.agent, version.index), (ours(&town.agent.0), 0));
    assert_eq!((version.published_at.slot, version.yanked_at), (200, None));
    let newest = town.attestations.iter().map(|(address, _)| Some(ours(address)));
    assert_eq!(
        version.newest_attestations.to_vec(),
        newest.chain([None, None]).collect::<Vec<_>>()
    );
    let Ok(Account::Certifier(certifier)) = read(&raw(&town.certifier)) else { panic!() };
    assert_eq!(certifier.void_from_slot, u64::MAX);
    assert_eq!(certifier.organisation.to_string(), "certifier.example");
    let Ok(Account::Attestation(attestation)) = read(&raw(&town.attestations[2])) else { panic!() };
    assert_eq!((attestation.stage, attestation.passed, attestation.revoked), (3, true, None));
    assert_eq!((attestation.issued_at.slot, attestation.expires_at.slot), (303, 100_000));
    assert_eq!(attestation.version, ours(&town.version.0));
    let Ok(Account::Log(log)) = read(&raw(&town.log)) else { panic!() };
    assert_eq!((log.next_period.0, log.operator), (3, ours(&town.log.1.operator)));
    assert_eq!(*log.head_anchor_hash.as_bytes(), town.log.1.head_anchor_hash);
    assert_eq!(*log.range_root.as_bytes(), town.log.1.range_root().unwrap());
    let key = town.log.1.promise_key_of(5).map(ours);
    assert_eq!(log.promise_key_of(runseal_types::Period(5)), key);
    for posted in &town.anchors {
        let Ok(Account::Anchor(anchor)) = read(&raw(posted)) else { panic!() };
        assert_eq!(*anchor.hash.as_bytes(), posted.1.anchor_hash);
        assert_eq!(anchor.facts.hash(), anchor.hash);
        assert_eq!((anchor.log, anchor.period.0), (ours(&town.log.0), posted.1.period));
        assert_eq!(anchor.cosignature_count, posted.1.cosignature_count);
    }
    let Ok(Account::Auditor(auditor)) = read(&raw(&town.auditor)) else { panic!() };
    assert_eq!(auditor.authority, ours(&town.auditor.1.authority));
    let Ok(Account::Cosignature(cosignature)) = read(&raw(&town.cosignature)) else { panic!() };
    assert_eq!(cosignature.anchor, ours(&town.anchors[1].0));
    assert_eq!(*cosignature.anchor_hash.as_bytes(), town.anchors[1].1.anchor_hash);
    assert_eq!(cosignature.organisation.to_string(), "auditor.example");
}

#[test]
fn what_is_no_account_of_the_program_is_refused_by_name() {
    type Spoil = fn(&mut RawAccount);
    let cases: [(&str, Spoil); 14] = [
        ("Gone", |raw| raw.lamports = 0),
        ("ForeignOwner", |raw| raw.owner = Address::new([9; 32])),
        ("UnknownKind", |raw| raw.data[0] ^= 1),
        ("UnknownKind", |raw| raw.data.clear()),
        ("UnknownKind", |raw| raw.data.truncate(7)),
        ("WrongSize", |raw| raw.data.truncate(raw.data.len() - 1)),
        ("WrongSize", |raw| raw.data.push(0)),
        ("WrongSize", |raw| raw.data.truncate(8)),
        ("UnknownLayout", |raw| raw.data[8] = 2),
        ("UnknownLayout", |raw| raw.data[8] = 0),
        ("BadField", |raw| raw.data[9] ^= 1),
        ("WrongAddress", |raw| raw.address = Address::new([9; 32])),
        ("BadField", |raw| *raw.data.last_mut().unwrap() = 1),
        ("UnknownKind", |raw| raw.data[..8].fill(0)),
    ];
    for account in Town::new().accounts() {
        assert!(read(&account).is_ok());
        for (expected, spoil) in cases {
            let mut spoiled = account.clone();
            spoil(&mut spoiled);
            let refused = format!("{:?}", read(&spoiled).unwrap_err());
            assert!(refused.starts_with(expected), "{expected} was expected: {refused}");
        }
    }
}

#[test]
fn fields_that_the_program_never_writes_are_refused() {
    let town = Town::new();
    let cases = [
        (raw(&town.agent), 10, 0, "status"),
        (raw(&town.agent), 10, 6, "status"),
        (raw(&town.agent), 11, 1, "reserved byte"),
        (raw(&town.version), 10, 2, "yanked"),
        (raw(&town.certifier), 10, 2, "suspended"),
        (raw(&town.certifier), 88, 0, "name"),
        (raw(&town.certifier), 88, b' ', "name"),
        (raw(&town.attestations[0]), 10, 0, "stage"),
        (raw(&town.attestations[0]), 10, 6, "stage"),
        (raw(&town.attestations[0]), 11, 0, "outcome"),
        (raw(&town.attestations[0]), 11, 3, "outcome"),
        (raw(&town.attestations[0]), 16, 6, "revoked_reason"),
        (raw(&town.attestations[0]), 17, 1, "reserved byte"),
        (raw(&town.log), 10, 1, "reserved byte"),
        (raw(&town.log), 20, 1, "next_period"),
        (raw(&town.anchors[1]), 10, 3, "timeliness"),
        (raw(&town.anchors[1]), 11, 1, "reserved byte"),
        (raw(&town.cosignature), 128, 0, "name"),
    ];
    for (mut account, at, byte, field) in cases {
        account.data[at] = byte;
        let expected = AccountError::BadField { address: account.address, field };
        assert_eq!(read(&account), Err(expected));
    }
}

#[test]
fn an_account_of_another_program_is_not_read() {
    let other = Address::new([9; 32]);
    for account in Town::new().accounts() {
        let address = account.address;
        let expected = AccountError::ForeignOwner { address, expected: other, found: program() };
        assert_eq!(Registry.read(&other, &account), Err(expected));
        // Nor does it help that the other program claims to own it: it would live elsewhere.
        let claimed = RawAccount { owner: other, ..account };
        assert!(matches!(Registry.read(&other, &claimed), Err(AccountError::WrongAddress { .. })));
    }
}

proptest! {
    #[test]
    fn addresses_are_derived_as_the_chain_derives_them(
        seeds in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..33), 0..6),
    ) {
        let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
        let (expected, bump) = support::derive(&seeds);
        let found = derive_address(&program(), &seeds);
        prop_assert_eq!(found, Some((ours(&expected), bump)));
    }

    #[test]
    fn no_bytes_make_it_panic(data in prop::collection::vec(any::<u8>(), 0..600), kind in 0usize..10) {
        let mut account = Town::new().accounts().swap_remove(kind);
        account.data.iter_mut().skip(8).zip(data).for_each(|(to, from)| *to = from);
        prop_assert!(read(&account).is_ok() || read(&account).is_err());
    }

    #[test]
    fn an_attestation_is_judged_as_the_program_judges_it(
        slot in 0u64..10, issued in 0u64..10, expires in 0u64..10, revoked in 0u64..10,
        is_revoked: bool, passed: bool, void in prop_oneof![0u64..10, Just(u64::MAX)],
    ) {
        let mut scene = support::Scene::new(Town::inclusion);
        scene.policy.minimum_stage = 1;
        let attestation = &mut scene.town.attestations[0].1;
        let at = |slot: u64| support::at(slot + support::SLOT - 5);
        attestation.issued_at = at(issued);
        attestation.expires_at = at(expires);
        attestation.outcome = if passed { 1 } else { 2 };
        if is_revoked {
            (attestation.revoked_at, attestation.revoked_reason) = (at(revoked), 1);
        }
        let void = if void == u64::MAX { void } else { at(void).slot };
        scene.town.certifier.1.void_from_slot = void;
        // The anchor stands still, so the question is moved instead.
        let shift = |slot: u64| slot + support::SLOT - 5;
        let (posted, asked) = (support::SLOT, shift(slot));
        let attestation = &mut scene.town.attestations[0].1;
        for moment in [&mut attestation.issued_at, &mut attestation.expires_at, &mut attestation.revoked_at] {
            moment.slot = (moment.slot + posted).saturating_sub(asked);
        }
        if void != u64::MAX {
            scene.town.certifier.1.void_from_slot = (void + posted).saturating_sub(asked);
        }
        let expected = scene.town.attestations[0].1.held_in(posted, &scene.town.certifier.1);
        let report = scene.report();
        let found = report.find(runseal_engine::Check::Certification).unwrap().reason;
        prop_assert_eq!(found == runseal_engine::Reason::StageHeld, expected, "{:?}", found);
    }
}
