//! An HTTP proxy in front of a validator, which does wrong what it is told to do wrong.

mod http;
mod wrongs;

pub use wrongs::Wrong as ProxyWrong;

use serde_json::Value;
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A proxy on a port of its own, for as long as this value lives.
pub struct Proxy {
    url: String,
    state: Arc<State>,
    listening: JoinHandle<()>,
}

struct State {
    upstream: SocketAddr,
    wrong: Mutex<ProxyWrong>,
    /// The methods that were asked for, in their order.
    asked: Mutex<Vec<String>>,
    /// The transactions that were handed over, in base64.
    handed_over: Mutex<Vec<String>>,
    /// What a stale proxy answered first, by method and parameters.
    first_answers: Mutex<BTreeMap<String, Value>>,
}

/// What goes back to whoever asked.
enum Reply {
    /// This body, with this status and perhaps another header line.
    Answer { status: &'static str, header: &'static str, body: Vec<u8> },
    /// Nothing: the connection is closed.
    HangUp,
}

impl Proxy {
    /// Starts a proxy in front of the validator at `url`.
    pub async fn start(url: &str, wrong: ProxyWrong) -> Self {
        let address = url.trim_start_matches("http://").replace("localhost", "127.0.0.1");
        let upstream = address.trim_end_matches('/').parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State {
            upstream,
            wrong: Mutex::new(wrong),
            asked: Mutex::default(),
            handed_over: Mutex::default(),
            first_answers: Mutex::default(),
        });
        let listening = tokio::spawn(listen(listener, state.clone()));
        Self { url, state, listening }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Does something else wrong from now on.
    pub fn turn(&self, wrong: ProxyWrong) {
        *self.state.wrong.lock().unwrap() = wrong;
    }

    /// How often a method was asked for.
    pub fn count(&self, method: &str) -> usize {
        let asked = self.state.asked.lock().unwrap();
        asked.iter().filter(|asked| *asked == method).count()
    }

    /// The transactions that were handed over, in base64, each as often as it was.
    pub fn handed_over(&self) -> Vec<String> {
        self.state.handed_over.lock().unwrap().clone()
    }

    /// Sends on to the validator everything that was ever handed over.
    pub async fn release(&self) {
        for transaction in self.handed_over() {
            self.state.forward(&wrongs::send_transaction(&transaction)).await;
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, state.clone()));
    }
}

/// Answers one request, and closes the connection.
async fn serve(mut stream: TcpStream, state: Arc<State>) -> Option<()> {
    let request: Value = serde_json::from_slice(&http::read_message(&mut stream).await?).ok()?;
    let number = state.note(&request);
    let wrong = state.wrong.lock().unwrap().clone();
    match state.reply(&wrong, &request, number).await {
        Reply::HangUp => None,
        Reply::Answer { status, header, body } => {
            http::write_answer(&mut stream, status, header, &body).await
        }
    }
}

impl State {
    /// Notes a request, and returns how many there were of its method before it.
    fn note(&self, request: &Value) -> usize {
        let method = request["method"].as_str().unwrap_or_default();
        if method == "sendTransaction" {
            let transaction = request["params"][0].as_str().unwrap_or_default();
            self.handed_over.lock().unwrap().push(transaction.to_owned());
        }
        let mut asked = self.asked.lock().unwrap();
        asked.push(method.to_owned());
        asked.iter().filter(|asked| *asked == method).count() - 1
    }

    /// Asks the validator; null if it does not answer.
    async fn forward(&self, request: &Value) -> Value {
        let answer = http::ask(self.upstream, request.to_string().as_bytes()).await;
        answer.and_then(|body| serde_json::from_slice(&body).ok()).unwrap_or_default()
    }
}
