//! Bytes on their way out: a file, or a range of it, as a body that reads ahead by one piece.

use std::fs::File;
use std::io::{self, Read as _};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::Stream;
use s3s::dto::StreamingBlob;
use s3s::stream::{ByteStream, RemainingLength};
use s3s::{Body, StdError};
use tokio::task::JoinHandle;

/// Bodies up to this size are read at once.
pub(super) const SMALL: u64 = 256 << 10;

const PIECE: u64 = 512 << 10;

/// What to send: small bodies are already in memory.
pub(super) enum Outgoing {
    Small(Bytes),
    Large { file: File, length: u64 },
}

impl Outgoing {
    /// Prepares the `length` bytes at the position of `file`. Blocks.
    pub(super) fn read(mut file: File, length: u64) -> io::Result<Self> {
        if length <= SMALL { Ok(Self::Small(piece(&mut file, length)?)) } else { Ok(Self::Large { file, length }) }
    }

    pub(super) fn into_blob(self) -> StreamingBlob {
        match self {
            Self::Small(bytes) => StreamingBlob::from(Body::from(bytes)),
            Self::Large { file, length } => {
                StreamingBlob::new(FileBody { state: State::Idle(file), unread: length, unsent: length })
            }
        }
    }
}

fn piece(file: &mut File, length: u64) -> io::Result<Bytes> {
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(bytes.into())
    } else {
        Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the stored file is shorter than its object"))
    }
}

struct FileBody {
    state: State,
    unread: u64,
    unsent: u64,
}

enum State {
    Idle(File),
    Reading(JoinHandle<io::Result<(File, Bytes)>>),
    Done,
}

impl FileBody {
    fn begin(&mut self, mut file: File) {
        let length = self.unread.min(PIECE);
        self.unread -= length;
        self.state = if length == 0 {
            State::Done
        } else {
            State::Reading(tokio::task::spawn_blocking(move || {
                let bytes = piece(&mut file, length)?;
                Ok((file, bytes))
            }))
        };
    }
}

impl Stream for FileBody {
    type Item = Result<Bytes, StdError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::Idle(file) => self.begin(file),
                State::Reading(mut thread) => {
                    let outcome = match Pin::new(&mut thread).poll(cx) {
                        Poll::Pending => {
                            self.state = State::Reading(thread);
                            return Poll::Pending;
                        }
                        Poll::Ready(outcome) => outcome,
                    };
                    return Poll::Ready(Some(match outcome.map_err(io::Error::other).flatten() {
                        Ok((file, bytes)) => {
                            self.begin(file);
                            self.unsent -= bytes.len() as u64;
                            Ok(bytes)
                        }
                        Err(error) => {
                            tracing::error!(%error, "a stored file could not be read to its end");
                            Err(Box::new(error) as StdError)
                        }
                    }));
                }
            }
        }
    }
}

impl ByteStream for FileBody {
    fn remaining_length(&self) -> RemainingLength {
        usize::try_from(self.unsent).map_or_else(|_| RemainingLength::unknown(), RemainingLength::new_exact)
    }
}
