//! The example for integrators: tokens that move only on the registry's word, with the real programs.

use anchor_lang::ToAccountMetas;
use runseal_client::registry;
use runseal_escrow::{
    EscrowError as Error, accounts, instruction, instructions::OpenEscrowArgs, state::Escrow,
};
use runseal_registry::{RegistryError, state::Leaf};
use runseal_tests::{
    BOND_MINT, Chain, DEADLINE_SECONDS, EscrowScene as Scene, PRICE, PURSE, Refused,
    escrow_instruction, leaves,
};
use solana_address::Address;
use solana_instruction::error::InstructionError;
use solana_sdk_ids::system_program;
use solana_signer::Signer;

fn refused(error: Error) -> Result<(), Refused> {
    Err(Refused::custom(error as u32))
}

/// What the runtime, Anchor or the token program says before any check of ours.
fn refused_with(error: InstructionError) -> Result<(), Refused> {
    Err(Refused::with(error))
}

#[test]
fn a_proved_receipt_pays_the_payee_and_nothing_is_left_behind() {
    let mut scene = Scene::new();
    let before = scene.lamports(&scene.payer.pubkey());
    let args = scene.args();
    scene.open(args.clone()).unwrap();
    assert_eq!((scene.amounts(), scene.chain.token_amount(&scene.vault())), ((300, 0), PRICE));
    let data = scene.chain.svm.get_account(&scene.escrow()).unwrap().data;
    let escrow: &Escrow = bytemuck::from_bytes(&data[8..]);
    assert_eq!((escrow.number, escrow.amount, escrow.receipt), (1, PRICE, args.receipt));
    assert_eq!((escrow.payer, escrow.payee), (scene.payer.pubkey(), scene.payee.pubkey()));
    assert_eq!((escrow.log, escrow.mint), (scene.log.address, BOND_MINT));
    assert_eq!((escrow.deadline_seconds, escrow.version), (args.deadline_seconds, 1));

    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(9));
    scene.release(&tree).unwrap();
    assert_eq!(scene.amounts(), (300, PRICE));
    scene.assert_closed();
    // Both rents are back with the payer, whoever sent the release and paid its fee.
    assert_eq!(scene.lamports(&scene.payer.pubkey()), before);
}

#[test]
fn after_the_deadline_the_payer_has_everything_back() {
    let mut scene = Scene::new();
    let before = scene.lamports(&scene.payer.pubkey());
    scene.open(scene.args()).unwrap();
    scene.chain.advance(DEADLINE_SECONDS);
    assert_eq!(scene.refund(), refused(Error::DeadlineNotOver));
    scene.chain.advance(1);
    scene.refund().unwrap();
    assert_eq!(scene.amounts(), (PURSE, 0));
    scene.assert_closed();
    assert_eq!(scene.lamports(&scene.payer.pubkey()), before);
}

#[test]
fn the_receipt_is_proved_until_the_deadline_and_not_a_second_longer() {
    for (late_by, expected) in [(0, Ok(())), (1, refused(Error::DeadlineOver))] {
        let (mut scene, tree) = Scene::anchored();
        scene.chain.advance(DEADLINE_SECONDS - 60 + late_by);
        assert_eq!(scene.release(&tree), expected, "{late_by} s after the deadline");
    }
}

#[test]
fn it_is_paid_out_once() {
    let (mut scene, tree) = Scene::anchored();
    scene.release(&tree).unwrap();
    let gone = refused_with(InstructionError::AccountDataTooSmall);
    assert_eq!(scene.release(&tree), gone);
    scene.chain.advance(DEADLINE_SECONDS);
    assert_eq!(scene.refund(), gone);

    let (mut scene, tree) = Scene::anchored();
    scene.chain.advance(DEADLINE_SECONDS);
    scene.refund().unwrap();
    assert_eq!(scene.release(&tree), gone);
    assert_eq!(scene.refund(), gone);
    assert_eq!(scene.amounts(), (PURSE, 0));
}

#[test]
fn lamports_do_not_bring_a_closed_escrow_back() {
    let (mut scene, tree) = Scene::anchored();
    let path = tree.inclusion_path(4).unwrap();
    let release =
        escrow_instruction(&scene.releasing(), &instruction::ReleaseEscrow { index: 4, path });
    let owner = scene.chain.owner.pubkey();
    let revive = Chain::transfer(&owner, &scene.escrow(), 10_000_000);
    let refused = scene.chain.send(&[release.clone(), revive, release], &[]).unwrap_err();
    let second = solana_transaction_error::TransactionError::InstructionError(
        2,
        InstructionError::AccountDataTooSmall,
    );
    assert_eq!(refused, Refused(second));
    assert_eq!(scene.amounts(), (300, 0));
}

#[test]
fn one_that_is_opened_again_under_the_same_number_has_its_own_terms() {
    let (mut scene, tree) = Scene::anchored();
    scene.release(&tree).unwrap();
    let later = Leaf { digest: [77; 32], ..leaves(9)[4] };
    scene.open(OpenEscrowArgs { amount: 300, receipt: later, ..scene.args() }).unwrap();
    let mismatch = Refused::by(RegistryError::RootMismatch);
    assert_eq!(scene.release(&tree), Err(mismatch));
    assert_eq!(scene.amounts(), (0, PRICE));
}

#[test]
fn tokens_go_to_the_payee_and_to_nobody_else() {
    let (mut scene, tree) = Scene::anchored();
    let path = tree.inclusion_path(4).unwrap();
    let thief = scene.chain.rich();
    let of_thief = scene.chain.tokens(BOND_MINT, thief.pubkey(), 0);
    let of_other_mint =
        scene.chain.tokens(Address::new_from_array([31; 32]), scene.payee.pubkey(), 0);
    for payee_tokens in [of_thief, of_other_mint, scene.purse, scene.payee.pubkey(), BOND_MINT] {
        let accounts = accounts::ReleaseEscrow { payee_tokens, ..scene.releasing() };
        let answer = scene.release_with(&accounts, 4, path.clone());
        assert_eq!(answer, refused(Error::WrongTokenAccount), "{payee_tokens}");
    }
    for payer in [thief.pubkey(), scene.payee.pubkey()] {
        let accounts = accounts::ReleaseEscrow { payer, ..scene.releasing() };
        assert_eq!(scene.release_with(&accounts, 4, path.clone()), refused(Error::NotPayer));
    }
    let vault = scene.chain.tokens(BOND_MINT, scene.escrow(), PRICE);
    let accounts = accounts::ReleaseEscrow { vault, ..scene.releasing() };
    let foreign = refused_with(InstructionError::InvalidSeeds);
    assert_eq!(scene.release_with(&accounts, 4, path.clone()), foreign);
    let token_program = system_program::ID;
    let accounts = accounts::ReleaseEscrow { token_program, ..scene.releasing() };
    let other = refused_with(InstructionError::IncorrectProgramId);
    assert_eq!(scene.release_with(&accounts, 4, path), other);
    assert_eq!(scene.amounts(), (300, 0));
}

#[test]
fn a_refund_goes_to_the_payer_and_to_nobody_else() {
    let mut scene = Scene::opened();
    scene.chain.advance(DEADLINE_SECONDS + 1);
    let thief = scene.chain.rich();
    let of_thief = scene.chain.tokens(BOND_MINT, thief.pubkey(), 0);
    for payer_tokens in [of_thief, scene.payee_tokens] {
        let accounts = accounts::RefundEscrow { payer_tokens, ..scene.refunding() };
        assert_eq!(scene.refund_with(&accounts), refused(Error::WrongTokenAccount));
    }
    let accounts = accounts::RefundEscrow { payer: thief.pubkey(), ..scene.refunding() };
    assert_eq!(scene.refund_with(&accounts), refused(Error::NotPayer));
    let vault = scene.chain.tokens(BOND_MINT, scene.escrow(), PRICE);
    let accounts = accounts::RefundEscrow { vault, ..scene.refunding() };
    assert_eq!(scene.refund_with(&accounts), refused_with(InstructionError::InvalidSeeds));
}

#[test]
fn terms_that_make_no_sense_are_refused() {
    let mut scene = Scene::new();
    let (good, now) = (scene.args(), scene.chain.now().unix_seconds);
    let at = |deadline_seconds| OpenEscrowArgs { deadline_seconds, ..good.clone() };
    let out_of_range = Error::DeadlineOutOfRange;
    let cases = [
        (at(now), out_of_range),
        (at(i64::MIN), out_of_range),
        (at(i64::MAX), out_of_range),
        (at(now + 366 * 86_400 + 1), out_of_range),
        (OpenEscrowArgs { amount: 0, ..good.clone() }, Error::AmountIsZero),
        (OpenEscrowArgs { payee: Address::default(), ..good.clone() }, Error::PayeeNotSet),
    ];
    for (args, error) in cases {
        assert_eq!(scene.open(args.clone()), refused(error), "{args:?}");
    }
    // The token program's own: there is not that much.
    let more = OpenEscrowArgs { amount: PURSE + 1, ..good.clone() };
    assert_eq!(scene.open(more), Err(Refused::custom(1)));
    scene.open(at(now + 366 * 86_400)).unwrap();
    assert!(scene.open(good).is_err(), "a number is taken until it is closed");
}

#[test]
fn nobody_opens_an_escrow_in_another_s_place_or_with_another_s_tokens() {
    let mut scene = Scene::new();
    let stranger = scene.chain.rich();
    let (good, data) = scene.opening(scene.args());
    // The payer's address without his signature, and the stranger's signature under the payer's address.
    let mut unsigned = escrow_instruction(&good, &data);
    unsigned.accounts[0].is_signer = false;
    let refused_unsigned = scene.chain.send(&[unsigned], &[]).unwrap_err();
    assert_eq!(refused_unsigned, Refused::with(InstructionError::MissingRequiredSignature));
    let others = [
        accounts::OpenEscrow { payer: stranger.pubkey(), ..good },
        accounts::OpenEscrow { source: scene.payee_tokens, ..good },
        accounts::OpenEscrow { source: scene.log.address, ..good },
        accounts::OpenEscrow { log: scene.payee.pubkey(), ..good },
        accounts::OpenEscrow { log: registry::config_address(), ..good },
        accounts::OpenEscrow { mint: Address::new_from_array([31; 32]), ..good },
        accounts::OpenEscrow { vault: scene.purse, ..good },
        accounts::OpenEscrow { escrow: scene.payee.pubkey(), ..good },
        accounts::OpenEscrow { token_program: system_program::ID, ..good },
    ];
    for accounts in others {
        let payer = if accounts.payer == stranger.pubkey() { &stranger } else { &scene.payer };
        let sent = scene.chain.send(&[escrow_instruction(&accounts, &data)], &[payer]);
        assert!(sent.is_err(), "{:?}", accounts.to_account_metas(None));
    }
    assert_eq!(scene.amounts(), (PURSE, 0));
    scene.open(scene.args()).unwrap();
}

#[test]
fn what_is_sent_ahead_blocks_nothing() {
    let mut scene = Scene::new();
    for address in [scene.escrow(), scene.vault()] {
        scene.chain.svm.airdrop(&address, 890_880).unwrap();
    }
    scene.open(scene.args()).unwrap();
    // A token too many would keep the vault from being closed, if it were not paid out as well.
    let vault = scene.vault();
    scene.chain.edit(&vault, |account| account.data[64] += 1);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(9));
    scene.release(&tree).unwrap();
    assert_eq!(scene.amounts(), (300, PRICE + 1));
    scene.assert_closed();
}
