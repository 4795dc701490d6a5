//! Asking the store as a browser would, before a page of another site may load something.

use super::here;
use crate::app::core::Core;
use crate::model::Trouble;
use crate::model::bucket_settings::{CorsAnswer, CorsQuestion};
use crate::s3::probe::{self, Answer, Question};

/// Sends the preflight. A store answers it whether the object exists or not.
pub(super) fn ask(core: &mut Core, question: CorsQuestion) {
    if here(core).is_none() {
        return;
    }
    let key = core.model.session.as_ref().and_then(|session| session.listing.objects.first());
    let key = key.map_or_else(|| "image.jpg".to_owned(), |object| object.key.clone());
    let Some(address) = crate::app::dispatch::gallery::addresses(core, &key).into_iter().next() else { return };
    core.worker.ask_again(&mut core.model.bucket_settings.cors_answer, async move {
        let mut preflight = Question::preflight(&address.url, &question.origin, &question.method);
        if !question.headers.is_empty() {
            preflight = preflight.with_header("Access-Control-Request-Headers", &question.headers.join(", "));
        }
        let answer = probe::probe(&preflight).await.map_err(Trouble::from)?;
        Ok(CorsAnswer {
            status: answer.status,
            allowed: allows(&answer, &question),
            code: answer.error_code().map(str::to_owned),
            asked: question,
        })
    });
}

/// What a browser makes of the answer (Fetch standard, "CORS-preflight fetch").
fn allows(answer: &Answer, question: &CorsQuestion) -> bool {
    let list = |name: &str| -> Vec<String> {
        let value = answer.header(name).unwrap_or_default();
        value.split(',').map(|item| item.trim().to_ascii_lowercase()).filter(|item| !item.is_empty()).collect()
    };
    let origin = answer.header("access-control-allow-origin");
    let (methods, headers) = (list("access-control-allow-methods"), list("access-control-allow-headers"));
    let method = question.method.to_ascii_lowercase();
    (200..300).contains(&answer.status)
        && origin.is_some_and(|origin| origin == "*" || origin == question.origin)
        // Browsers do not ask for these three.
        && (["get", "head", "post"].contains(&method.as_str()) || methods.iter().any(|it| *it == method || it == "*"))
        && question.headers.iter().all(|header| {
            let header = header.to_ascii_lowercase();
            headers.iter().any(|it| *it == header || it == "*")
        })
}
