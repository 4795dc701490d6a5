//! The questions, put to a real server.

use std::time::Duration;

use brimful::domain::permission::Access;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::generate::{KEYS, Question};
use crate::s3_contract::{Keys, Server};

/// Everything but the unreserved characters of RFC 3986, and the slash.
const IN_PATHS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// What the server answered.
pub(super) struct Asked {
    pub(super) access: Access,
    pub(super) status: u16,
}

/// A bucket whose policy may be public, with something in it.
pub(super) async fn bucket(server: &Server) -> String {
    let bucket = server.bucket().await;
    let _ = server.s3.delete_public_access_block().bucket(&bucket).send().await;
    for (key, tagged) in KEYS {
        let put = server.s3.put_object().bucket(&bucket).key(*key).body(b"x".to_vec().into());
        put.set_tagging(tagged.then(|| "team=web".to_owned())).send().await.unwrap();
    }
    bucket
}

/// Stores the policy.
///
/// # Errors
/// What the server says against it.
pub(super) async fn store_policy(server: &Server, bucket: &str, text: &str) -> Result<(), String> {
    let stored = server.s3.put_bucket_policy().bucket(bucket).policy(text).send().await;
    stored.map(drop).map_err(|error| format!("{error:?}"))
}

pub(super) async fn remove_policy(server: &Server, bucket: &str) {
    let _ = server.s3.delete_bucket_policy().bucket(bucket).send().await;
}

pub(super) async fn put(server: &Server, bucket: &str, question: &Question, keys: Option<&Keys>) -> Asked {
    let path = match question.key() {
        Some(key) => format!("/{bucket}/{}", utf8_percent_encode(&key, IN_PATHS)),
        None => format!("/{bucket}"),
    };
    let target = if question.query.is_empty() { path } else { format!("{path}?{}", question.query) };
    for attempt in 0..4 {
        let mut ask = server.ask(question.method, &target);
        if let Some(referer) = question.referer {
            ask = ask.header("referer", referer);
        }
        if let Some(agent) = question.agent {
            ask = ask.header("user-agent", agent);
        }
        if question.method == "PUT" {
            ask = ask.body("x");
        }
        if let Some(keys) = keys {
            ask = ask.sign_as(keys);
        }
        let answer = ask.send().await;
        match answer.status {
            403 => return Asked { access: Access::Deny, status: 403 },
            status if status < 300 => return Asked { access: Access::Allow, status },
            // A server that is busy decides nothing.
            500.. if attempt < 3 => tokio::time::sleep(Duration::from_millis(200)).await,
            status => panic!("{status} to {} {target}: {}", question.method, answer.text),
        }
    }
    unreachable!("the last attempt returns or panics")
}
