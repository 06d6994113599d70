use crate::{context::Options, error::CliError, output};
use clap::Args;
use runseal_app::{Application, Service, Settings};
use std::{net::SocketAddr, sync::Arc};

/// Serve the API that agent runtimes post their runs to, and the explorer page
///
/// Agents sign with the keys in HOME/keys, one file an agent (docs/service.md).
#[derive(Args)]
pub(crate) struct Serve {
    /// Where to listen; callers are not asked who they are, so it must be this machine alone
    #[arg(long, default_value = "127.0.0.1:8097", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// Make a key for every agent that has none
    #[arg(long)]
    create_keys: bool,
    /// The agent whose run it is that an event begins and that names no agent
    #[arg(long, value_name = "AGENT_ID")]
    default_agent: Option<String>,
}

impl Serve {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        let listen = self.listen;
        if !listen.ip().is_loopback() {
            return Err(CliError::usage(format!("{listen} can be reached by others"))
                .with_hint("listen on 127.0.0.1, behind a proxy that asks callers who they are"));
        }
        let (ledger, ledger_name) = (options.ledger()?, options.ledger_name()?);
        let service = self.service(options)?;
        let application =
            Application::bind(listen, ledger, ledger_name).await.map_err(|error| {
                CliError::new(format!("cannot listen on {listen}: {error}"))
                    .with_hint("choose another port with --listen 127.0.0.1:PORT")
            })?;
        let application = application.with_service(service);
        output::note(&format!("Listening on http://{} until Ctrl-C", application.address()));
        let stopped =
            application.run_until(async { tokio::signal::ctrl_c().await.unwrap_or(()) }).await;
        stopped.map_err(|error| CliError::new(format!("the server stopped: {error}")))
    }

    fn service(self, options: &Options) -> Result<Service, CliError> {
        let settings = Settings {
            create_keys: self.create_keys,
            default_agent: self.default_agent,
            engine: "sqlite".to_owned(),
        };
        let store = Arc::new(options.store()?);
        Service::new(store, &options.home()?, settings)
            .map_err(|error| CliError::new(error.to_string()))
    }
}
