//! Files that an earlier session left behind and that are not in the list yet: their store has to be reached first.

use crate::domain::connection::ConnectionId;
use crate::domain::format;
use crate::model::Trouble;

/// How far it is with reaching a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftState {
    /// Its turn has not come.
    Next,
    /// Under way.
    Reaching,
    /// It cannot be reached now.
    Unreachable(Trouble),
    /// The connection was removed, so nothing leads to it any more.
    Gone,
}

/// What was left behind over one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Which.
    pub connection: ConnectionId,
    /// What the person calls it; where it is gone, the buckets that were meant.
    pub name: String,
    /// Files that are not through.
    pub files: u64,
    /// How far it is.
    pub state: LeftState,
}

impl Left {
    /// What it is about, e.g. `12 files from before, for Media archive`.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} from before, for {}", format::counted(self.files, "file", "files"), self.name)
    }
}
