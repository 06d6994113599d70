//! Scenes in which something is as it should not be.

use crate::support::{
    AGENT_SEED, APPROVER_SEED, PERIOD, Scene, Town, attestation, facts, ours, raw, sign, text_of,
    theirs,
};
use runseal_engine::{Statement, answer::Observation};
use runseal_receipt::{
    Addendum, Receipt, Role, SignatureDraft, Statements,
    graph::{Link, Relation},
    policy::{BindingStatus, PolicyBinding, PolicyType},
};
use runseal_types::{Address, Digest};

pub type Make = fn() -> Scene;

pub fn with(change: fn(&mut Scene)) -> Scene {
    let mut scene = Scene::new(Town::inclusion);
    change(&mut scene);
    scene
}

/// Puts another receipt in the place of number 3 and seals the period again.
pub fn with_receipt(receipt: fn(&Scene) -> Receipt, change: fn(&mut Scene)) -> Scene {
    let mut scene = Scene::new(Town::inclusion);
    let receipt = receipt(&scene);
    scene.town.replace(3, receipt);
    scene.parts = scene.town.inclusion();
    change(&mut scene);
    scene
}

/// A receipt like number 3, with these policies and links.
pub fn bound(scene: &Scene, policies: Vec<PolicyBinding>, links: Vec<Link>) -> Receipt {
    let written = &scene.town.written;
    let previous = Some(written[2].receipt.digest());
    let mut facts = facts(&scene.town.agent_address(), 3, previous, &written[3].events);
    facts.statements = Statements { policies, links, ..Statements::default() };
    sign(Receipt::new(&facts, Default::default()).unwrap(), AGENT_SEED, Role::Agent)
}

pub fn binding(status: BindingStatus, approval: Option<Digest>) -> PolicyBinding {
    PolicyBinding {
        policy_type: PolicyType::Constraint,
        policy_id: "limits".to_owned(),
        policy_version: None,
        policy_hash: Digest::of(&[b"the text of the policy"]),
        status,
        approval,
        reason: None,
        result: None,
    }
}

pub fn approval(scene: &Scene, seed: u8) -> Receipt {
    let facts = facts(&ours(&scene.town.approver.0), 0, None, &[]);
    sign(Receipt::new(&facts, Default::default()).unwrap(), seed, Role::Agent)
}

pub fn bypassing(scene: &Scene) -> Receipt {
    let parent = approval(scene, APPROVER_SEED).digest();
    let link = Link { relation: Relation::Approval, parent };
    bound(scene, vec![binding(BindingStatus::Bypassed, Some(parent))], vec![link])
}

pub fn bypassing_unlinked(scene: &Scene) -> Receipt {
    let parent = approval(scene, APPROVER_SEED).digest();
    bound(scene, vec![binding(BindingStatus::Bypassed, Some(parent))], Vec::new())
}

pub fn show_approval(scene: &mut Scene, seed: u8) {
    scene.parts.approvals = vec![text_of(&approval(scene, seed))];
    scene.parts.accounts.push(crate::support::observed(raw(&scene.town.approver)));
}

pub fn unsigned(scene: &Scene) -> Receipt {
    let receipt = &scene.town.written[3].receipt;
    Receipt::new(receipt.facts(), Default::default()).unwrap()
}

/// A signature that says the agent's key made it, and that another one made.
pub fn forged(scene: &Scene) -> Receipt {
    let mut receipt = unsigned(scene);
    let key = crate::support::agent_key();
    let public = runseal_ed25519::PublicKey::parse(key.verifying_key().as_bytes()).unwrap();
    let draft = SignatureDraft::new("x", Role::Agent, &public, receipt.facts().ended_at);
    receipt.attach(draft.complete([7; 64]).unwrap()).unwrap();
    receipt
}

pub fn addendum(scene: &mut Scene, seed: u8) {
    let digest = scene.town.written[3].receipt.digest();
    let statements = Statements {
        policies: vec![binding(BindingStatus::Applied, None)],
        ..Statements::default()
    };
    let made_at = "2026-03-18T00:00:00Z".parse().unwrap();
    let mut addendum =
        Addendum::new(digest, scene.town.agent_address(), made_at, &statements).unwrap();
    let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    let public = runseal_ed25519::PublicKey::parse(key.verifying_key().as_bytes()).unwrap();
    let draft = SignatureDraft::new("agent", Role::Agent, &public, made_at);
    let message = draft.message(&addendum.document().digest());
    let bytes = ed25519_dalek::Signer::sign(&key, &message).to_bytes();
    addendum.attach(draft.complete(bytes).unwrap()).unwrap();
    let text = addendum.document().to_value().canonical();
    scene.parts.addenda = vec![String::from_utf8(text).unwrap()];
}

pub fn countersigned(seed: u8, change: fn(&mut Scene)) -> Scene {
    let mut scene = Scene::new(Town::inclusion);
    let receipt = sign(scene.town.written[3].receipt.clone(), seed, Role::Approver);
    scene.parts.receipts = vec![text_of(&receipt)];
    change(&mut scene);
    scene
}

pub fn spoil_data(observations: &mut [Observation], size: usize) {
    let bad = observations.iter_mut().filter(|one| one.account.data.len() == size);
    bad.for_each(|one| one.account.data[8] = 9);
}

pub fn key_of_seed(seed: u8) -> Address {
    let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    Address::new(key.verifying_key().to_bytes())
}

/// An agent whose account has an identity that is no key.
pub fn with_identity(identity: [u8; 32]) -> Scene {
    let mut scene = Scene::new(Town::inclusion);
    let theirs = theirs(&Address::new(identity));
    let (address, bump) = crate::support::derive(&[b"agent", theirs.as_ref()]);
    let agent = &mut scene.town.agent;
    (agent.0, agent.1.identity, agent.1.bump) = (address, theirs, bump);
    scene.town.rewrite();
    scene.parts = scene.town.inclusion();
    scene
}

pub fn span(change: fn(&mut Scene)) -> Scene {
    let mut scene = Scene::new(Town::span);
    change(&mut scene);
    scene
}

/// The anchor's account is closed; the bundle tells what it said.
pub fn closed(change: fn(&mut Scene)) -> Scene {
    let mut scene = Scene::new(Town::inclusion);
    scene.hide(scene.town.anchors[PERIOD as usize].0);
    scene.parts.anchor = Some(scene.town.anchor_facts());
    change(&mut scene);
    scene
}

/// The caller read every account himself.
pub fn own_answers(change: fn(&mut Scene)) -> Scene {
    let mut scene = Scene::new(Town::inclusion);
    scene.policy.recorded_answers = false;
    scene.policy.accounts =
        scene.town.accounts().into_iter().map(crate::support::observed).collect();
    change(&mut scene);
    scene
}

/// Another round of stage C, of this outcome.
pub fn renew(scene: &mut Scene, slot: u64, outcome: u8) {
    let (version, certifier) = (scene.town.version.0, scene.town.certifier.0);
    let mut round = attestation(&version, &certifier, 3, 1, slot);
    round.1.outcome = outcome;
    round.1.previous = scene.town.attestations[2].0;
    scene.town.version.1.newest_attestations[2] = round.0;
    scene.town.attestations.push(round);
}

pub fn edit_path(scene: &mut Scene, edit: fn(&mut Vec<Digest>)) {
    match &mut scene.parts.statement {
        Statement::Inclusion(inclusion) => edit(&mut inclusion.path),
        statement => panic!("{statement:?}"),
    }
}

pub fn first_receipt() -> Scene {
    let mut scene = Scene::new(Town::inclusion);
    scene.parts = scene.town.first();
    scene
}
