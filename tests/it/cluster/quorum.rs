//! Three endpoints, one of which fails or lies: two agree, and the third is named.

use super::{
    configured, ledger, url,
    wrongs::{Due, hasty},
};
use futures_util::future::join_all;
use runseal_client::{
    Ledger, LedgerError, clock,
    ledger::{Fault, Finding},
    registry,
};
use runseal_ledger::{AnyLedger, Quorum, Rpc};
use runseal_registry::state::Log;
use runseal_tests::{Proxy, ProxyWrong as Wrong};
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use std::time::Duration;
use tokio::sync::OnceCell;

/// Two honest proxies before and behind one that is not.
struct Three {
    proxies: [Proxy; 3],
    quorum: Quorum,
}

const LIAR: usize = 1;

impl Three {
    async fn start(wrong: Wrong) -> Self {
        let start = |wrong| async { Proxy::start(&url(), wrong).await };
        let proxies =
            [start(Wrong::Nothing).await, start(wrong).await, start(Wrong::Nothing).await];
        let endpoints = proxies.each_ref().map(|proxy| hasty(proxy.url()));
        let quorum = Quorum::new(endpoints.into(), 2).unwrap().with_wait(Duration::from_secs(40));
        Self { proxies, quorum }
    }

    /// Asserts that nobody but the liar is named, and returns what for.
    fn fault(&self, findings: &[Finding]) -> Option<Fault> {
        let named = findings.iter().filter(|finding| finding.endpoint != self.proxies[LIAR].url());
        assert_eq!(named.collect::<Vec<_>>(), Vec::<&Finding>::new());
        findings.first().map(|finding| finding.fault.clone())
    }
}

/// What a fault looks like, as far as a test can know before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Not,
    OtherChain,
    Disagreeing { account_count: usize },
    Behind,
    Ahead,
    Silent(&'static str),
}

fn matches(expected: Named, fault: Option<&Fault>) -> bool {
    match (expected, fault) {
        (Named::Not, None)
        | (Named::OtherChain, Some(Fault::OtherChain { .. }))
        | (Named::Behind, Some(Fault::Behind { .. }))
        | (Named::Ahead, Some(Fault::Ahead { .. })) => true,
        (Named::Disagreeing { account_count }, Some(Fault::Disagrees { accounts, .. })) => {
            accounts.len() == account_count
        }
        (Named::Silent(part), Some(Fault::Silent { reason })) => reason.contains(part),
        _ => false,
    }
}

const WRONGS: [(Wrong, Named); 14] = [
    (Wrong::Nothing, Named::Not),
    (Wrong::Truncates { but_every: 2 }, Named::Not),
    (Wrong::RefusesTooMany { but_every: 2 }, Named::Not),
    (Wrong::FlipsABit, Named::Disagreeing { account_count: 1 }),
    (Wrong::SwapsAccounts, Named::Disagreeing { account_count: 2 }),
    (Wrong::HidesAccounts, Named::Disagreeing { account_count: 1 }),
    (Wrong::IsOnAnotherChain, Named::OtherChain),
    (Wrong::ClaimsSlot { more: 1_000_000 }, Named::Ahead),
    (Wrong::ClaimsHeight { more: 1_000_000 }, Named::Silent("blocks in")),
    (Wrong::DropsRequests { but_every: 0 }, Named::Silent("")),
    (Wrong::DropsAnswers { but_every: 0 }, Named::Silent("")),
    (Wrong::Delays { by: Duration::from_secs(300), all: true }, Named::Silent("")),
    (Wrong::RefusesTooMany { but_every: 0 }, Named::Silent("")),
    (Wrong::Truncates { but_every: 0 }, Named::Silent("")),
];

#[tokio::test]
async fn who_does_wrong_is_named_and_changes_nothing_that_two_others_say() {
    let log = finalized_log().await;
    let nowhere = Address::new_from_array([77; 32]);
    let honest = finalized().read(&[log, nowhere]).await.unwrap();
    join_all(WRONGS.map(|(wrong, expected)| {
        let honest = &honest;
        async move {
            let three = Three::start(wrong.clone()).await;
            let answers = three.quorum.observe(&[log, nowhere]).await.unwrap();
            let fault = three.fault(&answers.findings);
            assert!(matches(expected, fault.as_ref()), "{wrong:?}: {fault:?}");
            // Both honest endpoints stand behind what is so, whatever else is told.
            for (address, account) in [log, nowhere].iter().zip(honest) {
                let mut told = answers.observations.iter().filter(|told| told.address == *address);
                let told = told.find(|told| told.account == *account).unwrap();
                for honest in [&three.proxies[0], &three.proxies[2]] {
                    assert!(told.answers.iter().any(|answer| answer.endpoint == honest.url()));
                }
            }
            let read = three.quorum.read(&[log, nowhere]).await;
            match fault.filter(Fault::is_contradiction) {
                None => assert_eq!(&read.unwrap(), honest, "{wrong:?}"),
                Some(_) => assert_named(&three, read.unwrap_err()),
            }
            assert_eq!(three.quorum.findings().len(), usize::from(expected != Named::Not));
        }
    }))
    .await;
}

/// A contradiction stops whoever reads without looking at evidence.
fn assert_named(three: &Three, error: LedgerError) {
    let liar = three.proxies[LIAR].url();
    assert!(error.to_string().contains(liar), "{error}");
    let LedgerError::Disagreement { findings } = error else { panic!("{error:?}") };
    assert!(three.fault(&findings).is_some());
}

#[tokio::test]
async fn a_scan_that_leaves_something_out_is_named() {
    let log = finalized_log().await;
    let three = Three::start(Wrong::HidesAccounts).await;
    let error = registry::find_all::<Log>(&three.quorum).await.unwrap_err();
    let registry::ReadError::Ledger(error) = error else { panic!("{error:?}") };
    assert_named(&three, error);
    three.proxies[LIAR].turn(Wrong::Nothing);
    let found = registry::find_all::<Log>(&three.quorum).await.unwrap();
    assert!(found.iter().any(|found| found.address == log));
}

#[tokio::test]
async fn an_endpoint_whose_time_stands_still_is_behind() {
    let mut fault = fault_of_a_still_endpoint().await;
    // On a busy machine it may be too slow to be heard at all, and then nobody knows how late it is.
    for _ in 0..3 {
        if !matches!(fault, Some(Fault::Silent { .. })) {
            break;
        }
        fault = fault_of_a_still_endpoint().await;
    }
    assert!(matches(Named::Behind, fault.as_ref()), "{fault:?}");
}

async fn fault_of_a_still_endpoint() -> Option<Fault> {
    let three = Three::start(Wrong::IsStale).await;
    let addresses = [clock::ADDRESS];
    three.quorum.snapshot(&addresses).await.unwrap();
    assert_eq!(three.quorum.findings(), []);
    tokio::time::sleep(Duration::from_secs(2)).await;
    // The clock is another in every slot, so the two others meet in one.
    let snapshot = three.quorum.snapshot(&addresses).await.unwrap();
    let clock = snapshot.accounts.into_iter().next().flatten().unwrap();
    assert!(clock::parse(&clock.data).unwrap().slot > 0);
    three.fault(&three.quorum.findings())
}

#[tokio::test]
async fn one_against_one_is_no_quorum_and_both_are_named() {
    let log = finalized_log().await;
    let (honest, liar) =
        (Proxy::start(&url(), Wrong::Nothing).await, Proxy::start(&url(), Wrong::FlipsABit).await);
    let endpoints = vec![hasty(honest.url()), hasty(liar.url())];
    let ledger = AnyLedger::Quorum(Quorum::new(endpoints, 2).unwrap());
    let error = ledger.observe(&[log]).await.unwrap_err();
    let said = error.to_string();
    assert!(said.contains(honest.url()) && said.contains(liar.url()), "{said}");
    let LedgerError::NoQuorum { needed: 2, asked: 2, findings } = error else {
        panic!("{error:?}")
    };
    assert_eq!(ledger.findings(), findings);
}

/// The one thing that a single endpoint can pretend altogether, and that a second one sees through.
#[tokio::test]
async fn an_endpoint_that_shows_what_never_landed_is_believed_alone_and_not_among_others() {
    configured().await;
    let due = Due::open().await;
    let liar = Proxy::start(&url(), Wrong::ShowsWhatNeverLanded).await;
    let others =
        [Proxy::start(&url(), Wrong::Nothing).await, Proxy::start(&url(), Wrong::Nothing).await];
    due.submit(&hasty(liar.url())).await.unwrap();
    let endpoints = [&liar, &others[0], &others[1]].map(|proxy| hasty(proxy.url()));
    let quorum = Quorum::new(endpoints.into(), 2).unwrap().with_wait(Duration::from_secs(3));
    let said = due.submit(&quorum).await;
    assert!(matches!(said, Err(LedgerError::Unknown { .. })), "{said:?}");
    let log = registry::load::<Log>(&ledger(), due.log).await.unwrap().account;
    assert_eq!(log.next_period, 0);
}

fn finalized() -> Rpc {
    Rpc::new(&url(), CommitmentConfig::finalized())
}

/// A log that cannot be undone, the same for all.
async fn finalized_log() -> Address {
    static LOG: OnceCell<Address> = OnceCell::const_new();
    let open = || async {
        configured().await;
        let due = Due::open().await;
        for _ in 0..200 {
            if finalized().read(&[due.log]).await.unwrap()[0].is_some() {
                return due.log;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        panic!("the log is not finalized");
    };
    *LOG.get_or_init(open).await
}
