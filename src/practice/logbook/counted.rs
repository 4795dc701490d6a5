//! The body of an answer that tells how much of it was sent.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use s3s::{Body, StdError};

/// Passes a body on, and says at its end, or where it is given up, how many bytes have gone.
pub(super) struct Counted<F: FnOnce(u64)> {
    inner: Pin<Box<Body>>,
    sent: u64,
    done: Option<F>,
}

impl<F: FnOnce(u64)> Counted<F> {
    pub(super) fn new(body: Body, done: F) -> Self {
        Self { inner: Box::pin(body), sent: 0, done: Some(done) }
    }
}

impl<F: FnOnce(u64) + Unpin> http_body::Body for Counted<F> {
    type Data = Bytes;
    type Error = StdError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, StdError>>> {
        let frame = self.inner.as_mut().poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &frame {
            self.sent += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl<F: FnOnce(u64)> Drop for Counted<F> {
    fn drop(&mut self) {
        if let Some(done) = self.done.take() {
            done(self.sent);
        }
    }
}
