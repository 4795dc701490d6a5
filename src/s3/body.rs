//! What is sent: bytes in memory, or a stretch of a file that is read while it is sent and again when a try is repeated.

use std::{
    fmt,
    path::PathBuf,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use aws_smithy_types::{
    body::SdkBody,
    byte_stream::{ByteStream, Length},
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::{
    error::{Kind, S3Error},
    watched_file::WatchedFile,
};

/// Read from a file at a time. Memory stays bounded by this for each transfer, whatever the size of the file.
const CHUNK_BYTES: usize = 128 * 1024;

/// So much of what lies in memory is handed to the network at a time.
const SLICE_BYTES: usize = 256 * 1024;

/// What is sent with a request.
#[derive(Debug, Clone)]
pub enum Body {
    /// Held in memory.
    Bytes(Bytes),
    /// A stretch of a file.
    File {
        /// Where it lies.
        path: PathBuf,
        /// Where the stretch begins.
        offset_bytes: u64,
        /// How long it is.
        length_bytes: u64,
    },
    /// A stretch of a file that must not change meanwhile.
    Watched(WatchedFile),
}

/// Holds bytes back. Asked with a number of bytes, it says what to wait for before they may leave, if anything.
pub type Gate = Arc<dyn Fn(u64) -> Option<BoxFuture<'static, ()>> + Send + Sync>;

/// Counts the bytes that went out, over all parts of a transfer. A repeated try takes back what the failed one counted.
#[derive(Clone, Default)]
pub struct Meter(Arc<Counter>);

#[derive(Default)]
struct Counter {
    bytes: AtomicU64,
    held_back: AtomicBool,
    gate: Option<Gate>,
}

impl Meter {
    /// One whose bytes pass a gate.
    #[must_use]
    pub fn gated(gate: Gate) -> Self {
        Self(Arc::new(Counter { gate: Some(gate), ..Counter::default() }))
    }

    /// Bytes handed to the network so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }

    /// Whether bytes wait at the gate this moment: they do not move, and nothing is wrong.
    #[must_use]
    pub fn is_held_back(&self) -> bool {
        self.0.held_back.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, bytes: u64) {
        self.0.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Waits until so many bytes may move.
    pub(crate) async fn pass(&self, bytes: u64) {
        if let Some(opens) = self.0.gate.as_ref().and_then(|gate| gate(bytes)) {
            self.0.held_back.store(true, Ordering::Relaxed);
            opens.await;
            self.0.held_back.store(false, Ordering::Relaxed);
        }
    }

    /// Whether both count for the same.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn take_back(&self, bytes: u64) {
        self.0.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Meter").field(&self.bytes()).finish()
    }
}

impl Body {
    /// Its length.
    #[must_use]
    pub fn length_bytes(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { length_bytes, .. } => *length_bytes,
            Self::Watched(file) => file.length_bytes(),
        }
    }

    /// As the SDK takes it; can be sent several times.
    pub(super) async fn stream(&self, operation: &'static str, meter: Option<&Meter>) -> Result<ByteStream, S3Error> {
        let stream = match self {
            Self::Bytes(bytes) if meter.is_none() => ByteStream::from(bytes.clone()),
            Self::Bytes(bytes) => {
                let bytes = bytes.clone();
                ByteStream::new(SdkBody::retryable(move || SdkBody::from_body_1_x(Sliced(bytes.clone()))))
            }
            Self::Watched(file) => ByteStream::new(file.body()),
            Self::File { length_bytes: 0, .. } => ByteStream::from(Bytes::new()),
            Self::File { path, offset_bytes, length_bytes } => {
                // Opened here once so that a file that is gone or locked is told as such, not as a broken connection.
                let file = tokio::fs::File::open(path).await.map_err(|e| S3Error::local(operation, path, e))?;
                let found = file.metadata().await.map_err(|e| S3Error::local(operation, path, e))?.len();
                if found < offset_bytes + length_bytes {
                    let shorter = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
                    return Err(S3Error::local(operation, path, shorter));
                }
                ByteStream::read_from()
                    .path(path)
                    .offset(*offset_bytes)
                    .length(Length::Exact(*length_bytes))
                    .buffer_size(CHUNK_BYTES)
                    .build()
                    .await
                    .map_err(|error| S3Error::new(operation, Kind::Other).caused_by(error))?
            }
        };
        let Some(meter) = meter.cloned() else { return Ok(stream) };
        let sent = Arc::new(AtomicU64::new(0));
        Ok(ByteStream::new(stream.into_inner().map_preserve_contents(move |body| {
            SdkBody::from_body_1_x(Counted {
                body: Box::pin(body),
                meter: meter.clone(),
                sent: Arc::clone(&sent),
                begun: false,
                waiting: None,
            })
        })))
    }
}

/// Bytes that go out slice by slice, so that what has left can be counted.
struct Sliced(Bytes);

impl HttpBody for Sliced {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        if self.0.is_empty() {
            return Poll::Ready(None);
        }
        let at = self.0.len().min(SLICE_BYTES);
        Poll::Ready(Some(Ok(Frame::data(self.0.split_to(at)))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.len() as u64)
    }
}

/// Passes a body on and counts.
struct Counted {
    body: Pin<Box<SdkBody>>,
    meter: Meter,
    /// Of this body, over all tries.
    sent: Arc<AtomicU64>,
    begun: bool,
    /// At the gate, with what it lets through.
    waiting: Option<(Mutex<BoxFuture<'static, ()>>, Frame<Bytes>)>,
}

impl Counted {
    fn counted(&self, frame: Frame<Bytes>) -> Frame<Bytes> {
        let length = frame.data_ref().map_or(0, Bytes::len) as u64;
        self.sent.fetch_add(length, Ordering::Relaxed);
        self.meter.add(length);
        frame
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if self.waiting.is_some() {
            self.meter.0.held_back.store(false, Ordering::Relaxed);
        }
    }
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = aws_smithy_types::body::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        if !self.begun {
            self.begun = true;
            let before = self.sent.swap(0, Ordering::Relaxed);
            self.meter.take_back(before);
        }
        if self.waiting.is_none() {
            let frame = match HttpBody::poll_frame(self.body.as_mut(), cx) {
                Poll::Ready(Some(Ok(frame))) => frame,
                other => return other,
            };
            let bytes = frame.data_ref().map_or(0, Bytes::len) as u64;
            let Some(opens) = self.meter.0.gate.as_ref().and_then(|gate| gate(bytes)) else {
                return Poll::Ready(Some(Ok(self.counted(frame))));
            };
            self.meter.0.held_back.store(true, Ordering::Relaxed);
            self.waiting = Some((Mutex::new(opens), frame));
        }
        let Some((opens, _)) = &mut self.waiting else { return Poll::Pending };
        // A future that is only ever polled here; the lock makes it one that may be shared.
        let opens = opens.get_mut().unwrap_or_else(PoisonError::into_inner);
        if opens.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        self.meter.0.held_back.store(false, Ordering::Relaxed);
        let frame = self.waiting.take().map(|(_, frame)| self.counted(frame));
        Poll::Ready(frame.map(Ok))
    }

    fn is_end_stream(&self) -> bool {
        self.waiting.is_none() && HttpBody::is_end_stream(self.body.as_ref().get_ref())
    }

    fn size_hint(&self) -> SizeHint {
        let mut rest = HttpBody::size_hint(self.body.as_ref().get_ref());
        if let (Some((_, frame)), Some(exact)) = (&self.waiting, rest.exact()) {
            rest.set_exact(exact + frame.data_ref().map_or(0, Bytes::len) as u64);
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_repeated_try_is_not_counted_twice() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), vec![7; 300_000]).unwrap();
        let meter = Meter::default();
        let body = Body::File { path: file.path().into(), offset_bytes: 100_000, length_bytes: 150_000 };
        let first = body.stream("PutObject", Some(&meter)).await.unwrap().into_inner();
        let again = first.try_clone().unwrap();
        assert_eq!(first.content_length(), Some(150_000));
        assert_eq!(ByteStream::new(first).collect().await.unwrap().into_bytes().len(), 150_000);
        assert_eq!(meter.bytes(), 150_000);
        assert_eq!(ByteStream::new(again).collect().await.unwrap().into_bytes().len(), 150_000);
        assert_eq!(meter.bytes(), 150_000);
    }

    #[tokio::test]
    async fn bytes_wait_at_the_gate() {
        let (open, asked) = (Arc::new(tokio::sync::Semaphore::new(0)), Arc::new(AtomicU64::new(0)));
        let (gate_open, gate_asked) = (Arc::clone(&open), Arc::clone(&asked));
        let meter = Meter::gated(Arc::new(move |bytes| {
            gate_asked.fetch_add(bytes, Ordering::Relaxed);
            let open = Arc::clone(&gate_open);
            Some(Box::pin(async move { drop(open.acquire().await) }))
        }));
        let body = Body::Bytes(vec![7; 300_000].into());
        let stream = body.stream("PutObject", Some(&meter)).await.unwrap();
        let reading = tokio::spawn(stream.collect());
        while !meter.is_held_back() {
            tokio::task::yield_now().await;
        }
        assert_eq!((meter.bytes(), asked.load(Ordering::Relaxed)), (0, SLICE_BYTES as u64));
        open.add_permits(1);
        assert_eq!(reading.await.unwrap().unwrap().into_bytes().len(), 300_000);
        assert_eq!((meter.bytes(), meter.is_held_back()), (300_000, false));
    }

    #[tokio::test]
    async fn a_file_that_shrank_is_told_as_changed() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let body = Body::File { path: file.path().into(), offset_bytes: 0, length_bytes: 10 };
        let error = body.stream("PutObject", None).await.unwrap_err();
        assert!(error.sentence().ends_with("changed while it was being read"), "{error}");
    }
}
