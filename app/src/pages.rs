//! The pages: one file a noun. Each says the same as JSON and as markup, and of which chain.

pub(crate) mod act;
pub(crate) mod agent;
pub(crate) mod auditor;
mod calendar;
pub(crate) mod certifier;
mod cluster;
mod drawing;
mod endpoints;
pub(crate) mod graph;
pub(crate) mod log;
pub(crate) mod overview;
pub(crate) mod period;
pub(crate) mod receipt;
pub(crate) mod run;
pub(crate) mod search;
mod showing;
pub(crate) mod states;
pub(crate) mod vendor;
pub(crate) mod verify_here;

pub(crate) use cluster::{Cluster, with_cluster};

use crate::{Shared, live::Subject, routes::Failure};
use axum::{
    Router,
    http::StatusCode,
    middleware::from_fn_with_state,
    routing::{MethodRouter, get},
};
use maud::Markup;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use showing::show;
use solana_address::Address;
use std::{future::Future, sync::Arc};

/// Every page that is about a chain.
pub(crate) fn pages(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let router = Router::new()
        .route("/agents/{name}", get(show::<agent::AgentPage>))
        .route("/logs/{name}", get(show::<log::LogPage>))
        .route("/logs/{log}/periods/{name}", get(show::<period::PeriodPage>))
        .route("/certifiers/{name}", get(show::<certifier::CertifierPage>))
        .route("/auditors/{name}", get(show::<auditor::AuditorPage>))
        .route("/receipts/{name}", get(show::<receipt::ReceiptPage>))
        .route("/vendors/{name}", get(show::<vendor::VendorPage>));
    let lone: [(&str, &str, MethodRouter<Arc<Shared>>); 5] = [
        ("/", "/index.json", get(show::<overview::Overview>)),
        ("/run", "/run.json", get(show::<run::RunPage>)),
        ("/graph", "/graph.json", get(show::<graph::GraphPage>)),
        ("/states", "/states.json", get(show::<states::StatesPage>)),
        ("/search", "/search.json", get(show::<search::SearchPage>)),
    ];
    let with = |router: Router<Arc<Shared>>, (path, twin, page): (_, _, MethodRouter<_>)| {
        router.route(path, page.clone()).route(twin, page)
    };
    lone.into_iter().fold(router, with).layer(from_fn_with_state(Arc::clone(shared), with_cluster))
}

/// A page: where it is, how it is read, what it says.
pub(crate) trait Page: Serialize + Sized + Send {
    /// What stands in its path.
    type Name: Named;
    /// What may stand behind its path.
    type Asked: DeserializeOwned + Send;

    /// What it shows that may change while somebody looks at it; it is brought up to date then.
    fn about(_name: &Self::Name, _asked: &Self::Asked) -> Vec<Subject> {
        Vec::new()
    }

    /// Reads what it says, for this request.
    fn read(
        shared: &Arc<Shared>,
        name: Self::Name,
        asked: Self::Asked,
    ) -> impl Future<Output = Result<Self, Failure>> + Send;

    fn title(&self) -> String;

    /// Where it is, and where its twin is.
    fn paths(&self) -> (String, String);

    fn content(&self) -> Markup;

    /// Where a visitor is led who asked for a page and means another one. The twin says both.
    fn elsewhere(&self) -> Option<&str> {
        None
    }
}

/// What stands in the path of a page; of its twin too, whose path has an ending more.
pub(crate) trait Named: DeserializeOwned + Send {
    fn without_ending(self) -> Self {
        self
    }
}

impl Named for () {}

impl Named for String {
    fn without_ending(self) -> Self {
        self.strip_suffix(TWIN).map(str::to_owned).unwrap_or(self)
    }
}

impl Named for (String, String) {
    fn without_ending(self) -> Self {
        (self.0, self.1.without_ending())
    }
}

/// How the path of a twin ends.
pub(crate) const TWIN: &str = ".json";

/// Of a page of which nothing can be asked.
#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// Of a page about a run.
#[derive(Deserialize)]
pub(crate) struct OfRun {
    id: String,
}

/// Where a page of this name is, and its twin.
pub(crate) fn paths(folder: &str, name: &str) -> (String, String) {
    (format!("{folder}/{name}"), format!("{folder}/{name}.json"))
}

/// Reads an address that stands in a path.
pub(crate) fn address(text: &str) -> Result<Address, Failure> {
    text.parse().map_err(|_| Failure {
        status: StatusCode::BAD_REQUEST,
        code: "not_an_address",
        message: format!("\"{text}\" is not an address"),
    })
}

/// Says that there is no such thing on this ledger.
pub(crate) fn missing(code: &'static str, message: String) -> Failure {
    Failure { status: StatusCode::NOT_FOUND, code, message }
}

/// How many there are, as pages count.
pub(crate) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
