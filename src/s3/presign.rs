//! Links that carry a sign-in with them, for a while.

use std::{fmt, time::Duration};

use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_s3::presigning::PresigningConfig;
use jiff::Timestamp;

use super::{
    error::{Kind, S3Error},
    store::Store,
};

/// No signature lasts longer (AWS Signature Version 4, "Authenticating requests: using query parameters").
pub const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A link with a signature: whoever has it may fetch. Cannot be printed whole.
#[derive(Clone, PartialEq, Eq)]
pub struct PresignedUrl {
    url: String,
    /// When it really ends.
    pub expires: Timestamp,
    /// Whether it ends before its time because the session that signed it does.
    pub is_cut_by_session: bool,
}

impl PresignedUrl {
    /// The whole link, for the clipboard and the browser. Not for logs.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl fmt::Debug for PresignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.url.split_once('?').map_or(self.url.as_str(), |(before, _)| before);
        write!(f, "PresignedUrl({shown}?…, until {})", self.expires)
    }
}

/// What the link makes the store answer instead of what is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `Content-Disposition`, e.g. `attachment; filename="lake.jpg"`.
    pub content_disposition: Option<String>,
    /// `Content-Type`.
    pub content_type: Option<String>,
}

/// Makes a link for fetching one object. The store is not asked, but for the region of the bucket where that is not
/// known yet; the rights are judged when the link is used.
///
/// # Errors
/// No sign-in to sign with, or a duration of zero or beyond [`LONGEST`].
pub async fn presign_get_object(
    store: &Store,
    bucket: &str,
    key: &str,
    lasts: Duration,
    overrides: &Overrides,
) -> Result<PresignedUrl, S3Error> {
    const OPERATION: &str = "Presign";
    let fail = |kind| S3Error::new(OPERATION, kind).about_bucket(bucket).about_key(key);
    if store.info().anonymous {
        return Err(fail(Kind::NoCredentials));
    }
    if lasts.is_zero() || lasts > LONGEST {
        return Err(fail(Kind::BadRequest));
    }
    let region = store.region_of(bucket).await;
    let client = store.client(&region);
    let config = PresigningConfig::expires_in(lasts).map_err(|error| fail(Kind::BadRequest).caused_by(error))?;
    let request = client
        .get_object()
        .bucket(bucket)
        .key(key)
        .set_response_content_disposition(overrides.content_disposition.clone())
        .set_response_content_type(overrides.content_type.clone())
        .presigned(config)
        .await
        .map_err(|error| S3Error::from_sdk(OPERATION, error).about_bucket(bucket).about_key(key))?;
    let wanted = Timestamp::now().saturating_add(jiff::SignedDuration::try_from(lasts).unwrap_or_default());
    let wanted = wanted.unwrap_or(Timestamp::MAX);
    let session_end = match store.credentials() {
        Some(provider) => provider
            .provide_credentials()
            .await
            .ok()
            .and_then(|credentials| credentials.expiry())
            .and_then(|end| Timestamp::try_from(end).ok()),
        None => None,
    };
    let expires = session_end.map_or(wanted, |end| end.min(wanted));
    Ok(PresignedUrl { url: request.uri().to_owned(), expires, is_cut_by_session: expires < wanted })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::s3::testing::{Canned, serve};

    #[tokio::test]
    async fn a_link_says_what_it_signs_and_never_prints_its_signature() {
        let server = serve(vec![Canned::empty(200)]).await;
        let store = server.store().await;
        let overrides = Overrides { content_disposition: Some("attachment".into()), content_type: None };
        let link = presign_get_object(&store, "b", "a b/é.jpg", Duration::from_secs(3600), &overrides).await.unwrap();
        assert!(link.url().starts_with(&format!("{}/b/a%20b/%C3%A9.jpg?", server.endpoint)), "{}", link.url());
        for part in ["X-Amz-Expires=3600", "response-content-disposition=attachment", "X-Amz-Signature="] {
            assert!(link.url().contains(part), "{part} is not in {}", link.url());
        }
        assert!(!format!("{link:?}").contains("Signature"));
        assert!(!link.is_cut_by_session);
        let error = presign_get_object(&store, "b", "k", LONGEST * 2, &overrides).await.unwrap_err();
        assert_eq!(error.kind, Kind::BadRequest);
        assert!(server.requests().is_empty());
    }
}
