//! What one endpoint that fails or lies does to whoever posts anchors through it: it delays him and
//! costs him certainty. It does not make him post twice, nor believe in what is not there.

use super::{configured, ledger, owner, url};
use base64::{Engine, prelude::BASE64_STANDARD};
use futures_util::future::join_all;
use runseal_client::{
    Ledger, LedgerError,
    instructions::logs,
    ledger::{Commitment, Landed},
    registry,
};
use runseal_ledger::{Patience, Rpc, RpcOptions};
use runseal_registry::{
    instructions::{OpenLogArgs, PostAnchorArgs},
    state::{Log, Name},
};
use runseal_tests::{Proxy, ProxyWrong as Wrong, log_args};
use solana_address::Address;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use std::{collections::BTreeSet, time::Duration};

/// A log whose first period is over and has five receipts.
pub(super) struct Due {
    pub(super) log: Address,
}

const LEAF_COUNT: u64 = 5;

impl Due {
    pub(super) async fn open() -> Self {
        // A name that no other test has, so that all can run at once and again.
        let name = Keypair::new().pubkey().to_string();
        let key = owner().pubkey();
        let genesis_hash = ledger().genesis_hash().await.unwrap().to_bytes();
        let start_seconds = runseal_client::clock::now(&ledger()).await.unwrap().unix_seconds - 2;
        let args = OpenLogArgs {
            name: Name::parse(&name[..32]).unwrap(),
            genesis_hash,
            anchoring_key: key,
            promise_key: [8; 32].into(),
            start_seconds,
            cadence_seconds: 1,
            ..log_args()
        };
        let log = registry::log_address(&key, &args.name);
        ledger().submit(&[logs::open(key, key, args)], &[&owner()]).await.unwrap();
        Self { log }
    }

    /// The instruction that posts the first period, at the owner's cost.
    pub(super) fn post(&self) -> Instruction {
        self.post_paid_by(owner().pubkey())
    }

    fn post_paid_by(&self, payer: Address) -> Instruction {
        let args = PostAnchorArgs {
            period: 0,
            leaf_count: LEAF_COUNT,
            root: [7; 32],
            previous_anchor_hash: [0; 32],
        };
        logs::post_anchor(payer, owner().pubkey(), self.log, args)
    }

    pub(super) async fn submit(&self, ledger: &impl Ledger) -> Result<Landed, LedgerError> {
        ledger.submit(&[self.post()], &[&owner()]).await
    }

    async fn submit_by_another_payer(&self) {
        let payer = Keypair::new();
        ledger().airdrop(&payer.pubkey(), 1_000_000_000).await.unwrap();
        let post = self.post_paid_by(payer.pubkey());
        ledger().submit(&[post], &[&payer, &owner()]).await.unwrap();
    }

    /// How often the period was posted, as the validator itself has it.
    async fn posted_count(&self) -> u64 {
        let log = registry::load::<Log>(&ledger(), self.log).await.unwrap().account;
        assert_eq!(log.cumulative_leaf_count, log.next_period * LEAF_COUNT);
        log.next_period
    }
}

/// A client that gives up soon.
pub(super) fn hasty(url: &str) -> Rpc {
    let patience = Patience {
        request: Duration::from_secs(6),
        attempts: 5,
        read: Duration::from_secs(10),
        silence: Duration::from_secs(10),
    };
    let options =
        RpcOptions { commitment: Commitment::Confirmed, patience, ..RpcOptions::default() };
    Rpc::with_options(url, options)
}

/// What may come of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It landed, and that is said.
    Landed,
    /// It landed, and nobody dares to say so.
    LandedUnseen,
    /// It did not land, and nobody says that it did.
    Withheld,
}

const POSTS: [(Wrong, Outcome); 14] = [
    (Wrong::Nothing, Outcome::Landed),
    (Wrong::DropsRequests { but_every: 2 }, Outcome::Landed),
    (Wrong::DropsAnswers { but_every: 2 }, Outcome::Landed),
    (Wrong::Delays { by: Duration::from_secs(3), all: false }, Outcome::Landed),
    (Wrong::Duplicates, Outcome::Landed),
    (Wrong::FlipsABit, Outcome::Landed),
    (Wrong::SwapsAccounts, Outcome::Landed),
    (Wrong::ClaimsHeight { more: 1_000_000 }, Outcome::Landed),
    (Wrong::ClaimsSlot { more: 1_000_000 }, Outcome::LandedUnseen),
    (Wrong::RefusesTooMany { but_every: 2 }, Outcome::Landed),
    (Wrong::IsUnavailable { but_every: 2 }, Outcome::Landed),
    (Wrong::Truncates { but_every: 2 }, Outcome::Landed),
    (Wrong::IsStale, Outcome::LandedUnseen),
    (Wrong::ClaimsThatAllLands, Outcome::Withheld),
];

#[tokio::test]
async fn whatever_an_endpoint_does_wrong_a_period_is_posted_once_and_never_said_to_be_if_it_is_not()
{
    configured().await;
    join_all(POSTS.map(|(wrong, expected)| async move {
        let due = Due::open().await;
        let proxy = Proxy::start(&url(), wrong.clone()).await;
        let said = due.submit(&hasty(proxy.url())).await;
        let posted_count = due.posted_count().await;
        let found = match (&said, posted_count) {
            (Ok(_), 1) => Outcome::Landed,
            (Err(LedgerError::Unknown { .. }), 1) => Outcome::LandedUnseen,
            (Err(LedgerError::Unknown { .. }), 0) => Outcome::Withheld,
            _ => panic!("{wrong:?}: {said:?}, posted {posted_count} times"),
        };
        assert_eq!(found, expected, "{wrong:?}: {said:?}");
        let signed: BTreeSet<String> = proxy.handed_over().into_iter().collect();
        assert_eq!(signed.len(), 1, "{wrong:?}: one signature, sent as often as need be");
    }))
    .await;
}

/// An endpoint that lies about everything together gets its user to sign again. Then the order of
/// periods, which the program keeps, is what stands between him and a second anchor.
#[tokio::test]
async fn who_is_made_to_sign_twice_posts_once_all_the_same() {
    configured().await;
    let due = Due::open().await;
    let proxy = Proxy::start(&url(), Wrong::ClaimsExpiry).await;
    let rpc = hasty(proxy.url());
    let first = due.submit(&rpc).await;
    assert!(matches!(first, Err(LedgerError::Expired { .. })), "{first:?}");
    // What was withheld comes late, and what was signed instead of it comes too.
    proxy.release().await;
    proxy.turn(Wrong::Nothing);
    let second = due.submit(&rpc).await;
    // Only one of the two could land. If it is not this one, it is known why.
    assert!(matches!(second, Ok(_) | Err(LedgerError::Refused(_))), "{second:?}");
    assert_eq!(due.posted_count().await, 1);
}

/// Two transactions for one period that were both right when they were signed.
#[tokio::test]
async fn a_transaction_that_fails_when_it_lands_is_refused_and_not_unknown() {
    configured().await;
    let due = Due::open().await;
    let proxy = Proxy::start(&url(), Wrong::Withholds).await;
    let late = async { due.submit(&hasty(proxy.url())).await };
    let meanwhile = async {
        while proxy.handed_over().is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        due.submit_by_another_payer().await;
        proxy.turn(Wrong::Nothing);
    };
    let (late, ()) = tokio::join!(late, meanwhile);
    assert!(matches!(late, Err(LedgerError::Refused(_))), "{late:?}");
    assert_eq!(due.posted_count().await, 1);
}

#[tokio::test]
async fn the_bytes_that_were_kept_are_the_bytes_that_are_sent_and_land() {
    configured().await;
    let due = Due::open().await;
    let proxy = Proxy::start(&url(), Wrong::Nothing).await;
    let rpc = hasty(proxy.url());
    let prepared = rpc.prepare(&[due.post()], &[&owner()]).await.unwrap();
    assert_eq!(proxy.handed_over(), [""; 0], "nothing is sent before it can be kept");
    for _ in 0..3 {
        rpc.send(&prepared.bytes).await.unwrap();
    }
    let expected = BASE64_STANDARD.encode(&prepared.bytes);
    assert_eq!(proxy.handed_over(), vec![expected; 3]);
    for _ in 0..100 {
        if due.posted_count().await == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("it did not land");
}

#[tokio::test]
async fn an_endpoint_of_another_chain_is_found_out_and_asked_once() {
    let proxy = Proxy::start(&url(), Wrong::IsOnAnotherChain).await;
    let (rpc, expected) = (hasty(proxy.url()), ledger().genesis_hash().await.unwrap());
    for _ in 0..3 {
        let error = rpc.check_genesis(expected).await.unwrap_err();
        let LedgerError::OtherChain { ledger, found, .. } = error else { panic!("{error:?}") };
        assert_eq!((ledger.as_str(), found), (proxy.url(), Hash::default()));
    }
    assert_eq!(proxy.count("getGenesisHash"), 1);
    ledger().check_genesis(expected).await.unwrap();
}

/// Reads are tried again, and not for ever.
#[tokio::test]
async fn a_read_that_never_works_ends_with_a_word_about_why() {
    let cases = [
        (Wrong::DropsRequests { but_every: 0 }, "the connection broke"),
        (Wrong::DropsAnswers { but_every: 0 }, "the connection broke"),
        (Wrong::RefusesTooMany { but_every: 0 }, "429 Too Many Requests"),
        (Wrong::IsUnavailable { but_every: 0 }, "503 Service Unavailable"),
        (Wrong::Truncates { but_every: 0 }, "its answer is not understood"),
        (Wrong::Delays { by: Duration::from_secs(20), all: true }, "it took too long"),
    ];
    join_all(cases.map(|(wrong, expected)| async move {
        let proxy = Proxy::start(&url(), wrong.clone()).await;
        let error = hasty(proxy.url()).read(&[owner().pubkey()]).await.unwrap_err();
        let LedgerError::Unreachable { ledger, reason } = error else { panic!("{error:?}") };
        assert_eq!(ledger, proxy.url());
        assert!(reason.contains(expected), "{wrong:?}: {reason}");
        let asked_count = proxy.count("getMultipleAccounts");
        assert!((2..=5).contains(&asked_count), "{wrong:?}: {asked_count}");
    }))
    .await;
}
