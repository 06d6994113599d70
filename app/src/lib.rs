//! Runseal's service: the API that agent runtimes post their runs to, and the explorer page, with a
//! JSON twin beside every page.
//!
//! Whatever a page shows was read from the ledger for that request; whatever the API answers was
//! computed from receipts and events that are stored (docs/service.md).

/// What a page's browser may do: everything is forbidden but what every page needs, and what is named here:
/// scripts, and whom they may ask.
macro_rules! policy {
    ($scripts:literal, $requests:literal) => {
        concat!(
            "default-src 'none'; ",
            $scripts,
            "style-src 'self'; img-src 'self'; ",
            $requests,
            "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )
    };
}

mod access;
mod error;
mod exposition;
mod ids;
mod keys;
mod limiter;
mod limits;
mod live;
mod meters;
mod observing;
mod openapi;
mod otlp;
mod page;
mod pages;
mod readiness;
mod routes;
mod runproof;
mod service;
mod serving;
mod stamping;
mod views;
mod wire;

pub use access::{Access, Grant, GrantError, Scope};
pub use keys::{KeyError, SignerCommand, SignerFault, read_key};
pub use limits::{Limits, Rate};
pub use service::{Promising, Service, Settings};
pub use stamping::TimestampAuthority;

use axum::{
    Extension, Router,
    http::header,
    middleware,
    response::Response,
    routing::{get, post},
};
use live::Live;
use meters::Meters;
use observing::{Observer, observe};
use readiness::Readiness;
use runseal_ledger::AnyLedger;
use std::{
    future::Future,
    io,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{net::TcpListener, sync::Semaphore};

/// What every page can use.
struct Shared {
    ledger: Arc<AnyLedger>,
    /// Where the ledger is, in words.
    ledger_name: String,
    /// The service whose receipts everybody may see, if there is one.
    open: OnceLock<Arc<Service>>,
    /// Who is told that a page is not so any more.
    live: Live,
    /// Seats for those who have transactions made.
    drafting: Semaphore,
}

/// A service that listens and does not answer yet.
pub struct Application {
    listener: TcpListener,
    router: Router,
    shared: Arc<Shared>,
    address: SocketAddr,
    services: Vec<Arc<Service>>,
    readiness: Arc<Readiness>,
    limits: Limits,
    drain: Duration,
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
        let drafting = Semaphore::new(routes::transactions::MOST_AT_A_TIME);
        let shared = Shared {
            ledger: ledger.into(),
            ledger_name,
            open: OnceLock::new(),
            live: Live::default(),
            drafting,
        };
        let shared = Arc::new(shared);
        let readiness = Arc::new(Readiness::new(Arc::clone(&shared.ledger)));
        let (router, limits) = (router(Arc::clone(&shared)), Limits::default());
        let (services, drain) = (Vec::new(), Duration::ZERO);
        routes::metrics::begin();
        Ok(Self { listener, router, address, shared, services, readiness, limits, drain })
    }

    /// Takes on no more than this.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Says for so long that it is about to end, and answers, before it lets nobody in any more.
    #[must_use]
    pub fn with_drain(mut self, drain: Duration) -> Self {
        self.drain = drain;
        self
    }

    /// Answers the API too, for those who have access. Where everybody has, the pages show receipts.
    #[must_use]
    pub fn with_api(mut self, access: Access) -> Self {
        if let Some(open) = access.open_service() {
            self.shared.open.get_or_init(|| open);
        }
        self.services = access.services().to_vec();
        let api = routes::api(Arc::new(access))
            .layer(Extension(Arc::clone(&self.readiness)))
            .layer(Extension(Arc::clone(&self.shared.ledger)))
            .layer(Extension(Arc::clone(&self.shared)));
        self.router = self.router.merge(api);
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
        let Self { listener, router, shared, limits, readiness, drain, services, .. } = self;
        let observer = Arc::new(Observer { limits, meters: Meters::default() });
        let router = router.layer(middleware::from_fn_with_state(observer, observe));
        let ended = async move {
            stop.await;
            readiness.end();
            tokio::time::sleep(drain).await;
            // Who listens to what happens would wait for ever.
            services.iter().for_each(|service| service.news.end());
            shared.live.end();
        };
        serving::serve(listener, router, limits, ended).await;
        Ok(())
    }
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .merge(pages::pages(&shared))
        .route("/verify-here", get(pages::verify_here::page))
        .merge(pages::act::routes())
        .route("/receipts/{digest}/bundle.json", get(pages::receipt::bundle))
        .route("/live", get(routes::live::listen))
        .route("/rpc", post(routes::rpc::call))
        .merge(routes::transactions::routes())
        .route("/assets/{edition}/{*name}", get(routes::assets::asset))
        .fallback(routes::not_found)
        .layer(middleware::map_response(with_security_headers))
        .with_state(shared)
}

/// Pages need a style sheet and an icon and nothing else, so nothing else is allowed. Those that have
/// a script say themselves what they need.
const CONTENT_SECURITY_POLICY: &str = policy!("", "");

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
