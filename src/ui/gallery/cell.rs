//! What a cell says about its object: a picture, or in words why there is none.

use std::borrow::Cow;

use crate::domain::format;
use crate::domain::media_type;
use crate::domain::object::ObjectSummary;
use crate::images::{self, Problem};
use crate::theme::{Icon, icons};
use crate::ui::widgets::{Badge, Level, ThumbFace, Tone};

use super::textures::Small;

/// The face of a cell.
pub(super) fn face(object: &ObjectSummary, small: Option<&Small>, asked: bool) -> ThumbFace<'static> {
    if !images::may_be_image(&object.key) {
        let (icon, name) = other_type(object.name());
        return ThumbFace::Other(icon, name.into());
    }
    match small {
        None if asked => ThumbFace::ComingIn(Level::Unknown),
        None => ThumbFace::Waiting,
        Some(Small::Shown(shown)) => {
            ThumbFace::Picture { texture: shown.texture.id(), size: shown.size, alpha: shown.alpha }
        }
        Some(Small::NotAllowed(why)) => ThumbFace::Private(Cow::Owned(why.clone())),
        Some(Small::Failed(why)) => ThumbFace::Broken(Cow::Owned(why.clone())),
        Some(Small::Problem(problem)) => match problem {
            Problem::TooLarge { .. } | Problem::TooHeavy { .. } => ThumbFace::TooLarge(problem.label().into()),
            Problem::NotShownHere { format } => ThumbFace::Other(icons::IMAGE, Cow::Owned(format.clone())),
            Problem::Empty | Problem::NotAnImage { .. } | Problem::Truncated | Problem::Broken { .. } => {
                ThumbFace::Broken(problem.sentence().into())
            }
        },
    }
}

/// The line under the name.
pub(super) fn meta(object: &ObjectSummary, small: Option<&Small>) -> String {
    let size = format::size(object.size_bytes);
    match small {
        Some(Small::Shown(shown)) => format!("{} × {} · {size}", shown.source.0, shown.source.1),
        Some(Small::Problem(
            Problem::Empty | Problem::NotAnImage { .. } | Problem::Truncated | Problem::Broken { .. },
        )) => {
            format!("Broken · {size}")
        }
        Some(Small::Problem(_) | Small::NotAllowed(_) | Small::Failed(_)) | None => size,
    }
}

/// What is odd about a picture that can be shown.
pub(super) fn badge(object: &ObjectSummary, small: Option<&Small>) -> Option<Badge<'static>> {
    let Some(Small::Shown(shown)) = small else { return None };
    let odd = images::mislabelled(object.name(), shown.format)?;
    Some(Badge::new(Tone::Warn, odd).icon(icons::WARNING))
}

/// What is wrong with one that cannot be shown, for where there is no room for a sentence.
pub(super) fn trouble_badge(small: Option<&Small>) -> Option<Badge<'static>> {
    match small? {
        Small::Shown(_) => None,
        Small::Problem(Problem::NotShownHere { .. }) => None,
        Small::Problem(problem @ (Problem::TooLarge { .. } | Problem::TooHeavy { .. })) => {
            Some(Badge::new(Tone::Neutral, problem.label()))
        }
        Small::Problem(Problem::NotAnImage { .. }) => Some(Badge::new(Tone::Danger, "Not an image")),
        Small::Problem(problem) => Some(Badge::new(Tone::Danger, problem.label())),
        Small::NotAllowed(why) => Some(Badge::new(Tone::Neutral, why.clone()).icon(icons::LOCK_SIMPLE)),
        Small::Failed(_) => Some(Badge::new(Tone::Danger, "Could not be fetched")),
    }
}

/// Icon and name of a type that is no picture.
pub(super) fn other_type(name: &str) -> (Icon, String) {
    let extension = media_type::extension_of(name);
    let mime = media_type::by_extension(name).unwrap_or_default();
    let icon = match mime.as_str() {
        "application/pdf" => icons::FILE_PDF,
        "application/zip" | "application/gzip" | "application/x-tar" | "application/x-7z-compressed" => {
            icons::FILE_ARCHIVE
        }
        mime if mime.starts_with("video/") => icons::FILE_VIDEO,
        mime if mime.starts_with("text/") || mime.ends_with("json") || mime.ends_with("xml") => icons::FILE_TEXT,
        _ => icons::FILE,
    };
    (icon, extension.map_or_else(|| "File".to_owned(), |extension| extension.to_uppercase()))
}

/// What a person calls the type of an object.
pub(super) fn type_words(object: &ObjectSummary, small: Option<&Small>) -> String {
    match small {
        Some(Small::Shown(shown)) if shown.animated => format!("{} animation", shown.format.name()),
        Some(Small::Shown(shown)) => format!("{} image", shown.format.name()),
        Some(Small::Problem(Problem::NotAnImage { what: Some(what) })) => capitalised(what),
        Some(Small::Problem(_) | Small::NotAllowed(_) | Small::Failed(_)) | None => {
            let (_, name) = other_type(object.name());
            if images::may_be_image(&object.key) { format!("{name} image") } else { name }
        }
    }
}

/// `a web page` → `Web page`.
fn capitalised(what: &str) -> String {
    let bare = what.strip_prefix("an ").or_else(|| what.strip_prefix("a ")).unwrap_or(what);
    let mut chars = bare.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn object(key: &str) -> ObjectSummary {
        ObjectSummary { key: key.into(), size_bytes: 3_100, modified: None, etag: None, storage_class: None }
    }

    #[test_case("a.jpg", None, "JPG image"; "not looked at yet")]
    #[test_case("a.png", Some("a web page"), "Web page"; "named as something else")]
    #[test_case("a.png", Some("an archive"), "Archive"; "with the other article")]
    #[test_case("a.zip", None, "ZIP"; "no picture by its name")]
    #[test_case("README", None, "File"; "no type at all")]
    fn types(key: &str, holds: Option<&str>, words: &str) {
        let small = holds.map(|what| Small::Problem(Problem::NotAnImage { what: Some(what.into()) }));
        assert_eq!(type_words(&object(key), small.as_ref()), words);
    }

    #[test]
    fn every_problem_has_a_face_with_words() {
        let object = object("a.png");
        let broken = [
            Problem::Empty,
            Problem::NotAnImage { what: None },
            Problem::Truncated,
            Problem::Broken { format: images::Format::Png, why: "x".into() },
        ];
        for problem in broken {
            let small = Small::Problem(problem);
            assert!(matches!(face(&object, Some(&small), false), ThumbFace::Broken(why) if !why.is_empty()));
            assert_eq!(meta(&object, Some(&small)), "Broken · 3.1 KB");
            assert!(trouble_badge(Some(&small)).is_some());
        }
        let huge = Small::Problem(Problem::TooLarge { megapixels: 412 });
        assert_eq!(face(&object, Some(&huge), false), ThumbFace::TooLarge("412 megapixels".into()));
        assert_eq!(face(&object, None, true), ThumbFace::ComingIn(Level::Unknown));
    }
}
