//! What a stranger gets, and what a browser is answered on behalf of a page.

use std::time::Duration;

use http::Method;
use jiff::Timestamp;

use crate::domain::check::{Answered, Asked, BucketFound, Ground, NoAnswer, Observed, Read};
use crate::domain::media_type::HEAD_BYTES;
use crate::domain::object_url::Form;
use crate::s3::error::{Kind, S3Error, Unreached};
use crate::s3::probe::{Answer, Question, probe};

/// So many addresses lead on before it is given up.
const HOPS: usize = 4;
/// So much of the end is read: the marker of the end, and a little that some programs append.
const TAIL_BYTES: u64 = 64;

/// Fetches the beginning and the end without any sign-in, and asks first as a browser does where a page is named.
pub(super) async fn observe(url: &str, origin: Option<&str>) -> (Observed, Observed) {
    let preflight = async {
        match origin {
            Some(origin) => outcome("OPTIONS", url, probe(&Question::preflight(url, origin, "GET")).await, Vec::new()),
            None => Observed::NotAsked,
        }
    };
    tokio::join!(Box::pin(fetch(url, origin)), Box::pin(preflight))
}

async fn fetch(url: &str, origin: Option<&str>) -> Observed {
    let mut url = url.to_owned();
    let mut hops = Vec::new();
    loop {
        let answer = probe(&question(&url, origin, &format!("bytes=0-{}", HEAD_BYTES - 1))).await;
        let next = answer.as_ref().ok().and_then(|answer| leads_on(answer, &url)).filter(|_| hops.len() < HOPS);
        match (next, &answer) {
            (Some(next), Ok(answer)) => {
                hops.push((url, answer.status));
                url = next;
            }
            // An empty file has no first byte: then all of it is asked for.
            (None, Ok(answer)) if answer.status == 416 => {
                let whole = Question { headers: Vec::new(), ..question(&url, origin, "") };
                return outcome("GET", &url, probe(&whole).await, hops);
            }
            _ => {
                let tail = match &answer {
                    Ok(answer) if needs_tail(answer) => tail(&url, origin).await,
                    _ => Vec::new(),
                };
                let mut observed = outcome("GET", &url, answer, hops);
                if let Observed::Answered(answered) = &mut observed {
                    answered.tail = tail;
                }
                return observed;
            }
        }
    }
}

fn question(url: &str, origin: Option<&str>, range: &str) -> Question {
    let question = Question::get(url, HEAD_BYTES).with_header("Range", range);
    match origin {
        Some(origin) => question.with_header("Origin", origin),
        None => question,
    }
}

/// Where a browser would go next.
fn leads_on(answer: &Answer, from: &str) -> Option<String> {
    if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let to = answer.header("location")?;
    let (scheme, rest) = from.split_once("://")?;
    let host = rest.split(['/', '?']).next()?;
    let next = match to {
        _ if to.contains("://") => to.to_owned(),
        _ if to.starts_with("//") => format!("{scheme}:{to}"),
        _ if to.starts_with('/') => format!("{scheme}://{host}{to}"),
        _ => return None,
    };
    (next != from).then_some(next)
}

fn total(answer: &Answer) -> Option<u64> {
    let ranged =
        answer.header("content-range").and_then(|range| range.rsplit_once('/')).and_then(|it| it.1.parse().ok());
    let whole = || answer.header("content-length").and_then(|length| length.parse().ok());
    if answer.status == 206 { ranged } else { whole() }
}

/// Whether the end lies beyond what was read.
fn needs_tail(answer: &Answer) -> bool {
    answer.status == 206 && total(answer).is_some_and(|total| total > HEAD_BYTES as u64)
}

async fn tail(url: &str, origin: Option<&str>) -> Vec<u8> {
    let range = format!("bytes=-{TAIL_BYTES}");
    match probe(&question(url, origin, &range)).await {
        Ok(answer) if answer.status == 206 => answer.body.to_vec(),
        // Without the end nothing is said of it.
        Ok(_) | Err(_) => Vec::new(),
    }
}

fn outcome(operation: &'static str, url: &str, answer: Result<Answer, S3Error>, hops: Vec<(String, u16)>) -> Observed {
    let now = Timestamp::now();
    let asked = |status, code, took: Duration| Asked {
        operation,
        status,
        code,
        at: now.checked_sub(took).unwrap_or(now),
        took,
    };
    match answer {
        Ok(answer) => {
            let is_open = (200..300).contains(&answer.status);
            let (code, message) = if is_open { (None, None) } else { answer.refusal() };
            Observed::Answered(Box::new(Answered {
                asked: asked(Some(answer.status), code.clone(), answer.duration),
                url: url.to_owned(),
                hops,
                status: answer.status,
                code,
                message,
                size_bytes: total(&answer).filter(|_| is_open),
                head: if is_open { answer.body.to_vec() } else { Vec::new() },
                tail: Vec::new(),
                headers: answer.headers,
            }))
        }
        Err(error) => Observed::Unanswered {
            asked: asked(None, None, Duration::ZERO),
            why: silence(&error.kind),
            sentence: error.sentence(),
        },
    }
}

fn silence(kind: &Kind) -> NoAnswer {
    match kind {
        Kind::BadAddress(_) | Kind::BadRequest => NoAnswer::BadAddress,
        Kind::Unreachable(Unreached::UnknownHost) => NoAnswer::UnknownHost,
        Kind::Unreachable(Unreached::NothingListens) => NoAnswer::NothingListens,
        Kind::Tls => NoAnswer::Tls,
        Kind::Timeout => NoAnswer::Timeout,
        _ => NoAnswer::Broken,
    }
}

/// Whether the bucket is there, and where: told even to strangers.
pub(super) async fn bucket(ground: &Ground, bucket: &str) -> Read<BucketFound> {
    // The host of the public stands for one bucket, and says nothing of it.
    let own = ground.forms(bucket, "").into_iter().find(|form| form.form != Form::PublicHost);
    let Some(url) = own.map(|form| form.url).filter(|url| url.starts_with("http")) else { return Read::NotAsked };
    let question = Question { method: Method::HEAD, ..Question::head(&url) };
    let observed = outcome("HEAD bucket", &url, probe(&question).await, Vec::new());
    match observed {
        Observed::Answered(answer) if answer.status == 404 => {
            Read::Known { value: BucketFound::Missing, asked: answer.asked }
        }
        Observed::Answered(answer) if answer.status >= 500 => {
            Read::Unreadable { needs: None, why: "The store failed".to_owned(), asked: answer.asked }
        }
        Observed::Answered(answer) => {
            let region = answer.header("x-amz-bucket-region").map(str::to_owned);
            Read::Known { value: BucketFound::There { region }, asked: answer.asked }
        }
        Observed::Unanswered { sentence, asked, .. } => Read::Unreadable { needs: None, why: sentence, asked },
        Observed::NotAsked => Read::NotAsked,
    }
}
