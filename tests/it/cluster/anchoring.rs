//! An operator who anchors through one endpoint that fails or lies: what he calls anchored is
//! anchored, and once.

use super::{
    configured, ledger, owner, url,
    wrongs::{Due, hasty},
};
use futures_util::future::join_all;
use runseal_client::{
    anchoring::{Anchoring, AnchoringError, Progress},
    registry,
    store::AnchorRecord,
};
use runseal_ledger::Rpc;
use runseal_registry::state::{Anchor, Log};
use runseal_store::{Options, SqliteStore};
use runseal_tests::{Proxy, ProxyWrong as Wrong};
use solana_commitment_config::CommitmentConfig;
use std::{collections::BTreeSet, time::Duration};

/// How many steps the operator takes while the endpoint does wrong.
const WRONG_STEPS: usize = 12;
/// How many he takes after that at most. Finality alone is a dozen seconds.
const RIGHT_STEPS: usize = 400;

const WRONGS: [Wrong; 9] = [
    Wrong::DropsRequests { but_every: 2 },
    Wrong::DropsAnswers { but_every: 2 },
    Wrong::Duplicates,
    Wrong::Truncates { but_every: 2 },
    Wrong::IsStale,
    Wrong::HidesAccounts,
    Wrong::Withholds,
    Wrong::ClaimsThatAllLands,
    Wrong::ClaimsExpiry,
];

#[tokio::test]
async fn what_is_called_anchored_is_finalized_and_there_once() {
    configured().await;
    join_all(WRONGS.map(|wrong| async move {
        let due = Due::open().await;
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("store"), Options::default()).unwrap();
        let (proxy, key) = (Proxy::start(&url(), Wrong::Nothing).await, owner());
        let rpc = hasty(proxy.url());
        let mut anchoring = begin(&store, &rpc, &due, &key).await;
        proxy.turn(wrong.clone());
        let early = step_until_anchored(&mut anchoring, WRONG_STEPS).await;
        // Whatever it kept back comes now, all of it.
        proxy.release().await;
        proxy.turn(Wrong::Nothing);
        let anchored = match early {
            Some(anchored) => anchored,
            None => step_until_anchored(&mut anchoring, RIGHT_STEPS).await.unwrap(),
        };
        let finalized = Rpc::new(&url(), CommitmentConfig::finalized());
        let address = registry::anchor_address(&due.log, 0);
        let on_chain = registry::load::<Anchor>(&finalized, address).await.unwrap().account;
        assert_eq!(on_chain.anchor_hash, *anchored.anchor_hash.as_bytes(), "{wrong:?}");
        let log = registry::load::<Log>(&ledger(), due.log).await.unwrap().account;
        assert_eq!(log.next_period, 1, "{wrong:?}");
        let signed: BTreeSet<String> = proxy.handed_over().into_iter().collect();
        // Who lies about expiry gets another signature, and nothing by it.
        assert_eq!(signed.len() > 1, wrong == Wrong::ClaimsExpiry, "{wrong:?}: {}", signed.len());
    }))
    .await;
}

type Operator<'a> = Anchoring<'a, SqliteStore, Rpc>;

/// Begins, and seals the first period: the next step is to post it.
async fn begin<'a>(
    store: &'a SqliteStore,
    rpc: &'a Rpc,
    due: &Due,
    key: &'a solana_keypair::Keypair,
) -> Operator<'a> {
    let pause = Duration::from_millis(500);
    let mut operator = loop {
        match Anchoring::begin(store, rpc, due.log, key).await {
            Err(AnchoringError::NotFinalized { .. }) => tokio::time::sleep(pause).await,
            begun => break begun.unwrap(),
        }
    };
    loop {
        match operator.step().await {
            Err(AnchoringError::NotFinalized { .. }) => tokio::time::sleep(pause).await,
            step => {
                assert!(matches!(step, Ok(Progress::Sealed { .. })), "{step:?}");
                return operator;
            }
        }
    }
}

/// Takes steps, whatever goes wrong, until the first period is called anchored.
async fn step_until_anchored(operator: &mut Operator<'_>, most: usize) -> Option<AnchorRecord> {
    for _ in 0..most {
        if let Ok(Progress::Anchored { anchor, .. }) = operator.step().await {
            return Some(*anchor);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    None
}
