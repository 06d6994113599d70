//! Connections: they are taken, answered, and ended when a caller does not come to the point.
//!
//! Axum's own server has no clock, so that whoever sends a byte a minute would hold a connection for
//! ever.

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use std::{future::Future, pin::pin, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::sleep,
};

/// How long callers may take to say what they want.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a request's head, also on a connection that is kept: one that asks nothing ends.
    pub head: Duration,
    /// For a request's body, whole.
    pub body: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { head: Duration::from_secs(30), body: Duration::from_secs(60) }
    }
}

/// How long to wait when a connection cannot be taken: files may have run out.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers until `stop` is over, then finishes what was begun.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    stop: impl Future<Output = ()>,
) {
    // Every connection holds a receiver, until it has ended.
    let (ending, end) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            () = &mut stop => break,
        };
        // The caller is gone already, or there is no room for him: neither is an end.
        let Ok((stream, _)) = taken else {
            sleep(PAUSE).await;
            continue;
        };
        tokio::spawn(answer(stream, router.clone(), patience, end.clone()));
    }
    drop((listener, end));
    ending.send_replace(());
    ending.closed().await;
}

async fn answer(
    stream: TcpStream,
    router: Router,
    patience: Patience,
    mut end: watch::Receiver<()>,
) {
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience.head);
    let service = TowerToHyperService::new(router);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        // What went wrong between the two of us is nobody else's business.
        _ = connection.as_mut() => return,
        _ = end.changed() => connection.as_mut().graceful_shutdown(),
    }
    connection.await.ok();
}
