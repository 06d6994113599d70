//! As much of HTTP as the tests speak.

use serde_json::Value;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.body))
    }

    /// Returns the body, if the status is this one.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.json()
    }
}

/// Sends one request, as `curl -d` does: with a type that is not JSON's.
pub(crate) async fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    body: Option<&str>,
) -> Answer {
    send_with(address, method, path, body, "").await
}

/// Sends one request with this in `Authorization`, if it is not empty.
pub(crate) async fn send_with(
    address: SocketAddr,
    method: &str,
    path: &str,
    body: Option<&str>,
    authorization: &str,
) -> Answer {
    let body = body.unwrap_or_default();
    let mut headers = format!(
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
        body.len()
    );
    if !authorization.is_empty() {
        headers += &format!("Authorization: {authorization}\r\n");
    }
    let (status, head, body) = exchange(address, method, path, &headers, body).await;
    Answer { status, head, body: String::from_utf8(body).unwrap() }
}

/// Posts one body with these headers, each with its line's end.
pub(crate) async fn send_as(address: SocketAddr, path: &str, headers: &str, body: &str) -> Answer {
    let headers = format!("{headers}Content-Length: {}\r\n", body.len());
    let (status, head, body) = exchange(address, "POST", path, &headers, body).await;
    Answer { status, head, body: String::from_utf8(body).unwrap() }
}

/// Posts bytes of this type; returns status, head and body.
pub(crate) async fn send_bytes(
    address: SocketAddr,
    path: &str,
    content_type: &str,
    body: &[u8],
) -> (u16, String, Vec<u8>) {
    let headers = format!("Content-Type: {content_type}\r\nContent-Length: {}\r\n", body.len());
    exchange(address, "POST", path, &headers, body).await
}

/// Fetches bytes, or a range of them; returns status, head and body.
pub(crate) async fn fetch(
    address: SocketAddr,
    path: &str,
    range: Option<&str>,
) -> (u16, String, Vec<u8>) {
    let range = range.map(|range| format!("Range: {range}\r\n")).unwrap_or_default();
    exchange(address, "GET", path, &range, "").await
}

async fn exchange(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &str,
    body: impl AsRef<[u8]>,
) -> (u16, String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // A body that is too large is not read to its end.
    let _unread = stream.write_all(body.as_ref()).await;
    let mut answer = read_answer(&mut stream).await.expect("an answer that does not end");
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let body = answer.split_off(end + 4);
    let head = String::from_utf8(answer).unwrap().to_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let is_endless = head.contains(STREAM);
    assert!(is_endless || !head.contains("transfer-encoding"), "every answer says how long it is");
    (status, head, body)
}

const STREAM: &str = "text/event-stream";
/// As long as nobody should ever have to wait, however much else the machine does.
const NEVER: Duration = Duration::from_secs(120);
/// A stream of events that is silent for so long has told what there is.
const SILENCE: Duration = Duration::from_millis(500);

/// Reads an answer to its end, or as much of a stream as there is now; none if it never ends.
pub(crate) async fn read_answer(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let (mut answer, mut part) = (Vec::new(), vec![0; 64 << 10]);
    loop {
        let head = answer.get(..answer.len().min(4_096)).unwrap_or_default();
        let is_endless = head.windows(STREAM.len()).any(|window| window == STREAM.as_bytes());
        let patience = if is_endless { SILENCE } else { NEVER };
        match timeout(patience, stream.read(&mut part)).await {
            Ok(Ok(0) | Err(_)) => return Some(answer),
            Ok(Ok(count)) => answer.extend_from_slice(&part[..count]),
            Err(_) => return is_endless.then_some(answer),
        }
    }
}
