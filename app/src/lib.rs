//! Runseal's service: the API that agent runtimes post their runs to, and the explorer page, with a
//! JSON twin beside every page.
//!
//! Whatever a page shows was read from the ledger for that request; whatever the API answers was
//! computed from receipts and events that are stored (docs/service.md).

mod access;
mod error;
mod ids;
mod keys;
mod otlp;
mod page;
mod pages;
mod routes;
mod runproof;
mod service;
mod views;
mod wire;

pub use access::{Access, Grant, GrantError, Scope};
pub use keys::KeyError;
pub use service::{Service, Settings};

use axum::{
    Router,
    http::header,
    middleware,
    response::Response,
    routing::{get, post},
};
use runseal_ledger::AnyLedger;
use std::{
    future::Future,
    io,
    net::SocketAddr,
    sync::{Arc, OnceLock},
};
use tokio::net::TcpListener;

/// What every page can use.
struct Shared {
    ledger: Arc<AnyLedger>,
    /// Where the ledger is, in words.
    ledger_name: String,
    /// The service whose receipts everybody may see, if there is one.
    open: OnceLock<Arc<Service>>,
}

/// A service that listens and does not answer yet.
pub struct Application {
    listener: TcpListener,
    router: Router,
    shared: Arc<Shared>,
    address: SocketAddr,
}

impl Application {
    /// Takes the address, so that a port in use is found out before anything else happens.
    pub async fn bind(
        listen: SocketAddr,
        ledger: impl Into<Arc<AnyLedger>>,
        ledger_name: String,
    ) -> Result<Self, io::Error> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let shared = Shared { ledger: ledger.into(), ledger_name, open: OnceLock::new() };
        let shared = Arc::new(shared);
        Ok(Self { listener, router: router(Arc::clone(&shared)), shared, address })
    }

    /// Answers the API too, for those who have access. Where everybody has, the pages show receipts.
    #[must_use]
    pub fn with_api(mut self, access: Access) -> Self {
        if let Some(open) = access.open_service() {
            self.shared.open.get_or_init(|| open);
        }
        self.router = self.router.merge(routes::api(Arc::new(access)));
        self
    }

    /// Returns the address it listens on, with the port that was found if 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is over, then finishes what it has begun.
    pub async fn run_until(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), io::Error> {
        axum::serve(self.listener, self.router).with_graceful_shutdown(stop).await
    }
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .merge(pages::pages(&shared))
        .route("/verify-here", get(pages::verify_here::page))
        .route("/receipts/{digest}/bundle.json", get(pages::receipt::bundle))
        .route("/rpc", post(routes::rpc::call))
        .route("/assets/{edition}/{*name}", get(routes::assets::asset))
        .fallback(routes::not_found)
        .layer(middleware::map_response(with_security_headers))
        .with_state(shared)
}

/// Pages need a style sheet and an icon and nothing else, so nothing else is allowed. The page that
/// verifies says itself what it needs.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

async fn with_security_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.entry(name).or_insert(header::HeaderValue::from_static(value));
    }
    response
}
