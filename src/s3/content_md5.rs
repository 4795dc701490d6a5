//! `Content-MD5` for stores that know nothing newer.
//!
//! Some operations demand a checksum. The SDK sends CRC-32, which stores of the time before 2022 do not know: they
//! answer that the MD5 is missing. Once a store has said so, every request whose body lies in memory carries its MD5
//! instead.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeTransmitInterceptorContextMut};
use aws_smithy_runtime_api::box_error::BoxError;
use md5::{Digest, Md5};

use super::error::S3Error;

/// The SDK computes no checksum of its own where it sees one that the caller set; this one never leaves.
const PLACEHOLDER: &str = "x-amz-checksum-placeholder";

/// Swaps the checksum while `wanted` is set.
#[derive(Debug, Clone, Default)]
pub(super) struct ContentMd5 {
    pub(super) wanted: Arc<AtomicBool>,
}

impl ContentMd5 {
    /// Takes note if the store asks for MD5; `true` if that is news and the request is worth repeating.
    pub(super) fn learn(&self, error: &S3Error) -> bool {
        let message = error.message.as_deref().unwrap_or_default().to_ascii_lowercase();
        let asks = match error.code.as_deref() {
            Some("MissingContentMD5" | "MissingDigest") => true,
            Some("InvalidRequest" | "InvalidArgument" | "MissingParameter") => {
                message.contains("content-md5") || message.contains("unsupported header 'x-amz-sdk-checksum")
            }
            _ => false,
        };
        asks && !self.wanted.swap(true, Ordering::Relaxed)
    }
}

impl Intercept for ContentMd5 {
    fn name(&self) -> &'static str {
        "ContentMd5"
    }

    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if !self.wanted.load(Ordering::Relaxed) {
            return Ok(());
        }
        let request = context.request_mut();
        let Some(body) = request.body().bytes().filter(|body| !body.is_empty()) else { return Ok(()) };
        let digest = aws_smithy_types::base64::encode(Md5::digest(body));
        request.headers_mut().insert("content-md5", digest);
        request.headers_mut().remove("x-amz-sdk-checksum-algorithm");
        request.headers_mut().insert(PLACEHOLDER, "md5");
        Ok(())
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        context.request_mut().headers_mut().remove(PLACEHOLDER);
        Ok(())
    }
}
