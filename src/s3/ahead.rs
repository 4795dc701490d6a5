//! Where the next page of a listing begins, known before this one is read.
//!
//! Reading a page of a thousand names takes the SDK longer than the store needs to send it, and only then would the next
//! one be asked for. S3 writes the token near the beginning of the document, so it is looked for in the bytes as they
//! arrive; stores that write it at the end, or spell it with references, are asked page after page.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_s3::config::{
    ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeDeserializationInterceptorContextMut,
};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http_body::Frame;
use http_body_util::{BodyExt as _, BodyStream, StreamBody};
use tokio::sync::oneshot;

/// So much of a document is looked through.
const MOST: usize = 4096;

const BEGIN: &[u8] = b"<NextContinuationToken>";
const END: &[u8] = b"</NextContinuationToken>";

/// Tells the token of one listing, once.
#[derive(Debug, Clone)]
pub(super) struct Ahead(Arc<Mutex<Option<oneshot::Sender<String>>>>);

impl Ahead {
    pub(super) fn new(tell: oneshot::Sender<String>) -> Self {
        Self(Arc::new(Mutex::new(Some(tell))))
    }

    fn tell(&self, token: Option<String>) {
        let tell = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let (Some(tell), Some(token)) = (tell, token) {
            // Whoever asked has gone.
            let _ = tell.send(token);
        }
    }
}

/// What is known of the beginning of a document.
enum Look {
    /// The token, or that there is none to be used.
    Settled(Option<String>),
    /// More is to come.
    Open,
}

fn look(begun: &[u8]) -> Look {
    let find = |part: &[u8], in_text: &[u8]| in_text.windows(part.len()).position(|window| window == part);
    if let Some(at) = find(BEGIN, begun) {
        let rest = &begun[at + BEGIN.len()..];
        if let Some(end) = find(END, rest) {
            let token =
                std::str::from_utf8(&rest[..end]).ok().filter(|token| !token.is_empty() && !token.contains('&'));
            return Look::Settled(token.map(str::to_owned));
        }
    }
    if begun.len() >= MOST { Look::Settled(None) } else { Look::Open }
}

impl Intercept for Ahead {
    fn name(&self) -> &'static str {
        "Ahead"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        if !response.status().is_success() {
            return Ok(());
        }
        let ahead = self.clone();
        let mut begun = Some(Vec::new());
        let body = std::mem::replace(response.body_mut(), SdkBody::taken());
        let watched = body.map_frame(move |frame| {
            frame.map_data(|data: Bytes| {
                if let Some(buffer) = &mut begun {
                    let room = MOST.saturating_sub(buffer.len());
                    buffer.extend_from_slice(&data[..data.len().min(room)]);
                    if let Look::Settled(token) = look(buffer) {
                        ahead.tell(token);
                        begun = None;
                    }
                }
                data
            })
        });
        // Reading the page keeps this worker busy. Before it begins, the connection may go on to the next question: its
        // task was woken by this one and waits behind it.
        let breath = stream::once(async {
            tokio::task::yield_now().await;
            Ok(Frame::data(Bytes::new()))
        });
        let watched = StreamBody::new(BodyStream::new(watched).chain(breath));
        *response.body_mut() = SdkBody::from_body_1_x(watched);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::s3::list::list_page_ahead;
    use crate::s3::testing::{Canned, serve};
    use test_case::test_case;

    const LIST: &str = "<ListBucketResult><IsTruncated>true</IsTruncated>";

    #[test_case("<NextContinuationToken>a/b+c=</NextContinuationToken>", "", Some("a/b+c="); "at the beginning")]
    #[test_case("", "<NextContinuationToken>abc</NextContinuationToken>", None; "at the end of a long page")]
    #[test_case("<NextContinuationToken>a&amp;b</NextContinuationToken>", "", None; "with a reference")]
    #[tokio::test]
    async fn the_next_page_is_known_ahead(first: &str, last: &str, expected: Option<&str>) {
        let objects = "<Contents><Key>a</Key><Size>1</Size></Contents>".repeat(200);
        let server = serve(vec![Canned::xml(200, &format!("{LIST}{first}{objects}{last}</ListBucketResult>"))]).await;
        let (tell, told) = oneshot::channel();
        let page = list_page_ahead(&server.store().await, "b", "", None, None, tell).await.unwrap();
        assert_eq!(told.await.ok().as_deref(), expected);
        assert_eq!(page.objects.len(), 200);
        assert!(page.next.is_some() && expected.is_none_or(|token| page.next.as_deref() == Some(token)));
    }
}
