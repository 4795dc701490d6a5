//! Reading an object piece by piece, for what is too large to be held in memory.

use aws_smithy_types::byte_stream::ByteStream;
use bytes::Bytes;

use super::{
    error::{Kind, S3Error},
    object::unquoted,
    store::Store,
};

const OPERATION: &str = "GetObject";

/// An object that is being read.
#[derive(Debug)]
pub struct ObjectReader {
    /// How many bytes will come, if the store says so.
    pub size_bytes: Option<u64>,
    /// Without the quotes.
    pub etag: Option<String>,
    body: ByteStream,
    read_bytes: u64,
}

/// Begins to read an object from its first byte.
///
/// # Errors
/// Whatever the store says.
pub async fn read_object(store: &Store, bucket: &str, key: &str) -> Result<ObjectReader, S3Error> {
    let answer = store
        .ask(OPERATION, bucket, |client| client.get_object().bucket(bucket).key(key).send())
        .await
        .map_err(|error| error.about_key(key))?;
    Ok(ObjectReader {
        size_bytes: answer.content_length.and_then(|size| u64::try_from(size).ok()),
        etag: answer.e_tag.map(unquoted),
        body: answer.body,
        read_bytes: 0,
    })
}

impl ObjectReader {
    /// The next piece; `None` after the last byte.
    ///
    /// # Errors
    /// Where the connection breaks, a checksum does not hold, or fewer bytes come than were announced.
    pub async fn next(&mut self) -> Result<Option<Bytes>, S3Error> {
        match self.body.next().await {
            Some(Ok(piece)) => {
                self.read_bytes += piece.len() as u64;
                Ok(Some(piece))
            }
            Some(Err(error)) => Err(S3Error::from_stream(OPERATION, error)),
            None if self.size_bytes.is_some_and(|size| size != self.read_bytes) => {
                Err(S3Error::new(OPERATION, Kind::Damaged))
            }
            None => Ok(None),
        }
    }
}
