//! The access list of a file: as the store has it, and as it is being changed.

use crate::domain::bucket_settings::Acl;
use crate::domain::connection::ConnectionId;
use crate::domain::public_access::BlockLevels;
use crate::model::Trouble;
use crate::model::bucket_settings::EditState;
use crate::worker::Request;

/// What the store says of a file's access list.
#[derive(Debug, Clone, PartialEq)]
pub enum ObjectAccess {
    /// Object Ownership switches lists off: the policy alone decides.
    Disabled,
    /// The store has no lists for files.
    NotOffered,
    /// It counts.
    List(AccessList),
}

/// The list of a file's current version, and what else decides what it does.
#[derive(Debug, Clone, PartialEq)]
pub struct AccessList {
    /// The list.
    pub acl: Acl,
    /// The canonical user ID of the bucket's owner, where it may be read.
    pub bucket_owner: Option<String>,
    /// Block Public Access of account and bucket, as far as it may be read.
    pub block: BlockLevels,
}

/// A list that is being changed, in a dialog.
#[derive(Debug)]
pub struct AccessEdit {
    /// Of which file.
    pub key: String,
    /// As the store has it; what is written replaces this and nothing else.
    pub base: AccessList,
    /// What the form begins with.
    pub start: Acl,
    /// Another number with every dialog, so that the form begins anew.
    pub number: u64,
    /// How far it is.
    pub state: EditState,
}

/// The access list of the file that is looked at.
#[derive(Debug, Default)]
pub struct AccessModel {
    /// Of which file it was asked for.
    pub of: Option<String>,
    /// The answer.
    pub found: Request<ObjectAccess, Trouble>,
    /// How it is being changed.
    pub edit: Option<AccessEdit>,
}

impl AccessModel {
    /// Another file is looked at.
    pub fn forget(&mut self) {
        self.of = None;
        self.found = Request::Idle;
    }
}

/// What can be done with a file's access list.
#[derive(Debug, Clone)]
pub enum AccessCommand {
    /// Read the list of this file.
    Read(String),
    /// Open the dialog that changes the list of this file.
    Edit(String),
    /// Write this list.
    Save(Acl),
    /// Take a change back that was made a moment ago.
    TakeBack {
        /// In which connection.
        connection: ConnectionId,
        /// In which bucket.
        bucket: String,
        /// Of which file.
        key: String,
        /// What has to be there, or nothing is written.
        base: Box<AccessList>,
        /// What was there before.
        before: Acl,
    },
    /// Close the dialog without writing.
    Close,
}

impl From<AccessCommand> for crate::model::Command {
    fn from(command: AccessCommand) -> Self {
        super::GalleryCommand::Access(command).into()
    }
}
