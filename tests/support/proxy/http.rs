//! As much HTTP as two programs need that say a request and an answer and hang up.

use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Reads a message and returns its body; `None` if it breaks off.
pub(super) async fn read_message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let head_size = loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end {
            break end + 4;
        }
    };
    let size = head_size + content_length(&bytes[..head_size])?;
    while bytes.len() < size {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(bytes.split_off(head_size))
}

fn content_length(head: &[u8]) -> Option<usize> {
    let head = std::str::from_utf8(head).ok()?.to_ascii_lowercase();
    let line = head.lines().find_map(|line| line.strip_prefix("content-length:"))?;
    line.trim().parse().ok()
}

/// Writes an answer, and says that the connection ends with it.
pub(super) async fn write_answer(
    stream: &mut TcpStream,
    status: &str,
    header: &str,
    body: &[u8],
) -> Option<()> {
    let size = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{header}Content-Length: {size}\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(body).await.ok()?;
    stream.shutdown().await.ok()
}

/// Asks a server, and returns the body of its answer.
pub(super) async fn ask(server: SocketAddr, body: &[u8]) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await.ok()?;
    let size = body.len();
    let head = format!(
        "POST / HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/json\r\n\
         Content-Length: {size}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(body).await.ok()?;
    read_message(&mut stream).await
}
