//! From a listening socket to answers: who is let in, how long he may take, and how it ends.

use crate::limits::Limits;
use axum::Router;
use hyper::{
    Request, body::Incoming, server::conn::http1, service::Service as _, service::service_fn,
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use std::{io, net::IpAddr, pin::pin, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::sleep,
};

/// How long to wait when no connection can be taken, as when all files are open that may be.
const PAUSE: Duration = Duration::from_millis(200);

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Answers until `stop` is over, then lets nobody in and finishes what was begun.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let ending = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let entered = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = &mut stop => break,
            entered = entered => entered,
        };
        match accepted {
            Ok((stream, address)) => {
                let watcher = ending.watcher();
                let router = router.clone();
                tokio::spawn(async move {
                    answer(stream, router, Peer(address.ip()), limits, watcher).await;
                    drop(place);
                });
            }
            // Who has gone again before he was let in is no reason to wait.
            Err(error) if is_theirs(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    ending.shutdown().await;
}

/// Answers whoever is at the other end until he has gone, or until the service ends.
async fn answer(stream: TcpStream, router: Router, peer: Peer, limits: Limits, watcher: Watcher) {
    // An answer is sent at once; otherwise its end may wait for what came before to be acknowledged.
    stream.set_nodelay(true).ok();
    let answers = TowerToHyperService::new(router);
    let answers = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        answers.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .serve_connection(TokioIo::new(stream), answers);
    // Who breaks off, or is too slow, knows it himself.
    watcher.watch(connection).await.ok();
}

fn is_theirs(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
