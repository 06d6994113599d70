//! Certifiers, the ladder of stages, renewal and revocation.

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
    state::{AgentStatus, Attestation, Certifier, Metrics, Moment, Name, Version},
};
use runseal_tests::{Chain, Refused, attest_args};
use solana_address::Address;
use solana_instruction::error::InstructionError;
use solana_keypair::Keypair;
use solana_signer::Signer;

const ALL_STAGES: u8 = 0b11111;

/// A version, and a certifier accredited for every stage.
struct Scene {
    chain: Chain,
    identity: Keypair,
    agent: Address,
    version: Address,
    certifier: Keypair,
}

impl Scene {
    fn new() -> Self {
        let mut chain = Chain::configured();
        let (identity, agent) = chain.agent();
        let version = chain.version(agent, 0);
        let certifier = chain.certifier(ALL_STAGES);
        Self { chain, identity, agent, version, certifier }
    }

    fn certifier_address(&self) -> Address {
        registry::certifier_address(&self.certifier.pubkey())
    }

    fn address(&self, stage: u8, round: u32) -> Address {
        registry::attestation_address(&self.version, stage, &self.certifier_address(), round)
    }

    /// The subject with the certifier's own first round below.
    fn subject(&self, stage: u8) -> Subject {
        let below = (stage > 1).then(|| (self.address(stage - 1, 0), self.certifier_address()));
        Subject { agent: self.agent, version: self.version, below }
    }

    fn attest(&mut self, args: AttestStageArgs) -> Result<Attestation, Refused> {
        let subject = self.subject(args.stage);
        self.attest_subject(subject, args)
    }

    fn attest_subject(
        &mut self,
        subject: Subject,
        args: AttestStageArgs,
    ) -> Result<Attestation, Refused> {
        let address = self.address(args.stage, args.round);
        let owner = self.chain.owner.pubkey();
        let attest = certification::attest(owner, self.certifier.pubkey(), subject, args);
        self.chain.send(&[attest], &[&self.certifier])?;
        Ok(self.chain.read::<Attestation>(address).account)
    }

    fn pass(&mut self, stage: u8) -> Result<Attestation, Refused> {
        let args = attest_args(&self.chain, stage);
        self.attest(args)
    }

    fn revoke(&mut self, stage: u8, reason: u8) -> Result<(), Refused> {
        let key = self.certifier.pubkey();
        let (certifier, attestation) = (self.certifier_address(), self.address(stage, 0));
        let revoke = certification::revoke(key, certifier, attestation, reason);
        self.chain.send(&[revoke], &[&self.certifier]).map(drop)
    }
}

#[test]
fn the_ladder_is_climbed_from_a_to_e() {
    let mut scene = Scene::new();
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
    let mut scene = Scene::new();
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
    type Spoil = fn(&mut Scene);
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
        let mut scene = Scene::new();
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
    let mut scene = Scene::new();
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
    let mut scene = Scene::new();
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
        let mut scene = Scene::new();
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
    let mut scene = Scene::new();
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
    let mut scene = Scene::new();
    let owner = scene.chain.owner.pubkey();
    let (_, other) = scene.chain.agent();
    let subject = Subject { agent: other, ..scene.subject(1) };
    let args = attest_args(&scene.chain, 1);
    let refused = scene.attest_subject(subject, args).unwrap_err();
    assert_eq!(refused, Refused::by(Error::VersionOfOtherAgent));
    let retire = agents::set_status(owner, scene.agent, AgentStatus::Retired);
    scene.chain.send(&[retire], &[]).unwrap();
    assert_eq!(scene.pass(1).unwrap_err(), Refused::by(Error::AgentRetired));

    let mut scene = Scene::new();
    let owner = scene.chain.owner.pubkey();
    let yank = agents::yank_version(owner, scene.agent, scene.version);
    scene.chain.send(&[yank], &[]).unwrap();
    assert_eq!(scene.pass(1).unwrap_err(), Refused::by(Error::VersionYanked));

    let mut scene = Scene::new();
    let owner = scene.chain.owner.pubkey();
    scene.chain.send(&[config::set_pause(owner, true)], &[]).unwrap();
    assert_eq!(scene.pass(1).unwrap_err(), Refused::by(Error::ProgramPaused));
}

#[test]
fn s7_an_attestation_is_never_made_again() {
    let mut scene = Scene::new();
    scene.pass(1).unwrap();
    scene.revoke(1, 2).unwrap();
    let tombstone = scene.chain.read::<Attestation>(scene.address(1, 0)).account;
    assert_eq!(scene.pass(1).unwrap_err(), Refused::custom(0));
    let renewed = scene.attest(AttestStageArgs { round: 1, ..attest_args(&scene.chain, 1) });
    assert_eq!(renewed.unwrap().previous, scene.address(1, 0));
    assert_eq!(scene.chain.read::<Attestation>(scene.address(1, 0)).account, tombstone);
}

#[test]
fn a_renewal_follows_the_certifier_s_own_last_round() {
    let mut scene = Scene::new();
    scene.pass(1).unwrap();
    for round in 1..4 {
        scene.chain.advance(60);
        let args = AttestStageArgs { round, ..attest_args(&scene.chain, 1) };
        let renewed = scene.attest(args).unwrap();
        assert_eq!((renewed.round, renewed.previous), (round, scene.address(1, round - 1)));
    }
    let args = AttestStageArgs { round: 5, ..attest_args(&scene.chain, 1) };
    assert!(scene.attest(args).is_err(), "round 4 is missing");
    // Another certifier's round does not count as one's own.
    let own = scene.address(1, 3);
    scene.certifier = scene.chain.certifier(ALL_STAGES);
    let args = AttestStageArgs { round: 4, ..attest_args(&scene.chain, 1) };
    let (owner, key) = (scene.chain.owner.pubkey(), scene.certifier.pubkey());
    let mut attest = certification::attest(owner, key, scene.subject(1), args);
    attest.accounts[8].pubkey = own;
    let refused = scene.chain.send(&[attest], &[&scene.certifier]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotTheEarlierRound));
}

#[test]
fn a_revocation_is_for_good_and_has_a_reason() {
    let mut scene = Scene::new();
    scene.pass(1).unwrap();
    for reason in [0, 6, 255] {
        assert_eq!(scene.revoke(1, reason), Err(Refused::by(Error::UnknownReason)));
    }
    scene.chain.advance(9);
    scene.revoke(1, 5).unwrap();
    let attestation = scene.chain.read::<Attestation>(scene.address(1, 0)).account;
    assert_eq!((attestation.revoked_reason, attestation.revoked_at), (5, scene.chain.now()));
    assert_eq!(attestation.revoked_by, scene.certifier.pubkey());
    assert_eq!(scene.revoke(1, 5), Err(Refused::by(Error::AlreadyRevoked)));
}

#[test]
fn the_certifier_and_the_config_s_authority_revoke_and_nobody_else() {
    let mut scene = Scene::new();
    scene.pass(1).unwrap();
    let attestation = scene.address(1, 0);
    let others = scene.chain.certifier(ALL_STAGES);
    for stranger in [Keypair::new(), others, scene.identity.insecure_clone()] {
        let key = stranger.pubkey();
        for certifier in [scene.certifier_address(), registry::certifier_address(&key)] {
            let revoke = certification::revoke(key, certifier, attestation, 1);
            assert!(scene.chain.send(&[revoke], &[&stranger]).is_err());
        }
    }
    let owner = scene.chain.owner.pubkey();
    let revoke = certification::revoke(owner, scene.certifier_address(), attestation, 1);
    scene.chain.send(&[revoke], &[]).unwrap();
    let account = scene.chain.read::<Attestation>(attestation).account;
    assert_eq!(account.revoked_by, owner);
}

#[test]
fn s10_a_leaked_key_revokes_nothing_once_it_is_suspended() {
    let mut scene = Scene::new();
    scene.pass(1).unwrap();
    let (owner, certifier) = (scene.chain.owner.pubkey(), scene.certifier_address());
    let slot = scene.chain.now().slot + 1;
    scene.chain.send(&[certification::suspend(owner, certifier, slot)], &[]).unwrap();
    assert_eq!(scene.revoke(1, 1), Err(Refused::by(Error::NotAuthority)));
}

#[test]
fn certifiers_are_accredited_by_the_config_s_authority() {
    let mut chain = Chain::configured();
    let (owner, stranger) = (chain.owner.pubkey(), Keypair::new());
    let args = |stages| AccreditCertifierArgs {
        certifier_authority: Address::new_from_array([8; 32]),
        organisation: Name::parse("certifier.example").unwrap(),
        stages,
    };
    let by_stranger = certification::accredit(owner, stranger.pubkey(), args(1));
    let refused = chain.send(&[by_stranger], &[&stranger]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
    for stages in [0, 0b100000, 0xff] {
        let accredit = certification::accredit(owner, owner, args(stages));
        let refused = chain.send(&[accredit], &[]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::StagesOutOfRange));
    }
    for bytes in [[0; 32], [b' '; 32], [0xff; 32]] {
        let args = AccreditCertifierArgs { organisation: Name { bytes }, ..args(1) };
        let refused = chain.send(&[certification::accredit(owner, owner, args)], &[]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::NameNotValid));
    }
    let nobody =
        AccreditCertifierArgs { certifier_authority: Address::default(), ..args(ALL_STAGES) };
    let refused = chain.send(&[certification::accredit(owner, owner, nobody)], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::AddressNotSet));
    chain.send(&[certification::accredit(owner, owner, args(ALL_STAGES))], &[]).unwrap();
    let address = registry::certifier_address(&Address::new_from_array([8; 32]));
    let certifier = chain.read::<Certifier>(address).account;
    assert_eq!((certifier.stages, certifier.void_from_slot), (ALL_STAGES, u64::MAX));
    assert_eq!(certifier.organisation.as_str(), "certifier.example");
    let again = chain.send(&[certification::accredit(owner, owner, args(1))], &[]).unwrap_err();
    assert_eq!(again, Refused::custom(0));
}

#[test]
fn s10_a_leaked_key_is_voided_from_a_slot_and_further_back_only() {
    let mut scene = Scene::new();
    scene.pass(1).unwrap();
    let certifier = scene.certifier_address();
    let owner = scene.chain.owner.pubkey();
    let now = scene.chain.now();
    let suspend = |slot| certification::suspend(owner, certifier, slot);
    scene.chain.send(&[suspend(now.slot)], &[]).unwrap();
    assert_eq!(scene.pass(2).unwrap_err(), Refused::by(Error::CertifierSuspended));
    let refused = scene.chain.send(&[suspend(now.slot)], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::VoidFromMovesForward));
    scene.chain.send(&[suspend(now.slot - 1)], &[]).unwrap();
    let account = scene.chain.read::<Certifier>(certifier).account;
    assert_eq!((account.suspended, account.void_from_slot), (1, now.slot - 1));
    let stranger = Keypair::new();
    let by_stranger = certification::suspend(stranger.pubkey(), certifier, 0);
    let refused = scene.chain.send(&[by_stranger], &[&stranger]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
}

#[test]
fn s5_accounts_of_other_kinds_are_refused() {
    let mut scene = Scene::new();
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
