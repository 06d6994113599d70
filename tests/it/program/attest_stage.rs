use runseal_client::{
    instructions::{
        agents,
        certification::{self, Subject},
        config,
    },
    registry,
};
use runseal_registry::{
    RegistryError as Error,
    instructions::{AccreditCertifierArgs, AttestStageArgs},
    state::{AgentStatus, Attestation, Metrics, Moment, Name, Version},
};
use runseal_tests::{ALL_STAGES, Ladder, Refused, attest_args, set_status};
use solana_instruction::error::InstructionError;
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn the_ladder_is_climbed_from_a_to_e() {
    let mut scene = Ladder::set_up();
    for stage in 1..=5 {
        let args = attest_args(&scene.chain, stage);
        let attestation = scene.attest(args.clone()).unwrap();
        assert_eq!((attestation.stage, attestation.outcome, attestation.round), (stage, 1, 0));
        assert_eq!(attestation.metrics, args.metrics);
        assert_eq!(attestation.evidence_hash, args.evidence_hash);
        assert_eq!(attestation.issued_at, scene.chain.now());
        assert_eq!(attestation.expires_at.slot, args.expires_slot);
        assert_eq!(attestation.expires_at.unix_seconds, args.expires_seconds);
        assert_eq!(attestation.agent_version, scene.version);
        assert_eq!(attestation.certifier, scene.certifier_address());
        assert_eq!((attestation.revoked_reason, attestation.revoked_at), (0, Moment::default()));
        let version = scene.chain.read::<Version>(scene.version).account;
        let newest = version.newest_attestation(stage).copied();
        assert_eq!(newest, Ok(scene.address(stage, 0)));
    }
}

#[test]
fn no_stage_is_skipped() {
    let mut scene = Ladder::set_up();
    for stage in 2..=5 {
        let subject = Subject { below: None, ..scene.subject(stage) };
        let args = attest_args(&scene.chain, stage);
        let refused = scene.attest_subject(subject, args).unwrap_err();
        assert_eq!(refused, Refused::by(Error::StageBelowMissing));
    }
    scene.pass(1).unwrap();
    // Stage A does not stand for stage B below C.
    let subject = Subject { below: scene.subject(2).below, ..scene.subject(3) };
    let args = attest_args(&scene.chain, 3);
    let refused = scene.attest_subject(subject, args).unwrap_err();
    assert_eq!(refused, Refused::by(Error::StageBelowMissing));
}

#[test]
fn a_stage_stands_only_on_one_that_is_live() {
    type Spoil = fn(&mut Ladder);
    let spoils: [(&str, Spoil); 4] = [
        ("expired", |scene| scene.chain.advance(86_400)),
        ("revoked", |scene| scene.revoke(1, 3).unwrap()),
        ("failed", |scene| {
            let args = AttestStageArgs { outcome: 2, round: 1, ..attest_args(&scene.chain, 1) };
            scene.attest(args).unwrap();
        }),
        ("voided", |scene| {
            // Another certifier climbs on; the one below has leaked its key.
            let below = scene.certifier_address();
            let suspend = certification::suspend(scene.chain.owner.pubkey(), below, 0);
            scene.chain.send(&[suspend], &[]).unwrap();
        }),
    ];
    for (name, spoil) in spoils {
        let mut scene = Ladder::set_up();
        scene.pass(1).unwrap();
        spoil(&mut scene);
        let round = u32::from(name == "failed");
        let below = Some((scene.address(1, round), scene.certifier_address()));
        let subject = Subject { below, ..scene.subject(2) };
        let second = scene.chain.certifier(ALL_STAGES);
        let owner = scene.chain.owner.pubkey();
        let args = attest_args(&scene.chain, 2);
        let attest = certification::attest(owner, second.pubkey(), subject, args);
        let refused = scene.chain.send(&[attest], &[&second]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::StageBelowNotLive), "{name}");
    }
}

#[test]
fn s11_the_subject_does_not_certify_itself() {
    let mut scene = Ladder::set_up();
    let owner = scene.chain.owner.pubkey();
    for subject in [scene.chain.owner.insecure_clone(), scene.identity.insecure_clone()] {
        let args = AccreditCertifierArgs {
            certifier_authority: subject.pubkey(),
            organisation: Name::parse("itself").unwrap(),
            stages: ALL_STAGES,
        };
        scene.chain.send(&[certification::accredit(owner, owner, args)], &[]).unwrap();
        scene.certifier = subject;
        assert_eq!(scene.pass(1).unwrap_err(), Refused::by(Error::CertifierIsSubject));
    }
}

#[test]
fn a_certifier_attests_only_what_it_is_accredited_for() {
    let mut scene = Ladder::set_up();
    scene.certifier = scene.chain.certifier(0b00010);
    assert_eq!(scene.pass(1).unwrap_err(), Refused::by(Error::StageNotAccredited));
    let impostor = Keypair::new();
    let mut by_other = certification::attest(
        scene.chain.owner.pubkey(),
        impostor.pubkey(),
        scene.subject(1),
        attest_args(&scene.chain, 1),
    );
    by_other.accounts[3].pubkey = scene.certifier_address();
    by_other.accounts[9].pubkey = scene.address(1, 0);
    let refused = scene.chain.send(&[by_other], &[&impostor]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
}

#[test]
fn what_an_attestation_says_is_checked() {
    type Edit = fn(&mut AttestStageArgs, Moment);
    let cases: [(Edit, Error); 10] = [
        (|args, _| args.outcome = 0, Error::UnknownResult),
        (|args, _| args.outcome = 3, Error::UnknownResult),
        (|args, _| args.evidence_hash = [0; 32], Error::EvidenceHashIsZero),
        (|args, now| args.expires_slot = now.slot, Error::ExpiryNotAhead),
        (|args, now| args.expires_seconds = now.unix_seconds, Error::ExpiryNotAhead),
        (|args, _| args.metrics.success_count = 1_001, Error::MetricsContradict),
        (|args, _| args.metrics.p50_latency_milliseconds = 401, Error::MetricsContradict),
        (|args, _| args.metrics.p99_latency_milliseconds = 399, Error::MetricsContradict),
        (|args, _| args.round = 1, Error::NotTheEarlierRound),
        (|args, _| args.stage = 2, Error::StageBelowMissing),
    ];
    for (edit, error) in cases {
        let mut scene = Ladder::set_up();
        let mut args = attest_args(&scene.chain, 1);
        let subject = scene.subject(1);
        edit(&mut args, scene.chain.now());
        let refused = if args.round == 1 {
            // The first word with a later round: the earlier account is left out.
            let key = scene.certifier.pubkey();
            let owner = scene.chain.owner.pubkey();
            let mut attest = certification::attest(owner, key, subject, args.clone());
            attest.accounts[8].pubkey = registry::PROGRAM;
            scene.chain.send(&[attest], &[&scene.certifier]).unwrap_err()
        } else {
            scene.attest_subject(subject, args.clone()).unwrap_err()
        };
        assert_eq!(refused, Refused::by(error), "{args:?}");
    }
    let mut scene = Ladder::set_up();
    for stage in [0, 6, 255] {
        let args = AttestStageArgs { stage, ..attest_args(&scene.chain, 1) };
        let refused = scene.attest_subject(scene.subject(1), args).unwrap_err();
        assert_eq!(refused, Refused::by(Error::UnknownStage));
    }
    let none = Metrics::default();
    scene.attest(AttestStageArgs { metrics: none, ..attest_args(&scene.chain, 1) }).unwrap();
}

#[test]
fn only_a_version_in_use_is_attested() {
    let mut scene = Ladder::set_up();
    let owner = scene.chain.owner.pubkey();
    let (_, other) = scene.chain.agent();
    let subject = Subject { agent: other, ..scene.subject(1) };
    let args = attest_args(&scene.chain, 1);
    let refused = scene.attest_subject(subject, args).unwrap_err();
    assert_eq!(refused, Refused::by(Error::VersionOfOtherAgent));
    let retire = agents::set_status(owner, scene.agent, AgentStatus::Retired);
    scene.chain.send(&[retire], &[]).unwrap();
    assert_eq!(scene.pass(1).unwrap_err(), Refused::by(Error::AgentRetired));

    let mut scene = Ladder::set_up();
    let owner = scene.chain.owner.pubkey();
    let yank = agents::yank_version(owner, scene.agent, scene.version);
    scene.chain.send(&[yank], &[]).unwrap();
    assert_eq!(scene.pass(1).unwrap_err(), Refused::by(Error::VersionYanked));

    let mut scene = Ladder::set_up();
    let owner = scene.chain.owner.pubkey();
    scene.chain.send(&[config::set_pause(owner, true)], &[]).unwrap();
    assert_eq!(scene.pass(1).unwrap_err(), Refused::by(Error::ProgramPaused));
}

#[test]
fn s7_an_attestation_is_never_made_again() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    scene.revoke(1, 2).unwrap();
    let tombstone = scene.chain.read::<Attestation>(scene.address(1, 0)).account;
    assert_eq!(scene.pass(1).unwrap_err(), Refused::custom(0));
    let renewed = scene.attest(AttestStageArgs { round: 1, ..attest_args(&scene.chain, 1) });
    assert_eq!(renewed.unwrap().previous, scene.address(1, 0));
    assert_eq!(scene.chain.read::<Attestation>(scene.address(1, 0)).account, tombstone);
}

#[test]
fn s5_accounts_of_other_kinds_are_refused() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    let (owner, key) = (scene.chain.owner.pubkey(), scene.certifier.pubkey());
    let args = attest_args(&scene.chain, 2);
    let good = certification::attest(owner, key, scene.subject(2), args);
    let wrong = [
        (3, scene.version),
        (4, scene.version),
        (5, scene.agent),
        (6, scene.certifier_address()),
        (7, scene.address(1, 0)),
    ];
    for (index, address) in wrong {
        let mut attest = good.clone();
        attest.accounts[index].pubkey = address;
        let refused = scene.chain.send(&[attest], &[&scene.certifier]).unwrap_err();
        let duplicate = Refused::custom(2040);
        let of_kind = refused == Refused::with(InstructionError::InvalidAccountData)
            || refused == Refused::with(InstructionError::AccountDataTooSmall);
        assert!(of_kind || refused == duplicate, "account {index}: {refused:?}");
    }
    scene.chain.send(&[good], &[&scene.certifier]).unwrap();
}

#[test]
fn an_attestation_may_hold_as_long_as_can_be_counted() {
    let mut scene = Ladder::set_up();
    let most = Metrics {
        run_count: u64::MAX,
        success_count: u64::MAX,
        p50_latency_milliseconds: u32::MAX,
        p95_latency_milliseconds: u32::MAX,
        p99_latency_milliseconds: u32::MAX,
        soak_hours: u32::MAX,
    };
    let args = AttestStageArgs {
        expires_slot: u64::MAX,
        expires_seconds: i64::MAX,
        metrics: most,
        evidence_hash: [0xff; 32],
        ..attest_args(&scene.chain, 1)
    };
    let attestation = scene.attest(args).unwrap();
    assert_eq!(attestation.metrics, most);
    let now = scene.chain.now();
    let least = AttestStageArgs {
        expires_slot: now.slot + 1,
        expires_seconds: now.unix_seconds + 1,
        ..attest_args(&scene.chain, 2)
    };
    scene.attest(least).unwrap();
    for (expires_slot, expires_seconds) in [(0, i64::MAX), (u64::MAX, i64::MIN), (u64::MAX, 0)] {
        let args =
            AttestStageArgs { expires_slot, expires_seconds, ..attest_args(&scene.chain, 3) };
        let refused = scene.attest(args).unwrap_err();
        assert_eq!(refused, Refused::by(Error::ExpiryNotAhead));
    }
}

#[test]
fn an_archived_agent_is_attested_no_more() {
    let mut scene = Ladder::set_up();
    for status in [AgentStatus::Retired, AgentStatus::Archived] {
        set_status(&mut scene.chain, scene.agent, status).unwrap();
        assert_eq!(scene.pass(1).unwrap_err(), Refused::by(Error::AgentRetired));
    }
}

#[test]
fn s13_the_stage_below_expires_by_whichever_clock_gets_there_first() {
    for (slots, seconds) in [(216_000, 0), (0, 86_400)] {
        let mut scene = Ladder::set_up();
        scene.pass(1).unwrap();
        scene.chain.warp(slots, seconds);
        assert_eq!(scene.pass(2).unwrap_err(), Refused::by(Error::StageBelowNotLive));
    }
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    scene.chain.warp(215_999, 86_399);
    scene.pass(2).unwrap();
}
