//! The logs that are anchored meanwhile: the one of the store, or one for each tenant that has one.

use crate::stores::AnyStore;
use crate::{clocks::ClockWatch, commands::anchor::anchor_on, error::CliError, keys};
use runseal_app::read_key;
use runseal_ledger::AnyLedger;
use runseal_receipt::{
    MemberError,
    json::{Object, Value, parse},
    member::{Members, any_text},
};
use solana_address::Address;
use solana_keypair::Keypair;
use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};
use tokio::{task::JoinSet, time::sleep};

/// A log that is anchored while the service runs.
pub(super) struct Anchored {
    pub(super) store: Arc<AnyStore>,
    pub(super) log: Address,
    pub(super) key: Keypair,
}

/// Which log a tenant's store is, and the keys that serve it.
pub(super) struct TenantLog {
    pub(super) log: Address,
    /// The one that posts its anchors.
    pub(super) key: Keypair,
    /// The one that promises receipts, if they are promised.
    pub(super) promise_key: Option<Keypair>,
}

/// The logs of the tenants that have one.
pub(super) type TenantLogs = BTreeMap<String, TenantLog>;

const MEMBERS: [&str; 4] = ["tenant", "log", "keypair", "promise_keypair"];

const MOST_LOGS: usize = 10_000;
/// How long a tenant's log is left alone after something that does not go away by itself.
const REST: Duration = Duration::from_secs(60);

/// Reads `"logs": [{"tenant":…,"log":…,"keypair":…,"promise_keypair":…}]` of the file with the tokens, if
/// it is there. A keypair's path begins where that file is.
pub(super) fn read(text: &[u8], file: &Path) -> Result<TenantLogs, String> {
    // Whoever reads the tokens says what is wrong with the whole.
    let Ok(Value::Object(object)) = parse(text) else { return Ok(TenantLogs::new()) };
    if !object.contains_key("logs") {
        return Ok(TenantLogs::new());
    }
    let list = Members(&object).objects("logs", MOST_LOGS).map_err(|error| error.to_string())?;
    let mut logs = TenantLogs::new();
    for (index, entry) in list.into_iter().enumerate() {
        let refused = |reason: String| format!("log {index}: {reason}");
        let words = Words::read(entry).map_err(|error| refused(error.to_string()))?;
        if let Some(other) = entry.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
            return Err(refused(format!("{other:?} is not known")));
        }
        let Words { tenant, log, keypair, promise_keypair } = words;
        let log = log.parse().map_err(|_| refused(format!("{log:?} is no address")))?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let key = keys::read(&folder.join(keypair)).map_err(|error| refused(error.to_string()))?;
        // Always at hand, and so for nobody else to read.
        let promise_key = promise_keypair.map(|path| read_key(&folder.join(path))).transpose();
        let promise_key = promise_key.map_err(|error| refused(error.to_string()))?;
        if logs.insert(tenant.to_owned(), TenantLog { log, key, promise_key }).is_some() {
            return Err(refused(format!("tenant {tenant} has one already")));
        }
    }
    Ok(logs)
}

struct Words<'a> {
    tenant: &'a str,
    log: &'a str,
    keypair: &'a str,
    promise_keypair: Option<&'a str>,
}

impl<'a> Words<'a> {
    fn read(entry: &'a Object) -> Result<Self, MemberError> {
        let members = Members(entry);
        let path = |name| any_text(name, members.required(name)?);
        let promise_keypair = entry.contains_key("promise_keypair");
        Ok(Self {
            tenant: members.text("tenant")?,
            log: members.text("log")?,
            keypair: path("keypair")?,
            promise_keypair: promise_keypair.then(|| path("promise_keypair")).transpose()?,
        })
    }
}

/// Anchors one log, until something is wrong that does not go away by itself.
pub(super) async fn anchor_one(
    ledger: &AnyLedger,
    anchored: &Anchored,
    clocks: &ClockWatch,
) -> CliError {
    let resent = |sentence: &str| tracing::debug!("{sentence}");
    anchor_on(&anchored.store, ledger, anchored.log, &anchored.key, clocks, resent).await
}

/// Anchors the logs of several tenants for ever. What is wrong with one's is said, and tried again
/// later: it is no reason to serve the others no more.
pub(super) async fn anchor_all(ledger: &Arc<AnyLedger>, logs: Vec<Anchored>) -> CliError {
    let mut tasks = JoinSet::new();
    // One for all: what is said of the ledger's clock is said once.
    let clocks = Arc::new(ClockWatch::default());
    for anchored in logs {
        let (ledger, clocks) = (Arc::clone(ledger), Arc::clone(&clocks));
        tasks.spawn(async move {
            loop {
                let error = anchor_one(&ledger, &anchored, &clocks).await;
                tracing::error!(log = %anchored.log, %error, hint = error.hint(), "not anchored");
                sleep(REST).await;
            }
        });
    }
    match tasks.join_next().await {
        Some(Err(error)) => CliError::new(error.to_string()),
        _ => std::future::pending().await,
    }
}
