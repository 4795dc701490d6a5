//! Keys that differ a little from one that is not there: by case, blanks, encoding, extension, Unicode form or a letter.

use unicode_normalization::UnicodeNormalization;

use crate::domain::object_key::decode_path;
use crate::domain::spelling::distance;

/// In what a key that is there differs. In this order they are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// Large and small letters.
    Case,
    /// The same letters, put together in another way (NFC and NFD).
    UnicodeForm,
    /// Blanks: one more or less, at the end, or an underscore or hyphen in their place.
    Blanks,
    /// One of both is percent-encoded, or has `+` for a blank.
    Encoding,
    /// Slashes at the beginning, or two in place of one.
    Slashes,
    /// The bucket's name stands in front.
    BucketInFront,
    /// The extension.
    Extension,
    /// It lies in another folder.
    Folder,
    /// A letter or two.
    Letters,
}

impl Difference {
    /// As it stands in a sentence: "differs in …".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Case => "large and small letters",
            Self::UnicodeForm => "how its accents are put together",
            Self::Blanks => "blanks, hyphens or underscores",
            Self::Encoding => "how it is encoded",
            Self::Slashes => "slashes",
            Self::BucketInFront => "the bucket’s name in front",
            Self::Extension => "the extension",
            Self::Folder => "the folder",
            Self::Letters => "a letter or two",
        }
    }
}

/// A key that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// The key.
    pub key: String,
    /// In what it differs.
    pub difference: Difference,
}

/// So many are offered.
const MOST: usize = 5;

/// Keys that may be meant by `key` without looking what is there, to be asked for one by one.
#[must_use]
pub fn guesses(bucket: &str, key: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut push = |guess: String| {
        if !guess.is_empty() && guess != key && !out.contains(&guess) {
            out.push(guess);
        }
    };
    if let Some(decoded) = decode_path(key) {
        push(decoded.replace('+', " "));
        push(decoded);
    }
    push(key.replace('+', " "));
    push(key.trim().to_owned());
    push(key.trim_start_matches('/').to_owned());
    push(key.nfc().collect());
    push(key.nfd().collect());
    if let Some(rest) = key.trim_start_matches('/').strip_prefix(bucket).and_then(|rest| rest.strip_prefix('/')) {
        push(rest.to_owned());
    }
    single_slashes(key).into_iter().for_each(&mut push);
    out
}

fn single_slashes(key: &str) -> Option<String> {
    let mut single = key.to_owned();
    while single.contains("//") {
        single = single.replace("//", "/");
    }
    (single != key).then_some(single)
}

/// Whether two names of folders may stand for each other: they are the same but for case, form and blanks, or differ
/// in a letter or two.
#[must_use]
pub fn is_like(one: &str, other: &str) -> bool {
    one == other || folded(one) == folded(other) || distance(&folded(one), &folded(other)) <= allowed(one)
}

/// The keys among those that are there that come closest, best first.
#[must_use]
pub fn nearest(bucket: &str, key: &str, there: &[String]) -> Vec<Near> {
    let mut found: Vec<Near> = there
        .iter()
        .filter(|candidate| candidate.as_str() != key)
        .filter_map(|candidate| {
            let difference = difference(bucket, key, candidate)?;
            Some(Near { key: candidate.clone(), difference })
        })
        .collect();
    found.sort_by(|one, other| {
        let rank = |near: &Near| (near.difference, distance(&near.key, key));
        rank(one).cmp(&rank(other)).then_with(|| one.key.cmp(&other.key))
    });
    found.dedup_by(|one, other| one.key == other.key);
    found.truncate(MOST);
    found
}

/// In what two keys differ, where they may be meant for each other.
#[must_use]
pub fn difference(bucket: &str, key: &str, candidate: &str) -> Option<Difference> {
    if key.nfc().eq(candidate.nfc()) {
        return Some(Difference::UnicodeForm);
    }
    if key.nfc().collect::<String>().to_lowercase() == candidate.nfc().collect::<String>().to_lowercase() {
        return Some(Difference::Case);
    }
    let decoded = |text: &str| decode_path(text).unwrap_or_else(|| text.to_owned()).replace('+', " ");
    if decoded(key) == decoded(candidate) || decoded(&decoded(key)) == candidate {
        return Some(Difference::Encoding);
    }
    if slashes(key) == slashes(candidate) {
        return Some(Difference::Slashes);
    }
    if slashes(key).strip_prefix(bucket).and_then(|rest| rest.strip_prefix('/')) == Some(candidate) {
        return Some(Difference::BucketInFront);
    }
    if folded(key) == folded(candidate) {
        return Some(Difference::Blanks);
    }
    let (one, other) = (parts(key), parts(candidate));
    if one.folder == other.folder && folded(one.stem) == folded(other.stem) {
        return Some(Difference::Extension);
    }
    if one.folder != other.folder && folded(one.name) == folded(other.name) {
        return Some(Difference::Folder);
    }
    let near = distance(&folded(key), &folded(candidate)) <= allowed(one.stem);
    near.then_some(Difference::Letters)
}

struct Parts<'a> {
    folder: &'a str,
    name: &'a str,
    stem: &'a str,
}

fn parts(key: &str) -> Parts<'_> {
    let at = key.rfind('/').map_or(0, |at| at + 1);
    let (folder, name) = key.split_at(at);
    let stem = name.rfind('.').filter(|dot| *dot > 0).map_or(name, |dot| &name[..dot]);
    Parts { folder, name, stem }
}

fn slashes(key: &str) -> String {
    key.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

/// Without what people mix up: case, form, encoding, blanks, hyphens and underscores.
fn folded(text: &str) -> String {
    let decoded = decode_path(text).unwrap_or_else(|| text.to_owned());
    decoded.nfc().flat_map(char::to_lowercase).filter(|c| !matches!(c, ' ' | '-' | '_' | '+' | '\u{a0}')).collect()
}

/// How many letters may differ: short names are soon something else.
fn allowed(name: &str) -> usize {
    if name.chars().count() < 6 { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("photos/Lake.jpg", "photos/lake.jpg", Some(Difference::Case); "case")]
    #[test_case("Photos/lake.jpg", "photos/lake.jpg", Some(Difference::Case); "case of the folder")]
    #[test_case("caf\u{e9}.jpg", "cafe\u{301}.jpg", Some(Difference::UnicodeForm); "composed and decomposed")]
    #[test_case("my lake.jpg", "my-lake.jpg", Some(Difference::Blanks); "a hyphen for a blank")]
    #[test_case("my_lake.jpg", "mylake.jpg", Some(Difference::Blanks); "no blank")]
    #[test_case("lake.jpg ", "lake.jpg", Some(Difference::Blanks); "a blank at the end")]
    #[test_case("my%20lake.jpg", "my lake.jpg", Some(Difference::Encoding); "encoded once too often")]
    #[test_case("my+lake.jpg", "my lake.jpg", Some(Difference::Encoding); "a plus for a blank")]
    #[test_case("my%2520lake.jpg", "my lake.jpg", Some(Difference::Encoding); "encoded twice")]
    #[test_case("/lake.jpg", "lake.jpg", Some(Difference::Slashes); "a slash in front")]
    #[test_case("a//lake.jpg", "a/lake.jpg", Some(Difference::Slashes); "two slashes")]
    #[test_case("b/a/lake.jpg", "a/lake.jpg", Some(Difference::BucketInFront); "the bucket in front")]
    #[test_case("lake.jpg", "lake.jpeg", Some(Difference::Extension); "extension")]
    #[test_case("lake.png", "lake.webp", Some(Difference::Extension); "another format")]
    #[test_case("lake", "lake.jpg", Some(Difference::Extension); "no extension")]
    #[test_case("image/lake.jpg", "images/lake.jpg", Some(Difference::Folder); "another folder")]
    #[test_case("lake-morning.jpg", "lake-mornin.jpg", Some(Difference::Letters); "a letter")]
    #[test_case("lake-morning.jpg", "sea-evening.jpg", None; "something else")]
    #[test_case("a.jpg", "b.jpg", Some(Difference::Letters); "short names, one letter")]
    #[test_case("ab.jpg", "cd.jpg", None; "short names, two letters")]
    fn keys_that_may_be_meant(key: &str, there: &str, expected: Option<Difference>) {
        assert_eq!(difference("b", key, there), expected);
    }

    #[test]
    fn the_closest_comes_first() {
        let there: Vec<String> =
            ["lake.png", "Lake.jpg", "lakes.jpg", "other.jpg"].iter().map(|key| (*key).to_owned()).collect();
        let found: Vec<String> = nearest("b", "lake.jpg", &there).into_iter().map(|near| near.key).collect();
        assert_eq!(found, ["Lake.jpg", "lake.png", "lakes.jpg"]);
    }

    #[test]
    fn what_may_be_meant_is_guessed() {
        let guessed = guesses("b", "/b/my+lake%20one.jpg ");
        for wanted in ["/b/my lake one.jpg ", "/b/my+lake%20one.jpg", "b/my+lake%20one.jpg ", "my+lake%20one.jpg "] {
            assert!(guessed.iter().any(|guess| guess == wanted), "{wanted} is not in {guessed:?}");
        }
        assert_eq!(guesses("b", "lake.jpg"), Vec::<String>::new());
    }

    #[test_case("images", "image", true; "one letter")]
    #[test_case("Images", "images", true; "case")]
    #[test_case("images", "videos", false; "another word")]
    fn folders_that_may_be_meant(one: &str, other: &str, expected: bool) {
        assert_eq!(is_like(one, other), expected);
    }
}
