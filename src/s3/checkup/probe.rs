//! One question, its answer, and the time it took.

use std::time::Instant;

use jiff::Timestamp;

use super::{Kind, Readable, S3Error};
use crate::domain::check::Asked;
use crate::domain::checkup::{Answer, Call, Tried};

/// What came of a question, and what it told.
pub(super) struct Told<T> {
    pub(super) tried: Tried,
    pub(super) value: Option<T>,
}

/// Asks. `on` is the key or version it is about.
pub(super) async fn asked<T>(
    call: Call,
    on: Option<String>,
    question: impl Future<Output = Result<T, S3Error>>,
) -> Told<T> {
    asked_as(call.operation, call, on, question).await
}

/// The same by another operation that needs the same permission.
pub(super) async fn asked_as<T>(
    operation: &'static str,
    call: Call,
    on: Option<String>,
    question: impl Future<Output = Result<T, S3Error>>,
) -> Told<T> {
    let (at, begun) = (Timestamp::now(), Instant::now());
    let outcome = question.await;
    let (answer, status, code, value) = match outcome {
        Ok(value) => (Answer::Done, Some(200), None, Some(value)),
        Err(error) => (answer_of(&error), error.http_status, error.code.clone(), None),
    };
    let asked = Asked { operation, status, code, at, took: begun.elapsed() };
    Told { tried: Tried { call, on, asked, answer }, value }
}

/// Asks for a setting. S3 answers with 404 where those of the access to a bucket are not set.
pub(super) async fn set<T>(call: Call, on: Option<String>, question: impl Future<Output = Readable<T>>) -> Told<T> {
    let mut told = asked(call, on, async {
        match question.await {
            Readable::Is(value) => Ok(Some(value)),
            Readable::NotSet => Ok(None),
            Readable::MayNotRead(error) => Err(error),
            Readable::NotOffered => Err(S3Error::new(call.operation, Kind::NotOffered)),
        }
    })
    .await;
    if matches!(told.value, Some(None)) {
        told.tried.asked.status = Some(404);
    }
    Told { tried: told.tried, value: told.value.flatten() }
}

fn answer_of(error: &S3Error) -> Answer {
    // Whoever is not of the bucket's account hears this of its policy (Amazon S3 API Reference, GetBucketPolicy).
    if error.code.as_deref() == Some("MethodNotAllowed") && error.operation == "GetBucketPolicy" {
        return Answer::Refused { needs: None };
    }
    match Readable::<()>::of(Err(error.clone())) {
        Readable::Is(()) | Readable::NotSet => Answer::Done,
        Readable::NotOffered => Answer::NotOffered,
        Readable::MayNotRead(error) => match &error.kind {
            Kind::Refused(refusal) => Answer::Refused { needs: refusal.action.clone() },
            // It may be read: once it is fetched from its archive, and where more came than the byte that was asked for. An
            // empty file has no first byte.
            Kind::Archived | Kind::TooLarge => Answer::Done,
            Kind::BadRequest if error.http_status == Some(416) => Answer::Done,
            _ => Answer::Unclear(error.sentence()),
        },
    }
}
