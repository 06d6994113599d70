//! The thread that carries bytes to and from the server, and waiting for it without being it.
//!
//! `tokio_postgres` speaks with the server in a runtime. That has a thread of its own here, so that
//! callers may wait in any thread: one of theirs, or one of another runtime, where a client that
//! brings its own for each call would panic.

use crate::{address::Address, failed::failed};
use runseal_client::sql::Failure;
use std::{
    future::Future,
    pin::pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::oneshot,
};
use tokio_postgres::{Client, Config, Error, NoTls, Socket, tls::MakeTlsConnect};

/// Connects to a server.
pub(crate) fn connect(address: &Address) -> Result<Client, Failure> {
    let config = Arc::clone(&address.config);
    let (answer, answered) = oneshot::channel();
    match address.tls.clone() {
        Some(tls) => handle()?.spawn(carry(config, tls, answer)),
        None => handle()?.spawn(carry(config, NoTls, answer)),
    };
    match wait(answered) {
        Ok(connected) => connected.map_err(failed),
        Err(_) => Err(Failure::Unavailable("the thread that connects has ended".to_owned())),
    }
}

/// Connects, and carries bytes for as long as anybody uses the connection.
async fn carry<T>(config: Arc<Config>, tls: T, answer: oneshot::Sender<Result<Client, Error>>)
where
    T: MakeTlsConnect<Socket>,
{
    match config.connect(tls).await {
        Ok((client, connection)) => {
            answer.send(Ok(client)).ok();
            // What ends it, whoever waits for an answer is told.
            connection.await.ok();
        }
        Err(error) => drop(answer.send(Err(error))),
    }
}

/// The runtime of the process, made when it is first needed and ended by the process's end.
fn handle() -> Result<Handle, Failure> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).thread_name("runseal-postgres").enable_io().enable_time();
        builder.build().ok()
    });
    let none = || Failure::Unavailable("no thread can be started".to_owned());
    runtime.as_ref().map(|runtime| runtime.handle().clone()).ok_or_else(none)
}

struct Waiting(Thread);

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for something that happens in the runtime's thread.
pub(crate) fn wait<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Waiting(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        thread::park();
    }
}
