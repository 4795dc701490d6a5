//! A sentence for each layer, and the one that explains the answer.

pub(super) mod policy;
pub(super) mod sides;

use super::case::Case;
use super::evidence::{Asked, ObjectFound, Read};
use super::layer::{Detail, Layer, LayerReport, LayerState};
use crate::domain::policy::Words;

/// What a layer would do by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// The request gets through.
    Lets,
    /// The request ends here.
    Stops,
    /// It could not be read.
    Unread,
    /// It has no say.
    Silent,
}

/// A layer before it is known where the request ends.
struct Draft {
    stand: Stand,
    sentence: Words,
    evidence: Option<Asked>,
    detail: Option<Detail>,
}

impl Draft {
    fn new(stand: Stand, sentence: impl Into<String>, evidence: Option<&Asked>) -> Self {
        Self { stand, sentence: Words::plain(sentence), evidence: evidence.cloned(), detail: None }
    }

    /// For what could not be read: says what it would take.
    fn unread<T>(read: &Read<T>) -> Self {
        let sentence = match read {
            Read::Unreadable { needs: Some(action), .. } => {
                Words::plain("Could not be read: needs ").and(Words::mono(action))
            }
            Read::Unreadable { why, .. } => Words::plain(format!("Could not be read: {why}")),
            Read::NotOffered(_) => Words::plain("This store has nothing of the kind"),
            Read::Known { .. } | Read::NotAsked => Words::plain("Could not be asked without a sign-in"),
        };
        let stand = if matches!(read, Read::NotOffered(_)) { Stand::Silent } else { Stand::Unread };
        Self { stand, sentence, evidence: read.asked().cloned(), detail: None }
    }

    fn with(self, detail: Option<Detail>) -> Self {
        Self { detail, ..self }
    }
}

/// The layers that have a say, in order, up to the cause and beyond.
pub(super) fn layers(case: &Case<'_>, cause: Option<Layer>) -> Vec<LayerReport> {
    let drafts = Layer::ALL.into_iter().filter_map(|layer| Some((layer, draft(case, layer, cause)?)));
    let open = case.open_answer().is_some();
    drafts
        .map(|(layer, draft)| {
            let beyond = cause.is_some_and(|cause| layer > cause && !is_after_the_fact(layer, open));
            let state = match draft.stand {
                _ if cause == Some(layer) => LayerState::Failed,
                Stand::Unread => LayerState::Unknown,
                Stand::Silent => LayerState::NotApplicable,
                Stand::Lets if beyond => LayerState::WouldPass,
                Stand::Lets => LayerState::Passed,
                Stand::Stops if open && !is_after_the_fact(layer, open) => LayerState::NotApplicable,
                Stand::Stops if open => LayerState::Failed,
                Stand::Stops => LayerState::WouldFail,
            };
            let Draft { sentence, evidence, detail, .. } = draft;
            let sentence = if state == LayerState::WouldPass { would_be(sentence) } else { sentence };
            LayerReport { layer, state, sentence, evidence, detail }
        })
        .collect()
}

/// "Fine: …" of what the request does not come to.
fn would_be(sentence: Words) -> Words {
    match sentence.to_string().strip_prefix("Fine: ") {
        Some(rest) => Words::plain(format!("Would be fine: {rest}")),
        None => sentence,
    }
}

/// What is judged by what came, where something came.
const fn is_after_the_fact(layer: Layer, open: bool) -> bool {
    open && matches!(layer, Layer::Browser | Layer::Cors | Layer::Cache)
}

/// `None` for layers that there is nothing to say of.
fn draft(case: &Case<'_>, layer: Layer, cause: Option<Layer>) -> Option<Draft> {
    let is_cause = cause == Some(layer);
    match layer {
        Layer::Address => Some(sides::address(case, is_cause)),
        _ if case.is_bucket_missing() => None,
        Layer::Link => sides::link(case),
        Layer::File => sides::file(case),
        Layer::Browser => sides::browser(case),
        Layer::Cors => sides::cors(case),
        Layer::Cache => sides::cache(case),
        Layer::Encryption => sides::encryption(case, is_cause),
        Layer::Archive => sides::archive(case, is_cause),
        // Whoever signed is let in by other rules, and of other hosts nothing is known.
        _ if case.forecast.is_none() => None,
        Layer::Payer => policy::payer(case, is_cause),
        Layer::AccountBlock => policy::account_block(case, is_cause),
        Layer::BucketBlock => Some(policy::bucket_block(case, is_cause)),
        Layer::Policy => Some(policy::policy(case)),
        Layer::Owner => policy::owner(case, is_cause),
        Layer::FilePermissions => policy::file_permissions(case),
    }
}

/// Why it is refused or hampered, in one sentence.
pub(super) fn why(case: &Case<'_>, cause: Layer) -> Words {
    match cause {
        Layer::Policy => policy::why(case),
        Layer::File => sides::why_no_file(case),
        _ => draft(case, cause, Some(cause)).map(|draft| draft.sentence).unwrap_or_default(),
    }
}

/// Why it is handed out.
pub(super) fn served(case: &Case<'_>) -> Words {
    let Some(answer) = case.open_answer() else { return Words::plain("Nothing changed since it was last fetched") };
    let kind = match case.content.as_ref().and_then(|content| content.found) {
        Some(kind) => kind.phrase(),
        None => "A file".to_owned(),
    };
    let size = answer.size_bytes.map(|size| format!(" of {}", crate::domain::format::size(size))).unwrap_or_default();
    let by = if case.target.link.is_some() {
        " came with the link’s signature".to_owned()
    } else {
        match case.forecast.as_ref().map(super::predict::Forecast::predicted) {
            Some(super::Predicted::Served { reason }) => format!(" came without sign-in. {reason}"),
            _ => " came without sign-in".to_owned(),
        }
    };
    Words::plain(format!("{kind}{size}{by}"))
}

/// A refusal that what could be read does not explain.
pub(super) fn unexplained(case: &Case<'_>) -> Words {
    let suspects = case.suspects();
    if suspects.is_empty() {
        let meaning = case.symptom.map(|symptom| symptom.explained().meaning);
        return Words::plain(meaning.unwrap_or("It is refused, and nothing is known of why"));
    }
    let names = suspects.into_iter().map(|layer| Words::strong(layer.title()));
    Words::plain("It is refused, and what refuses could not be read: ").and(Words::list(names, "or"))
}

/// What the sign-in found under the key, where it could look.
fn found<'a>(case: &Case<'a>) -> Option<&'a ObjectFound> {
    case.evidence.object.known()
}
