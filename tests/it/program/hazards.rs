//! The traps that other programs of this kind fell into, and where each has its test. What concerns
//! every instruction stands here; `grep s7_` or `grep m10_` finds the others.
//!
//! | trap | test |
//! |---|---|
//! | M1 leaf taken for a node | `verify_inclusion::m1_…` |
//! | M2 last leaf twice | `verify_inclusion::m2_…` |
//! | M3 sorted pairs, M6 directions from the proof | `verify_inclusion::m3_m6_…` |
//! | M4 unbound count, M5 malleable proofs | `m4_…` and `m5_…` of every instruction that takes a proof |
//! | M7 empty tree | `post_anchor::m7_…`, `verify_inclusion::m7_…`, `verify_absence` |
//! | M9 ambiguous preimage | `post_anchor::the_hash_of_an_anchor_covers_…`: every part has one width |
//! | M10 leaf without context | `m10_…` in `post_anchor`, `verify_inclusion`, `answer_challenge`, `prove_disorder` |
//! | M13 period boundary | `post_anchor::m13_…` |
//! | M14 truncation | `m14_…` wherever something is counted |
//! | S1 squatting of an address | `register_agent::s1_…`, `open_log`, `wrong_accounts` (not signing) |
//! | S2 squatting of a period | `post_anchor::s2_…` |
//! | S3 lamports sent ahead | `s3_…` here |
//! | S4 signer and owner | `wrong_accounts` |
//! | S5 cosplay of types | `wrong_accounts` (renamed, other kinds), `attest_stage::s5_…` |
//! | S6 one layout | `layout` |
//! | S7 closed and made again | `close_anchor::s7_…`, `attest_stage::s7_…`, `s7_…` here |
//! | S8 revived by a refund | `close_anchor::s8_…` |
//! | S9 authority in one step | `handover` and its nine files |
//! | S10 leaked certifier key | `s10_…` of certification |
//! | S11 issuer is subject | `attest_stage::s11_…` |
//! | S12 other bump | `s12_…` here |
//! | S13 clocks | `s13_…` in `post_anchor`, `attest_stage` |
//! | S16 rent | `s16_…` here |
//! | S17 unbounded texts | `s17_…` wherever a text is taken |
//! | S18 spam | `s18_…` here |
//! | S19 what only events say | `s19_…` here |
//! | S20 introspection | `challenge_promise::s20_…`, `introspection::s20_…` |
//!
//! M8 and M11 to M12 are the clients', who hold old roots, salts and formats; S14 and S15 are the ledgers'.

use runseal_client::{
    instructions::{bonds, claims, logs},
    registry,
};
use runseal_registry::{
    constants::{
        AGENT_SEED, ANCHOR_SEED, ATTESTATION_SEED, AUDITOR_SEED, BOND_SEED, CERTIFIER_SEED,
        CLAIM_SEED, CONFIG_SEED, COSIGNATURE_SEED, LOG_SEED, VERSION_SEED,
    },
    state::{Agent, Anchor, Attestation, Auditor, Certifier, Claim, Cosignature, Log, Version},
};
use runseal_tests::{
    BOND_MINT, Chain, Dispute, OpenLog, Refused, SLASH, Staged, every_instruction, leaves, log_args,
};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::error::InstructionError;
use solana_signer::Signer;
use solana_transaction_error::TransactionError;

/// Each instruction that creates an account, and the account's address.
fn creations() -> Vec<(Staged, Address)> {
    let mut creations = Vec::new();
    for staged in every_instruction() {
        let mut after = staged.again();
        after.send().unwrap();
        let there = |chain: &Chain, address: &Address| {
            chain.svm.get_account(address).is_some_and(|raw| raw.owner == registry::PROGRAM)
        };
        let mut metas = staged.instruction.accounts.iter().map(|meta| meta.pubkey);
        let new = metas.find(|at| there(&after.chain, at) && !there(&staged.chain, at));
        if let Some(address) = new {
            creations.push((staged, address));
        }
    }
    creations
}

#[test]
fn s3_lamports_sent_ahead_block_nothing() {
    let creations = creations();
    assert_eq!(creations.len(), 12, "every kind of account, two of them in two ways");
    for (staged, address) in creations {
        for lamports in [1, 890_880, 100_000_000_000] {
            let mut now = staged.again();
            let gift = Account { lamports, ..Account::default() };
            now.chain.svm.set_account(address, gift).unwrap();
            let sent = now.send();
            assert!(sent.is_ok(), "{} after {lamports} lamports: {sent:?}", staged.name);
            now.chain.check_invariants();
        }
    }
}

#[test]
fn s7_nothing_is_created_twice_in_one_transaction_or_in_two() {
    for (staged, address) in creations() {
        let mut both = staged.again();
        both.before.push(staged.instruction.clone());
        assert!(both.send().is_err(), "{} twice in one transaction", staged.name);
        assert!(both.chain.svm.get_account(&address).is_none_or(|raw| raw.data.is_empty()));
        let mut one = staged.again();
        one.send().unwrap();
        let before = one.chain.svm.get_account(&address);
        assert!(one.send().is_err(), "{} in a second transaction", staged.name);
        assert_eq!(one.chain.svm.get_account(&address), before);
    }
}

/// The seeds of every account on a chain, as its own contents say them.
fn seeds_of(chain: &Chain, address: Address) -> Vec<Vec<u8>> {
    let raw = chain.svm.get_account(&address).unwrap();
    macro_rules! read {
        ($($kind:ident($account:ident): $seeds:expr),* $(,)?) => {$(
            if raw.data.starts_with(<$kind as anchor_lang::Discriminator>::DISCRIMINATOR) {
                let $account = chain.read::<$kind>(address).account;
                return $seeds.iter().map(|seed: &&[u8]| seed.to_vec()).collect();
            }
        )*};
    }
    read!(
        Agent(a): [AGENT_SEED, a.identity.as_ref()],
        Version(a): [VERSION_SEED, a.agent.as_ref(), &a.index.to_le_bytes()],
        Certifier(a): [CERTIFIER_SEED, a.authority.as_ref()],
        Attestation(a): [ATTESTATION_SEED, a.agent_version.as_ref(), &[a.stage], a.certifier.as_ref(), &a.round.to_le_bytes()],
        Log(a): [LOG_SEED, a.founder.as_ref(), &a.name.bytes],
        Anchor(a): [ANCHOR_SEED, a.log.as_ref(), &a.period.to_le_bytes()],
        Auditor(a): [AUDITOR_SEED, a.authority.as_ref()],
        Cosignature(a): [COSIGNATURE_SEED, a.anchor.as_ref(), &a.organisation.bytes],
        Claim(a): [CLAIM_SEED, a.log.as_ref(), &[a.kind], &a.period.to_le_bytes(), &a.leaf.agent, &claim_number(&a).to_le_bytes(), &a.leaf.digest],
    );
    vec![CONFIG_SEED.to_vec()]
}

fn claim_number(claim: &Claim) -> u64 {
    if claim.kind == 1 { u64::from_be_bytes(claim.leaf.sequence) } else { claim.index }
}

/// The address that the same seeds give with the next bump that gives one.
fn other_bump(seeds: &[Vec<u8>]) -> Address {
    let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
    let (_, canonical) = Address::find_program_address(&seeds, &registry::PROGRAM);
    let with = |bump: u8| {
        let bump = [bump];
        let all: Vec<&[u8]> = seeds.iter().copied().chain([bump.as_slice()]).collect();
        Address::create_program_address(&all, &registry::PROGRAM).ok()
    };
    (0..canonical).rev().find_map(with).unwrap()
}

#[test]
fn s12_an_account_has_one_bump() {
    let invalid = |staged: &Staged| {
        let error = InstructionError::InvalidSeeds;
        Err(Refused(TransactionError::InstructionError(staged.index(), error)))
    };
    for (staged, address) in creations() {
        let mut after = staged.again();
        after.send().unwrap();
        let other = other_bump(&seeds_of(&after.chain, address));
        let mut instruction = staged.instruction.clone();
        let meta = instruction.accounts.iter_mut().find(|meta| meta.pubkey == address).unwrap();
        meta.pubkey = other;
        let sent = staged.again().send_instead(instruction, &[]).map(drop);
        assert_eq!(sent, invalid(&staged), "{}", staged.name);
    }
    for staged in every_instruction() {
        let names = staged.account_names();
        let Some(at) = names.iter().position(|name| name == "bond_account") else { continue };
        let log = staged.instruction.accounts[names.iter().position(|name| name == "log").unwrap()]
            .pubkey;
        let mut instruction = staged.instruction.clone();
        instruction.accounts[at].pubkey =
            other_bump(&[BOND_SEED.to_vec(), log.to_bytes().to_vec()]);
        let sent = staged.again().send_instead(instruction, &[]).map(drop);
        assert_eq!(sent, invalid(&staged), "{}", staged.name);
    }
}

/// Another price of rent, from now on: the first eight bytes of the sysvar are its rate.
fn set_rent(chain: &mut Chain, change: impl Fn(u64) -> u64) {
    let address = solana_sdk_ids::sysvar::rent::ID;
    let before = chain.svm.minimum_balance_for_rent_exemption(100);
    chain.edit(&address, |account| {
        let rate = u64::from_le_bytes(account.data[..8].try_into().unwrap());
        account.data[..8].copy_from_slice(&change(rate).to_le_bytes());
    });
    assert_eq!(chain.svm.minimum_balance_for_rent_exemption(100), change(before));
}

#[test]
fn s16_a_tenth_of_the_rent_changes_nothing() {
    for mut staged in every_instruction() {
        set_rent(&mut staged.chain, |rate| rate / 10);
        let sent = staged.send();
        assert!(sent.is_ok(), "{}: {sent:?}", staged.name);
        staged.chain.check_invariants();
    }
}

#[test]
fn s16_twice_the_rent_stops_nothing() {
    for mut staged in every_instruction() {
        set_rent(&mut staged.chain, |rate| rate * 2);
        let sent = staged.send();
        assert!(sent.is_ok(), "{}: {sent:?}", staged.name);
    }
}

#[test]
fn s16_what_a_claim_s_account_needs_more_stays_of_its_deposit() {
    let mut scene = Dispute::new(SLASH);
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(3));
    let claim = scene.challenge(0, &leaves(3)[1]).unwrap();
    let held = scene.lamports(&claim);
    set_rent(&mut scene.chain, |rate| rate * 2);
    scene.answer(claim, 1, &tree).unwrap();
    let size = scene.chain.svm.get_account(&claim).unwrap().data.len();
    let needed = scene.chain.svm.minimum_balance_for_rent_exemption(size);
    assert!(needed < held, "the deposit covers the rise");
    assert_eq!(scene.lamports(&claim), needed);
}

#[test]
fn s18_a_thousand_claims_of_a_stranger_hold_up_nothing() {
    let mut scene = Dispute::new(SLASH);
    let count = 1_000;
    let (_, tree) = scene.chain.post(&scene.log.clone_keys(), &leaves(count));
    let (claimant, log) = (scene.claimant.pubkey(), scene.log.address);
    for (index, leaf) in (0..count).zip(leaves(count)) {
        let path = tree.inclusion_path(index).unwrap();
        let open = claims::open_disorder(claimant, log, 0, index, leaf, path);
        scene.send_by_claimant(&[open]).unwrap();
    }
    // The operator has paid nothing for it, and goes on as if nothing had been said.
    assert_eq!((scene.log().open_claim_count, scene.log().upheld_count), (0, 0));
    let owner = scene.chain.owner.pubkey();
    scene.chain.send(&[bonds::request_unbond(owner, log, SLASH)], &[]).unwrap();
    scene.chain.advance(1_209_601);
    let purse = scene.chain.tokens(BOND_MINT, owner, 0);
    let withdraw = bonds::withdraw(owner, log, purse);
    let close = logs::close_anchor(owner, owner, log, 0);
    scene.chain.send(&[withdraw, close], &[]).unwrap();
    assert_eq!(scene.chain.token_amount(&purse), SLASH);
}

#[test]
fn s19_what_an_event_says_stands_in_accounts() {
    let mut chain = Chain::configured();
    let log: OpenLog = chain.log(log_args());
    let (posted, _) = chain.post(&log, &leaves(3));
    let (args, _) = chain.anchor_args(&log, &leaves(1));
    // A reader without any history has the chain of anchors, their times and their leaves' roots.
    assert_eq!(args.previous_anchor_hash, posted.compute_hash());
    let read = chain.read::<Anchor>(registry::anchor_address(&log.address, 0)).account;
    assert_eq!((read, read.anchor_hash), (posted, posted.compute_hash()));
}
