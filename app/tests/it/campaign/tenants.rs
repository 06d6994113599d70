//! A service for two tenants, and tokens that are good for less than all.

use crate::service::settings;
use runseal_app::{Access, Application, Grant, Limits, Scope, Service};
use runseal_ledger::{AnyLedger, Embedded};
use runseal_store::{Options, SqliteStore};
use runseal_types::Digest;
use solana_address::Address;
use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};
use tokio::{sync::oneshot, task::JoinHandle};

pub(super) struct Tenants {
    pub(super) address: SocketAddr,
    stores: Vec<Arc<SqliteStore>>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), std::io::Error>>,
}

impl Tenants {
    pub(super) async fn start(home: &Path) -> Self {
        use Scope::{Ingest, Operate, Read};
        let all = vec![Ingest, Operate, Read];
        let grants = [
            ("token-of-a", "a", all.clone()),
            ("token-of-b", "b", all),
            ("reader-of-b", "b", vec![Read]),
            ("nothing-of-b", "b", vec![]),
        ];
        let grants = grants.map(|(token, tenant, scopes)| Grant {
            token_sha256: Digest::of(&[token.as_bytes()]),
            tenant: tenant.to_owned(),
            scopes,
        });
        let mut stores = Vec::new();
        let services = ["a", "b"].map(|tenant| {
            let home = home.join(tenant);
            std::fs::create_dir_all(&home).unwrap();
            let store = SqliteStore::open(&home.join("store.db"), Options::default()).unwrap();
            let store = Arc::new(store);
            stores.push(Arc::clone(&store));
            (tenant.to_owned(), Service::new(store as _, &home, settings()).unwrap())
        });
        let access = Access::by_tokens(grants.to_vec(), services.into());
        let nobody = Address::default();
        let ledger = Embedded::open_or_create(&home.join("ledger"), nobody).unwrap();
        let ledger = AnyLedger::Embedded(Box::new(ledger));
        let anywhere = "127.0.0.1:0".parse().unwrap();
        let application = Application::bind(anywhere, ledger, "a ledger".into());
        // Slow callers are sent away sooner than elsewhere, so that the campaign ends.
        let patience = Duration::from_secs(3);
        let application = application.await.unwrap().with_api(access.unwrap());
        let application =
            application.with_limits(Limits { head: patience, body: patience, ..Limits::default() });
        let (address, (stop, stopped)) = (application.address(), oneshot::channel());
        let task = tokio::spawn(application.run_until(async { stopped.await.unwrap_or(()) }));
        Self { address, stores, stop, task }
    }

    /// Ends the service and looks whether its stores are sound.
    pub(super) async fn stop(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap();
        for store in self.stores {
            store.fsck(&mut |finding| panic!("{finding}")).unwrap();
        }
    }
}
