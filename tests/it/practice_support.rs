//! A practice store in a folder of its own, the real SDK on it, and plain requests without credentials.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use brimful::practice::{Options, Server};
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy::Client as Plain;
use hyper_util::rt::TokioExecutor;
use tempfile::TempDir;

pub(crate) struct Practice {
    pub(crate) server: Server,
    pub(crate) s3: Client,
    pub(crate) dir: TempDir,
}

/// An answer to a request that nobody signed.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn code(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let inside = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
        inside.map_or(String::new(), |(code, _)| code.to_owned())
    }
}

impl Practice {
    pub(crate) async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap()).await
    }

    pub(crate) async fn start_in(dir: TempDir) -> Self {
        let server = Server::start(Options { dir: dir.path().join("store"), port: None }).await.unwrap();
        let s3 = client(&server, Server::REGION);
        Self { server, s3, dir }
    }

    /// Stops the store and starts it again in the same folder.
    pub(crate) async fn restart(self) -> Self {
        self.server.shutdown().await;
        Self::start_in(self.dir).await
    }

    pub(crate) async fn bucket(&self, name: &str) {
        self.s3.create_bucket().bucket(name).send().await.unwrap();
    }

    pub(crate) async fn put(&self, bucket: &str, key: &str, body: &[u8]) {
        let body = ByteStream::from(body.to_vec());
        self.s3.put_object().bucket(bucket).key(key).body(body).send().await.unwrap();
    }

    pub(crate) async fn get(&self, bucket: &str, key: &str) -> Vec<u8> {
        let answer = self.s3.get_object().bucket(bucket).key(key).send().await.unwrap();
        answer.body.collect().await.unwrap().to_vec()
    }

    /// A request without credentials; `path` begins with the bucket.
    pub(crate) async fn plain(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = http::Request::builder().method(method).uri(format!("{}/{path}", self.server.endpoint()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let client = Plain::builder(TokioExecutor::new()).build_http();
        let answer = client.request(request.body(Empty::<bytes::Bytes>::new()).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }
}

pub(crate) fn client(server: &Server, region: &'static str) -> Client {
    let key = server.credentials();
    let credentials = Credentials::new(&key.access_key_id, &key.secret_access_key, None, None, "practice");
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .region(Region::new(region))
        .credentials_provider(credentials)
        .endpoint_url(server.endpoint())
        .force_path_style(true)
        .build();
    Client::from_conf(config)
}

/// The S3 code of a failed call; `""` for one that succeeded, the bare status where there is no body to name a code.
pub(crate) fn code<T, E: ProvideErrorMetadata>(
    outcome: &Result<T, aws_sdk_s3::error::SdkError<E, aws_sdk_s3::config::http::HttpResponse>>,
) -> String {
    match outcome {
        Ok(_) => String::new(),
        Err(error) => match error.code() {
            Some(code) => code.to_owned(),
            None => {
                error.raw_response().map_or_else(|| "no answer".to_owned(), |raw| raw.status().as_u16().to_string())
            }
        },
    }
}
