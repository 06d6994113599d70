//! How a request travels: limited in time and in size, and asked again where that does no harm.

use super::{name::endpoint_name, options::Patience};
use async_trait::async_trait;
use reqwest::{Client, Response, StatusCode, header};
use serde_json::Value;
use solana_rpc_client::rpc_sender::{RpcSender, RpcTransportStats};
use solana_rpc_client_api::{
    client_error::{Error as ClientError, ErrorKind, Result as ClientResult},
    custom_error::{
        JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED, JSON_RPC_SERVER_ERROR_NODE_UNHEALTHY,
    },
    error_object::RpcErrorObject,
    request::{RpcError, RpcRequest, RpcResponseErrorData},
};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A scan of half a million anchors is smaller. Who answers with more is not listened to.
const MOST_ANSWER_BYTES: usize = 256 * 1024 * 1024;

/// The way to one endpoint.
pub(super) struct Transport {
    /// Or why the system has none to give.
    client: Result<Client, String>,
    url: String,
    patience: Patience,
    next_id: AtomicU64,
}

/// Why a request has no answer.
enum Failure {
    /// The system has no random numbers or no certificates.
    NoClient(String),
    /// The connection.
    Http(reqwest::Error),
    /// The server, before it looked at what was asked.
    Status { status: StatusCode, retry_after: Option<Duration> },
    /// The answer is no JSON, or not all of it.
    Json(serde_json::Error),
    /// The answer does not end.
    TooLong,
    /// The node, in its own words.
    Node(RpcErrorObject),
}

impl Transport {
    pub(super) fn new(url: String, patience: Patience) -> Self {
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT.min(patience.request))
            .timeout(patience.request)
            .pool_idle_timeout(patience.request)
            .build()
            .map_err(|error| error.to_string());
        Self { client, url, patience, next_id: AtomicU64::new(0) }
    }

    async fn ask(&self, body: &str) -> Result<Value, Failure> {
        let client = self.client.as_ref().map_err(|reason| Failure::NoClient(reason.clone()))?;
        let request = client.post(&self.url).header(header::CONTENT_TYPE, "application/json");
        let response = request.body(body.to_owned()).send().await?;
        if !response.status().is_success() {
            let retry_after = retry_after(&response);
            return Err(Failure::Status { status: response.status(), retry_after });
        }
        let mut answer: Value = serde_json::from_slice(&read(response).await?)?;
        match answer.get_mut("error").map(Value::take) {
            None | Some(Value::Null) => {}
            Some(error) => return Err(Failure::Node(serde_json::from_value(error)?)),
        }
        let result = answer.get_mut("result").map(Value::take);
        result.ok_or_else(|| Failure::Json(serde::de::Error::missing_field("result")))
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len().saturating_add(chunk.len()) > MOST_ANSWER_BYTES {
            return Err(Failure::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// What the server asks for in seconds. A date is not understood, and no reason to wait.
fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

#[async_trait]
impl RpcSender for Transport {
    async fn send(&self, request: RpcRequest, params: Value) -> ClientResult<Value> {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let body = request.build_request_json(id, params).to_string();
        let (started, mut attempt) = (Instant::now(), 0);
        loop {
            let failure = match self.ask(&body).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            attempt += 1;
            let (spent, told) = (started.elapsed(), failure.told());
            let noise = fastrand::u16(..);
            let pause = self.patience.pause(attempt, spent, told, noise);
            match pause.filter(|_| may_be_asked_again(request) && failure.may_pass()) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(failure.into()),
            }
        }
    }

    fn get_transport_stats(&self) -> RpcTransportStats {
        RpcTransportStats::default()
    }

    /// What the endpoint is called, in errors and in what bundles record.
    fn url(&self) -> String {
        endpoint_name(&self.url)
    }
}

/// Lamports from a faucet would come twice; whoever sends a transaction decides when to send again.
fn may_be_asked_again(request: RpcRequest) -> bool {
    !matches!(request, RpcRequest::RequestAirdrop | RpcRequest::SendTransaction)
}

impl Failure {
    /// Says whether asking again may help.
    fn may_pass(&self) -> bool {
        match self {
            // Nobody is there, which a user wants to hear at once.
            Self::Http(error) => !error.is_connect() || error.is_timeout(),
            Self::Status { status, .. } => {
                let passing = [StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT];
                status.is_server_error() || passing.contains(status)
            }
            Self::Json(_) => true,
            Self::TooLong | Self::NoClient(_) => false,
            Self::Node(error) => [
                JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED,
                JSON_RPC_SERVER_ERROR_NODE_UNHEALTHY,
            ]
            .contains(&error.code),
        }
    }

    /// How long the endpoint asked to be left alone.
    fn told(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

impl From<Failure> for ClientError {
    fn from(failure: Failure) -> Self {
        let kind = match failure {
            Failure::NoClient(reason) => ErrorKind::Custom(reason),
            Failure::Http(error) => ErrorKind::Reqwest(error),
            Failure::Status { status, .. } => ErrorKind::Custom(format!("it answers {status}")),
            Failure::Json(error) => ErrorKind::SerdeJson(error),
            Failure::TooLong => ErrorKind::Custom("its answer is too long".to_owned()),
            Failure::Node(RpcErrorObject { code, message }) => {
                let data = RpcResponseErrorData::Empty;
                ErrorKind::RpcError(RpcError::RpcResponseError { code, message, data })
            }
        };
        kind.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: u16) -> Failure {
        Failure::Status { status: StatusCode::from_u16(code).unwrap(), retry_after: None }
    }

    fn node(code: i64) -> Failure {
        Failure::Node(RpcErrorObject { code, message: String::new() })
    }

    #[test]
    fn what_may_pass_is_asked_again_and_a_no_is_a_no() {
        let cut = serde_json::from_str::<Value>("{\"result\":").unwrap_err();
        let cases = [
            (status(429), true),
            (status(408), true),
            (status(500), true),
            (status(503), true),
            (status(400), false),
            (status(401), false),
            (status(404), false),
            (status(413), false),
            (Failure::Json(cut), true),
            (Failure::TooLong, false),
            (node(-32005), true),
            (node(-32016), true),
            (node(-32601), false),
            (node(-32602), false),
            (node(-32002), false),
        ];
        for (failure, expected) in cases {
            let may_pass = failure.may_pass();
            assert_eq!(may_pass, expected, "{}", ClientError::from(failure));
        }
    }

    #[test]
    fn what_changes_the_chain_is_never_asked_twice() {
        assert!(!may_be_asked_again(RpcRequest::SendTransaction));
        assert!(!may_be_asked_again(RpcRequest::RequestAirdrop));
        assert!(may_be_asked_again(RpcRequest::GetMultipleAccounts));
        assert!(may_be_asked_again(RpcRequest::SimulateTransaction));
    }
}
