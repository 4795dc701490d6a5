//! Documents that other stores call otherwise than Amazon S3 does.
//!
//! Ceph, moto and rclone answer some questions with the right elements in a document of another name. The SDK reads a document
//! by its name alone, so the name is put right before it is read.

use aws_sdk_s3::config::{
    ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeDeserializationInterceptorContextMut,
};
use aws_smithy_runtime_api::{box_error::BoxError, client::orchestrator::Metadata};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body_util::BodyExt as _;

/// Operation, what the document is called there, and what S3 calls it.
const NAMES: [(&str, &str, &str); 6] = [
    // Ceph 16.
    ("GetPublicAccessBlock", "BlockPublicAccessBlockConfiguration", "PublicAccessBlockConfiguration"),
    // moto 5.2.
    ("GetBucketVersioning", "GetBucketVersioningResponse", "VersioningConfiguration"),
    ("GetBucketAccelerateConfiguration", "GetBucketAccelerateConfigurationResponse", "AccelerateConfiguration"),
    ("GetBucketNotificationConfiguration", "GetBucketNotificationResponse", "NotificationConfiguration"),
    ("ListParts", "ListPartsResponse", "ListPartsResult"),
    // rclone 1.75, by gofakes3.
    ("CreateMultipartUpload", "InitiateMultipartUpload", "InitiateMultipartUploadResult"),
];

/// Puts the names right.
#[derive(Debug, Clone, Copy)]
pub(super) struct OtherNames;

impl Intercept for OtherNames {
    fn name(&self) -> &'static str {
        "OtherNames"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = config.load::<Metadata>().map(Metadata::name).unwrap_or_default();
        let Some((_, theirs, ours)) = NAMES.iter().find(|(of, ..)| *of == operation) else { return Ok(()) };
        let response = context.response_mut();
        if response.status().is_success() {
            let body = std::mem::replace(response.body_mut(), SdkBody::taken());
            let renamed = body.map_frame(|frame| frame.map_data(|data: Bytes| renamed(data, theirs, ours)));
            *response.body_mut() = SdkBody::from_body_1_x(renamed);
            response.headers_mut().remove("content-length");
        }
        Ok(())
    }
}

/// The same piece of a document with both tags of its name put right. Documents of settings come in one piece, or break
/// between their tags.
fn renamed(data: Bytes, theirs: &str, ours: &str) -> Bytes {
    match std::str::from_utf8(&data) {
        // Names that only begin so are others.
        Ok(text) if text.contains(theirs) => [("<", ">"), ("<", " "), ("</", ">")]
            .iter()
            .fold(text.to_owned(), |text, (open, close)| {
                text.replace(&format!("{open}{theirs}{close}"), &format!("{open}{ours}{close}"))
            })
            .into(),
        Ok(_) | Err(_) => data,
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::public_access::BlockPublicAccess;
    use crate::s3::multipart::create_multipart_upload;
    use crate::s3::object::ObjectHeaders;
    use crate::s3::settings::{Readable, get_bucket_versioning, get_public_access_block};
    use crate::s3::testing::{Canned, serve};

    #[test_case::test_case("InitiateMultipartUpload"; "as rclone calls it")]
    #[test_case::test_case("InitiateMultipartUploadResult"; "as S3 calls it")]
    #[tokio::test]
    async fn an_upload_in_parts_is_begun(name: &str) {
        let answer = format!("<{name} xmlns=\"x\"><Bucket>b</Bucket><Key>k</Key><UploadId>u</UploadId></{name}>");
        let server = serve(vec![Canned::xml(200, &answer)]).await;
        let headers = ObjectHeaders::default();
        let begun = create_multipart_upload(&server.store().await, "b", "k", &headers).await;
        assert_eq!(begun.unwrap().id, "u");
    }

    #[tokio::test]
    async fn a_document_of_another_name_is_read() {
        let flags = "<BlockPublicAccessBlockConfiguration><BlockPublicPolicy>true</BlockPublicPolicy></BlockPublicAccessBlockConfiguration>";
        let server = serve(vec![Canned::xml(200, flags)]).await;
        let wanted = BlockPublicAccess { block_public_policy: true, ..BlockPublicAccess::NONE };
        assert_eq!(get_public_access_block(&server.store().await, "b").await.value(), Some(&wanted));

        let on = "<?xml version=\"1.0\"?><GetBucketVersioningResponse xmlns=\"x\"><Status>Enabled</Status></GetBucketVersioningResponse>";
        let server = serve(vec![Canned::xml(200, on)]).await;
        let read = get_bucket_versioning(&server.store().await, "b").await;
        assert!(matches!(read, Readable::Is(versioning) if versioning.is_on()));
    }
}
