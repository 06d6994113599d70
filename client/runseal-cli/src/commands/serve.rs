use crate::{context::Options, error::CliError, output};
use clap::Args;
use std::net::SocketAddr;

/// Serve the explorer page
#[derive(Args)]
pub(crate) struct Serve {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8097", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
}

impl Serve {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        let application =
            runseal_app::Application::bind(self.listen, options.ledger()?, options.ledger_name()?)
                .await
                .map_err(|error| {
                    CliError::new(format!("cannot listen on {}: {error}", self.listen))
                        .with_hint("choose another port with --listen 127.0.0.1:PORT")
                })?;
        output::note(&format!("Listening on http://{} until Ctrl-C", application.address()));
        let stopped =
            application.run_until(async { tokio::signal::ctrl_c().await.unwrap_or(()) }).await;
        stopped.map_err(|error| CliError::new(format!("the server stopped: {error}")))
    }
}
