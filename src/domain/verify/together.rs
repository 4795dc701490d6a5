//! What is to say about files once all of them are known.

use super::expect::Rule;
use super::report::{Check, Finding, Severity};
use crate::domain::format::counted;

/// Paths of the other files that a rule wants beside this one. `{stem}` is the name without its extension, `{ext}` the
/// extension, `{name}` both, `{folder}` the folder with its `/`. A variant lies in the same folder, or anywhere where it
/// begins with `/`.
#[must_use]
pub fn variant_paths(rule: &Rule, path: &str) -> Vec<String> {
    let (folder, name) = path.rfind('/').map_or(("", path), |at| path.split_at(at + 1));
    let (stem, ext) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).unwrap_or((name, ""));
    let filled = |template: &String| {
        let (start, template) = match template.strip_prefix('/') {
            Some(rest) => ("", rest),
            None => (folder, template.as_str()),
        };
        let filled = template.replace("{name}", name).replace("{stem}", stem).replace("{ext}", ext);
        format!("{start}{}", filled.replace("{folder}", folder))
    };
    // A template may lead back to the file itself, e.g. `{stem}.webp` for a WebP.
    rule.variants.iter().map(filled).filter(|variant| variant != path).collect()
}

/// A variant is not among the files that were checked.
#[must_use]
pub fn missing_variant(rule: &Rule, variant: &str) -> Finding {
    finding(rule, Check::Variants, format!("{variant} should be there as well, and is not among what was checked"))
}

/// The same content lies elsewhere too.
#[must_use]
pub fn duplicate_of(rule: &Rule, other: &str, more: u64) -> Finding {
    let more = match more {
        0 => String::new(),
        more => format!(" and {}", counted(more, "other file", "other files")),
    };
    finding(rule, Check::Unique, format!("The same content as {other}{more}"))
}

/// It was not read to its end, so nobody knows whether another has the same content.
#[must_use]
pub fn too_large_to_compare(rule: &Rule) -> Finding {
    let sentence = "It is too large to be compared with the others".to_owned();
    Finding { severity: Severity::Unknown, ..finding(rule, Check::Unique, sentence) }
}

fn finding(rule: &Rule, check: Check, sentence: String) -> Finding {
    Finding { rule: rule.name.clone(), check, severity: rule.severity, sentence, change: None }
}
