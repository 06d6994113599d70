use super::anchor::anchor_on;
use crate::{
    context::Options,
    error::CliError,
    output,
    stores::{AnyStore, Place},
};
use clap::Args;
use runseal_app::{Access, Application, Grant, GrantError, Service, Settings};
use solana_address::Address;
use std::{
    fs,
    future::pending,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::Notify;

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
    /// The agent whose run it is that an event begins and that names no agent
    #[arg(long, value_name = "AGENT_ID")]
    default_agent: Option<String>,
    /// Seal and anchor this log's periods meanwhile, with -k, which is its anchoring key
    #[arg(long, value_name = "ADDRESS", conflicts_with = "tokens")]
    anchor_log: Option<Address>,
}

/// Where each tenant's data are, in the folder of its name.
const TENANTS: &str = "tenants";

impl Serve {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        let listen = self.listen;
        if self.tokens.is_none() && !listen.ip().is_loopback() {
            return Err(CliError::usage(format!("{listen} can be reached by others"))
                .with_hint("say who may call with --tokens FILE, or listen on 127.0.0.1"));
        }
        let (ledger, ledger_name) = (Arc::new(options.ledger()?), options.ledger_name()?);
        let key = self.anchor_log.map(|_| options.keypair()).transpose()?;
        let (access, store) = self.access(options)?;
        let application =
            Application::bind(listen, Arc::clone(&ledger), ledger_name).await.map_err(|error| {
                CliError::new(format!("cannot listen on {listen}: {error}"))
                    .with_hint("choose another port with --listen 127.0.0.1:PORT")
            })?;
        let application = application.with_api(access);
        output::note(&format!("Listening on http://{} until Ctrl-C", application.address()));
        let anchoring = async {
            match (self.anchor_log, &key, &store) {
                (Some(log), Some(key), Some(store)) => anchor_on(store, &ledger, log, key).await,
                _ => pending().await,
            }
        };
        serve(application, anchoring).await
    }

    /// Who may call; and the store, if there is one for all.
    fn access(&self, options: &Options) -> Result<(Access, Option<Arc<AnyStore>>), CliError> {
        let Some(file) = &self.tokens else {
            let store = Arc::new(options.store()?);
            let service = self.service(Arc::clone(&store), &options.home()?)?;
            return Ok((Access::open(service), Some(store)));
        };
        let refused = |reason: String| CliError::new(format!("{}: {reason}", file.display()));
        let text = fs::read(file).map_err(|error| refused(error.to_string()))?;
        let grants = Grant::parse_all(&text).map_err(|error| refused(error.to_string()))?;
        let (home, place) = (options.home()?.join(TENANTS), options.store_place()?);
        let made = Access::by_tokens(grants, |tenant| self.tenant(&home, &place, tenant));
        let access = made.map_err(|error| match error {
            NoAccess::Cli(error) => error,
            NoAccess::Grant(error) => refused(error.to_string()),
        })?;
        Ok((access, None))
    }

    fn tenant(&self, home: &Path, place: &Place, tenant: &str) -> Result<Service, NoAccess> {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
        if !tenant.chars().all(plain) {
            let why = format!("{tenant:?} is no name of a tenant: letters, digits, - and _ are");
            return Err(NoAccess::Cli(CliError::new(why)));
        }
        let home = home.join(tenant);
        let failed = |error: &dyn std::fmt::Display| {
            NoAccess::Cli(CliError::new(format!("{}: {error}", home.display())))
        };
        fs::create_dir_all(&home).map_err(|error| failed(&error))?;
        let store = place.of_tenant(tenant, &home).and_then(|place| place.open());
        let store = store.map_err(|error| failed(&error))?;
        self.service(Arc::new(store), &home).map_err(NoAccess::Cli)
    }

    fn service(&self, store: Arc<AnyStore>, home: &Path) -> Result<Service, CliError> {
        let settings = Settings {
            create_keys: self.create_keys,
            default_agent: self.default_agent.clone(),
            engine: store.engine().to_owned(),
        };
        Service::new(store, home, settings).map_err(|error| CliError::new(error.to_string()))
    }
}

/// Serves until Ctrl-C, or until anchoring ends for a reason that does not go away. Either way, what
/// was begun is finished: it was, or will be, acknowledged.
async fn serve(
    application: Application,
    anchoring: impl Future<Output = CliError>,
) -> Result<(), CliError> {
    let stop = Arc::new(Notify::new());
    let stopped = Arc::clone(&stop);
    // Apart, so that sealing a large period keeps nobody waiting at the door.
    let serving = tokio::spawn(application.run_until(async move { stopped.notified().await }));
    let outcome = tokio::select! {
        error = anchoring => Err(error),
        _ = tokio::signal::ctrl_c() => Ok(()),
    };
    stop.notify_one();
    let ended = serving.await.map_err(|error| CliError::new(error.to_string()))?;
    ended.map_err(|error| CliError::new(format!("the server stopped: {error}")))?;
    outcome
}

/// Why nobody has access.
enum NoAccess {
    Cli(CliError),
    Grant(GrantError),
}

impl From<GrantError> for NoAccess {
    fn from(error: GrantError) -> Self {
        Self::Grant(error)
    }
}
