use runseal_client::{
    instructions::{
        agents,
        certification::{self, NewestThen},
    },
    registry,
};
use runseal_registry::{RegistryError as Error, instructions::AttestStageArgs, state::AgentStatus};
use runseal_tests::{Ladder, Refused, attest_args};
use solana_signer::Signer;

#[test]
fn the_highest_stage_with_all_below_it_is_told() {
    let mut scene = Ladder::set_up();
    let slot = scene.chain.now().slot;
    assert_eq!(scene.status(slot, &[]), Ok((0, u64::MAX)));
    for stage in 1..=5 {
        scene.pass(stage).unwrap();
        let shown: Vec<NewestThen> = (1..=stage).map(|stage| scene.first(stage)).collect();
        let until = scene.chain.now().slot + 216_000;
        assert_eq!(scene.status(slot, &shown), Ok((stage, until)));
    }
}

#[test]
fn a_revocation_counts_from_its_slot_and_takes_the_stages_above_along() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    scene.pass(2).unwrap();
    scene.chain.advance(100);
    let before = scene.chain.now().slot;
    scene.chain.advance(100);
    let key = scene.certifier.pubkey();
    let (certifier, attestation) = (scene.certifier_address(), scene.address(1, 0));
    let revoke = certification::revoke(key, certifier, attestation, 1);
    scene.chain.send(&[revoke], &[&scene.certifier]).unwrap();
    let shown = [scene.first(1), scene.first(2)];
    assert_eq!(scene.status(before, &shown).unwrap().0, 2);
    let now = scene.chain.now().slot;
    assert_eq!(scene.status(now, &shown).unwrap().0, 0);
}

#[test]
fn nothing_holds_before_it_is_issued_or_after_it_expires() {
    let mut scene = Ladder::set_up();
    let before = scene.chain.now().slot;
    scene.chain.advance(10);
    scene.pass(1).unwrap();
    let issued = scene.chain.now().slot;
    scene.chain.advance(100_000);
    let shown = [scene.first(1)];
    assert_eq!(scene.status(before, &shown).unwrap().0, 0);
    assert_eq!(scene.status(issued, &shown).unwrap().0, 1);
    assert_eq!(scene.status(issued + 215_999, &shown).unwrap().0, 1);
    assert_eq!(scene.status(issued + 216_000, &shown).unwrap().0, 0);
}

#[test]
fn s10_what_a_leaked_key_issued_never_held() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    let issued = scene.chain.now().slot;
    let shown = [scene.first(1)];
    let (owner, certifier) = (scene.chain.owner.pubkey(), scene.certifier_address());
    let suspend = |slot| certification::suspend(owner, certifier, slot);
    scene.chain.send(&[suspend(issued + 1)], &[]).unwrap();
    assert_eq!(scene.status(issued, &shown).unwrap().0, 1);
    scene.chain.send(&[suspend(issued)], &[]).unwrap();
    assert_eq!(scene.status(issued, &shown).unwrap().0, 0);
}

#[test]
fn only_the_newest_word_of_that_slot_counts() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    let first = scene.chain.now().slot;
    scene.chain.advance(100);
    let failed = AttestStageArgs { outcome: 2, round: 1, ..attest_args(&scene.chain, 1) };
    scene.attest(failed).unwrap();
    let second = scene.chain.now().slot;
    let old = NewestThen { next: Some(scene.address(1, 1)), ..scene.first(1) };
    let new = NewestThen { attestation: scene.address(1, 1), ..scene.first(1) };
    assert_eq!(scene.status(first, &[old]).unwrap().0, 1);
    assert_eq!(scene.status(second, &[new]).unwrap().0, 0);
    // The old word is not shown as if it were the newest, nor the new one for an earlier slot.
    let hidden = Refused::by(Error::NewestNotShown);
    assert_eq!(scene.status(second, &[old]), Err(hidden.clone()));
    assert_eq!(scene.status(second, &[scene.first(1)]), Err(hidden.clone()));
    assert_eq!(scene.status(first, &[scene.first(1)]), Err(hidden));
}

#[test]
fn a_later_word_says_nothing_about_an_earlier_slot() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    let first = scene.chain.now().slot;
    scene.chain.advance(100);
    scene.attest(AttestStageArgs { round: 1, ..attest_args(&scene.chain, 1) }).unwrap();
    let later = NewestThen { attestation: scene.address(1, 1), ..scene.first(1) };
    assert_eq!(scene.status(first, &[later]), Err(Refused::by(Error::NewestNotShown)));
}

#[test]
fn other_versions_stages_and_certifiers_are_refused() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    scene.pass(2).unwrap();
    let slot = scene.chain.now().slot;
    let other_certifier = scene.chain.certifier(1);
    let other = registry::certifier_address(&other_certifier.pubkey());
    let hidden = Refused::by(Error::NewestNotShown);
    let cases = [
        vec![scene.first(2)],
        vec![scene.first(1), scene.first(1)],
        vec![NewestThen { certifier: other, ..scene.first(1) }],
    ];
    for shown in cases {
        assert_eq!(scene.status(slot, &shown), Err(hidden.clone()));
    }
    let mut odd = certification::status(scene.version, slot, &[scene.first(1)]);
    odd.accounts.pop();
    assert_eq!(scene.chain.send(&[odd], &[]).unwrap_err(), hidden);
    let second = scene.chain.version(scene.agent, 1);
    let of_other = certification::status(second, slot, &[scene.first(1)]);
    assert_eq!(scene.chain.send(&[of_other], &[]).unwrap_err(), hidden);
    let wrong = NewestThen { attestation: scene.version, ..scene.first(1) };
    assert!(scene.status(slot, &[wrong]).is_err());
}

#[test]
fn the_future_is_not_told() {
    let mut scene = Ladder::set_up();
    let slot = scene.chain.now().slot;
    assert_eq!(scene.status(slot + 1, &[]), Err(Refused::by(Error::SlotAhead)));
}

#[test]
fn a_yanked_version_is_certified_for_nothing_from_then_on() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    let before = scene.chain.now().slot;
    scene.chain.advance(10);
    let owner = scene.chain.owner.pubkey();
    let yank = agents::yank_version(owner, scene.agent, scene.version);
    let retire = agents::set_status(owner, scene.agent, AgentStatus::Retired);
    scene.chain.send(&[yank, retire], &[]).unwrap();
    let shown = [scene.first(1)];
    assert_eq!(scene.status(before, &shown).unwrap().0, 1);
    let now = scene.chain.now().slot;
    assert_eq!(scene.status(now, &shown).unwrap().0, 0);
}

#[test]
fn more_than_five_stages_and_slots_that_were_not_reached_are_refused() {
    let mut scene = Ladder::set_up();
    for stage in 1..=5 {
        scene.pass(stage).unwrap();
    }
    let slot = scene.chain.now().slot;
    let mut shown: Vec<NewestThen> = (1..=5).map(|stage| scene.first(stage)).collect();
    assert_eq!(scene.status(slot, &shown).unwrap().0, 5);
    assert_eq!(scene.status(u64::MAX, &shown), Err(Refused::by(Error::SlotAhead)));
    assert_eq!(scene.status(0, &shown), Ok((0, u64::MAX)), "it was before the first of all");
    shown.push(scene.first(5));
    assert_eq!(scene.status(slot, &shown), Err(Refused::by(Error::NewestNotShown)));
}

#[test]
fn s13_seconds_count_only_now() {
    let mut scene = Ladder::set_up();
    scene.pass(1).unwrap();
    let shown = [scene.first(1)];
    // The cluster's clock runs ahead of its slots.
    scene.chain.warp(10, 86_400);
    let slot = scene.chain.now().slot;
    assert_eq!(scene.status(slot, &shown).unwrap().0, 0);
    assert_eq!(scene.status(slot - 1, &shown).unwrap().0, 1);
}
