//! What a client promises about a body, and whether the body is so.
//!
//! Source of the rules: Amazon S3 User Guide, "Checking object integrity for data uploads in Amazon S3".

use http::HeaderMap;
use md5::{Digest as _, Md5};
use s3s::{S3Request, S3Result, TrailingHeaders};

use super::super::base64;
use super::super::checksum::{Algorithm, Hasher};
use super::super::error::{invalid_request, refuse};
use super::{Received, Trailers};

/// Headers of this start that do not carry a value.
const NO_VALUES: &[&str] = &["x-amz-checksum-algorithm", "x-amz-checksum-mode", "x-amz-checksum-type"];

/// The headers that came after a body, whoever unpacked it.
#[derive(Debug, Default)]
pub(in crate::practice) struct Trailing {
    signed: Option<TrailingHeaders>,
    unsigned: Option<Trailers>,
}

impl Trailing {
    /// Takes them from a request; their values are there when the body was read.
    pub(in crate::practice) fn of<T>(request: &mut S3Request<T>) -> Self {
        Self { signed: request.trailing_headers.take(), unsigned: request.extensions.get::<Trailers>().cloned() }
    }

    fn get(&self, name: &str) -> Option<String> {
        let read = |trailers: &HeaderMap| Some(trailers.get(name)?.to_str().ok()?.trim().to_owned());
        let signed = self.signed.as_ref().and_then(|trailers| trailers.read(read)).flatten();
        signed.or_else(|| self.unsigned.as_ref()?.get(name))
    }
}

/// What the client promised about a body.
#[derive(Debug, Default)]
pub(in crate::practice) struct Promise {
    md5: Option<Vec<u8>>,
    /// The algorithm used, and the value where it came in a header.
    checksum: Option<(Algorithm, Option<String>)>,
}

impl Promise {
    /// Reads `Content-MD5`, `x-amz-checksum-…`, `x-amz-trailer` and `x-amz-sdk-checksum-algorithm`.
    pub(in crate::practice) fn from_headers(headers: &HeaderMap) -> S3Result<Self> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let md5 = match text("content-md5") {
            None => None,
            Some(value) => {
                let bytes = base64::decode(value.trim()).filter(|bytes| bytes.len() == 16);
                Some(bytes.ok_or_else(|| refuse("InvalidDigest", "The Content-MD5 you specified was invalid."))?)
            }
        };
        let mut given = headers
            .keys()
            .map(http::HeaderName::as_str)
            .filter(|name| name.starts_with("x-amz-checksum-") && !NO_VALUES.contains(name));
        let first = given.next();
        if given.next().is_some() {
            return Err(invalid_request(
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
            ));
        }
        let trailer = text("x-amz-trailer")
            .and_then(|names| names.split(',').map(str::trim).find(|name| name.starts_with("x-amz-checksum-")));
        let checksum = match (first, trailer) {
            (Some(_), Some(_)) => {
                return Err(invalid_request(
                    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
                ));
            }
            (Some(name), None) => {
                let algorithm = Algorithm::from_header(name).ok_or_else(|| {
                    invalid_request("The algorithm type you specified in x-amz-checksum- header is invalid.")
                })?;
                let value = text(name).filter(|value| algorithm.accepts(value));
                let value = value.ok_or_else(|| invalid_request(format!("Value for {name} header is invalid.")))?;
                Some((algorithm, Some(value.to_owned())))
            }
            (None, Some(name)) => {
                let algorithm = Algorithm::from_header(name).ok_or_else(|| {
                    invalid_request("The value specified in the x-amz-trailer header is not supported")
                })?;
                Some((algorithm, None))
            }
            (None, None) => None,
        };
        match (text("x-amz-sdk-checksum-algorithm"), &checksum) {
            (None, _) => {}
            (Some(name), Some((algorithm, _))) if Algorithm::from_name(name) == Some(*algorithm) => {}
            (Some(_), Some(_)) => {
                return Err(invalid_request("Value for x-amz-sdk-checksum-algorithm header is invalid."));
            }
            (Some(_), None) => {
                return Err(invalid_request(
                    "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
                ));
            }
        }
        Ok(Self { md5, checksum })
    }

    /// True when nothing was promised.
    pub(in crate::practice) fn is_empty(&self) -> bool {
        self.md5.is_none() && self.checksum.is_none()
    }

    /// The algorithm that the client uses, if any.
    pub(in crate::practice) fn algorithm(&self) -> Option<Algorithm> {
        self.checksum.as_ref().map(|(algorithm, _)| *algorithm)
    }

    fn check_md5(&self, computed: &[u8]) -> S3Result<()> {
        match &self.md5 {
            Some(promised) if promised.as_slice() != computed => {
                Err(refuse("BadDigest", "The Content-MD5 you specified did not match what we received."))
            }
            _ => Ok(()),
        }
    }

    /// Compares what arrived with what was promised.
    pub(in crate::practice) fn check(&self, received: &Received, trailing: &Trailing) -> S3Result<()> {
        self.check_md5(&received.md5)?;
        let Some((algorithm, in_header)) = &self.checksum else { return Ok(()) };
        let promised = match in_header {
            Some(value) => value.clone(),
            None => trailing.get(algorithm.header()).ok_or_else(|| {
                refuse(
                    "MalformedTrailerError",
                    "The request contained trailing data that was not well-formed or did not conform to our published schema.",
                )
            })?,
        };
        if !algorithm.accepts(&promised) {
            return Err(invalid_request(format!("Value for {} trailing header is invalid.", algorithm.header())));
        }
        let computed = received.checksum(*algorithm).map(|checksum| checksum.value.as_str());
        if computed == Some(promised.as_str()) { Ok(()) } else { Err(mismatch(*algorithm)) }
    }

    /// As [`Promise::check`], for a body in memory.
    pub(in crate::practice) fn check_document(&self, document: &[u8]) -> S3Result<()> {
        self.check_md5(&Md5::digest(document))?;
        let Some((algorithm, Some(promised))) = &self.checksum else { return Ok(()) };
        let mut hasher = Hasher::new(*algorithm);
        hasher.update(document);
        if hasher.finish().value == *promised { Ok(()) } else { Err(mismatch(*algorithm)) }
    }
}

/// The answer to a checksum that is another than promised.
pub(in crate::practice) fn mismatch(algorithm: Algorithm) -> s3s::S3Error {
    refuse("BadDigest", format!("The {algorithm} you specified did not match the calculated checksum."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn promise(headers: &[(&'static str, &'static str)]) -> S3Result<Promise> {
        let headers = headers
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), http::HeaderValue::from_static(value)));
        Promise::from_headers(&headers.collect())
    }

    // CRC32 and MD5 of "hello".
    const CRC32: (&str, &str) = ("x-amz-checksum-crc32", "NhCmhg==");
    const MD5: (&str, &str) = ("content-md5", "XUFAKrxLKna5cZ2REBfFkg==");

    #[test_case(&[], "", ""; "nothing")]
    #[test_case(&[MD5, CRC32], "", ""; "both right")]
    #[test_case(&[("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==")], "", "BadDigest"; "another md5")]
    #[test_case(&[("content-md5", "nonsense")], "InvalidDigest", ""; "no md5")]
    #[test_case(&[("x-amz-checksum-crc32", "AAAAAA==")], "", "BadDigest"; "another crc32")]
    #[test_case(&[("x-amz-checksum-crc32", "AAAA")], "InvalidRequest", ""; "no crc32")]
    #[test_case(&[("x-amz-checksum-sha512", "AAAA")], "InvalidRequest", ""; "an algorithm that is not known here")]
    #[test_case(&[CRC32, ("x-amz-checksum-crc32c", "AAAAAA==")], "InvalidRequest", ""; "two checksums")]
    #[test_case(&[CRC32, ("x-amz-trailer", "x-amz-checksum-crc32c")], "InvalidRequest", ""; "one before and one after")]
    #[test_case(&[("x-amz-sdk-checksum-algorithm", "CRC32")], "InvalidRequest", ""; "announced only")]
    #[test_case(&[CRC32, ("x-amz-sdk-checksum-algorithm", "crc32")], "", ""; "announced and given")]
    #[test_case(&[CRC32, ("x-amz-sdk-checksum-algorithm", "SHA1")], "InvalidRequest", ""; "announced otherwise")]
    #[test_case(&[("x-amz-checksum-mode", "ENABLED"), ("x-amz-checksum-type", "COMPOSITE")], "", ""; "no values at all")]
    fn promises(headers: &[(&'static str, &'static str)], refused: &str, broken: &str) {
        let code = |error: &s3s::S3Error| error.code().as_str().to_owned();
        match promise(headers) {
            Err(error) => assert_eq!(code(&error), refused),
            Ok(promise) => {
                let outcome = promise.check_document(b"hello").map_or_else(|error| code(&error), |()| String::new());
                assert_eq!(("", outcome.as_str()), (refused, broken));
            }
        }
    }
}
