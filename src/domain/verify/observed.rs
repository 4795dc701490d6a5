//! What was seen of a file: plain facts, none of them judged.

use crate::domain::media_type::Kind;

/// A file as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// What rules are matched with: its key, or the path of its address without the `/` in front, decoded.
    pub path: String,
    /// The address that was asked, without the query that may sign it.
    pub url: String,
    /// What came back.
    pub outcome: Outcome,
    /// What came back for a stranger, where that was asked apart because `outcome` was asked with a sign-in.
    pub stranger: Option<Outcome>,
    /// What `Access-Control-Allow-Origin` said to each origin.
    pub cors: Vec<(String, Option<String>)>,
    /// What its bytes say, where they were read.
    pub content: Option<Content>,
}

impl Observed {
    /// What a stranger was answered.
    #[must_use]
    pub fn stranger(&self) -> &Outcome {
        self.stranger.as_ref().unwrap_or(&self.outcome)
    }
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Somebody answered.
    Answered(Answered),
    /// Nobody did; why.
    Unanswered(String),
}

/// An answer, whatever it says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answered {
    /// The status of HTTP; a part of a file that was asked for counts as 200.
    pub status: u16,
    /// The store's own code for a refusal.
    pub code: Option<String>,
    /// Where it redirects to.
    pub location: Option<String>,
    /// `Content-Type` as it stands.
    pub content_type: Option<String>,
    /// `Cache-Control` as it stands.
    pub cache_control: Option<String>,
    /// `Content-Encoding`, where the bytes are another form of the file.
    pub content_encoding: Option<String>,
    /// Of the whole file.
    pub size_bytes: Option<u64>,
}

impl Answered {
    /// Whether the file came.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether another moment may bring another answer.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        self.status == 429 || self.status >= 500
    }
}

/// What the bytes say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    /// What they are, where they give it away.
    pub kind: Option<Kind>,
    /// Pixels across and down, upright.
    pub size: Option<(u32, u32)>,
    /// Why it is no picture to show, as a sentence.
    pub problem: Option<String>,
    /// Whether the problem is Brimful's own: others may well show the picture.
    pub is_undecided: bool,
    /// SHA-256 of the whole.
    pub digest: Option<[u8; 32]>,
}
