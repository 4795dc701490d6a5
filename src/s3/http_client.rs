//! The one HTTP client behind every SDK client of a store, so that connections are used again.

use std::time::Duration;

use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// Idle connections are dropped after this long; stores close theirs after 5 to 20 seconds anyway.
const IDLE: Duration = Duration::from_secs(20);

/// Makes the client. Certificates are those that this computer trusts.
pub(super) fn http_client() -> SharedHttpClient {
    Builder::new().pool_idle_timeout(IDLE).tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}
