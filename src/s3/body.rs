//! What is sent: bytes in memory, or a stretch of a file that is read while it is sent and again when a try is repeated.

use std::{
    path::PathBuf,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use aws_smithy_types::{
    body::SdkBody,
    byte_stream::{ByteStream, Length},
};
use bytes::Bytes;
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

/// Counts the bytes that went out, over all parts of a transfer. A repeated try takes back what the failed one counted.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<AtomicU64>);

impl Meter {
    /// Bytes handed to the network so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Back to nothing.
    pub fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    pub(crate) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Whether both count for the same.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn take_back(&self, bytes: u64) {
        self.0.fetch_sub(bytes, Ordering::Relaxed);
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
        let polled = HttpBody::poll_frame(self.body.as_mut(), cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            let length = data.len() as u64;
            self.sent.fetch_add(length, Ordering::Relaxed);
            self.meter.add(length);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        HttpBody::is_end_stream(self.body.as_ref().get_ref())
    }

    fn size_hint(&self) -> SizeHint {
        HttpBody::size_hint(self.body.as_ref().get_ref())
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
    async fn a_file_that_shrank_is_told_as_changed() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let body = Body::File { path: file.path().into(), offset_bytes: 0, length_bytes: 10 };
        let error = body.stream("PutObject", None).await.unwrap_err();
        assert!(error.sentence().ends_with("changed while it was being read"), "{error}");
    }
}
