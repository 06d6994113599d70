//! Who may do what: tokens, their scopes, and the tenant that each belongs to.
//!
//! Every tenant is a service of its own, with its own store and keys. A call reaches the service of
//! its token and no other, so that there is nothing that one tenant could see of another.

use crate::{
    error::ApiError, limiter::Limiter, limits::Rate, observing::Reached, service::Service,
    serving::Peer,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use runseal_receipt::{
    MemberError,
    json::{JsonError, Object, Value, parse},
    member::Members,
};
use runseal_types::Digest;
use std::{
    collections::{BTreeMap, HashMap},
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
    time::Instant,
};

/// What somebody may do with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Tell what runs do.
    Ingest,
    /// Change agents, identities, checkpoints and anchors.
    Operate,
    /// Look at everything.
    Read,
}

impl Scope {
    fn find(word: &str) -> Option<Self> {
        match word {
            "ingest" => Some(Self::Ingest),
            "operate" => Some(Self::Operate),
            "read" => Some(Self::Read),
            _ => None,
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Operate => "operate",
            Self::Read => "read",
        }
    }

    /// Returns what a call needs.
    pub(crate) fn of(method: &Method, path: &str) -> Self {
        const OF_RUNS: [&str; 7] = [
            "/v2/receipts",
            "/v1/run/",
            "/v1/traces",
            "/v1/state-proof",
            "/v1/policy-binding",
            "/v1/proof-graph/",
            "/v1/branch/",
        ];
        let is_heartbeat = path.starts_with("/v1/agent/") && path.ends_with("/heartbeat");
        let is_verdict = path == "/verify" || path == "/v2/verify";
        if method == Method::GET || method == Method::HEAD || is_verdict {
            Self::Read
        } else if is_heartbeat || OF_RUNS.iter().any(|prefix| path.starts_with(prefix)) {
            Self::Ingest
        } else {
            Self::Operate
        }
    }
}

/// A token, known by its hash, and what it is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The SHA-256 of the token.
    pub token_sha256: Digest,
    /// Whose it is.
    pub tenant: String,
    /// What may be done with it.
    pub scopes: Vec<Scope>,
}

/// Why a list of tokens cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// It is not JSON that has one meaning.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// It is a JSON value, but not an object.
    #[error("not an object")]
    NotAnObject,
    /// A member is not what belongs there.
    #[error("token {index}: {reason}")]
    Token {
        /// Which token, from 0.
        index: usize,
        /// What is wrong with it.
        reason: MemberError,
    },
    /// The list of tokens is none.
    #[error(transparent)]
    List(MemberError),
    /// A token stands there twice.
    #[error("token {token_sha256} stands there twice")]
    Twice {
        /// Its hash.
        token_sha256: Digest,
    },
    /// A token is for a tenant of whom there is no service.
    #[error("tenant {tenant} has no service")]
    NoService {
        /// The tenant.
        tenant: String,
    },
}

const MOST_TOKENS: usize = 10_000;

impl Grant {
    /// Reads a list: `{"tokens":[{"token_sha256":…,"tenant":…,"scopes":["ingest","operate","read"]}]}`.
    pub fn parse_all(text: &[u8]) -> Result<Vec<Self>, GrantError> {
        let Value::Object(object) = parse(text)? else { return Err(GrantError::NotAnObject) };
        let tokens = Members(&object).objects("tokens", MOST_TOKENS).map_err(GrantError::List)?;
        let grant = |(index, token): (usize, &Object)| {
            Self::read(token).map_err(|reason| GrantError::Token { index, reason })
        };
        tokens.into_iter().enumerate().map(grant).collect()
    }

    fn read(token: &Object) -> Result<Self, MemberError> {
        let members = Members(token);
        let scopes = members.list("scopes", 3)?.iter().map(|scope| {
            let word = runseal_receipt::member::any_text("scopes", scope)?;
            let unknown = || MemberError::UnknownWord { member: "scopes", found: word.to_owned() };
            Scope::find(word).ok_or_else(unknown)
        });
        Ok(Self {
            token_sha256: members.digest("token_sha256")?,
            tenant: members.text("tenant")?.to_owned(),
            scopes: scopes.collect::<Result<_, _>>()?,
        })
    }
}

/// Which service answers whom.
pub struct Access {
    /// Who needs no token.
    open: Option<Arc<Service>>,
    granted: HashMap<Digest, (Vec<Scope>, Arc<Service>)>,
    services: Vec<Arc<Service>>,
    limiters: Option<(Limiter<Digest>, Limiter<IpAddr>)>,
}

impl Access {
    /// Everybody who can reach the service may do everything.
    pub fn open(service: Service) -> Self {
        let service = Arc::new(service);
        let (granted, services) = (HashMap::new(), vec![Arc::clone(&service)]);
        Self { open: Some(service), granted, services, limiters: None }
    }

    /// Only who has a token may do what it is good for, at the service of its tenant.
    pub fn by_tokens(
        grants: Vec<Grant>,
        services: BTreeMap<String, Service>,
    ) -> Result<Self, GrantError> {
        let tenants: BTreeMap<String, Arc<Service>> =
            services.into_iter().map(|(tenant, service)| (tenant, Arc::new(service))).collect();
        let mut granted = HashMap::new();
        for Grant { token_sha256, tenant, scopes } in grants {
            let Some(service) = tenants.get(&tenant) else {
                return Err(GrantError::NoService { tenant });
            };
            if granted.insert(token_sha256, (scopes, Arc::clone(service))).is_some() {
                return Err(GrantError::Twice { token_sha256 });
            }
        }
        let services = tenants.into_values().collect();
        Ok(Self { open: None, granted, services, limiters: None })
    }

    /// Sends away who calls more often than this: with one token, or from one address without one.
    #[must_use]
    pub fn with_rate(mut self, rate: Rate) -> Self {
        self.limiters = Some((Limiter::new(rate), Limiter::new(rate)));
        self
    }

    /// Returns the service that needs no token, if there is one.
    pub(crate) fn open_service(&self) -> Option<Arc<Service>> {
        self.open.clone()
    }

    pub(crate) fn services(&self) -> &[Arc<Service>] {
        &self.services
    }

    /// Finds the service that a call reaches, and says whether it may.
    fn admit(&self, request: &Request) -> (Option<&Arc<Service>>, Result<(), ApiError>) {
        let token = bearer(request.headers()).map(|token| Digest::of(&[token.as_bytes()]));
        let grant = token.and_then(|token| Some((token, self.granted.get(&token)?)));
        let reached = self.open.as_ref().or(grant.map(|(_, (_, service))| service));
        let check = || {
            self.count(grant.map(|(token, _)| token), request)?;
            if self.open.is_some() {
                return Ok(());
            }
            let refused = || ApiError::refused(StatusCode::UNAUTHORIZED, "a token is needed");
            let (_, (scopes, _)) = grant.ok_or_else(refused)?;
            let needed = Scope::of(request.method(), request.uri().path());
            if scopes.contains(&needed) {
                return Ok(());
            }
            let detail = format!("the token is not good for this: {} is needed", needed.as_str());
            Err(ApiError::refused(StatusCode::FORBIDDEN, detail))
        };
        (reached, check())
    }

    /// Counts a call against its token, or else against the address that it comes from.
    fn count(&self, token: Option<Digest>, request: &Request) -> Result<(), ApiError> {
        let Some((tokens, addresses)) = &self.limiters else { return Ok(()) };
        let now = Instant::now();
        let taken = match (token, request.extensions().get::<Peer>()) {
            (Some(token), _) => tokens.take(token, now),
            (None, Some(peer)) => addresses.take(network(peer.0), now),
            (None, None) => Ok(()),
        };
        taken.map_err(|after| ApiError::Busy { detail: "too many calls in a second", after })
    }
}

/// Who has one address of the sixth version has 2^64 of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// What nobody needs a token for: whether the service is well is no secret.
pub(crate) const OPEN: [&str; 2] = ["/health", "/health/ready"];

/// Lets a call through to the service that it may reach.
pub(crate) async fn gate(
    State(access): State<Arc<Access>>,
    mut request: Request,
    next: Next,
) -> Response {
    if OPEN.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let (reached, admitted) = access.admit(&request);
    let reached = reached.map(Arc::clone);
    let mut response = match (admitted, &reached) {
        (Err(error), _) => error.into_response(),
        (Ok(()), Some(service)) => {
            request.extensions_mut().insert(Arc::clone(service));
            next.run(request).await
        }
        (Ok(()), None) => ApiError::not_found("Not Found").into_response(),
    };
    if response.status() == StatusCode::UNAUTHORIZED {
        let bearer = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
    }
    if let Some(service) = reached {
        response.extensions_mut().insert(Reached(service));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_need_the_scope_that_fits_them() {
        for (method, path, scope) in [
            (Method::GET, "/v1/runs", Scope::Read),
            (Method::HEAD, "/v1/runs", Scope::Read),
            (Method::POST, "/verify", Scope::Read),
            (Method::POST, "/v2/verify", Scope::Read),
            (Method::POST, "/v2/receipts", Scope::Ingest),
            (Method::GET, "/v2/events", Scope::Read),
            (Method::POST, "/v1/run/event", Scope::Ingest),
            (Method::POST, "/v1/traces", Scope::Ingest),
            (Method::POST, "/v1/state-proof", Scope::Ingest),
            (Method::POST, "/v1/branch/b/link", Scope::Ingest),
            (Method::POST, "/v1/agent/a/heartbeat", Scope::Ingest),
            (Method::POST, "/v1/agent/a/retire", Scope::Operate),
            (Method::PUT, "/v1/identity/a", Scope::Operate),
            (Method::POST, "/v1/anchor", Scope::Operate),
            (Method::POST, "/v1/ledger/a/checkpoint", Scope::Operate),
            (Method::DELETE, "/anything", Scope::Operate),
        ] {
            assert_eq!(Scope::of(&method, path), scope, "{method} {path}");
        }
    }

    #[test]
    fn a_list_of_tokens_is_read_whole_or_not() {
        let hash = "0".repeat(64);
        let good = format!(
            r#"{{"tokens":[{{"token_sha256":"{hash}","tenant":"t","scopes":["read","ingest"]}}]}}"#
        );
        let grants = Grant::parse_all(good.as_bytes()).unwrap();
        assert_eq!(grants[0].scopes, [Scope::Read, Scope::Ingest]);
        for (from, to) in [
            ("read", "write"),
            ("tenant", "tenants"),
            ("tokens", "token"),
            (r#""t""#, r#""""#),
            ("000", "00"),
            ("[{", "[7,{"),
            ("}]}", "}]"),
        ] {
            let bad = good.replacen(from, to, 1);
            let parsed = Grant::parse_all(bad.as_bytes());
            assert!(parsed.is_err() || parsed.unwrap().is_empty(), "{bad}");
        }
    }
}
