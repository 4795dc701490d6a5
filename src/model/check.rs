//! Why a file can or cannot be seen: what was asked, the answer, and what is being done about it.

pub mod many;

use crate::domain::check::{Diagnosis, Evidence, Fix, Spot, Target, Write};
use crate::domain::policy::AccessDiff;
use crate::worker::Request;

use super::Trouble;
use super::permissions::BucketKey;
use many::{ManyCommand, ManyModel};

/// The check of the bucket one is in.
#[derive(Debug, Default)]
pub struct CheckModel {
    /// The bucket that the rest is about.
    pub here: Option<BucketKey>,
    /// What was asked last, as it was typed.
    pub text: String,
    /// The origin of the site whose pages use the file; empty where none was named.
    pub site: String,
    /// [`Self::text`] is the key of a file that was chosen, to the letter: it may look like an address.
    pub is_key: bool,
    /// Another number whenever [`Self::text`] came from elsewhere than the field.
    pub number: u64,
    /// The answer.
    pub found: Request<Found, Trouble>,
    /// A way to mend it that is being looked at, in a dialog.
    pub preview: Option<Preview>,
    /// Something is being mended.
    pub mending: bool,
    /// The page that checks many files.
    pub many: ManyModel,
}

/// An answer, and what it rests on.
#[derive(Debug, Clone)]
pub struct Found {
    /// What was asked, as it was typed, without what signs it: the field may hold something else by now.
    pub asked: String,
    /// What was checked.
    pub target: Target,
    /// What was found out.
    pub evidence: Evidence,
    /// The answer.
    pub diagnosis: Diagnosis,
}

/// What a way to mend it would do, before it is done.
#[derive(Debug)]
pub struct Preview {
    /// The way, as it was looked at: another check may come to others meanwhile.
    pub fix: Fix,
    /// The file it is about.
    pub spot: Spot,
    /// What each change does, in words.
    pub changes: Vec<String>,
    /// What the new policy changes for people, where a policy is changed.
    pub people: Request<AccessDiff, Trouble>,
    /// The person has agreed to what must not be done blindly.
    pub agreed: bool,
}

/// What takes a change back.
#[derive(Debug, Clone)]
pub struct TakeBack {
    /// Where it was made.
    pub key: BucketKey,
    /// The file it was about.
    pub spot: Spot,
    /// What is to be written.
    pub writes: Vec<Write>,
}

/// What can be done on the page.
#[derive(Debug, Clone)]
pub enum CheckCommand {
    /// Check what was typed.
    Run {
        /// The field.
        text: String,
        /// The origin of the site whose pages use the file; empty where none was named.
        site: String,
    },
    /// Check a file of the bucket one is in, and show the page.
    File(String),
    /// The same once more.
    Again,
    /// Look at a way to mend it, before it is done.
    Preview(usize),
    /// Agree to what must not be done blindly, or not.
    Agree(bool),
    /// Do what is looked at.
    Mend,
    /// Leave it.
    ClosePreview,
    /// Undo what was done.
    TakeBack(Box<TakeBack>),
    /// Make a link that carries a sign-in, for so many seconds, and copy it.
    MakeLink(u64),
    /// Copy a way for the AWS CLI.
    CopyCli(usize),
    /// Put the answer in words on the clipboard.
    CopyReport,
    /// Ask for a name, and write the answer there.
    SaveReport,
    /// Something about many files.
    Many(ManyCommand),
}

impl From<ManyCommand> for super::Command {
    fn from(command: ManyCommand) -> Self {
        Self::Check(CheckCommand::Many(command))
    }
}

impl CheckModel {
    /// The check of many files of the bucket one is in.
    #[must_use]
    pub fn many(&self) -> Option<&many::Many> {
        self.many.all.get(self.here.as_ref()?)
    }
}
