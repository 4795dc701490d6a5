//! What Amazon S3 promises, asked of real servers over real connections: practice storage always, and the server that
//! `BRIMFUL_TEST_ENDPOINT` names where it is set.
//!
//! One file for an area of S3, one test for a promise, its name the promise as a sentence:
//!
//! ```ignore
//! #[test]
//! fn a_bucket_with_an_object_in_it_is_not_deleted() {
//!     everywhere(async |server| {
//!         let bucket = server.bucket().await;
//!         server.put(&bucket, "k", b"x").await;
//!         let refused = refused(server.s3.delete_bucket().bucket(&bucket).send().await);
//!         assert_eq!((refused.status, refused.code.as_str()), (409, "BucketNotEmpty"));
//!         // What no SDK sends goes by hand: unsigned, or signed with `.sign()`.
//!         let stranger = server.ask("DELETE", &format!("/{bucket}")).send().await;
//!         assert_eq!((stranger.status, stranger.code()), (403, "AccessDenied"));
//!     });
//! }
//! ```
//!
//! `test_case` works too: `#[test_case("a b"; "a space")] fn any_key_is_kept(key: &str) { everywhere(…) }`.
//!
//! A case says what Amazon S3 does. Where another server does something else, the case stays as it is and the
//! difference is declared with its reason in [`differences`]. Practice storage has no differences. `server.strict()` is
//! for the few assertions that a server may answer either way by the letter of the documentation.
//!
//! To ask another server too (its buckets are cleared away afterwards):
//!
//! ```sh
//! BRIMFUL_TEST_ENDPOINT=http://127.0.0.1:7480 AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… cargo test --test it s3_contract
//! ```
//!
//! `AWS_ACCESS_KEY_ID_2` and `AWS_SECRET_ACCESS_KEY_2` name a second account. `AWS_REQUEST_CHECKSUM_CALCULATION` and
//! `AWS_RESPONSE_CHECKSUM_VALIDATION` set to `when_required` keep the SDK from sending what older servers cannot read.
//! What the server is called in [`differences`] is told by its `Server` header, or by `BRIMFUL_TEST_SERVER`.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test ends at the first surprise")]

mod buckets;
mod configuration;
mod cors;
mod differences;
mod errors;
mod keys;
mod listing;
mod lock;
pub(crate) mod policy;
pub(crate) mod public;
mod raw;
mod server;
mod signing;
mod versions;

mod checksums;
mod conditions;
mod multipart;
mod objects;
mod post_form;

use std::panic::AssertUnwindSafe;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use futures_util::FutureExt as _;

use differences::{How, declared};
pub(crate) use server::{Keys, Server};

/// Runs a case at practice storage and then at the server that the environment names, minding [`differences`].
///
/// Each run has a server handle of its own; at practice storage that is an empty store in a folder that vanishes.
#[expect(clippy::needless_pass_by_value, reason = "a case reads best without a borrow sign before it")]
pub(crate) fn everywhere(case: impl AsyncFn(&Server)) {
    let runtime = runtime();
    runtime.block_on(async {
        run(&case, Server::practice().await).await;
        let Some(server) = Server::elsewhere().await else { return };
        let name = case_name();
        match declared(&name, &server.name) {
            None => run(&case, server).await,
            Some(difference) if difference.how == How::NotAsked => {
                eprintln!("not asked of {}: {}", server.name, difference.reason);
            }
            Some(difference) => {
                let kept = AssertUnwindSafe(case(&server)).catch_unwind().await.is_ok();
                server.clear_away().await;
                assert!(!kept, "{name} is kept now; take this out of differences.rs: {difference:?}");
            }
        }
    });
}

async fn run(case: &impl AsyncFn(&Server), server: Server) {
    let outcome = AssertUnwindSafe(case(&server)).catch_unwind().await;
    let asked = format!("{} at {}", server.name, server.endpoint);
    server.clear_away().await;
    if let Err(panic) = outcome {
        eprintln!("the server asked was {asked}");
        std::panic::resume_unwind(panic);
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// `AREA::TEST`, and `::CASE` (its words joined by `_`) where `test_case` made several of it: the test harness gives the
/// thread of a test the name of the test.
fn case_name() -> String {
    let thread = std::thread::current();
    let path = thread.name().unwrap_or_default().to_owned();
    let path = path.strip_prefix("s3_contract::").expect("a case runs on the thread of its test");
    let Some((test, number)) = path.split_once("::test_case_") else { return path.to_owned() };
    format!("{test}::{}", number.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('_'))
}

/// A refusal as a client sees it.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: u16,
    /// The code of S3; empty where there is no body to name one, as with HEAD.
    pub(crate) code: String,
    pub(crate) message: String,
}

/// The refusal of a call by the SDK that must not succeed.
pub(crate) fn refused<T: std::fmt::Debug, E>(outcome: Result<T, SdkError<E, HttpResponse>>) -> Refused
where
    SdkError<E, HttpResponse>: ProvideErrorMetadata + std::fmt::Debug,
{
    let error = outcome.expect_err("the call must be refused");
    let Some(answer) = error.raw_response() else { panic!("no answer from the server: {error:?}") };
    let text = |found: Option<&str>| found.unwrap_or_default().to_owned();
    Refused { status: answer.status().as_u16(), code: text(error.code()), message: text(error.message()) }
}

/// The code of a call by the SDK: `""` where it succeeded, the bare status where the answer has no body to name a code.
pub(crate) fn code<T, E>(outcome: &Result<T, SdkError<E, HttpResponse>>) -> String
where
    SdkError<E, HttpResponse>: ProvideErrorMetadata,
{
    let Err(error) = outcome else { return String::new() };
    let status = || error.raw_response().map_or("no answer".to_owned(), |answer| answer.status().as_u16().to_string());
    error.code().map_or_else(status, str::to_owned)
}
