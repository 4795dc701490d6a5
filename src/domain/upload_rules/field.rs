//! What a rule can set, and what each takes.

use serde::{Deserialize, Serialize};

use crate::domain::key_template::Template;
use crate::domain::object_tags;

/// User metadata takes so many bytes, names and values together (Amazon S3 User Guide, "Working with object metadata").
const METADATA_BYTES: usize = 2_048;

/// What a rule can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// How the file is named, as a [`Template`].
    KeyTemplate,
    /// `Content-Type`.
    ContentType,
    /// `Cache-Control`.
    CacheControl,
    /// `Content-Disposition`.
    ContentDisposition,
    /// `x-amz-storage-class`.
    StorageClass,
    /// `x-amz-meta-…`, written `a=1, b=2`.
    Metadata,
    /// Tags, written `a=1, b=2`.
    Tags,
}

impl Field {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 7] = [
        Self::KeyTemplate,
        Self::ContentType,
        Self::CacheControl,
        Self::ContentDisposition,
        Self::StorageClass,
        Self::Metadata,
        Self::Tags,
    ];

    /// What it is called.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::KeyTemplate => "Name",
            Self::ContentType => "Content-Type",
            Self::CacheControl => "Cache-Control",
            Self::ContentDisposition => "Content-Disposition",
            Self::StorageClass => "Storage class",
            Self::Metadata => "Metadata",
            Self::Tags => "Tags",
        }
    }

    /// What may stand there.
    #[must_use]
    pub fn example(self) -> &'static str {
        match self {
            Self::KeyTemplate => "{clean}.{type}",
            Self::ContentType => "text/html; charset=utf-8",
            Self::CacheControl => "public, max-age=31536000, immutable",
            Self::ContentDisposition => "attachment",
            Self::StorageClass => "STANDARD_IA",
            Self::Metadata => "photographer=Studio two",
            Self::Tags => "project=site, year=2026",
        }
    }

    /// Why a text cannot stand there, in a sentence.
    #[must_use]
    pub fn problem(self, text: &str) -> Option<String> {
        match self {
            Self::KeyTemplate => Template::parse(text).err().map(|error| error.to_string()),
            Self::ContentType => (!is_media_type(text))
                .then(|| "A type has two parts with / between them, such as image/jpeg".to_owned()),
            Self::CacheControl => header_problem(text),
            Self::ContentDisposition => header_problem(text).or_else(|| {
                let kind = text.split(';').next().unwrap_or_default().trim();
                let known = ["inline", "attachment"].iter().any(|it| kind.eq_ignore_ascii_case(it));
                (!known).then(|| "It begins with inline or attachment".to_owned())
            }),
            Self::StorageClass => {
                let legal = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
                (text.is_empty() || !text.chars().all(legal))
                    .then(|| "Storage classes are written in capitals, such as STANDARD_IA".to_owned())
            }
            Self::Metadata => metadata(text).err(),
            Self::Tags => object_tags::parse(text).err(),
        }
    }
}

fn is_media_type(text: &str) -> bool {
    let whole = text.split(';').next().unwrap_or_default().trim();
    let parts = whole.split_once('/');
    header_problem(text).is_none() && parts.is_some_and(|(kind, name)| is_token(kind) && is_token(name))
}

/// A token of RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// What every store and every proxy takes in a header's value.
fn header_problem(text: &str) -> Option<String> {
    let bad = text.chars().find(|c| !(' '..='~').contains(c))?;
    Some(format!("A header cannot hold {}", bad.escape_debug()))
}

/// `a=1, b=2` as pairs, for `x-amz-meta-…`.
///
/// # Errors
/// A sentence about the first that cannot be.
pub fn metadata(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for piece in text.split([',', '\n']).map(str::trim).filter(|piece| !piece.is_empty()) {
        let (name, value) = piece.split_once('=').map_or((piece, ""), |(name, value)| (name.trim(), value.trim()));
        if !is_token(name) {
            return Err(format!("Names of metadata are letters, digits, - and _: {piece}"));
        }
        if let Some(problem) = header_problem(value) {
            return Err(problem);
        }
        // Names of headers know no case.
        let name = name.to_ascii_lowercase();
        if pairs.iter().any(|(known, _)| *known == name) {
            return Err(format!("{name} is there twice"));
        }
        pairs.push((name, value.to_owned()));
    }
    let bytes: usize = pairs.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > METADATA_BYTES { Err("Metadata takes 2 KB at most".to_owned()) } else { Ok(pairs) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test]
    fn every_example_may_stand_there() {
        for field in Field::ALL {
            assert_eq!(field.problem(field.example()), None, "{field:?}");
        }
    }

    #[test_case(Field::KeyTemplate, "{nonsense}"; "an unknown part of a name")]
    #[test_case(Field::ContentType, "jpeg"; "half a type")]
    #[test_case(Field::ContentType, "image/jp eg"; "a blank in a type")]
    #[test_case(Field::CacheControl, "no-cache\r\nx: y"; "a second header")]
    #[test_case(Field::ContentDisposition, "download"; "another word")]
    #[test_case(Field::ContentDisposition, "attachment; filename=\"ü\""; "beyond ASCII")]
    #[test_case(Field::StorageClass, "standard"; "small letters")]
    #[test_case(Field::Metadata, "two words=1"; "a blank in a name")]
    #[test_case(Field::Tags, "=1"; "a tag without a name")]
    fn refuses(field: Field, text: &str) {
        assert!(field.problem(text).is_some());
    }

    #[test]
    fn metadata_is_in_pairs() {
        let pairs = metadata("Photographer=Studio two, a").unwrap();
        assert_eq!(pairs, [("photographer".into(), "Studio two".into()), ("a".into(), String::new())]);
        assert_eq!(metadata("a=1, A=2"), Err("a is there twice".to_owned()));
        metadata(&format!("a={}", "x".repeat(METADATA_BYTES))).unwrap_err();
    }
}
