//! A server of leaf lists over HTTP, with good manners or bad ones.

use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
};

/// How a server behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manners {
    /// It answers what it is asked.
    Good,
    /// It sends everything, whatever part it is asked for.
    NoRanges,
    /// It answers another part than it is asked for.
    WrongRange,
    /// It goes on behind the end of the list, until nobody listens any more.
    Endless,
    /// It breaks off after so many bytes, unless it is asked for a part.
    BreaksOff(usize),
    /// It sends so many bytes and then nothing, and stays.
    Stalls(usize),
    /// It has trouble of its own.
    Fails,
}

/// A server of one folder's files.
pub struct LeafServer {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl LeafServer {
    /// Starts a server, which stays until the test is over.
    pub fn start(folder: PathBuf, manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/lists", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (folder, noted) = (folder.clone(), Arc::clone(&noted));
                // Whoever asks may hang up at any time.
                thread::spawn(move || drop(serve(&stream.unwrap(), &folder, manners, &noted)));
            }
        });
        Self { url, requests }
    }

    /// What was asked for so far: the path, and the range if one was asked for.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: &TcpStream,
    folder: &Path,
    manners: Manners,
    noted: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let (path, range) = read_request(stream)?;
    let asked = range.map_or_else(|| path.clone(), |at| format!("{path} from {at}"));
    noted.lock().unwrap().push(asked);
    let file = path.strip_prefix("/lists/").map(|name| folder.join(name));
    let Some(list) = file.and_then(|file| fs::read(file).ok()) else {
        return write!(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    };
    let start = range.unwrap_or(0);
    match manners {
        Manners::Fails => write!(stream, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"),
        Manners::NoRanges => send(stream, 200, 0, &list, list.len()),
        Manners::WrongRange if start > 0 => send(stream, 206, 0, &list, list.len()),
        Manners::Endless => endless(stream, &list),
        Manners::BreaksOff(after) if range.is_none() => send(stream, 200, 0, &list, after),
        Manners::Stalls(after) => {
            send(stream, 200, 0, &list, after)?;
            // Until the other side is gone.
            io::copy(&mut stream, &mut io::sink()).map(drop)
        }
        _ if start > list.len() => {
            write!(stream, "HTTP/1.1 416 Range\r\nContent-Length: 0\r\n\r\n")
        }
        _ => send(stream, if range.is_some() { 206 } else { 200 }, start, &list, list.len()),
    }
}

/// Announces the list from `start` on, and sends it up to `end`.
fn send(
    mut stream: &TcpStream,
    status: u16,
    start: usize,
    list: &[u8],
    end: usize,
) -> io::Result<()> {
    let (size, last) = (list.len(), list.len().saturating_sub(1));
    write!(
        stream,
        "HTTP/1.1 {status} OK\r\nConnection: close\r\nContent-Length: {}\r\n",
        size - start
    )?;
    if status == 206 {
        write!(stream, "Content-Range: bytes {start}-{last}/{size}\r\n")?;
    }
    stream.write_all(b"\r\n")?;
    stream.write_all(&list[start..end])?;
    stream.flush()
}

fn endless(mut stream: &TcpStream, list: &[u8]) -> io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
    stream.write_all(list)?;
    loop {
        stream.write_all(&[0; 65_536])?;
    }
}

fn read_request(stream: &TcpStream) -> io::Result<(String, Option<usize>)> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut range = None;
    for line in lines {
        let line = line?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(start) = line.strip_prefix("range: bytes=") {
            range = start.trim_end_matches('-').parse().ok();
        }
    }
    Ok((path, range))
}
