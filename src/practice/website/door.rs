//! Accepting visitors.

use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Site;

/// A visitor who is silent for this long is cut off.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// Answers under way may take this long when the store stops.
const GRACE: Duration = Duration::from_secs(5);

/// Serves until `stop`, and then what is under way.
pub(in crate::practice) async fn serve(listener: TcpListener, site: Site, stop: CancellationToken) {
    let graceful = GracefulShutdown::new();
    loop {
        let (stream, peer) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a visitor of a practice website was not accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let _ = stream.set_nodelay(true);
        let site = site.clone();
        let answer = service_fn(move |request| {
            let site = site.clone();
            async move { Ok::<_, std::convert::Infallible>(Box::pin(site.answer(request, peer.ip())).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(stream), answer);
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(%error, "a visit to a practice website ended early");
            }
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}
