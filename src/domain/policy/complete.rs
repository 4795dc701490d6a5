//! What may stand at a place of a policy's text while it is being written.

mod offer;
mod scan;

use super::Scene;
use scan::{Cursor, Role};

/// One thing that may stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What the list shows, without quotes.
    pub label: String,
    /// What is put into the text, with quotes.
    pub insert: String,
    /// What it means, in a few words; empty where the label says it.
    pub detail: String,
}

/// What may stand at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completions {
    /// Byte offset of what is replaced.
    pub start: usize,
    /// Byte offset after what is replaced.
    pub end: usize,
    /// The likeliest first.
    pub items: Vec<Completion>,
}

/// What may stand at the byte `offset` of a policy's text, whole or not. `folders` are prefixes of the
/// bucket that are known, such as `photos/`. `None` where nothing is to be offered.
#[must_use]
pub fn complete(text: &str, offset: usize, scene: &Scene<'_>, folders: &[String]) -> Option<Completions> {
    let cursor = scan::scan(text, offset)?;
    let typed = cursor.typed.to_ascii_lowercase();
    let mut items: Vec<(u8, Completion)> = offer::offers(&cursor, scene, folders)
        .into_iter()
        .filter_map(|offer| Some((rank(&offer.label.to_ascii_lowercase(), &typed)?, offer)))
        .map(|(rank, offer)| (rank, finish(offer, &cursor)))
        .collect();
    // What is there already as it is offered needs no offer.
    if let [(0, only)] = items.as_slice()
        && only.label == cursor.typed
    {
        return None;
    }
    items.sort_by_key(|(rank, _)| *rank);
    let items: Vec<Completion> = items.into_iter().map(|(_, item)| item).collect();
    (!items.is_empty()).then_some(Completions { start: cursor.start, end: cursor.end, items })
}

/// How well an offer fits what was typed: from its start, from a word in it, or anywhere in it.
fn rank(label: &str, typed: &str) -> Option<u8> {
    if label.starts_with(typed) {
        Some(0)
    } else if label.split([':', '-', '/']).any(|word| word.starts_with(typed)) {
        Some(1)
    } else {
        label.contains(typed).then_some(2)
    }
}

fn finish(offer: offer::Offer, cursor: &Cursor) -> Completion {
    let quoted = serde_json::Value::from(offer.label.as_str()).to_string();
    let colon = if cursor.role == Role::Name && !cursor.colon_follows { ": " } else { "" };
    Completion { insert: format!("{quoted}{colon}"), label: offer.label, detail: offer.detail }
}

#[cfg(test)]
mod tests;
