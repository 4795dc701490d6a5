//! The answer: can it be seen, what decides, and what would mend it.

use jiff::Timestamp;

use super::evidence::Asked;
use super::fix::Fix;
use super::layer::{Layer, LayerReport};
use super::symptom::Symptom;
use super::target::Remark;
use crate::domain::policy::Words;

/// Whether anyone can see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It was asked for without sign-in, and it came as it should.
    Visible,
    /// It comes, but a browser does not show it, shows something else, or a page may not use it.
    Hampered,
    /// It does not come.
    NotVisible,
    /// Nobody could be asked.
    CannotTell,
}

impl Verdict {
    /// What the answers of the command line call it; never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Visible => "visible",
            Self::Hampered => "hampered",
            Self::NotVisible => "not-visible",
            Self::CannotTell => "cannot-tell",
        }
    }

    /// Whether a stranger gets the bytes.
    #[must_use]
    pub const fn is_fetched(self) -> bool {
        matches!(self, Self::Visible | Self::Hampered)
    }
}

/// What the settings say would happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Predicted {
    /// The file is handed out.
    Served {
        /// Why, one plain sentence.
        reason: String,
    },
    /// It is refused.
    Refused {
        /// With this status, where all that could not be read does not matter for it.
        status: Option<u16>,
        /// By this layer, where it is certain.
        layer: Option<Layer>,
        /// Why, one plain sentence.
        reason: String,
    },
    /// It depends on what could not be read, or there is nothing to predict from.
    Unknown {
        /// The layers it depends on.
        depends_on: Vec<Layer>,
    },
}

/// What really happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// An answer.
    Answer {
        /// The HTTP status.
        status: u16,
        /// The store's code.
        code: Option<String>,
        /// The request.
        asked: Asked,
    },
    /// None, and why, one plain sentence.
    Nothing(String),
}

/// Whether the settings explain what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agreement {
    /// As predicted.
    Agrees,
    /// Not as predicted: one plain sentence about what may be behind it.
    Differs(String),
    /// One of both is not known.
    NotCompared,
}

/// The answer to a check.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnosis {
    /// Whether anyone can see it.
    pub verdict: Verdict,
    /// The verdict in a few words: "Nobody outside can see this".
    pub headline: String,
    /// What decides, in one sentence without a full stop.
    pub sentence: Words,
    /// The layer that the request ends at.
    pub cause: Option<Layer>,
    /// The layers that have a say, in order.
    pub layers: Vec<LayerReport>,
    /// What the settings say.
    pub predicted: Predicted,
    /// What happened. It wins where both differ.
    pub observed: Seen,
    /// Whether both agree.
    pub agreement: Agreement,
    /// Ways to mend it, least exposure first.
    pub fixes: Vec<Fix>,
    /// What was noticed about the address.
    pub remarks: Vec<Remark>,
    /// What the answer is known as.
    pub symptom: Option<Symptom>,
    /// The address that was asked, without what signs it.
    pub address: Option<String>,
    /// When it was found out.
    pub at: Timestamp,
}

impl Diagnosis {
    /// How many layers could not be read.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.layers.iter().filter(|report| report.state == super::LayerState::Unknown).count()
    }
}
