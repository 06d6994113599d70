mod logs;
mod stamping;
mod taking;

use crate::{
    clocks::ClockWatch,
    context::Options,
    error::CliError,
    files,
    logs::LogOptions,
    output,
    signals::Signals,
    stores::{AnyStore, Place},
};
use clap::Args;
use logs::{Anchored, TenantLog};
use runseal_app::{
    Access, Application, Grant, Promising, Service, Settings, SignerCommand, read_key,
};
use runseal_ledger::AnyLedger;
use solana_address::Address;
use solana_keypair::Keypair;
use stamping::Stamping;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    future::pending,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use taking::Taking;
use tokio::{sync::Notify, time::sleep};

/// Serve the API that agent runtimes post their runs to, and the explorer page
///
/// Agents sign with the keys in HOME/keys, one file an agent (docs/service.md).
#[derive(Args)]
pub(crate) struct Serve {
    /// Where to listen; without tokens it must be this machine alone
    #[arg(long, default_value = "127.0.0.1:8097", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// File with the tokens of those who may call, each for a tenant with a store of its own
    #[arg(long, value_name = "FILE")]
    tokens: Option<PathBuf>,
    /// Make a key for every agent that has none
    #[arg(long)]
    create_keys: bool,
    /// Program that has the agents' keys and signs with them, with its arguments; no shell reads it
    #[arg(long, value_name = "COMMAND", conflicts_with = "create_keys")]
    signer: Option<String>,
    /// The agent whose run it is that an event begins and that names no agent
    #[arg(long, value_name = "AGENT_ID")]
    default_agent: Option<String>,
    /// Seal and anchor this log's periods meanwhile, with -k, which is its anchoring key
    #[arg(long, value_name = "ADDRESS", conflicts_with = "tokens")]
    anchor_log: Option<Address>,
    #[command(flatten)]
    stamping: Stamping,
    #[command(flatten)]
    taking: Taking,
    #[command(flatten)]
    log: LogOptions,
    /// Promise receipts at intake: file with the log's promise key, which only its owner may read. Of
    /// tenants' logs, the file with the tokens names each
    #[arg(long, value_name = "FILE", requires = "anchor_log")]
    promise_key: Option<PathBuf>,
}

/// Where each tenant's data are, in the folder of its name.
const TENANTS: &str = "tenants";

impl Serve {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        self.log.begin()?;
        let listen = self.listen;
        if self.tokens.is_none() && !listen.ip().is_loopback() {
            return Err(CliError::usage(format!("{listen} can be reached by others"))
                .with_hint("say who may call with --tokens FILE, or listen on 127.0.0.1"));
        }
        let (ledger, ledger_name) = (Arc::new(options.ledger_or_new()?), options.ledger_name()?);
        let (access, logs) = self.access(options, &ledger).await?;
        let application =
            Application::bind(listen, Arc::clone(&ledger), ledger_name).await.map_err(|error| {
                CliError::new(format!("cannot listen on {listen}: {error}"))
                    .with_hint("choose another port with --listen 127.0.0.1:PORT")
            })?;
        let limits = self.taking.limits();
        let access = match limits.rate {
            Some(rate) => access.with_rate(rate),
            None => access,
        };
        let application =
            application.with_limits(limits).with_drain(self.taking.drain()).with_api(access);
        let signals = Signals::watch()?;
        output::note(&format!("Listening on http://{} until Ctrl-C", application.address()));
        let anchoring = async {
            match (logs.as_slice(), &self.tokens) {
                ([], _) => pending().await,
                ([own], None) => logs::anchor_one(&ledger, own, &ClockWatch::default()).await,
                _ => logs::anchor_all(&ledger, logs).await,
            }
        };
        serve(application, anchoring, signals, self.taking.patience()).await
    }

    /// Who may call; and the logs that are anchored meanwhile.
    async fn access(
        &self,
        options: &Options,
        ledger: &Arc<AnyLedger>,
    ) -> Result<(Access, Vec<Anchored>), CliError> {
        let Some(file) = &self.tokens else {
            let key = self.anchor_log.map(|_| options.keypair()).transpose()?;
            let store = Arc::new(options.store()?);
            let service = self.service(Arc::clone(&store), &options.home()?, None)?;
            let service = match (&self.promise_key, self.anchor_log) {
                (Some(file), Some(log)) => {
                    let key = read_key(file).map_err(|error| CliError::new(error.to_string()))?;
                    service.with_promises(promising(&store, ledger, log, key).await?)
                }
                _ => service,
            };
            let log = self.anchor_log.zip(key).map(|(log, key)| Anchored { store, log, key });
            return Ok((Access::open(service), log.into_iter().collect()));
        };
        let refused = |reason: String| {
            CliError::new(format!("{}: {reason}", file.display()))
                .with_hint("docs/service.md says what such a file has")
        };
        let text = files::read(file)?;
        let grants = Grant::parse_all(&text);
        let grants = grants.map_err(|error| refused(format!("it has no tokens: {error}")))?;
        if grants.is_empty() {
            return Err(refused("there is no token in it, so nobody could call".to_owned()));
        }
        let mut logs = logs::read(&text, file).map_err(refused)?;
        let mut anchored = Vec::new();
        let (home, place) = (options.home()?.join(TENANTS), options.store_place()?);
        let tenants: BTreeSet<&str> = grants.iter().map(|grant| grant.tenant.as_str()).collect();
        if let Some(tenant) = logs.keys().find(|tenant| !tenants.contains(tenant.as_str())) {
            return Err(refused(format!("there is a log of {tenant}, and no token")));
        }
        let mut services = BTreeMap::new();
        for tenant in tenants {
            let (mut service, store) = self.tenant(&home, &place, tenant)?;
            if let Some(TenantLog { log, key, promise_key }) = logs.remove(tenant) {
                if let Some(promise_key) = promise_key {
                    let promising = promising(&store, ledger, log, promise_key).await;
                    let place = format!("{}: the log of {tenant}", file.display());
                    service = service.with_promises(promising.map_err(|it| it.within(&place))?);
                }
                anchored.push(Anchored { store, log, key });
            }
            services.insert(tenant.to_owned(), service);
        }
        let access = Access::by_tokens(grants, services);
        Ok((access.map_err(|error| refused(error.to_string()))?, anchored))
    }

    fn tenant(
        &self,
        home: &Path,
        place: &Place,
        tenant: &str,
    ) -> Result<(Service, Arc<AnyStore>), CliError> {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
        if !tenant.chars().all(plain) {
            let why = format!("{tenant:?} is no name of a tenant: letters, digits, - and _ are");
            return Err(CliError::new(why));
        }
        let home = home.join(tenant);
        let failed =
            |error: &dyn std::fmt::Display| CliError::new(format!("{}: {error}", home.display()));
        fs::create_dir_all(&home).map_err(|error| failed(&error))?;
        let store = place.of_tenant(tenant, &home).and_then(|place| place.open());
        let store = store.map_err(|error| error.within(&home.display().to_string()))?;
        let store = Arc::new(store);
        Ok((self.service(Arc::clone(&store), &home, Some(tenant))?, store))
    }

    fn service(
        &self,
        store: Arc<AnyStore>,
        home: &Path,
        tenant: Option<&str>,
    ) -> Result<Service, CliError> {
        let settings = Settings {
            create_keys: self.create_keys,
            default_agent: self.default_agent.clone(),
            engine: store.engine().to_owned(),
            tenant: tenant.map(str::to_owned),
            limits: self.taking.limits(),
            signer: self.signer(tenant)?,
            authority: self.stamping.authority()?,
        };
        Service::new(store, home, settings).map_err(|error| CliError::new(error.to_string()))
    }

    /// Each tenant has a process of its own.
    fn signer(&self, tenant: Option<&str>) -> Result<Option<Arc<SignerCommand>>, CliError> {
        let Some(command) = &self.signer else { return Ok(None) };
        let signer = SignerCommand::new(command, tenant, SIGNER_PATIENCE);
        signer.map(Arc::new).map(Some).ok_or_else(|| CliError::usage("--signer names no program"))
    }
}

/// How long a signer has for an answer.
const SIGNER_PATIENCE: Duration = Duration::from_secs(5);

/// Serves until it is told to end, or until anchoring ends for a reason that does not go away. Either
/// way, what was begun is finished, if that does not take too long: it was, or will be, acknowledged.
async fn serve(
    application: Application,
    anchoring: impl Future<Output = CliError>,
    mut signals: Signals,
    patience: Duration,
) -> Result<(), CliError> {
    let stop = Arc::new(Notify::new());
    let stopped = Arc::clone(&stop);
    // Apart, so that sealing a large period keeps nobody waiting at the door.
    let serving = tokio::spawn(application.run_until(async move { stopped.notified().await }));
    let outcome = tokio::select! {
        error = anchoring => Err(error),
        () = signals.next() => Ok(()),
    };
    output::note("Ending: what was begun is finished; a second Ctrl-C ends it at once");
    stop.notify_one();
    let ended = tokio::select! {
        ended = serving => ended.map_err(|error| CliError::new(error.to_string()))?,
        () = sleep(patience) => {
            let seconds = patience.as_secs();
            return Err(CliError::new(format!("some calls did not end within {seconds} s"))
                .with_hint("they got no answer, so whoever made them makes them again"));
        }
        () = signals.next() => return Err(CliError::new("ended before every call was answered")),
    };
    ended.map_err(|error| CliError::new(format!("the server stopped: {error}")))?;
    outcome
}

/// Makes what receipts of a log are promised with.
async fn promising(
    store: &Arc<AnyStore>,
    ledger: &Arc<AnyLedger>,
    log: Address,
    key: Keypair,
) -> Result<Promising, CliError> {
    Ok(Promising::begin(&**store, Arc::clone(ledger), log, key).await?)
}
