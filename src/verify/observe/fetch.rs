//! The requests for a file: its headers, its beginning, or all of it within a budget of memory.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Semaphore;

use super::super::ask::Asker;
use crate::domain::verify::Answered;
use crate::s3::error::S3Error;
use crate::s3::probe::{Answer, Question};

/// Enough for kind and size of nearly every picture.
const BEGINNING: u64 = 64 << 10;
/// What is smaller comes whole with the first request.
const SMALL: u64 = 256 << 10;
/// Nothing larger is read to its end.
pub(super) const MOST_BYTES: u64 = 64 << 20;
/// What may be held of large files at once, in KiB.
const BUDGET_KIB: u32 = 256 << 10;
/// So much of a refusal is read, for its code.
const REFUSAL: usize = 4096;

pub(super) struct Fetcher {
    asker: Arc<Asker>,
    budget: Semaphore,
}

/// What came.
pub(super) struct Got {
    pub(super) answer: Answered,
    pub(super) body: Bytes,
    /// Whether the body is all of it.
    pub(super) is_whole: bool,
    /// `Access-Control-Allow-Origin`.
    pub(super) allowed_origin: Option<String>,
    /// From sending to the last byte.
    pub(super) took: Duration,
}

impl Fetcher {
    pub(super) fn new(asker: Arc<Asker>) -> Self {
        Self { asker, budget: Semaphore::new(BUDGET_KIB as usize) }
    }

    /// The headers alone; of a refusal also its code.
    pub(super) async fn headers(&self, url: &str, origin: Option<&str>) -> Result<Got, S3Error> {
        let answer = self.asker.ask(&asking(Question::head(url), origin)).await?;
        if answer.status < 400 {
            return Ok(got(&answer));
        }
        // A HEAD has no body to say why, and some servers know none.
        let answer = self.asker.ask(&asking(Question::get(url, REFUSAL), origin)).await?;
        Ok(got(&answer))
    }

    /// The headers, by way of the first byte.
    pub(super) async fn one_byte(&self, url: &str, origin: Option<&str>) -> Result<Got, S3Error> {
        self.part(url, origin, 1).await
    }

    /// The beginning.
    pub(super) async fn beginning(&self, url: &str, origin: Option<&str>) -> Result<Got, S3Error> {
        self.part(url, origin, BEGINNING).await
    }

    /// All of it; only the beginning where it is larger than [`MOST_BYTES`].
    pub(super) async fn whole(&self, url: &str, origin: Option<&str>) -> Result<Got, S3Error> {
        let first = self.part(url, origin, SMALL).await?;
        let bytes = first.answer.size_bytes.unwrap_or(MOST_BYTES);
        if first.is_whole || !first.answer.is_success() || bytes > MOST_BYTES {
            return Ok(first);
        }
        let kib = u32::try_from(bytes.div_ceil(1024)).unwrap_or(BUDGET_KIB).min(BUDGET_KIB);
        // It is never closed; without a permit more would be held at once, that is all.
        let _permit = self.budget.acquire_many(kib).await;
        // It may have grown meanwhile: then it is cut, and that is told.
        let question = Question::get(url, usize::try_from(bytes).unwrap_or(usize::MAX));
        Ok(got(&self.asker.ask(&asking(question, origin)).await?))
    }

    async fn part(&self, url: &str, origin: Option<&str>, bytes: u64) -> Result<Got, S3Error> {
        let limit = usize::try_from(bytes).unwrap_or(usize::MAX).max(REFUSAL);
        let question = asking(Question::get(url, limit), origin);
        let ranged = question.clone().with_header("Range", &format!("bytes=0-{}", bytes - 1));
        let mut answer = self.asker.ask(&ranged).await?;
        // An empty file has no first byte.
        if answer.status == 416 {
            answer = self.asker.ask(&question).await?;
        }
        Ok(got(&answer))
    }
}

fn asking(question: Question, origin: Option<&str>) -> Question {
    match origin {
        Some(origin) => question.with_header("Origin", origin),
        None => question,
    }
}

fn got(answer: &Answer) -> Got {
    let text = |name: &str| answer.header(name).map(str::to_owned);
    let is_part = answer.status == 206;
    // `bytes 0-99/1234` (RFC 9110, section 14.4).
    let total = answer.header("content-range").and_then(|range| range.rsplit_once('/')?.1.trim().parse().ok());
    let told = answer.header("content-length").and_then(|length| length.trim().parse().ok());
    let came = (!answer.is_cut && !answer.body.is_empty()).then_some(answer.body.len() as u64);
    let size_bytes = if is_part { total } else { told.or(came) };
    let answered = Answered {
        // A part was asked for, so that is as good as the whole.
        status: if is_part { 200 } else { answer.status },
        code: answer.error_code().map(str::to_owned),
        location: text("location"),
        content_type: text("content-type"),
        cache_control: text("cache-control"),
        content_encoding: text("content-encoding").filter(|encoding| !encoding.eq_ignore_ascii_case("identity")),
        size_bytes,
    };
    Got {
        is_whole: !answer.is_cut && (!is_part || total == Some(answer.body.len() as u64)),
        answer: answered,
        body: answer.body.clone(),
        allowed_origin: text("access-control-allow-origin"),
        took: answer.duration,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::s3::testing::{Canned, serve};

    fn fetcher() -> Fetcher {
        Fetcher::new(Arc::new(Asker::new(Some(4), None)))
    }

    #[tokio::test]
    async fn a_part_tells_how_large_the_whole_is() {
        let part = Canned::html(206, "abc").header("content-range", "bytes 0-2/1234").header("cache-control", "public");
        let server = serve(vec![part]).await;
        let got = fetcher().beginning(&server.endpoint, Some("https://a.example")).await.unwrap();
        assert_eq!((got.answer.status, got.answer.size_bytes, got.is_whole), (200, Some(1234), false));
        assert_eq!(got.answer.cache_control.as_deref(), Some("public"));
        let seen = server.requests();
        assert_eq!(
            (seen[0].header("range"), seen[0].header("origin")),
            (Some("bytes=0-65535"), Some("https://a.example"))
        );
    }

    #[tokio::test]
    async fn a_refusal_is_asked_for_its_code() {
        let refusal = || Canned::xml(403, "<Error><Code>AccessDenied</Code></Error>");
        let server = serve(vec![refusal(), refusal()]).await;
        let got = fetcher().headers(&server.endpoint, None).await.unwrap();
        assert_eq!((got.answer.status, got.answer.code.as_deref()), (403, Some("AccessDenied")));
        let methods: Vec<_> = server.requests().into_iter().map(|seen| seen.method).collect();
        assert_eq!(methods, ["HEAD", "GET"]);
    }

    #[tokio::test]
    async fn an_empty_file_is_whole() {
        let server = serve(vec![Canned::xml(416, "<Error/>"), Canned::empty(200)]).await;
        let got = fetcher().whole(&server.endpoint, None).await.unwrap();
        assert!(got.is_whole && got.body.is_empty());
        assert_eq!((got.answer.status, got.answer.size_bytes), (200, Some(0)));
    }

    #[tokio::test]
    async fn a_server_that_knows_no_ranges_is_understood() {
        let server = serve(vec![Canned::html(200, "hello")]).await;
        let got = fetcher().whole(&server.endpoint, None).await.unwrap();
        assert_eq!((got.is_whole, &got.body[..], got.answer.size_bytes), (true, &b"hello"[..], Some(5)));
        assert_eq!(server.requests().len(), 1);
    }
}
