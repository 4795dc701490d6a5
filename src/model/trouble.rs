//! A failure as a person meets it: a sentence first, everything else to unfold.

use crate::domain::check::RefusedRequest;

/// Something that did not work, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What happened, to what, and what to do.
    pub sentence: String,
    /// The kind of way out there is; decides the buttons.
    pub way_out: WayOut,
    /// The missing permission, e.g. `s3:ListBucket`, where it is known.
    pub permission: Option<String>,
    /// Codes, request id and causes: one line each, without secrets.
    pub details: Vec<String>,
    /// The request, where it was refused: why can be found out.
    pub refused: Option<Box<RefusedRequest>>,
}

/// What a person can do about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayOut {
    /// The same again may work now or in a moment.
    Retry,
    /// The connection's address, region or keys need a change.
    EditConnection,
    /// Somebody has to grant a permission.
    AskForPermission,
    /// The store does not have this; nothing to be done about it.
    NotOffered,
    /// Something else has to be chosen (a name, a file, a folder).
    ChooseAnother,
    /// A defect of the program: the report helps its makers.
    Report,
}

impl Trouble {
    /// A failure that a sentence says in full.
    pub fn new(sentence: impl Into<String>, way_out: WayOut) -> Self {
        Self { sentence: sentence.into(), way_out, permission: None, details: Vec::new(), refused: None }
    }

    /// The same with one more line to unfold.
    #[must_use]
    pub fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    /// Everything as text, for the clipboard.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = self.sentence.clone();
        for line in &self.details {
            text.push('\n');
            text.push_str(line);
        }
        text
    }
}

impl crate::worker::Crashed for Trouble {
    fn crashed(text: String) -> Self {
        Self::new(
            "Brimful stumbled over a defect of its own here. The rest goes on; trying again may work",
            WayOut::Report,
        )
        .detail(format!("panic: {text}"))
    }
}
