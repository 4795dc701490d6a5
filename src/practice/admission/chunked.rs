//! Bodies in `aws-chunked` form whose chunks nobody signed: sizes in hexadecimal, bytes, and headers at the end.
//!
//! The protocol crate unpacks them where the request is signed in its headers; the others are unpacked here.
//! Source of the form: Amazon S3 API Reference, "Trailing headers for chunked uploads".

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use http::{HeaderName, HeaderValue, Request, header};
use http_body_util::BodyDataStream;
use s3s::{Body, StdError};

use super::super::intake::{Broken, Trailers};
use super::{is_signed, streamed, text};

/// The only unsigned form.
const UNSIGNED: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

/// A line with a size or a trailing header may have this many bytes.
const MAX_LINE: usize = 16 << 10;

/// Whether the body is in this form and not covered by a signature in the headers.
pub(super) fn is_unsigned<B>(request: &Request<B>) -> bool {
    let header_signed = request.headers().contains_key(header::AUTHORIZATION);
    // A URL that signs this very header is none that S3 makes: let its signature be judged as it stands.
    let fixed = is_signed(request)
        && request.uri().query().is_some_and(|query| query.to_ascii_lowercase().contains("x-amz-content-sha256"));
    !header_signed && !fixed && text(request, "x-amz-content-sha256") == Some(UNSIGNED)
}

/// Replaces the body by what is in its chunks.
pub(super) fn unpacked(request: Request<Body>) -> Request<Body> {
    let trailers = Trailers::default();
    let (mut parts, body) = request.into_parts();
    parts.headers.remove(header::TRANSFER_ENCODING);
    // The length of the chunks is not that of the object.
    match parts.headers.get("x-amz-decoded-content-length").cloned() {
        Some(length) => parts.headers.insert(header::CONTENT_LENGTH, length),
        None => parts.headers.remove(header::CONTENT_LENGTH),
    };
    parts.headers.insert("x-amz-content-sha256", HeaderValue::from_static("UNSIGNED-PAYLOAD"));
    parts.extensions.insert(trailers.clone());
    let body = Chunks { body: BodyDataStream::new(body), buffer: BytesMut::new(), state: State::Size, trailers };
    Request::from_parts(parts, streamed(body))
}

struct Chunks<S> {
    body: S,
    buffer: BytesMut,
    state: State,
    trailers: Trailers,
}

enum State {
    Size,
    Data(u64),
    /// The line end after the bytes of a chunk.
    DataEnd,
    Trailers,
    Done,
}

impl<S> Chunks<S> {
    /// Takes a line from the buffer, without its end. `None`: it is not all there yet.
    fn line(&mut self) -> Result<Option<Bytes>, Broken> {
        match self.buffer.iter().position(|byte| *byte == b'\n') {
            Some(end) => {
                let mut line = self.buffer.split_to(end + 1).freeze();
                line.truncate(end);
                if line.last() == Some(&b'\r') {
                    line.truncate(end - 1);
                }
                Ok(Some(line))
            }
            None if self.buffer.len() > MAX_LINE => Err(Broken::Malformed),
            None => Ok(None),
        }
    }

    /// Goes one step; `None` when more bytes are needed.
    fn step(&mut self) -> Result<Option<Bytes>, Broken> {
        loop {
            match self.state {
                State::Size => {
                    let Some(line) = self.line()? else { return Ok(None) };
                    let size = line.split(|byte| *byte == b';').next().unwrap_or_default();
                    let size = std::str::from_utf8(size).ok().and_then(|text| u64::from_str_radix(text, 16).ok());
                    self.state = match size.ok_or(Broken::Malformed)? {
                        0 => State::Trailers,
                        size => State::Data(size),
                    };
                }
                State::Data(_) if self.buffer.is_empty() => return Ok(None),
                State::Data(left) => {
                    let size = usize::try_from(left).unwrap_or(usize::MAX).min(self.buffer.len());
                    let left = left - size as u64;
                    self.state = if left == 0 { State::DataEnd } else { State::Data(left) };
                    return Ok(Some(self.buffer.split_to(size).freeze()));
                }
                State::DataEnd => match self.line()? {
                    None => return Ok(None),
                    Some(line) if line.is_empty() => self.state = State::Size,
                    Some(_) => return Err(Broken::Malformed),
                },
                State::Trailers => match self.line()? {
                    None => return Ok(None),
                    Some(line) if line.is_empty() => self.state = State::Done,
                    Some(line) => self.keep(&line)?,
                },
                State::Done => return Ok(None),
            }
        }
    }

    fn keep(&self, line: &[u8]) -> Result<(), Broken> {
        let at = line.iter().position(|byte| *byte == b':').ok_or(Broken::Trailer)?;
        let (name, value) = line.split_at(at);
        let name = HeaderName::from_bytes(name.trim_ascii()).map_err(|_| Broken::Trailer)?;
        let value = HeaderValue::from_bytes(value[1..].trim_ascii()).map_err(|_| Broken::Trailer)?;
        self.trailers.insert(name, value);
        Ok(())
    }
}

impl<S, E> Stream for Chunks<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<StdError>,
{
    type Item = Result<Bytes, StdError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match self.step() {
                Err(error) => return Poll::Ready(Some(Err(Box::new(error)))),
                Ok(Some(bytes)) => return Poll::Ready(Some(Ok(bytes))),
                Ok(None) => {}
            }
            match ready!(self.body.poll_next_unpin(cx)) {
                // Nothing belongs after the end.
                Some(Ok(_)) if matches!(self.state, State::Done) => {}
                Some(Ok(bytes)) => self.buffer.extend_from_slice(&bytes),
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                None => match self.state {
                    State::Done => return Poll::Ready(None),
                    // Some clients leave out the empty line after the last header.
                    State::Trailers => self.buffer.extend_from_slice(b"\r\n\r\n"),
                    State::Size | State::Data(_) | State::DataEnd => {
                        return Poll::Ready(Some(Err(Box::new(Broken::Cut))));
                    }
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{TryStreamExt as _, stream};
    use test_case::test_case;

    /// The bytes and the trailing CRC32 of `wire`, which comes in pieces of `piece` bytes.
    async fn read(wire: &str, piece: usize) -> Result<(String, Option<String>), String> {
        let pieces: Vec<_> =
            wire.as_bytes().chunks(piece).map(|piece| Ok::<_, StdError>(Bytes::copy_from_slice(piece))).collect();
        let trailers = Trailers::default();
        let body = Chunks {
            body: stream::iter(pieces),
            buffer: BytesMut::new(),
            state: State::Size,
            trailers: trailers.clone(),
        };
        let bytes: Vec<Bytes> = body.try_collect().await.map_err(|error| error.to_string())?;
        Ok((String::from_utf8(bytes.concat()).unwrap(), trailers.get("x-amz-checksum-crc32")))
    }

    #[test_case("5\r\nhello\r\n0\r\n\r\n", "hello", None; "one chunk")]
    #[test_case("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world", None; "two chunks")]
    #[test_case("0\r\n\r\n", "", None; "nothing")]
    #[test_case("3\r\na\r\n\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", "a\r\n", Some("AAAAAA=="); "a trailer")]
    #[test_case("1\r\na\r\n0\r\nx-amz-checksum-crc32: AAAAAA==\n\r\n\r\n", "a", Some("AAAAAA=="); "line feed alone")]
    #[test_case("1\r\na\r\n0\r\nx-amz-checksum-crc32:AAAAAA==", "a", Some("AAAAAA=="); "no line end at all")]
    #[tokio::test]
    async fn unpacks(wire: &str, body: &str, trailer: Option<&str>) {
        for piece in [1, 2, 7, 1000] {
            assert_eq!(read(wire, piece).await, Ok((body.to_owned(), trailer.map(str::to_owned))), "pieces of {piece}");
        }
    }

    #[test_case("5\r\nhel"; "cut in the bytes")]
    #[test_case("5\r\nhello\r\n"; "no last chunk")]
    #[test_case("zz\r\nhello"; "no size")]
    #[test_case("5\r\nhelloX\r\n0\r\n\r\n"; "longer than its size")]
    #[test_case("0\r\nno colon\r\n\r\n"; "no header")]
    #[tokio::test]
    async fn refuses(wire: &str) {
        assert!(read(wire, 3).await.is_err());
    }
}
