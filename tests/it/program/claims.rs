//! Challenges, answers, settlements and disorder: what a broken promise costs.

use runseal_client::{
    instructions::{
        bonds,
        claims::{self, Slash},
        logs,
    },
    registry,
};
use runseal_merkle::Tree;
use runseal_registry::{
    RegistryError as Error,
    instructions::{ChallengePromiseArgs, RotateLogKeysArgs},
    state::{Claim, ClaimKind, ClaimState, Leaf, Log, Promise, period_context},
};
use runseal_tests::{BOND_MINT, Chain, OpenLog, Refused, TREASURY, leaves, log_args};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// The tests' config: one upheld claim costs a smallest bond, half of it to the claimant.
const SLASH: u64 = 1_000_000;
const DEPOSIT: u64 = 10_000_000;

/// A bonded log, somebody who holds a promise of it, and everybody's token accounts.
struct Scene {
    chain: Chain,
    log: OpenLog,
    claimant: Keypair,
    claimant_tokens: Address,
    treasury_tokens: Address,
}

impl Scene {
    fn new(bond: u64) -> Self {
        let mut chain = Chain::configured();
        chain.make_mint();
        let log = chain.log(log_args());
        let claimant = chain.rich();
        if bond > 0 {
            let owner = chain.owner.pubkey();
            let purse = chain.tokens(BOND_MINT, owner, bond);
            let deposit = bonds::deposit(owner, owner, log.address, BOND_MINT, purse, bond);
            chain.send(&[deposit], &[]).unwrap();
        }
        let claimant_tokens = chain.tokens(BOND_MINT, claimant.pubkey(), 0);
        let treasury_tokens = chain.tokens(BOND_MINT, TREASURY, 0);
        Self { chain, log, claimant, claimant_tokens, treasury_tokens }
    }

    /// The promise that a leaf will be in a period.
    fn promise(&self, period: u64, leaf: &Leaf) -> Promise {
        Promise {
            context: period_context(&[9; 32], &self.log.address, period),
            period,
            agent: leaf.agent,
            sequence: u64::from_be_bytes(leaf.sequence),
            digest: leaf.digest,
        }
    }

    fn shown(&self, promise: &Promise) -> Instruction {
        let signature = self.log.promise.sign_message(&promise.message());
        claims::show_promise(&self.log.promise.pubkey(), &signature, promise)
    }

    fn challenge_of(&self, promise: &Promise) -> Instruction {
        let Promise { period, agent, sequence, digest, .. } = *promise;
        let args = ChallengePromiseArgs { period, agent, sequence, digest };
        claims::challenge(self.claimant.pubkey(), self.log.address, args)
    }

    fn challenge(&mut self, period: u64, leaf: &Leaf) -> Result<Address, Refused> {
        let promise = self.promise(period, leaf);
        let both = [self.shown(&promise), self.challenge_of(&promise)];
        self.send_by_claimant(&both)?;
        Ok(self.claim_address(period, leaf))
    }

    /// Two instructions, so a refusal of the second names it.
    fn send_by_claimant(&mut self, instructions: &[Instruction]) -> Result<(), Refused> {
        self.chain.send(instructions, &[&self.claimant]).map(drop)
    }

    fn claim_address(&self, period: u64, leaf: &Leaf) -> Address {
        let agent = Address::new_from_array(leaf.agent);
        let sequence = u64::from_be_bytes(leaf.sequence);
        registry::claim_address(
            &self.log.address,
            ClaimKind::BrokenPromise,
            period,
            &agent,
            sequence,
            &leaf.digest,
        )
    }

    fn slash(&self, claim: Address) -> Slash {
        Slash {
            log: self.log.address,
            claim,
            claimant: self.claimant.pubkey(),
            claimant_tokens: self.claimant_tokens,
            treasury_tokens: self.treasury_tokens,
        }
    }

    fn settle(&mut self, claim: Address) -> Result<(), Refused> {
        self.chain.send(&[claims::settle(self.slash(claim))], &[]).map(drop)
    }

    fn answer(&mut self, claim: Address, index: u64, tree: &Tree) -> Result<(), Refused> {
        let path = tree.inclusion_path(index).unwrap();
        let operator = self.chain.owner.pubkey();
        let answer = claims::answer(operator, self.log.address, 0, claim, index, path);
        self.chain.send(&[answer], &[]).map(drop)
    }

    fn log(&self) -> Log {
        self.chain.read::<Log>(self.log.address).account
    }

    fn claim(&self, claim: Address) -> Claim {
        self.chain.read::<Claim>(claim).account
    }

    fn lamports(&self, key: &Address) -> u64 {
        self.chain.svm.get_balance(key).unwrap()
    }
}

/// A refusal of the second instruction of a transaction.
fn second(error: Error) -> Refused {
    use solana_instruction::error::InstructionError;
    use solana_transaction_error::TransactionError;
    Refused(TransactionError::InstructionError(1, InstructionError::Custom(error as u32)))
}

fn missing() -> Leaf {
    Leaf { sequence: 999u64.to_be_bytes(), ..leaves(1)[0] }
}

#[test]
fn an_omitted_receipt_costs_the_operator_a_part_of_his_bond() {
    let mut scene = Scene::new(5 * SLASH);
    scene.chain.post(&scene.log.clone_keys(), &leaves(3));
    let before = scene.lamports(&scene.claimant.pubkey());
    let claim = scene.challenge(0, &missing()).unwrap();
    let account = scene.claim(claim);
    assert_eq!((account.kind, account.state), (1, ClaimState::Open as u8));
    assert_eq!((account.leaf, account.period), (missing(), 0));
    assert_eq!((account.claimant, account.log), (scene.claimant.pubkey(), scene.log.address));
    assert_eq!(account.deposit_lamports, DEPOSIT);
    assert_eq!(account.answer_by_seconds, scene.chain.now().unix_seconds + 30);
    assert_eq!(scene.log().open_claim_count, 1);
    scene.chain.advance(30);
    assert_eq!(scene.settle(claim), Err(Refused::by(Error::SettleTooEarly)));
    scene.chain.advance(1);
    scene.settle(claim).unwrap();
    let account = scene.claim(claim);
    assert_eq!((account.state, account.slashed_amount), (ClaimState::Upheld as u8, SLASH));
    assert_eq!((account.deposit_lamports, account.decided_at), (0, scene.chain.now()));
    assert_eq!(scene.chain.token_amount(&scene.claimant_tokens), SLASH / 2);
    assert_eq!(scene.chain.token_amount(&scene.treasury_tokens), SLASH / 2);
    let bond = registry::bond_address(&scene.log.address);
    assert_eq!(scene.chain.token_amount(&bond), 4 * SLASH);
    let log = scene.log();
    assert_eq!((log.bond_amount, log.upheld_count, log.open_claim_count), (4 * SLASH, 1, 0));
    // The deposit is back; what is gone is the claim's rent.
    let rent = scene.lamports(&claim);
    assert_eq!(scene.lamports(&scene.claimant.pubkey()), before - rent);
    assert_eq!(scene.settle(claim), Err(Refused::by(Error::ClaimNotOpen)));
}

#[test]
fn a_kept_promise_is_answered_and_the_deposit_pays_for_it() {
    let mut scene = Scene::new(5 * SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(9));
    let claim = scene.challenge(0, &leaves(9)[4]).unwrap();
    assert_eq!(scene.answer(claim, 3, &tree), Err(Refused::by(Error::RootMismatch)));
    scene.chain.advance(30);
    let operator = scene.chain.owner.pubkey();
    let before = scene.lamports(&operator);
    scene.answer(claim, 4, &tree).unwrap();
    let account = scene.claim(claim);
    assert_eq!((account.state, account.index), (ClaimState::Answered as u8, 4));
    // He paid the fee of the answer as well.
    assert_eq!(scene.lamports(&operator), before + DEPOSIT - 5_000);
    let log = scene.log();
    assert_eq!((log.open_claim_count, log.upheld_count, log.bond_amount), (0, 0, 5 * SLASH));
    scene.chain.advance(100);
    assert_eq!(scene.settle(claim), Err(Refused::by(Error::ClaimNotOpen)));
    assert_eq!(scene.answer(claim, 4, &tree), Err(Refused::by(Error::ClaimNotOpen)));
    // A promise is challenged once.
    let again = scene.challenge(0, &leaves(9)[4]).unwrap_err();
    assert!(again != second(Error::ChallengeTooLate), "{again:?}");
}

#[test]
fn an_answer_to_one_promise_is_none_to_another_for_the_same_place() {
    let mut scene = Scene::new(SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(3));
    let kept = leaves(3)[1];
    let broken = Leaf { digest: [66; 32], ..kept };
    let first = scene.challenge(0, &kept).unwrap();
    scene.answer(first, 1, &tree).unwrap();
    let second = scene.challenge(0, &broken).unwrap();
    assert_ne!(first, second);
    assert_eq!(scene.answer(second, 1, &tree), Err(Refused::by(Error::RootMismatch)));
    scene.chain.advance(31);
    scene.settle(second).unwrap();
}

#[test]
fn the_deposit_of_an_answered_challenge_goes_to_nobody_but_the_operator() {
    let mut scene = Scene::new(SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(2));
    let claim = scene.challenge(0, &leaves(2)[1]).unwrap();
    let (claimant, path) = (scene.claimant.pubkey(), tree.inclusion_path(1).unwrap());
    let to_himself = claims::answer(claimant, scene.log.address, 0, claim, 1, path);
    let refused = scene.chain.send(&[to_himself], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
}

#[test]
fn an_answer_comes_in_time_or_not_at_all() {
    let mut scene = Scene::new(SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(2));
    let claim = scene.challenge(0, &leaves(2)[1]).unwrap();
    scene.chain.advance(31);
    assert_eq!(scene.answer(claim, 1, &tree), Err(Refused::by(Error::AnswerTooLate)));
    scene.settle(claim).unwrap();
}

#[test]
fn a_changed_receipt_is_a_broken_promise() {
    let mut scene = Scene::new(SLASH);
    let promised = leaves(3)[1];
    let mut posted = leaves(3);
    posted[1].digest = [77; 32];
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &posted);
    let claim = scene.challenge(0, &promised).unwrap();
    assert_eq!(scene.answer(claim, 1, &tree), Err(Refused::by(Error::RootMismatch)));
}

#[test]
fn a_period_that_was_never_posted_is_challenged_after_its_grace() {
    let mut scene = Scene::new(SLASH);
    scene.chain.advance(70);
    assert_eq!(scene.challenge(0, &missing()), Err(second(Error::ChallengeTooEarly)));
    scene.chain.advance(1);
    let claim = scene.challenge(0, &missing()).unwrap();
    scene.chain.advance(31);
    scene.settle(claim).unwrap();
    assert_eq!(scene.log().upheld_count, 1);
}

#[test]
fn a_challenge_comes_within_its_window() {
    let mut scene = Scene::new(SLASH);
    scene.chain.post(&scene.log.clone_keys(), &leaves(1));
    // The period ended at second 60; its promises can be challenged for 10 + 100 seconds.
    scene.chain.advance(110);
    scene.challenge(0, &missing()).unwrap();
    scene.chain.advance(1);
    let other = Leaf { sequence: 1_000u64.to_be_bytes(), ..missing() };
    assert_eq!(scene.challenge(0, &other), Err(second(Error::ChallengeTooLate)));
}

#[test]
fn s20_only_the_promise_that_the_ed25519_program_checked_counts() {
    let mut scene = Scene::new(SLASH);
    scene.chain.post(&scene.log.clone_keys(), &leaves(1));
    let promise = scene.promise(0, &missing());
    let good = scene.shown(&promise);
    let challenge = scene.challenge_of(&promise);
    let edited = |edit: fn(&mut Vec<u8>)| {
        let mut shown = good.clone();
        edit(&mut shown.data);
        shown
    };
    // Nothing before it, something else before it, it before something else.
    let alone = scene.send_by_claimant(std::slice::from_ref(&challenge)).unwrap_err();
    assert_eq!(alone, Refused::by(Error::SignatureMissing));
    let transfer = Chain::transfer(&scene.chain.owner.pubkey(), &Address::new_unique(), 1_000_000);
    let between = [good.clone(), transfer, challenge.clone()];
    assert!(scene.send_by_claimant(&between).is_err());
    assert!(scene.send_by_claimant(&[challenge.clone(), good.clone()]).is_err());
    // Another signer, another message.
    let stranger = Keypair::new();
    let signature = stranger.sign_message(&promise.message());
    let by_stranger = claims::show_promise(&stranger.pubkey(), &signature, &promise);
    let refused = scene.send_by_claimant(&[by_stranger, challenge.clone()]).unwrap_err();
    assert_eq!(refused, second(Error::SignatureByOtherKey));
    for other in [
        Promise { sequence: 998, ..promise },
        Promise { period: 1, ..promise },
        Promise { digest: [1; 32], ..promise },
        Promise { agent: [1; 32], ..promise },
        scene.promise(1, &missing()),
    ] {
        let refused = scene.send_by_claimant(&[scene.shown(&other), challenge.clone()]);
        assert_eq!(refused, Err(second(Error::SignatureOverOther)));
    }
    // A header that points elsewhere: the Ed25519 program or the registry refuses.
    for edit in [
        (|data| data[0] = 0) as fn(&mut Vec<u8>),
        |data| data[0] = 2,
        |data| data[4] = 0,
        |data| data[6] ^= 1,
        |data| data[8..10].fill(0),
        |data| data[12] -= 1,
        |data| data[14..16].fill(0),
        |data| data.push(0),
        |data| data.truncate(100),
        |data| data[50] ^= 1,
    ] {
        let sent = scene.send_by_claimant(&[edited(edit), challenge.clone()]);
        assert!(sent.is_err());
    }
    // Whole in itself, and with a byte behind the message that nobody signed.
    scene.send_by_claimant(&[good, challenge]).unwrap();
}

#[test]
fn a_rotated_promise_key_still_answers_for_its_periods() {
    let mut scene = Scene::new(2 * SLASH);
    let old = scene.log.clone_keys();
    let next = Keypair::new();
    let args = RotateLogKeysArgs { anchoring_key: Address::default(), promise_key: next.pubkey() };
    let owner = scene.chain.owner.pubkey();
    scene.chain.send(&[logs::rotate_keys(owner, scene.log.address, args)], &[]).unwrap();
    scene.chain.post(&old, &leaves(1));
    scene.chain.post(&old, &leaves(1));
    scene.challenge(0, &missing()).unwrap();
    // The old key promises nothing for the next key's period, and the other way round.
    assert_eq!(scene.challenge(1, &missing()), Err(second(Error::SignatureByOtherKey)));
    scene.log.promise = next;
    scene.challenge(1, &missing()).unwrap();
    let other = Leaf { sequence: 1_000u64.to_be_bytes(), ..missing() };
    assert_eq!(scene.challenge(0, &other), Err(second(Error::SignatureByOtherKey)));
}

#[test]
fn an_open_claim_holds_the_bond_and_the_anchors() {
    let mut scene = Scene::new(SLASH);
    let (owner, log) = (scene.chain.owner.pubkey(), scene.log.address);
    scene.chain.send(&[bonds::request_unbond(owner, log, SLASH)], &[]).unwrap();
    scene.chain.post(&scene.log.clone_keys(), &leaves(1));
    let claim = scene.challenge(0, &missing()).unwrap();
    scene.chain.advance(2_000_000);
    let purse = scene.chain.tokens(BOND_MINT, owner, 0);
    let withdraw = bonds::withdraw(owner, log, purse);
    let refused = scene.chain.send(std::slice::from_ref(&withdraw), &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::ClaimOpen));
    let close = logs::close_anchor(owner, owner, log, 0);
    let refused = scene.chain.send(&[close], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::ClaimOpen));
    scene.settle(claim).unwrap();
    // The whole bond was slashed, so nothing is left of the request.
    let refused = scene.chain.send(&[withdraw], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NoUnbondRequested));
}

#[test]
fn a_slash_takes_what_is_there_and_rounds_to_the_treasury() {
    for (bond, claimant, treasury) in
        [(0, 0, 0), (1, 0, 1), (7, 3, 4), (SLASH - 1, 499_999, 500_000)]
    {
        let mut scene = Scene::new(bond);
        scene.chain.post(&scene.log.clone_keys(), &leaves(1));
        let claim = scene.challenge(0, &missing()).unwrap();
        scene.chain.advance(31);
        scene.settle(claim).unwrap();
        let paid = [scene.claimant_tokens, scene.treasury_tokens];
        let paid = paid.map(|account| scene.chain.token_amount(&account));
        assert_eq!(paid, [claimant, treasury], "of a bond of {bond}");
        assert_eq!((scene.log().bond_amount, scene.log().upheld_count), (0, 1));
        assert_eq!(scene.claim(claim).slashed_amount, bond);
    }
}

#[test]
fn a_slash_goes_where_it_belongs() {
    let mut scene = Scene::new(SLASH);
    scene.chain.post(&scene.log.clone_keys(), &leaves(1));
    let claim = scene.challenge(0, &missing()).unwrap();
    scene.chain.advance(31);
    let thief = scene.chain.rich();
    let loot = scene.chain.tokens(BOND_MINT, thief.pubkey(), 0);
    let good = scene.slash(claim);
    let wrong = Refused::by(Error::WrongTokenAccount);
    for slash in [Slash { claimant_tokens: loot, ..good }, Slash { treasury_tokens: loot, ..good }]
    {
        let refused = scene.chain.send(&[claims::settle(slash)], &[]).unwrap_err();
        assert_eq!(refused, wrong);
    }
    let to_thief = Slash { claimant: thief.pubkey(), claimant_tokens: loot, ..good };
    let refused = scene.chain.send(&[claims::settle(to_thief)], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotClaimant));
    scene.settle(claim).unwrap();
}

/// A period whose leaves were anchored in the wrong order, and the claim about the first two of them.
fn disordered(leaves: &[Leaf]) -> (Scene, Tree, Address) {
    let mut scene = Scene::new(SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), leaves);
    let path = tree.inclusion_path(0).unwrap();
    let (claimant, log) = (scene.claimant.pubkey(), scene.log.address);
    let open = claims::open_disorder(claimant, log, 0, 0, leaves[0], path);
    scene.send_by_claimant(&[open]).unwrap();
    let agent = Address::new_from_array(leaves[0].agent);
    let claim = registry::claim_address(&log, ClaimKind::Disorder, 0, &agent, 0, &leaves[0].digest);
    (scene, tree, claim)
}

#[test]
fn leaves_out_of_order_are_proved_by_anybody() {
    let [a, b, c] = leaves(3).try_into().unwrap();
    let twice = Leaf { digest: [50; 32], ..a };
    for order in [[b, a, c], [a, twice, c], [a, a, c]] {
        let (mut scene, tree, claim) = disordered(&order);
        let path = tree.inclusion_path(1).unwrap();
        let prove = claims::prove_disorder(scene.slash(claim), 0, order[1], path);
        scene.chain.send(std::slice::from_ref(&prove), &[]).unwrap();
        let account = scene.claim(claim);
        assert_eq!((account.state, account.slashed_amount), (ClaimState::Upheld as u8, SLASH));
        assert_eq!((scene.log().upheld_count, scene.log().open_claim_count), (1, 0));
        assert_eq!(scene.chain.token_amount(&scene.claimant_tokens), SLASH / 2);
        let refused = scene.chain.send(&[prove], &[]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::ClaimNotOpen));
    }
}

#[test]
fn leaves_in_order_are_no_disorder() {
    let order = leaves(4);
    let (mut scene, tree, claim) = disordered(&order);
    let prove = |leaf, index| {
        let path = tree.inclusion_path(index).unwrap();
        claims::prove_disorder(scene.slash(claim), 0, leaf, path)
    };
    let cases = [
        (prove(order[1], 1), Error::LeavesInOrder),
        (prove(order[3], 3), Error::LeavesInOrder),
        // The same leaf again is not the one behind it.
        (prove(order[0], 0), Error::RootMismatch),
        (prove(Leaf { sequence: [0; 8], ..order[1] }, 1), Error::RootMismatch),
    ];
    for (prove, error) in cases {
        assert_eq!(scene.chain.send(&[prove], &[]).unwrap_err(), Refused::by(error));
    }
    assert_eq!(scene.log().upheld_count, 0);
}

#[test]
fn a_claim_of_one_kind_is_not_decided_as_another() {
    let (mut scene, tree, disorder) = disordered(&leaves(2));
    scene.chain.advance(31);
    assert_eq!(scene.settle(disorder), Err(Refused::by(Error::ClaimOfOtherKind)));
    assert_eq!(scene.answer(disorder, 0, &tree), Err(Refused::by(Error::ClaimOfOtherKind)));
    let challenge = scene.challenge(0, &missing()).unwrap();
    let path = tree.inclusion_path(1).unwrap();
    let prove = claims::prove_disorder(scene.slash(challenge), 0, leaves(2)[1], path);
    let refused = scene.chain.send(&[prove], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::ClaimOfOtherKind));
}
