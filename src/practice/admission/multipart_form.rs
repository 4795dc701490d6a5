//! `multipart/form-data` as a browser posts it (RFC 7578): short fields first, then one file, which is streamed.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use s3s::{S3Error, S3Result, StdError};

use super::super::error::{invalid_argument, refuse};
use super::super::intake::Broken;

/// Everything before the file may have this many bytes (Amazon S3 User Guide, "Browser-based uploads using POST").
const MAX_FIELDS: usize = 20 << 10;

/// A form, read up to the bytes of its file.
pub(super) struct Form<S> {
    /// Names in lower case, values as they came, in their order.
    pub(super) fields: Vec<(String, String)>,
    pub(super) file_name: String,
    pub(super) file: FileBytes<S>,
}

fn malformed() -> S3Error {
    refuse("MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.")
}

/// Where `pattern` begins in `bytes`; it begins with a carriage return or a dash, which are rare.
fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    let first = *pattern.first()?;
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(|byte| *byte == first) {
        if bytes[from + at..].starts_with(pattern) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

struct Reader<S> {
    body: S,
    buffer: BytesMut,
    taken: usize,
}

impl<S, E> Reader<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<StdError>,
{
    async fn more(&mut self) -> S3Result<()> {
        if self.taken + self.buffer.len() > MAX_FIELDS {
            return Err(refuse(
                "MaxPostPreDataLengthExceededError",
                "Your POST request fields preceding the upload file were too large.",
            ));
        }
        match self.body.next().await {
            Some(Ok(bytes)) => {
                self.buffer.extend_from_slice(&bytes);
                Ok(())
            }
            Some(Err(_)) | None => Err(malformed()),
        }
    }

    /// Takes what comes before `pattern`, and the pattern itself.
    async fn until(&mut self, pattern: &[u8]) -> S3Result<Bytes> {
        loop {
            if let Some(at) = find(&self.buffer, pattern) {
                let mut found = self.buffer.split_to(at + pattern.len()).freeze();
                self.taken += found.len();
                found.truncate(at);
                return Ok(found);
            }
            self.more().await?;
        }
    }
}

/// Reads the fields of a form; its file is left to be streamed.
pub(super) async fn read<S, E>(body: S, boundary: &str) -> S3Result<Form<S>>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<StdError>,
{
    let mut reader = Reader { body, buffer: BytesMut::new(), taken: 0 };
    let delimiter = format!("\r\n--{boundary}").into_bytes();
    reader.until(&delimiter[2..]).await?;
    let mut fields = Vec::new();
    loop {
        if !reader.until(b"\r\n").await?.is_empty() {
            // "--": the end of the form.
            let message = "POST requires exactly one file upload per request.";
            return Err(refuse("IncorrectNumberOfFilesInPostRequest", message));
        }
        let head = reader.until(b"\r\n\r\n").await?;
        let head = std::str::from_utf8(&head).map_err(|_| malformed())?;
        let (name, file_name) = disposition(head).ok_or_else(malformed)?;
        if name.eq_ignore_ascii_case("file") {
            let file = FileBytes {
                body: reader.body,
                buffer: reader.buffer,
                delimiter,
                done: false,
                size: 0,
                least: 0,
                most: u64::MAX,
            };
            return Ok(Form { fields, file_name: file_name.unwrap_or_default(), file });
        }
        let value = reader.until(&delimiter).await?;
        let value = std::str::from_utf8(&value).map_err(|_| invalid_argument("A form field is not UTF-8 text."))?;
        fields.push((name.to_ascii_lowercase(), value.to_owned()));
    }
}

/// Name and file name of a part.
fn disposition(head: &str) -> Option<(String, Option<String>)> {
    let line = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    Some((parameter(line, "name")?, parameter(line, "filename")))
}

/// A parameter of a header such as `form-data; name="key"`.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut rest = header;
    loop {
        let (_, after) = rest.split_once(';')?;
        rest = after.trim_start();
        let (found, value) = rest.split_once('=')?;
        let Some(quoted) = value.strip_prefix('"') else {
            if found.trim().eq_ignore_ascii_case(name) {
                return value.split(';').next().map(|value| value.trim().to_owned());
            }
            continue;
        };
        let mut text = String::new();
        let mut letters = quoted.char_indices();
        let end = loop {
            match letters.next()? {
                (at, '"') => break at,
                // Only a quote is escaped: paths of Windows are sent with bare backslashes.
                (_, '\\') if letters.as_str().starts_with('"') => {
                    text.push('"');
                    letters.next();
                }
                (_, letter) => text.push(letter),
            }
        };
        if found.trim().eq_ignore_ascii_case(name) {
            return Some(text);
        }
        rest = &quoted[end..];
    }
}

/// The bytes of the file, up to the next boundary.
pub(super) struct FileBytes<S> {
    body: S,
    buffer: BytesMut,
    delimiter: Vec<u8>,
    done: bool,
    size: u64,
    least: u64,
    most: u64,
}

impl<S> FileBytes<S> {
    /// Sets how many bytes the file has to have.
    pub(super) fn within(self, least: u64, most: u64) -> Self {
        Self { least, most, ..self }
    }

    /// The next bytes that surely belong to the file.
    fn certain(&mut self) -> Bytes {
        if let Some(at) = find(&self.buffer, &self.delimiter) {
            self.done = true;
            return self.buffer.split_to(at).freeze();
        }
        let from = self.buffer.len().saturating_sub(self.delimiter.len() - 1);
        let held = (from..self.buffer.len()).find(|at| self.delimiter.starts_with(&self.buffer[*at..]));
        self.buffer.split_to(held.unwrap_or(self.buffer.len())).freeze()
    }

    fn judge(&self) -> Result<(), Broken> {
        if self.size > self.most {
            Err(Broken::TooLarge { size: self.size, most: self.most })
        } else if self.done && self.size < self.least {
            Err(Broken::TooSmall { size: self.size, least: self.least })
        } else {
            Ok(())
        }
    }
}

impl<S, E> Stream for FileBytes<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<StdError>,
{
    type Item = Result<Bytes, StdError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if self.done {
                return Poll::Ready(None);
            }
            let bytes = self.certain();
            self.size += bytes.len() as u64;
            if let Err(error) = self.judge() {
                self.done = true;
                return Poll::Ready(Some(Err(Box::new(error))));
            }
            if !bytes.is_empty() {
                return Poll::Ready(Some(Ok(bytes)));
            }
            if self.done {
                return Poll::Ready(None);
            }
            match ready!(self.body.poll_next_unpin(cx)) {
                Some(Ok(bytes)) => self.buffer.extend_from_slice(&bytes),
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                None => return Poll::Ready(Some(Err(Box::new(Broken::Cut)))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{TryStreamExt as _, stream};
    use test_case::test_case;

    type Read = (Vec<(String, String)>, String, Result<String, String>);

    async fn form(wire: &str, piece: usize, range: (u64, u64)) -> Result<Read, String> {
        let pieces: Vec<_> =
            wire.as_bytes().chunks(piece).map(|piece| Ok::<_, StdError>(Bytes::copy_from_slice(piece))).collect();
        let form = read(stream::iter(pieces), "B").await.map_err(|error| error.code().as_str().to_owned())?;
        let bytes: Result<Vec<Bytes>, _> = form.file.within(range.0, range.1).try_collect().await;
        let bytes = bytes.map(|bytes| String::from_utf8(bytes.concat()).unwrap()).map_err(|error| error.to_string());
        Ok((form.fields, form.file_name, bytes))
    }

    const FILE: &str = "--B\r\nContent-Disposition: form-data; name=\"Key\"\r\n\r\na/${filename}\r\n\
        --B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"c:\\x\\\"y.png\"\r\nContent-Type: image/png\r\n\r\n\
        by\r\n-\r\n--tes\r\n--B--\r\n";

    #[tokio::test]
    async fn fields_come_before_a_file_that_may_hold_anything() {
        for piece in [1, 3, 10, 1000] {
            let (fields, name, bytes) = form(FILE, piece, (0, 100)).await.unwrap();
            assert_eq!(fields, [("key".to_owned(), "a/${filename}".to_owned())]);
            assert_eq!(
                (name.as_str(), bytes),
                ("c:\\x\"y.png", Ok("by\r\n-\r\n--tes".to_owned())),
                "pieces of {piece}"
            );
        }
    }

    #[test_case((0, 11), Err("the body is larger than its policy allows"); "one too many")]
    #[test_case((13, 99), Err("the body is smaller than its policy allows"); "one too few")]
    #[test_case((12, 12), Ok(()); "just right")]
    #[tokio::test]
    async fn sizes_are_held_to(range: (u64, u64), expected: Result<(), &str>) {
        let (.., bytes) = form(FILE, 5, range).await.unwrap();
        assert_eq!(bytes.map(|_| ()), expected.map_err(str::to_owned));
    }

    #[test_case("--B\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--B--\r\n", "IncorrectNumberOfFilesInPostRequest"; "no file")]
    #[test_case("--C\r\n\r\n", "MalformedPOSTRequest"; "other boundary")]
    #[test_case("--B\r\nContent-Type: text/plain\r\n\r\nk\r\n--B--\r\n", "MalformedPOSTRequest"; "no name")]
    #[tokio::test]
    async fn refused(wire: &str, code: &str) {
        assert_eq!(form(wire, 4, (0, 1)).await.unwrap_err(), code);
    }

    #[tokio::test]
    async fn fields_have_a_limit() {
        let wire = format!("--B\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n{}", "k".repeat(30_000));
        assert_eq!(form(&wire, 1000, (0, 1)).await.unwrap_err(), "MaxPostPreDataLengthExceededError");
    }
}
