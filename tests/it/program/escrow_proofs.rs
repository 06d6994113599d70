//! What the example for integrators makes of a proof, and of who says that it is right.

use runseal_client::registry;
use runseal_escrow::{
    EscrowError as Error, accounts, instruction,
    instructions::{OpenEscrowArgs, check_answer},
};
use runseal_merkle::inclusion;
use runseal_registry::{
    RegistryError,
    instructions::OpenLogArgs,
    state::{Anchor, Leaf, Name},
};
use runseal_tests::{
    EscrowScene as Scene, PRICE, Refused, built_program, escrow_instruction, leaves, log_args,
};
use solana_address::Address;
use solana_instruction::error::InstructionError;
use solana_message::Message;
use solana_signer::Signer;

fn refused(error: Error) -> Result<(), Refused> {
    Err(Refused::custom(error as u32))
}

/// What the runtime, Anchor or the token program says before any check of ours.
fn refused_with(error: InstructionError) -> Result<(), Refused> {
    Err(Refused::with(error))
}

#[test]
fn a_proof_of_a_million_leaves_fits_a_transaction() {
    const COUNT: u64 = 1 << 20;
    const INDEX: u64 = COUNT / 3;
    let (mut scene, _) = Scene::anchored();
    let accounts = scene.releasing();
    let posted = scene.chain.read::<Anchor>(accounts.anchor).account;
    let path: Vec<[u8; 32]> = (0..20).map(|level| [level; 32]).collect();
    let hash = leaves(9)[4].hash(&posted.context);
    let root = inclusion::root_of(&hash, INDEX, COUNT, &path).unwrap();
    let anchor = Anchor { leaf_count: COUNT, root, ..posted };
    let bytes = bytemuck::bytes_of(&anchor);
    scene.chain.edit(&accounts.anchor, |account| account.data[8..].copy_from_slice(bytes));
    let release = escrow_instruction(&accounts, &instruction::ReleaseEscrow { index: INDEX, path });
    let message = Message::new(std::slice::from_ref(&release), Some(&scene.chain.owner.pubkey()));
    // With the count of signatures and the one that there is.
    let size = message.serialize().len() + 1 + 64;
    assert!(size <= 1_232, "{size} bytes");
    let sent = scene.chain.send(&[release], &[]).unwrap();
    let units = sent.compute_units_consumed;
    assert!(units < 40_000, "{units} units");
    assert_eq!(scene.amounts(), (300, PRICE));
}

#[test]
fn another_receipt_place_or_path_pays_nobody() {
    let (mut scene, tree) = Scene::anchored();
    let path = tree.inclusion_path(4).unwrap();
    let accounts = scene.releasing();
    let outside = Err(Refused::by(RegistryError::IndexOutsideTree));
    let length = Err(Refused::by(RegistryError::WrongProofLength));
    let mismatch = Err(Refused::by(RegistryError::RootMismatch));
    assert_eq!(scene.release_with(&accounts, 9, path.clone()), outside);
    assert_eq!(scene.release_with(&accounts, 4, path[1..].to_vec()), length);
    assert_eq!(scene.release_with(&accounts, 5, path.clone()), mismatch);
    // The place of a receipt that is there, but is not the agreed one.
    assert_eq!(scene.release_with(&accounts, 6, tree.inclusion_path(6).unwrap()), mismatch);
    for receipt in [
        Leaf { digest: [1; 32], ..leaves(9)[4] },
        Leaf { sequence: [1; 8], ..leaves(9)[4] },
        Leaf { agent: [1; 32], ..leaves(9)[4] },
    ] {
        let mut scene = Scene::new();
        scene.open(OpenEscrowArgs { receipt, ..scene.args() }).unwrap();
        let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(9));
        assert_eq!(scene.release(&tree), mismatch, "{receipt:?}");
    }
}

#[test]
fn an_anchor_of_another_log_proves_nothing() {
    let mut scene = Scene::opened();
    let name = Name::parse("other").unwrap();
    let other = scene.chain.log(OpenLogArgs { name, ..log_args() });
    let (_, tree) = scene.chain.post(&other, &leaves(9));
    let anchor = registry::anchor_address(&other.address, 0);
    let accounts = accounts::ReleaseEscrow { anchor, ..scene.releasing() };
    let path = tree.inclusion_path(4).unwrap();
    assert_eq!(scene.release_with(&accounts, 4, path), refused(Error::AnchorOfOtherLog));
}

#[test]
fn only_the_registry_writes_anchors() {
    let (mut scene, tree) = Scene::anchored();
    let path = tree.inclusion_path(4).unwrap();
    let good = scene.releasing();
    let forged = scene.chain.copy(&good.anchor, |account| account.owner = runseal_escrow::ID);
    for (anchor, error) in [
        (forged, InstructionError::IllegalOwner),
        (scene.log.address, InstructionError::InvalidAccountData),
        (scene.payee.pubkey(), InstructionError::IllegalOwner),
    ] {
        let accounts = accounts::ReleaseEscrow { anchor, ..good };
        let refused = scene.release_with(&accounts, 4, path.clone());
        assert_eq!(refused, refused_with(error), "{anchor}");
    }
}

#[test]
fn a_program_that_says_yes_is_not_the_registry() {
    let (mut scene, _) = Scene::anchored();
    let impostor = Address::new_from_array([5; 32]);
    scene.chain.svm.add_program(impostor, &built_program("runseal-impostor")).unwrap();
    let accounts = accounts::ReleaseEscrow { registry: impostor, ..scene.releasing() };
    // It returns the index as the number of leaves: nine would be right.
    let refused = scene.release_with(&accounts, 9, Vec::new());
    assert_eq!(refused, refused_with(InstructionError::IncorrectProgramId));
    assert_eq!(scene.amounts(), (300, 0));
}

#[test]
fn an_answer_that_is_not_the_registry_s_pays_nobody() {
    let (mut scene, _) = Scene::anchored();
    // Even at the registry's own address.
    scene.chain.svm.add_program(registry::PROGRAM, &built_program("runseal-impostor")).unwrap();
    let accounts = scene.releasing();
    for index in [0, 4, 8, 10, u64::MAX] {
        let answered = scene.release_with(&accounts, index, Vec::new());
        assert_eq!(answered, refused(Error::UnexpectedAnswer), "{index}");
    }
    // The right number of leaves: the stand-in is good enough to be taken for the registry.
    scene.release_with(&accounts, 9, Vec::new()).unwrap();
}

#[test]
fn return_data_is_the_registry_s_own_and_the_period_s_number_of_leaves() {
    let nine = 9u64.to_le_bytes();
    let cases: [(Address, &[u8], bool); 6] = [
        (registry::PROGRAM, &nine, true),
        (runseal_escrow::ID, &nine, false),
        (Address::default(), &nine, false),
        (registry::PROGRAM, &8u64.to_le_bytes(), false),
        (registry::PROGRAM, &nine[..7], false),
        (registry::PROGRAM, &[], false),
    ];
    for (setter, data, right) in cases {
        assert_eq!(check_answer(&setter, data, 9).is_ok(), right, "{setter} {data:?}");
    }
}
