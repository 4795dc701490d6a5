//! What came back when Brimful looked at the bucket as a stranger would.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::object_url::{Form, UrlForm};
use crate::model::Trouble;

/// The last step: under way, failed, or there.
#[derive(Debug, Default)]
pub enum ProofState {
    /// Not begun.
    #[default]
    None,
    /// The image is on its way up, or being asked for.
    Looking,
    /// It could not be made.
    Failed(Trouble),
    /// It is there.
    Ready(Box<Proof>),
}

impl ProofState {
    /// The proof, if it is there.
    #[must_use]
    pub fn ready(&self) -> Option<&Proof> {
        match self {
            Self::Ready(proof) => Some(proof),
            Self::None | Self::Looking | Self::Failed(_) => None,
        }
    }
}

/// What was found out from outside.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Where the image lies.
    pub key: String,
    /// What it is: made by Brimful, or a file of the person.
    pub image: ImageOrigin,
    /// Whether strangers were meant to see it.
    pub meant_public: bool,
    /// Why strangers get nothing although they were meant to, where the plan itself is the reason.
    pub why_shut: Option<&'static str>,
    /// What a stranger got who asked for the image.
    pub answer: Answered,
    /// When that was.
    pub at: Timestamp,
    /// The picture as it came back, when it came back and could be read.
    pub picture: Option<Picture>,
    /// Addresses of the image, the one to hand out first.
    pub addresses: Vec<Address>,
    /// What strangers may and may not do.
    pub rows: Vec<Row>,
    /// What became of the image afterwards.
    pub image_now: TestImage,
}

impl Proof {
    /// Whether everything is as it was asked for.
    #[must_use]
    pub fn is_as_asked(&self) -> bool {
        self.meant_public == self.answer.is_open()
            && self.rows.iter().all(|row| !matches!(row.judgement, Judgement::NotAsAsked(_)))
    }

    /// The address to hand out.
    #[must_use]
    pub fn address(&self) -> &str {
        self.addresses.first().map_or("", |address| address.text.as_str())
    }
}

/// Whose image it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageOrigin {
    /// Brimful drew it for this.
    Drawn,
    /// The person chose it.
    Chosen,
    /// It lay there from an earlier proof.
    FoundAgain,
}

/// Whether the image is still in the bucket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TestImage {
    /// It is.
    #[default]
    There,
    /// It is being deleted.
    Going,
    /// It is not.
    Gone,
    /// It could not be deleted.
    Stuck(Trouble),
}

/// Pixels of a picture, ready to be shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Red, green, blue, alpha (not premultiplied), row by row.
    pub rgba: Arc<[u8]>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} × {})", self.width, self.height)
    }
}

/// An answer to a request without sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answered {
    /// The HTTP status; 0 where nobody answered.
    pub status: u16,
    /// The code in the error document, e.g. `AccessDenied`.
    pub code: Option<String>,
    /// As the header says.
    pub content_type: Option<String>,
    /// How many bytes of body came.
    pub size_bytes: u64,
    /// From asking to the last byte.
    pub took: Duration,
    /// Why nobody answered.
    pub unanswered: Option<String>,
}

impl Answered {
    /// Whether the stranger got what was asked for.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// `200 OK`, `403 AccessDenied`.
    #[must_use]
    pub fn evidence(&self) -> String {
        match (&self.code, self.status) {
            (_, 0) => "no answer".to_owned(),
            (Some(code), status) => format!("{status} {code}"),
            (None, 200) => "200 OK".to_owned(),
            (None, 206) => "206 Partial Content".to_owned(),
            (None, 301 | 302 | 307 | 308) => format!("{} redirect", self.status),
            (None, 403) => "403 Forbidden".to_owned(),
            (None, 404) => "404 Not Found".to_owned(),
            (None, status) => status.to_string(),
        }
    }
}

/// One way to write the image's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// What to call it.
    pub label: String,
    /// The text to copy.
    pub text: String,
    /// What to know about it.
    pub note: Option<&'static str>,
}

impl Address {
    /// All forms of an address, then what to paste into a page.
    #[must_use]
    pub fn all(forms: Vec<UrlForm>, key: &str) -> Vec<Self> {
        let url = forms.first().map(|form| form.url.clone()).unwrap_or_default();
        let name = key.rsplit('/').next().unwrap_or(key);
        let written = |label: &str, text: String| Self { label: label.to_owned(), text, note: None };
        let short = |form: &UrlForm| if form.form == Form::LegacyGlobal { "Legacy" } else { form.label }.to_owned();
        let mut all: Vec<Self> =
            forms.into_iter().map(|form| Self { label: short(&form), text: form.url, note: form.note }).collect();
        all.push(written("HTML", format!("<img src=\"{url}\" alt=\"{name}\">")));
        all.push(written("Markdown", format!("![{name}]({url})")));
        all
    }
}

/// One thing that strangers may or may not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What, e.g. "List the files".
    pub what: String,
    /// Whether they may.
    pub open: Option<bool>,
    /// How that is known.
    pub evidence: Evidence,
    /// What to make of it.
    pub judgement: Judgement,
}

/// How something is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// A real request without sign-in answered so.
    Observed(Answered),
    /// Asking would write, so the policy was evaluated instead.
    Predicted,
}

impl Evidence {
    /// As the table says it.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Observed(answer) => answer.evidence(),
            Self::Predicted => "predicted".to_owned(),
        }
    }
}

/// What to make of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// It is what was asked for.
    AsAsked,
    /// It is, with something to know.
    Note(String),
    /// It is not what was asked for; why, and what to do.
    NotAsAsked(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn answer(status: u16, code: Option<&str>) -> Answered {
        Answered { status, code: code.map(str::to_owned), ..Answered::default() }
    }

    #[test_case(200, None, "200 OK"; "served")]
    #[test_case(403, Some("AccessDenied"), "403 AccessDenied"; "refused with a code")]
    #[test_case(403, None, "403 Forbidden"; "refused without a document, as HEAD is")]
    #[test_case(0, None, "no answer"; "nobody there")]
    #[test_case(307, None, "307 redirect"; "sent elsewhere")]
    fn evidence_is_status_and_code(status: u16, code: Option<&str>, words: &str) {
        assert_eq!(answer(status, code).evidence(), words);
    }

    #[test]
    fn a_proof_is_as_asked_only_if_every_row_is() {
        let row = |judgement| Row { what: "List".into(), open: Some(true), evidence: Evidence::Predicted, judgement };
        let mut proof = Proof {
            key: "photos/a.png".into(),
            image: ImageOrigin::Drawn,
            meant_public: true,
            why_shut: None,
            answer: answer(200, None),
            at: Timestamp::UNIX_EPOCH,
            picture: None,
            addresses: Vec::new(),
            rows: vec![row(Judgement::AsAsked), row(Judgement::Note("plain http".into()))],
            image_now: TestImage::There,
        };
        assert!(proof.is_as_asked());
        proof.rows.push(row(Judgement::NotAsAsked("listed".into())));
        assert!(!proof.is_as_asked());
        proof.rows.pop();
        proof.meant_public = false;
        assert!(!proof.is_as_asked());
    }
}
