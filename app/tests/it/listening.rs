//! Listening to what a service tells.

use serde_json::Value;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

/// Long enough on any machine; it is only waited for when something is wrong.
const PATIENCE: Duration = Duration::from_secs(120);

/// Something that was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) event: String,
    pub(crate) data: Value,
}

/// A connection on which events come.
pub(crate) struct Listening {
    stream: BufReader<TcpStream>,
    pub(crate) head: String,
}

impl Listening {
    /// Begins to listen, from now or behind an event.
    pub(crate) async fn begin(address: SocketAddr, last_event_id: Option<&str>) -> Self {
        let last = last_event_id.map(|id| format!("Last-Event-ID: {id}\r\n"));
        Self::begin_with(address, &last.unwrap_or_default()).await
    }

    /// Begins with these headers, each with its line's end.
    pub(crate) async fn begin_with(address: SocketAddr, headers: &str) -> Self {
        Self::begin_at(address, "/v2/events", headers).await
    }

    /// Begins at this path.
    pub(crate) async fn begin_at(address: SocketAddr, path: &str, headers: &str) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // In HTTP/1.0 a body goes on to the end of the connection, without chunks.
        let request = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut listening = Self { stream: BufReader::new(stream), head: String::new() };
        while let Some(line) = listening.line().await.filter(|line| !line.is_empty()) {
            listening.head += &line.to_lowercase();
            listening.head.push('\n');
        }
        listening
    }

    /// Returns the status that was answered.
    pub(crate) fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = timeout(PATIENCE, self.stream.read_line(&mut line)).await;
        let size = read.expect("something comes, or the stream ends").unwrap_or(0);
        (size > 0).then(|| line.trim_end().to_owned())
    }

    /// Waits for the next event; none where the stream ends.
    pub(crate) async fn next(&mut self) -> Option<Told> {
        let (mut id, mut event, mut data) = (None, None, None);
        loop {
            let line = self.line().await?;
            match line.split_once(": ") {
                Some(("id", text)) => id = Some(text.to_owned()),
                Some(("event", text)) => event = Some(text.to_owned()),
                Some(("data", text)) => data = Some(serde_json::from_str(text).unwrap()),
                _ if line.is_empty() && id.is_some() => {
                    return Some(Told { id: id?, event: event?, data: data? });
                }
                // A line that only says that the stream goes on.
                _ => assert!(line.is_empty() || line.starts_with(':'), "{line}"),
            }
        }
    }

    /// Waits for events up to the first with this name, that one included.
    pub(crate) async fn until(&mut self, event: &str) -> Vec<Told> {
        let mut told = Vec::new();
        loop {
            let next = self.next().await;
            told.push(next.unwrap_or_else(|| panic!("the stream ended before {event}: {told:?}")));
            if told.last().unwrap().event == event {
                return told;
            }
        }
    }
}
