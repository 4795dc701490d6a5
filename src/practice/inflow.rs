//! The body of a request on its way from the client to the protocol crate: it has to keep coming, and it is framed so
//! that no single client fills the memory.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, header};
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use s3s::S3Error;

use super::connection::Patience;
use super::error::refuse;
use super::framing::Framing;

/// The largest XML document. A CompleteMultipartUpload of 10,000 parts with checksums has about 2.5 MB, a DeleteObjects
/// of 1,000 keys of 1,024 bytes not much less.
pub(super) const MAX_DOCUMENT: u64 = 4 << 20;

/// What a refused client may still send so that it hears the answer, which it reads only after its last byte.
const DRAINED: u64 = 4 << 20;

/// For this long at most.
const DRAINING: Duration = Duration::from_secs(2);

/// Why a body came to no good end, and what is left of it.
#[derive(Default)]
struct Fate {
    fault: Option<Fault>,
    unread: Option<Incoming>,
}

#[derive(Debug, Clone, Copy, thiserror::Error)]
enum Fault {
    #[error("the client sent nothing for too long")]
    Stalled,
    #[error("a signed chunk is too large")]
    ChunkTooLarge,
    #[error("the document is too long")]
    TooLong,
    #[error("the connection broke")]
    Broken,
}

/// The body as the protocol crate reads it.
pub(super) struct Inflow {
    from: Option<Incoming>,
    patience: Patience,
    framing: Option<Framing>,
    ready: VecDeque<Bytes>,
    /// How many bytes may still come.
    left: u64,
    fate: Arc<Mutex<Fate>>,
}

/// What the front keeps of a body while an operation reads it.
pub(super) struct Remains {
    fate: Arc<Mutex<Fate>>,
    /// The client waits for a word before it sends; whoever reads would give it.
    waits: bool,
}

/// Splits a body of at most `most` bytes in what is read and what is known about it.
pub(super) fn inflow(from: Incoming, headers: &HeaderMap, stall: Duration, most: u64) -> (Inflow, Remains) {
    let fate = Arc::<Mutex<Fate>>::default();
    let sha256 = headers.get("x-amz-content-sha256").and_then(|value| value.to_str().ok());
    let body = Inflow {
        from: Some(from),
        patience: Patience::new(stall),
        framing: sha256.and_then(Framing::of),
        ready: VecDeque::new(),
        left: most,
        fate: Arc::clone(&fate),
    };
    (body, Remains { fate, waits: headers.contains_key(header::EXPECT) })
}

impl Inflow {
    fn fail(&mut self, fault: Fault) -> Poll<Option<Result<Frame<Bytes>, Fault>>> {
        let from = self.from.take().filter(|_| matches!(fault, Fault::TooLong | Fault::ChunkTooLarge));
        *self.fate.lock().unwrap_or_else(PoisonError::into_inner) = Fate { fault: Some(fault), unread: from };
        Poll::Ready(Some(Err(fault)))
    }
}

impl http_body::Body for Inflow {
    type Data = Bytes;
    type Error = s3s::StdError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, s3s::StdError>>> {
        let this = &mut *self;
        let outcome = loop {
            if let Some(bytes) = this.ready.pop_front() {
                break Poll::Ready(Some(Ok(Frame::data(bytes))));
            }
            let Some(from) = &mut this.from else { break Poll::Ready(None) };
            let came = Pin::new(from).poll_frame(cx);
            if this.patience.ends(&came, cx) {
                break this.fail(Fault::Stalled);
            }
            match came {
                Poll::Pending => break Poll::Pending,
                Poll::Ready(None) => {
                    this.from = None;
                    break Poll::Ready(None);
                }
                Poll::Ready(Some(Err(_))) => break this.fail(Fault::Broken),
                Poll::Ready(Some(Ok(frame))) => {
                    // Trailers of the transfer coding are not the ones that S3 knows.
                    let Ok(bytes) = frame.into_data() else { continue };
                    match this.left.checked_sub(bytes.len() as u64) {
                        Some(left) => this.left = left,
                        None => break this.fail(Fault::TooLong),
                    }
                    match &mut this.framing {
                        None => this.ready.push_back(bytes),
                        Some(framing) => {
                            if framing.pass(bytes, &mut this.ready).is_err() {
                                break this.fail(Fault::ChunkTooLarge);
                            }
                        }
                    }
                }
            }
        };
        outcome.map(|frame| frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.ready.is_empty() && self.from.as_ref().is_none_or(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        match (&self.from, &self.framing) {
            (Some(from), None) => from.size_hint(),
            (None, None) => SizeHint::with_exact(0),
            (_, Some(_)) => SizeHint::default(),
        }
    }
}

impl Drop for Inflow {
    fn drop(&mut self) {
        if let Some(unread) = self.from.take().filter(|from| !from.is_end_stream()) {
            self.fate.lock().unwrap_or_else(PoisonError::into_inner).unread = Some(unread);
        }
    }
}

impl Remains {
    /// The answer to a body that did not come as it should have.
    pub(super) fn fault(&self) -> Option<S3Error> {
        let fault = self.fate.lock().unwrap_or_else(PoisonError::into_inner).fault?;
        Some(match fault {
            Fault::Stalled => refuse(
                "RequestTimeout",
                "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.",
            ),
            Fault::ChunkTooLarge => {
                refuse("NotImplemented", "Chunks with a signature are implemented up to a size of 16 MiB.")
            }
            Fault::TooLong => refuse("MaxMessageLengthExceeded", "Your request was too big."),
            Fault::Broken => refuse(
                "IncompleteBody",
                "You did not provide the number of bytes specified by the Content-Length HTTP header",
            ),
        })
    }

    /// Reads what a refused client still sends, within bounds. True when the connection is good for another request.
    pub(super) async fn drain(&self) -> bool {
        let (unread, fault) = {
            let mut fate = self.fate.lock().unwrap_or_else(PoisonError::into_inner);
            (fate.unread.take(), fate.fault)
        };
        let Some(mut unread) = unread else { return fault.is_none() };
        if self.waits || unread.size_hint().lower() > DRAINED {
            return false;
        }
        let reading = async {
            let mut left = DRAINED;
            while let Some(Ok(frame)) = unread.frame().await {
                left = left.saturating_sub(frame.data_ref().map_or(0, |bytes| bytes.len() as u64));
                if left == 0 {
                    return false;
                }
            }
            unread.is_end_stream()
        };
        tokio::time::timeout(DRAINING, reading).await.unwrap_or(false)
    }
}
