//! Whether a browser shows what it gets: the type that is claimed against the bytes that are there, and the headers
//! that turn a picture into a download.
//!
//! Sources: WHATWG MIME Sniffing Standard and Fetch Standard ("Cross-Origin Read Blocking"), RFC 6266 (Content-Disposition),
//! RFC 9110 section 8.4 (Content-Encoding); the formats' own documents for their first and last bytes.

mod bytes;

use bytes::{bare, has_signature, is_archive_name, is_framed, is_shown, is_truncated, same, unusable};

use super::evidence::Answered;
use super::fix::Rewrite;
use crate::domain::media_type::{self, Kind};
use crate::domain::object::ObjectDetails;

/// Formats that cameras and programs write, and few browsers read.
const UNKNOWN_TO_BROWSERS: [&str; 4] = ["image/heic", "image/tiff", "image/jxl", "image/vnd.adobe.photoshop"];

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

/// What a browser gets, or would get.
#[derive(Debug, Clone, Copy, Default)]
pub struct Received<'a> {
    /// `Content-Type`.
    pub content_type: Option<&'a str>,
    /// `Content-Encoding`.
    pub content_encoding: Option<&'a str>,
    /// `Content-Disposition`.
    pub content_disposition: Option<&'a str>,
    /// `Cross-Origin-Resource-Policy`.
    pub resource_policy: Option<&'a str>,
    /// The first bytes.
    pub head: &'a [u8],
    /// The last bytes, where they are known.
    pub tail: Option<&'a [u8]>,
    /// Bytes of the whole.
    pub size_bytes: Option<u64>,
}

impl<'a> From<&'a Answered> for Received<'a> {
    fn from(answer: &'a Answered) -> Self {
        let head_is_all = answer.size_bytes.is_none_or(|size| size <= answer.head.len() as u64);
        let tail = if answer.tail.is_empty() { head_is_all.then_some(&answer.head) } else { Some(&answer.tail) };
        Self {
            content_type: answer.header("content-type"),
            content_encoding: answer.header("content-encoding"),
            content_disposition: answer.header("content-disposition"),
            resource_policy: answer.header("cross-origin-resource-policy"),
            head: &answer.head,
            tail: tail.map(Vec::as_slice),
            size_bytes: answer.size_bytes,
        }
    }
}

impl<'a> Received<'a> {
    /// What is stored, with its first bytes where they could be read.
    #[must_use]
    pub fn stored(details: &'a ObjectDetails, head: &'a [u8]) -> Self {
        Self {
            content_type: details.content_type.as_deref(),
            content_encoding: details.content_encoding.as_deref(),
            content_disposition: details.content_disposition.as_deref(),
            resource_policy: None,
            head,
            tail: (details.size_bytes <= head.len() as u64).then_some(head),
            size_bytes: Some(details.size_bytes),
        }
    }
}

/// Judges what comes under the name of a key.
#[must_use]
pub fn judge(key: &str, received: &Received<'_>) -> Content {
    let name = key.rsplit('/').next().unwrap_or(key);
    let found = media_type::sniff(received.head);
    let claimed = received.content_type.map(bare);
    let mut court = Court {
        received,
        name,
        expected: media_type::by_extension(name),
        rewrite: Rewrite::default(),
        content: Content { found, claimed, ..Content::default() },
    };
    if court.coding() {
        court.kinds();
        court.whole();
        court.headers();
    }
    court.sentence()
}

/// A judgement under way.
struct Court<'a> {
    received: &'a Received<'a>,
    name: &'a str,
    /// The type that the name stands for.
    expected: Option<String>,
    rewrite: Rewrite,
    content: Content,
}

impl Court<'_> {
    fn say(&mut self, kind: ContentKind, hampers: bool, sentence: impl Into<String>) {
        self.content.findings.push(ContentFinding { kind, hampers, sentence: sentence.into() });
    }

    /// How the bytes are coded; whether they can be looked at beyond that.
    fn coding(&mut self) -> bool {
        let head = self.received.head;
        if self.received.size_bytes == Some(0) {
            self.say(ContentKind::Empty, true, "The file is empty");
            return false;
        }
        if is_framed(head) {
            self.say(ContentKind::FramingStored, true, "The framing of the upload was stored along with the file");
            return false;
        }
        let gzip = head.starts_with(&[0x1f, 0x8b]);
        let coding = self.received.content_encoding.map(|it| it.trim().to_ascii_lowercase()).unwrap_or_default();
        match coding.as_str() {
            "" | "identity" if gzip && !is_archive_name(self.name) => {
                self.rewrite.content_encoding = Some("gzip".into());
                let sentence = "The bytes are compressed with gzip, and no Content-Encoding says so";
                self.say(ContentKind::CompressedUnsaid, true, sentence);
                false
            }
            "" | "identity" => true,
            it if it.contains("aws-chunked") => {
                self.rewrite.content_encoding = Some(String::new());
                let sentence = "Content-Encoding says aws-chunked, which is for uploads and confuses browsers";
                self.say(ContentKind::NotCompressed, true, sentence);
                true
            }
            "gzip" | "x-gzip" if !gzip && !head.is_empty() => {
                self.rewrite.content_encoding = Some(String::new());
                let sentence = "Content-Encoding says gzip, and the bytes are not compressed: browsers show nothing";
                self.say(ContentKind::NotCompressed, true, sentence);
                true
            }
            // What is beneath is not looked at.
            _ => false,
        }
    }

    /// The type that is claimed against what the bytes are.
    fn kinds(&mut self) {
        let (found, claimed) = (self.content.found, self.content.claimed.clone());
        let expected = self.expected.clone();
        let named_picture = expected.as_deref().is_some_and(|mime| mime.starts_with("image/"));
        let is_svg = expected.as_deref() == Some("image/svg+xml");
        let saves = |claimed: &str| format!("It is sent as {claimed}, so browsers save it instead of showing it");
        match (found.map(|kind| kind.mime), claimed.as_deref()) {
            (Some(bytes @ ("text/html" | "text/xml")), _) if named_picture && !is_svg => {
                let page = bytes == "text/html";
                let what = if page { "a web page" } else { "an XML document, such as an error of a store" };
                self.say(ContentKind::SavedPage, true, format!("The file is named like a picture, and holds {what}"));
            }
            (Some(bytes), Some(claimed)) if unusable(claimed) && is_shown(bytes) => {
                self.rewrite.content_type = Some(self.right_type());
                self.say(ContentKind::DownloadsByType, true, saves(claimed));
            }
            (Some(bytes), None) if is_shown(bytes) => {
                self.rewrite.content_type = Some(self.right_type());
                let sentence = "It is sent without a Content-Type, so browsers have to guess";
                self.say(ContentKind::DownloadsByType, true, sentence);
            }
            (Some("image/svg+xml"), Some(claimed)) if claimed != "image/svg+xml" => {
                self.rewrite.content_type = Some("image/svg+xml".into());
                let sentence = format!("It is an SVG and sent as {claimed}: browsers show SVG only as image/svg+xml");
                self.say(ContentKind::WrongType, true, sentence);
            }
            (Some(bytes), Some(claimed)) if bytes.starts_with("image/") && !same(bytes, claimed) => {
                self.rewrite.content_type = Some(bytes.to_owned());
                let phrase = found.map(|kind| kind.phrase()).unwrap_or_default();
                if claimed.starts_with("image/") && claimed != "image/svg+xml" {
                    let sentence = format!("{phrase}, sent as {claimed}; browsers see through that");
                    self.say(ContentKind::OtherPicture, false, sentence);
                } else {
                    let sentence = format!("{phrase}, sent as {claimed}: browsers do not show it");
                    self.say(ContentKind::WrongType, true, sentence);
                }
            }
            (None, Some(claimed)) if has_signature(claimed) && !self.received.head.is_empty() => {
                let sentence = format!("It is sent as {claimed}, and the bytes are no picture that is known");
                self.say(ContentKind::UnknownBytes, true, sentence);
            }
            (None, Some(claimed)) if unusable(claimed) && expected.as_deref().is_some_and(|it| it != claimed) => {
                self.rewrite.content_type = expected;
                self.say(ContentKind::DownloadsByType, true, saves(claimed));
            }
            _ => {}
        }
    }

    fn right_type(&self) -> String {
        media_type::content_type_for(self.name, self.received.head).content_type
    }

    /// Whether all of it is there, in a format that browsers know.
    fn whole(&mut self) {
        let Some(kind) = self.content.found else { return };
        if UNKNOWN_TO_BROWSERS.contains(&kind.mime) {
            let sentence = format!("{}, which most browsers do not show", kind.phrase());
            self.say(ContentKind::UnknownToBrowsers, true, sentence);
        }
        let Received { head, tail: Some(tail), size_bytes: Some(size), .. } = *self.received else { return };
        if is_truncated(kind.mime, head, tail, size) {
            self.say(ContentKind::Truncated, true, format!("{} whose end is missing", kind.phrase()));
        }
    }

    /// Headers that keep a browser from showing what it could show.
    fn headers(&mut self) {
        let lower = |header: Option<&str>| header.unwrap_or_default().trim().to_ascii_lowercase();
        if lower(self.received.content_disposition).starts_with("attachment") {
            self.rewrite.content_disposition = Some("inline".into());
            let sentence = "Content-Disposition says attachment, so browsers save it instead of showing it";
            self.say(ContentKind::DownloadsByDisposition, true, sentence);
        }
        let policy = lower(self.received.resource_policy);
        if matches!(policy.as_str(), "same-origin" | "same-site") {
            let sentence =
                format!("Cross-Origin-Resource-Policy says {policy}, so pages of other sites do not show it");
            self.say(ContentKind::OtherSitesForbidden, true, sentence);
        }
    }

    fn sentence(self) -> Content {
        let lost = |it: &ContentFinding| matches!(it.kind, ContentKind::SavedPage | ContentKind::UnknownBytes);
        let mends = self.rewrite != Rewrite::default() && !self.content.findings.iter().any(lost);
        Content { rewrite: mends.then_some(self.rewrite), ..self.content }
    }
}

#[cfg(test)]
mod tests;
