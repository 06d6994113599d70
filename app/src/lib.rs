//! Runseal's service: the API that agent runtimes post their runs to, and the explorer page, with a
//! JSON twin beside every page.
//!
//! Whatever a page shows was read from the ledger for that request; whatever the API answers was
//! computed from receipts and events that are stored (docs/service.md).

mod access;
mod error;
mod ids;
mod keys;
mod openapi;
mod otlp;
mod page;
mod routes;
mod runproof;
mod server;
mod service;
mod views;
mod wire;

pub use access::{Access, Grant, GrantError, Scope};
pub use keys::KeyError;
pub use server::Patience;
pub use service::{Service, Settings};

use axum::{Extension, Router, http::header, middleware, response::Response, routing::get};
use runseal_ledger::AnyLedger;
use std::{future::Future, io, net::SocketAddr, sync::Arc};
use tokio::net::TcpListener;

/// What every route can use.
struct Shared {
    ledger: Arc<AnyLedger>,
    /// Where the ledger is, in words.
    ledger_name: String,
}

/// A service that listens and does not answer yet.
pub struct Application {
    listener: TcpListener,
    router: Router,
    address: SocketAddr,
    patience: Patience,
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
        let router = router(Arc::new(Shared { ledger: ledger.into(), ledger_name }));
        Ok(Self { listener, router, address, patience: Patience::default() })
    }

    /// Answers the API too, for those who have access.
    #[must_use]
    pub fn with_api(mut self, access: Access) -> Self {
        self.router = self.router.merge(routes::api(Arc::new(access)));
        self
    }

    /// Waits so long for callers, and no longer.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
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
        let router = self.router.layer(Extension(self.patience));
        server::serve(self.listener, router, self.patience, stop).await;
        Ok(())
    }
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(routes::overview::page))
        .route("/index.json", get(routes::overview::json))
        .route("/agents/{name}", get(routes::agent::page_or_json))
        .route("/assets/{version}/app.css", get(routes::assets::style))
        .fallback(routes::not_found)
        .layer(middleware::map_response(with_security_headers))
        .with_state(shared)
}

/// The pages need a style sheet and nothing else, so nothing else is allowed.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

async fn with_security_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    response
}
