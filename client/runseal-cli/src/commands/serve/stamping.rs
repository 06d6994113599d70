use crate::{error::CliError, files};
use clap::Args;
use reqwest::{
    Client, Response, Url,
    header::{ACCEPT, CONTENT_TYPE},
    redirect::Policy,
};
use runseal_app::TimestampAuthority;
use runseal_timestamp::{MOST_BYTES, Roots};
use std::{path::PathBuf, sync::Arc, time::Duration};

/// Time stamps of others
#[derive(Args)]
pub(crate) struct Stamping {
    /// Authority that is asked for time stamps (RFC 3161) of what is to be anchored with one
    #[arg(long, value_name = "URL", requires = "tsa_roots")]
    tsa: Option<Url>,
    /// File with the certificates, in PEM, to which an authority's must lead
    #[arg(long, value_name = "FILE")]
    tsa_roots: Option<PathBuf>,
}

/// How long an authority may take.
const PATIENCE: Duration = Duration::from_secs(15);

impl Stamping {
    pub(crate) fn authority(&self) -> Result<Option<Arc<TimestampAuthority>>, CliError> {
        let Some(path) = &self.tsa_roots else { return Ok(None) };
        let refused = |reason: String| CliError::new(format!("{}: {reason}", path.display()));
        let text = files::read(path)?;
        let roots = Roots::parse_pem(&text).map_err(|error| refused(error.to_string()))?;
        let authority = TimestampAuthority::new(roots);
        let Some(url) = self.tsa.clone() else { return Ok(Some(Arc::new(authority))) };
        let is_http = ["http", "https"].contains(&url.scheme());
        if !is_http || !url.username().is_empty() || url.password().is_some() {
            return Err(CliError::usage(
                "--tsa is a URL with http or https, and without a password",
            )
            .with_hint("it is told in answers"));
        }
        let client = Client::builder().timeout(PATIENCE).redirect(Policy::none()).build();
        let client = client.map_err(|error| CliError::new(error.to_string()))?;
        let asked = url.clone();
        let post = move |request| post(client.clone(), asked.clone(), request);
        Ok(Some(Arc::new(authority.at(url.as_str(), post))))
    }
}

/// Sends a request to an authority (RFC 3161, section 3.4).
async fn post(client: Client, url: Url, request: Vec<u8>) -> Result<Vec<u8>, String> {
    let request = client
        .post(url)
        .header(CONTENT_TYPE, "application/timestamp-query")
        .header(ACCEPT, "application/timestamp-reply")
        .body(request);
    let answer = request.send().await.map_err(|error| error.without_url().to_string())?;
    let status = answer.status();
    if status != reqwest::StatusCode::OK {
        return Err(format!("it answers with the status {status}"));
    }
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/timestamp-reply")) {
        return Err(format!("its answer is of the type {kind:?}"));
    }
    read(answer).await
}

/// Reads no more than an answer may have.
async fn read(mut answer: Response) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| error.without_url().to_string())? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST_BYTES {
            return Err(format!("its answer has more than {MOST_BYTES} bytes"));
        }
    }
    Ok(bytes)
}
