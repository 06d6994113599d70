//! The chain of anchors.

use runseal_client::{instructions::logs, registry};
use runseal_merkle::{EMPTY_ROOT, Tree, leaf_hash};
use runseal_registry::{
    RegistryError as Error,
    instructions::{OpenLogArgs, PostAnchorArgs, RotateLogKeysArgs},
    state::{Anchor, Log, Name, period_context},
};
use runseal_tests::{Chain, OpenLog, Refused, leaves, log_args};
use solana_address::Address;
use solana_instruction::error::InstructionError;
use solana_keypair::Keypair;
use solana_signer::Signer;

fn post(chain: &mut Chain, log: &OpenLog, args: PostAnchorArgs) -> Result<Anchor, Refused> {
    let (owner, period) = (chain.owner.pubkey(), args.period);
    let post = logs::post_anchor(owner, log.anchoring.pubkey(), log.address, args);
    chain.send(&[post], &[&log.anchoring])?;
    Ok(chain.read::<Anchor>(registry::anchor_address(&log.address, period)).account)
}

/// A log whose first period is over.
fn after_a_period() -> (Chain, OpenLog) {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    chain.advance(60);
    (chain, log)
}

#[test]
fn each_anchor_follows_the_one_before_and_the_range_holds_them_all() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    let (mut hashes, mut total, mut previous) = (Vec::new(), 0, [0; 32]);
    for period in 0..12 {
        let count = [3, 0, 1, 40][period as usize % 4];
        let (anchor, tree) = chain.post(&log, &leaves(count));
        total += count;
        assert_eq!((anchor.period, anchor.leaf_count), (period, count));
        assert_eq!((anchor.root, anchor.cumulative_leaf_count), (tree.root(), total));
        assert_eq!(anchor.previous_anchor_hash, previous);
        assert_eq!(anchor.anchor_hash, anchor.compute_hash());
        let start = 1_800_000_000 + 60 * i64::try_from(period).unwrap();
        assert_eq!((anchor.start_seconds, anchor.end_seconds), (start, start + 60));
        assert_eq!((anchor.posted_at, anchor.timeliness), (chain.now(), 0));
        assert_eq!(anchor.context, period_context(&[9; 32], &log.address, period));
        assert_eq!((anchor.log, anchor.payer), (log.address, chain.owner.pubkey()));
        previous = anchor.anchor_hash;
        hashes.push(leaf_hash(&[&anchor.anchor_hash]));
        let account = chain.read::<Log>(log.address).account;
        assert_eq!((account.next_period, account.head_anchor_hash), (period + 1, previous));
        assert_eq!(account.cumulative_leaf_count, total);
        assert_eq!(account.range_root(), Ok(Tree::from_leaf_hashes(hashes.clone()).root()));
    }
}

#[test]
fn the_hash_of_an_anchor_covers_everything_that_was_said() {
    let (mut chain, log) = after_a_period();
    let (args, _) = chain.anchor_args(&log, &leaves(5));
    let anchor = post(&mut chain, &log, args).unwrap();
    type Edit = fn(&mut Anchor);
    let edits: [Edit; 10] = [
        |anchor| anchor.context[0] ^= 1,
        |anchor| anchor.root[31] ^= 1,
        |anchor| anchor.leaf_count += 1,
        |anchor| anchor.cumulative_leaf_count += 1,
        |anchor| anchor.previous_anchor_hash[5] ^= 1,
        |anchor| anchor.start_seconds += 1,
        |anchor| anchor.end_seconds += 1,
        |anchor| anchor.posted_at.slot += 1,
        |anchor| anchor.posted_at.unix_seconds += 1,
        |anchor| {
            (anchor.start_seconds, anchor.end_seconds) = (anchor.end_seconds, anchor.start_seconds)
        },
    ];
    for edit in edits {
        let mut changed = anchor;
        edit(&mut changed);
        assert_ne!(changed.compute_hash(), anchor.anchor_hash);
    }
}

#[test]
fn s2_a_stranger_cannot_anchor_or_block() {
    let (mut chain, log) = after_a_period();
    let (args, _) = chain.anchor_args(&log, &leaves(1));
    let operator = chain.owner.insecure_clone();
    for stranger in [Keypair::new(), log.promise.insecure_clone(), operator] {
        let owner = chain.owner.pubkey();
        let forged = logs::post_anchor(owner, stranger.pubkey(), log.address, args.clone());
        let refused = chain.send(&[forged], &[&stranger]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::NotAnchoringKey));
    }
    // S3: nor with lamports sent ahead.
    let address = registry::anchor_address(&log.address, 0);
    chain.svm.airdrop(&address, 890_880).unwrap();
    post(&mut chain, &log, args).unwrap();
}

#[test]
fn a_key_that_was_rotated_away_anchors_no_more() {
    let (mut chain, log) = after_a_period();
    let next = Keypair::new();
    let args = RotateLogKeysArgs { anchoring_key: next.pubkey(), promise_key: Address::default() };
    let owner = chain.owner.pubkey();
    chain.send(&[logs::rotate_keys(owner, log.address, args)], &[]).unwrap();
    let (args, _) = chain.anchor_args(&log, &leaves(1));
    let refused = post(&mut chain, &log, args.clone()).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAnchoringKey));
    let log = OpenLog { anchoring: next, ..log };
    post(&mut chain, &log, args).unwrap();
}

#[test]
fn s13_a_period_is_anchored_after_its_end_and_not_before() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    let (args, _) = chain.anchor_args(&log, &leaves(1));
    chain.advance(59);
    let refused = post(&mut chain, &log, args.clone()).unwrap_err();
    assert_eq!(refused, Refused::by(Error::PeriodNotOver));
    chain.advance(1);
    post(&mut chain, &log, args).unwrap();
}

#[test]
fn late_and_missed_periods_are_counted_by_the_program() {
    for (late_by, timeliness, late, missed) in
        [(10, 0, 0, 0), (11, 1, 1, 0), (70, 1, 1, 0), (71, 2, 0, 1), (10_000, 2, 0, 1)]
    {
        let (mut chain, log) = after_a_period();
        chain.advance(late_by);
        let (args, _) = chain.anchor_args(&log, &[]);
        let anchor = post(&mut chain, &log, args).unwrap();
        assert_eq!(anchor.timeliness, timeliness, "{late_by} s after the end");
        let account = chain.read::<Log>(log.address).account;
        assert_eq!((account.late_count, account.missed_count), (late, missed));
    }
}

#[test]
fn no_period_is_skipped_repeated_or_anchored_on_another_chain_s_head() {
    let (mut chain, log) = after_a_period();
    chain.advance(600);
    let (good, _) = chain.anchor_args(&log, &leaves(2));
    for period in [1, 2, u64::MAX] {
        let args = PostAnchorArgs { period, ..good.clone() };
        assert!(post(&mut chain, &log, args).is_err(), "period {period}");
    }
    let fork = PostAnchorArgs { previous_anchor_hash: [1; 32], ..good.clone() };
    assert_eq!(post(&mut chain, &log, fork).unwrap_err(), Refused::by(Error::NotTheHead));
    post(&mut chain, &log, good.clone()).unwrap();
    // The address of the first period's anchor with the second's arguments, and the other way round.
    assert!(post(&mut chain, &log, good.clone()).is_err());
    let owner = chain.owner.pubkey();
    let mut odd = logs::post_anchor(owner, log.anchoring.pubkey(), log.address, good);
    odd.accounts[3].pubkey = registry::anchor_address(&log.address, 1);
    let refused = chain.send(&[odd], &[&log.anchoring]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotNextPeriod));
}

#[test]
fn m7_an_empty_period_has_the_empty_root_and_no_other_has() {
    let (mut chain, log) = after_a_period();
    let (empty, _) = chain.anchor_args(&log, &[]);
    assert_eq!((empty.leaf_count, empty.root), (0, EMPTY_ROOT));
    let refused = Refused::by(Error::EmptyRootMismatch);
    let with_root = PostAnchorArgs { root: [1; 32], ..empty.clone() };
    assert_eq!(post(&mut chain, &log, with_root).unwrap_err(), refused);
    let with_leaves = PostAnchorArgs { leaf_count: 1, ..empty.clone() };
    assert_eq!(post(&mut chain, &log, with_leaves).unwrap_err(), refused);
    post(&mut chain, &log, empty).unwrap();
}

#[test]
fn m14_counts_do_not_overflow() {
    let (mut chain, log) = after_a_period();
    chain.advance(600);
    let (args, _) = chain.anchor_args(&log, &leaves(1));
    let most = PostAnchorArgs { leaf_count: u64::MAX, ..args };
    assert_eq!(post(&mut chain, &log, most).unwrap().cumulative_leaf_count, u64::MAX);
    let (args, _) = chain.anchor_args(&log, &leaves(1));
    assert_eq!(post(&mut chain, &log, args).unwrap_err(), Refused::by(Error::Overflow));
    let (args, _) = chain.anchor_args(&log, &[]);
    post(&mut chain, &log, args).unwrap();
}

#[test]
fn m10_two_logs_do_not_share_anchors() {
    let (mut chain, log) = after_a_period();
    let other = chain.log(OpenLogArgs { name: Name::parse("other").unwrap(), ..log_args() });
    let (args, _) = chain.anchor_args(&log, &leaves(2));
    let owner = chain.owner.pubkey();
    let mut crossed = logs::post_anchor(owner, log.anchoring.pubkey(), log.address, args.clone());
    crossed.accounts[2].pubkey = other.address;
    let refused = chain.send(&[crossed], &[&log.anchoring]).unwrap_err();
    assert_eq!(refused, Refused::with(InstructionError::InvalidSeeds));
    let ours = post(&mut chain, &log, args).unwrap();
    let (args, _) = chain.anchor_args(&other, &leaves(2));
    let theirs = post(&mut chain, &other, args).unwrap();
    assert_ne!(ours.root, theirs.root, "the same leaves in another log");
}

#[test]
fn m14_a_log_ends_when_its_periods_cannot_be_counted() {
    let (mut chain, log) = after_a_period();
    let last = u64::from(u32::MAX);
    chain.rewrite::<Log>(&log.address, |account| account.next_period = last);
    chain.warp(0, i64::from(u32::MAX) * 60);
    let (args, _) = chain.anchor_args(&log, &[]);
    assert_eq!(args.period, last);
    assert_eq!(post(&mut chain, &log, args).unwrap_err(), Refused::by(Error::LogFull));
    // The one before it is the last.
    chain.rewrite::<Log>(&log.address, |account| account.next_period = last - 1);
    let (args, _) = chain.anchor_args(&log, &[]);
    post(&mut chain, &log, args).unwrap();
}

#[test]
fn s13_slots_do_not_end_a_period_and_seconds_do() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    let (args, _) = chain.anchor_args(&log, &leaves(1));
    // A cluster whose clock stands still, and one whose clock runs ahead.
    chain.warp(1_000_000, 0);
    let refused = post(&mut chain, &log, args.clone()).unwrap_err();
    assert_eq!(refused, Refused::by(Error::PeriodNotOver));
    chain.warp(0, 60);
    let anchor = post(&mut chain, &log, args).unwrap();
    assert_eq!((anchor.posted_at, anchor.timeliness), (chain.now(), 0));
}

#[test]
fn m13_an_anchor_is_repeated_by_nobody_and_a_late_leaf_waits_for_the_next_period() {
    let (mut chain, log) = after_a_period();
    let (args, _) = chain.anchor_args(&log, &leaves(2));
    post(&mut chain, &log, args.clone()).unwrap();
    let before = chain.read::<Anchor>(registry::anchor_address(&log.address, 0));
    let (more, _) = chain.anchor_args(&log, &leaves(3));
    let again = PostAnchorArgs { period: 0, ..more };
    for args in [args, again] {
        assert!(post(&mut chain, &log, args).is_err());
    }
    assert_eq!(chain.read::<Anchor>(before.address), before);
}
