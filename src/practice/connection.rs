//! Connections: how many, how long, and what a client that says nothing may cost.

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::front::Front;

/// What one client, or all of them together, may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at a time. Further ones wait until one ends; to make room, the others end after their request.
    pub connections: usize,
    /// From the first moment of a connection, or from the last answer, to the end of the next request's headers.
    pub head: Duration,
    /// Without a single byte of a body, in either direction.
    pub stall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        // Each connection may need two file descriptors; programs started from a desktop often have 1024, or 256.
        Self { connections: 256, head: Duration::from_secs(30), stall: Duration::from_secs(30) }
    }
}

/// Where connections arrive.
#[derive(Clone)]
pub(super) struct Hall {
    front: Front,
    limits: Limits,
    places: Arc<Semaphore>,
    /// Somebody waits outside.
    crowded: Arc<Notify>,
    stop: CancellationToken,
    guests: TaskTracker,
}

impl Hall {
    pub(super) fn new(front: Front, limits: Limits, stop: CancellationToken) -> Self {
        Self {
            front,
            limits,
            places: Arc::new(Semaphore::new(limits.connections)),
            crowded: Arc::default(),
            stop,
            guests: TaskTracker::new(),
        }
    }

    /// Takes connections until the store stops.
    pub(super) async fn open(&self, listener: TcpListener) {
        loop {
            let (stream, peer) = tokio::select! {
                () = self.stop.cancelled() => break,
                accepted = listener.accept() => match accepted {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        tracing::warn!(%error, "a connection to the practice store was not accepted");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                },
            };
            let Some(place) = self.place().await else { break };
            let _ = stream.set_nodelay(true);
            let hall = self.clone();
            self.guests.spawn(async move {
                hall.converse(stream, peer.ip()).await;
                drop(place);
            });
        }
    }

    /// Waits for a place; `None` when the store stops.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        loop {
            if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
                return Some(place);
            }
            // Repeated, because a connection that has only just begun does not listen yet.
            self.crowded.notify_waiters();
            tokio::select! {
                () = self.stop.cancelled() => return None,
                place = Arc::clone(&self.places).acquire_owned() => return place.ok(),
                () = tokio::time::sleep(Duration::from_millis(50)) => {}
            }
        }
    }

    /// Takes one connection that does not come through the socket.
    pub(super) fn admit<S>(&self, stream: S, peer: IpAddr)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let hall = self.clone();
        self.guests.spawn(async move { hall.converse(stream, peer).await });
    }

    /// Waits until every connection has ended.
    pub(super) async fn empty(&self) {
        self.guests.close();
        self.guests.wait().await;
    }

    async fn converse<S>(&self, stream: S, peer: IpAddr)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let stall = self.limits.stall;
        let answer = service_fn(|request| {
            let front = &self.front;
            async move { Ok::<_, Infallible>(Box::pin(front.answer(request, peer, stall)).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head)
            // A client may say that it has nothing more to send, and still wait for the answer.
            .half_close(true)
            .serve_connection(TokioIo::new(Patient { stream, patience: Patience::new(stall) }), answer);
        let mut connection = pin!(connection);
        let asked = {
            let mut crowded = pin!(self.crowded.notified());
            tokio::select! {
                ended = connection.as_mut() => Err(ended),
                () = self.stop.cancelled() => Ok(()),
                () = crowded.as_mut() => Ok(()),
            }
        };
        let ended = match asked {
            Err(ended) => ended,
            Ok(()) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection to the practice store ended early");
        }
    }
}

/// Counts the time in which nothing moves.
pub(super) struct Patience {
    limit: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, waiting: None }
    }

    /// True when `outcome` has been pending for too long.
    pub(super) fn ends<T>(&mut self, outcome: &Poll<T>, cx: &mut Context<'_>) -> bool {
        if outcome.is_ready() {
            self.waiting = None;
            return false;
        }
        let until = Instant::now() + self.limit;
        self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until))).as_mut().poll(cx).is_ready()
    }
}

/// A stream whose other side has to take what is written within a time. Reading may last: while a request is worked
/// on nothing has to come.
struct Patient<S> {
    stream: S,
    patience: Patience,
}

impl<S> Patient<S> {
    fn check<T>(&mut self, outcome: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if self.patience.ends(&outcome, cx) {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client takes nothing")));
        }
        outcome
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.check(outcome, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.check(outcome, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(cx);
        self.check(outcome, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.check(outcome, cx)
    }
}
