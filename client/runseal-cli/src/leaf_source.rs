//! Where leaf lists come from: a folder, or a server that says over HTTP what is in one.

use crate::error::CliError;
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{ACCEPT_ENCODING, CONTENT_RANGE, RANGE},
};
use runseal_client::mirror::{LeafSource, Pieces, SourceError};
use runseal_types::Period;
use std::{
    fmt::Display,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::PathBuf,
    time::Duration,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a server may be silent in the middle of a list.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
const MOST_REDIRECTS: usize = 3;
/// What an anchor says is shorter than this.
const MOST_ANCHOR_BYTES: usize = 4 << 10;
/// So much is read from a file at a time.
const PIECE_BYTES: u64 = 1 << 20;

/// Either kind.
pub(crate) enum Source {
    /// Files `PERIOD.leaves` in a folder.
    Folder(PathBuf),
    /// The same files behind a URL.
    Server { base: Url, client: Client },
}

impl Source {
    /// Reads what a user calls a source.
    pub(crate) fn parse(text: &str) -> Result<Self, CliError> {
        if !text.starts_with("http://") && !text.starts_with("https://") {
            let folder = PathBuf::from(text);
            return if folder.is_dir() {
                Ok(Self::Folder(folder))
            } else {
                Err(CliError::usage(format!("there is no folder {text}"))
                    .with_hint("give a folder, or a URL that begins with http:// or https://"))
            };
        }
        let base = Url::parse(&format!("{}/", text.trim_end_matches('/')));
        let base = base.map_err(|error| CliError::usage(format!("{text} is no URL: {error}")))?;
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .redirect(reqwest::redirect::Policy::limited(MOST_REDIRECTS))
            .user_agent(concat!("runseal/", env!("CARGO_PKG_VERSION")))
            .build();
        let client =
            client.map_err(|error| CliError::new(format!("HTTP cannot be used: {error}")))?;
        Ok(Self::Server { base, client })
    }
}

impl LeafSource for Source {
    type Pieces = Incoming;

    async fn open(&self, period: Period, at_bytes: u64) -> Result<Option<Incoming>, SourceError> {
        let name = format!("{period}.leaves");
        match self {
            Self::Folder(folder) => open_file(folder.join(name), at_bytes),
            Self::Server { base, client } => {
                let url = base.join(&name).map_err(|error| silent(base, error))?;
                request(client, url, at_bytes).await
            }
        }
    }

    async fn fetch_anchor(&self, period: Period) -> Result<Option<Vec<u8>>, SourceError> {
        let name = format!("{period}.anchor");
        let pieces = match self {
            Self::Folder(folder) => open_file(folder.join(name), 0)?,
            Self::Server { base, client } => {
                let url = base.join(&name).map_err(|error| silent(base, error))?;
                request(client, url, 0).await?
            }
        };
        let Some(mut pieces) = pieces else { return Ok(None) };
        let mut text = Vec::new();
        while let Some(piece) = pieces.next().await? {
            text.extend_from_slice(&piece);
            // Whatever is longer is no anchor, and its beginning is not either.
            if text.len() > MOST_ANCHOR_BYTES {
                text.truncate(MOST_ANCHOR_BYTES);
                break;
            }
        }
        Ok(Some(text))
    }
}

/// A list on its way.
pub(crate) enum Incoming {
    File { file: File, name: String, start_bytes: u64 },
    Body { response: Response, start_bytes: u64 },
}

impl Pieces for Incoming {
    fn start_bytes(&self) -> u64 {
        match self {
            Self::File { start_bytes, .. } | Self::Body { start_bytes, .. } => *start_bytes,
        }
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, SourceError> {
        match self {
            Self::File { file, name, .. } => {
                let mut piece = Vec::new();
                let read = file.take(PIECE_BYTES).read_to_end(&mut piece);
                read.map_err(|error| silent(name, error))?;
                Ok(Some(piece).filter(|piece| !piece.is_empty()))
            }
            Self::Body { response, .. } => {
                let piece = response.chunk().await;
                let piece = piece.map_err(|error| silent(response.url(), words(&error)))?;
                Ok(piece.map(|bytes| bytes.to_vec()))
            }
        }
    }
}

fn open_file(path: PathBuf, at_bytes: u64) -> Result<Option<Incoming>, SourceError> {
    let name = path.display().to_string();
    let mut file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(silent(name, error)),
    };
    // A file that is shorter than what is here already is another one.
    let size = file.metadata().map_err(|error| silent(&name, error))?.len();
    let start_bytes = if size < at_bytes { 0 } else { at_bytes };
    file.seek(SeekFrom::Start(start_bytes)).map_err(|error| silent(&name, error))?;
    Ok(Some(Incoming::File { file, name, start_bytes }))
}

async fn request(
    client: &Client,
    url: Url,
    at_bytes: u64,
) -> Result<Option<Incoming>, SourceError> {
    let mut start_bytes = at_bytes;
    loop {
        // Sizes are counted as they come: what a server packs or announces is not believed.
        let mut request = client.get(url.clone()).header(ACCEPT_ENCODING, "identity");
        if start_bytes > 0 {
            request = request.header(RANGE, format!("bytes={start_bytes}-"));
        }
        let response = request.send().await.map_err(|error| silent(&url, words(&error)))?;
        match response.status() {
            StatusCode::OK => return Ok(Some(Incoming::Body { response, start_bytes: 0 })),
            StatusCode::PARTIAL_CONTENT if begins_at(&response, start_bytes) => {
                return Ok(Some(Incoming::Body { response, start_bytes }));
            }
            // Its list ends before what is here already begins to be asked for, or it answers another
            // range than it was asked for: from the beginning, then.
            StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PARTIAL_CONTENT if start_bytes > 0 => {
                start_bytes = 0;
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(None),
            status => return Err(silent(&url, format!("it answers {status}"))),
        }
    }
}

fn begins_at(response: &Response, start_bytes: u64) -> bool {
    let range = response.headers().get(CONTENT_RANGE).and_then(|range| range.to_str().ok());
    range.is_some_and(|range| range.starts_with(&format!("bytes {start_bytes}-")))
}

/// The innermost reason, which says most in fewest words.
fn words(error: &reqwest::Error) -> String {
    let mut reason: &dyn std::error::Error = error;
    while let Some(inner) = reason.source() {
        reason = inner;
    }
    reason.to_string()
}

fn silent(name: impl Display, reason: impl Display) -> SourceError {
    SourceError { name: name.to_string(), reason: reason.to_string() }
}
