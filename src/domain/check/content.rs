//! Whether a browser shows what it gets: the type that is claimed against the bytes that are there, and the headers
//! that turn a picture into a download.
//!
//! Sources: WHATWG MIME Sniffing Standard and Fetch Standard ("Cross-Origin Read Blocking"), RFC 6266 (Content-Disposition),
//! RFC 9110 section 8.4 (Content-Encoding); the formats' own documents for their first and last bytes.

use super::evidence::Answered;
use super::fix::Rewrite;
use crate::domain::media_type::{self, Kind};
use crate::domain::object::ObjectDetails;

/// What keeps a browser from showing it, or is worth knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentFinding {
    /// What.
    pub kind: ContentKind,
    /// Whether people see something else than they should.
    pub hampers: bool,
    /// One plain sentence without a full stop.
    pub sentence: String,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContentKind {
    /// It is saved instead of shown, by its type.
    DownloadsByType,
    /// It is saved instead of shown, by `Content-Disposition`.
    DownloadsByDisposition,
    /// Nothing is in it.
    Empty,
    /// A web page or an error document lies there under the name of a picture.
    SavedPage,
    /// The type is that of something else.
    WrongType,
    /// The type is that of another picture format, which browsers see through.
    OtherPicture,
    /// The bytes are compressed, and no header says so.
    CompressedUnsaid,
    /// A header says that the bytes are compressed, and they are not.
    NotCompressed,
    /// The upload's framing was stored along.
    FramingStored,
    /// The end is missing.
    Truncated,
    /// Few browsers know the format.
    UnknownToBrowsers,
    /// The bytes are nothing that is known.
    UnknownBytes,
    /// The answer forbids pages of other sites to use it.
    OtherSitesForbidden,
}

/// What a browser does with an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// What the bytes are.
    pub found: Option<Kind>,
    /// The type that is claimed, without parameters.
    pub claimed: Option<String>,
    /// The worst first.
    pub findings: Vec<ContentFinding>,
    /// The headers that would be right, where a copy onto itself would help.
    pub rewrite: Option<Rewrite>,
}

impl Content {
    /// What people notice.
    #[must_use]
    pub fn trouble(&self) -> Option<&ContentFinding> {
        self.findings.iter().find(|finding| finding.hampers)
    }
}

/// Judges an answer that handed something out.
#[must_use]
pub fn judge(key: &str, answer: &Answered, details: Option<&ObjectDetails>) -> Content {
    let name = key.rsplit('/').next().unwrap_or(key);
    let claimed = answer.header("content-type").map(bare);
    let encoding =
        answer.header("content-encoding").map(|it| it.trim().to_ascii_lowercase()).filter(|it| !it.is_empty());
    let size = answer.size_bytes.or_else(|| details.map(|details| details.size_bytes));
    let gzip = answer.head.starts_with(&[0x1f, 0x8b]);
    let found = media_type::sniff(&answer.head);
    let expected = media_type::by_extension(name);
    let is_picture =
        expected.as_deref().is_some_and(|mime| mime.starts_with("image/")) || found.is_some_and(|kind| kind.is_image());
    let mut content = Content { found, claimed: claimed.clone(), ..Content::default() };
    let mut say = |kind, hampers, sentence: String| content.findings.push(ContentFinding { kind, hampers, sentence });
    let mut rewrite = Rewrite::default();
    if size == Some(0) {
        say(ContentKind::Empty, true, "The file is empty".into());
        return content;
    }
    let coded = encoding.as_deref().filter(|it| *it != "identity");
    match coded {
        Some(it) if it.contains("aws-chunked") && is_framed(&answer.head) => {
            say(ContentKind::FramingStored, true, "The framing of the upload was stored along with the file".into());
            return content;
        }
        Some(it) if it.contains("aws-chunked") => {
            rewrite.content_encoding = Some(String::new());
            let sentence = "Content-Encoding says aws-chunked, which is for uploads and confuses browsers".into();
            say(ContentKind::NotCompressed, true, sentence);
        }
        Some("gzip" | "x-gzip") if !gzip => {
            rewrite.content_encoding = Some(String::new());
            let sentence = "Content-Encoding says gzip, and the bytes are not compressed: browsers show nothing".into();
            say(ContentKind::NotCompressed, true, sentence);
        }
        Some(_) => return content,
        None if gzip && !is_archive_name(name) => {
            rewrite.content_encoding = Some("gzip".into());
            let sentence = "The bytes are compressed with gzip, and no Content-Encoding says so".into();
            say(ContentKind::CompressedUnsaid, true, sentence);
            content.rewrite = Some(rewrite);
            return content;
        }
        None if is_framed(&answer.head) => {
            say(ContentKind::FramingStored, true, "The framing of the upload was stored along with the file".into());
            return content;
        }
        None => {}
    }
    let disposition = answer.header("content-disposition").unwrap_or_default().trim().to_ascii_lowercase();
    let attached = disposition.starts_with("attachment");
    let kind = found.map(|kind| kind.mime);
    match (kind, claimed.as_deref()) {
        (Some(bytes @ ("text/html" | "text/xml")), _) if is_picture && expected.as_deref() != Some("image/svg+xml") => {
            let what = if bytes == "text/html" { "a web page" } else { "an XML document, such as an error of a store" };
            say(ContentKind::SavedPage, true, format!("The file is named like a picture, and holds {what}"));
        }
        (Some(bytes), Some(claimed)) if unusable(claimed) && is_shown(bytes) => {
            rewrite.content_type = Some(media_type::content_type_for(name, &answer.head).content_type);
            let sentence = format!("It is sent as {claimed}, so browsers save it instead of showing it");
            say(ContentKind::DownloadsByType, true, sentence);
        }
        (Some(bytes), None) if is_shown(bytes) => {
            rewrite.content_type = Some(media_type::content_type_for(name, &answer.head).content_type);
            say(
                ContentKind::DownloadsByType,
                true,
                "It is sent without a Content-Type, so browsers have to guess".into(),
            );
        }
        (Some("image/svg+xml"), Some(claimed)) if claimed != "image/svg+xml" => {
            rewrite.content_type = Some("image/svg+xml".into());
            let sentence = format!("It is an SVG and sent as {claimed}: browsers show SVG only as image/svg+xml");
            say(ContentKind::WrongType, true, sentence);
        }
        (Some(bytes), Some(claimed)) if bytes.starts_with("image/") && !same(bytes, claimed) => {
            rewrite.content_type = Some(bytes.to_owned());
            let other_picture = claimed.starts_with("image/") && claimed != "image/svg+xml";
            let found = found.map(|kind| kind.phrase()).unwrap_or_default();
            if other_picture {
                let sentence = format!("{found}, sent as {claimed}; browsers see through that");
                say(ContentKind::OtherPicture, false, sentence);
            } else {
                say(ContentKind::WrongType, true, format!("{found}, sent as {claimed}: browsers do not show it"));
            }
        }
        (None, Some(claimed)) if claimed.starts_with("image/") && has_signature(claimed) && !answer.head.is_empty() => {
            let sentence = format!("It is sent as {claimed}, and the bytes are no picture that is known");
            say(ContentKind::UnknownBytes, true, sentence);
        }
        (None, Some(claimed)) if unusable(claimed) && expected.is_some() && expected.as_deref() != Some(claimed) => {
            rewrite.content_type = expected;
            let sentence = format!("It is sent as {claimed}, so browsers save it instead of showing it");
            say(ContentKind::DownloadsByType, true, sentence);
        }
        _ => {}
    }
    if let Some(kind) = found
        .filter(|kind| matches!(kind.mime, "image/heic" | "image/tiff" | "image/jxl" | "image/vnd.adobe.photoshop"))
    {
        say(ContentKind::UnknownToBrowsers, true, format!("{}, which most browsers do not show", kind.phrase()));
    }
    if let (Some(kind), Some(size)) = (found, size)
        && is_truncated(kind.mime, &answer.head, tail_of(answer), size)
    {
        say(ContentKind::Truncated, true, format!("{} whose end is missing", kind.phrase()));
    }
    if attached {
        rewrite.content_disposition = Some("inline".into());
        let sentence = "Content-Disposition says attachment, so browsers save it instead of showing it".into();
        say(ContentKind::DownloadsByDisposition, true, sentence);
    }
    let policy = answer.header("cross-origin-resource-policy").unwrap_or_default().trim().to_ascii_lowercase();
    if matches!(policy.as_str(), "same-origin" | "same-site") {
        let sentence = format!("Cross-Origin-Resource-Policy says {policy}, so pages of other sites do not show it");
        say(ContentKind::OtherSitesForbidden, true, sentence);
    }
    let mends = rewrite != Rewrite::default();
    let lost = content.findings.iter().any(|it| matches!(it.kind, ContentKind::SavedPage | ContentKind::UnknownBytes));
    content.rewrite = (mends && !lost).then_some(rewrite);
    content
}

/// Without parameters, in small letters.
fn bare(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or(content_type).trim().to_ascii_lowercase()
}

fn unusable(claimed: &str) -> bool {
    matches!(
        claimed,
        "" | "application/octet-stream"
            | "binary/octet-stream"
            | "application/x-www-form-urlencoded"
            | "application/unknown"
    )
}

/// Whether browsers show such bytes by themselves.
fn is_shown(mime: &str) -> bool {
    mime.starts_with("image/") || mime.starts_with("video/") || mime.starts_with("audio/") || mime == "application/pdf"
}

/// Whether pictures of that type can be told by their first bytes.
fn has_signature(mime: &str) -> bool {
    matches!(
        mime,
        "image/jpeg"
            | "image/png"
            | "image/gif"
            | "image/webp"
            | "image/avif"
            | "image/bmp"
            | "image/x-icon"
            | "image/tiff"
            | "image/heic"
    )
}

fn same(bytes: &str, claimed: &str) -> bool {
    let plain = |mime: &str| match mime {
        "image/jpg" | "image/pjpeg" => "image/jpeg".to_owned(),
        "image/vnd.microsoft.icon" => "image/x-icon".to_owned(),
        "image/apng" | "image/x-png" => "image/png".to_owned(),
        "image/heif" => "image/heic".to_owned(),
        "image/x-ms-bmp" => "image/bmp".to_owned(),
        other => other.to_owned(),
    };
    plain(bytes) == plain(claimed)
}

fn is_archive_name(name: &str) -> bool {
    media_type::extension_of(name).is_some_and(|it| matches!(it.as_str(), "gz" | "tgz" | "svgz" | "gzip"))
}

/// `5;chunk-signature=…`: the framing of AWS Signature Version 4 for uploads in chunks.
fn is_framed(head: &[u8]) -> bool {
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let text = std::str::from_utf8(line).unwrap_or_default();
    let (length, rest) = text.split_once(';').unwrap_or((text, ""));
    rest.starts_with("chunk-signature=") && !length.is_empty() && length.bytes().all(|b| b.is_ascii_hexdigit())
}

fn tail_of(answer: &Answered) -> &[u8] {
    if answer.tail.is_empty() { &answer.head } else { &answer.tail }
}

/// Whether the end that the format has to have is missing. Bytes after it are borne, as browsers do.
fn is_truncated(mime: &str, head: &[u8], tail: &[u8], size: u64) -> bool {
    let holds = |end: &[u8]| tail.windows(end.len()).any(|window| window == end);
    match mime {
        // EOI (ITU-T T.81, B.1.1.3).
        "image/jpeg" => !holds(&[0xff, 0xd9]),
        // The IEND chunk (PNG specification, 11.2.5).
        "image/png" => !holds(b"IEND"),
        // The trailer (GIF89a specification, 27).
        "image/gif" => !tail.contains(&0x3b),
        // The RIFF header counts all bytes behind it (WebP container specification).
        "image/webp" => head
            .get(4..8)
            .and_then(|it| it.try_into().ok())
            .is_some_and(|length: [u8; 4]| size < u64::from(u32::from_le_bytes(length)) + 8),
        // The header counts all bytes (BITMAPFILEHEADER); a few writers leave it zero.
        "image/bmp" => head
            .get(2..6)
            .and_then(|it| it.try_into().ok())
            .is_some_and(|length: [u8; 4]| size < u64::from(u32::from_le_bytes(length))),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
