//! Closing the window while files are on their way: asked first, then carried out.

use std::time::Duration;

/// So long the requests under way have to come to their end before the window closes all the same.
pub const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// How far the closing of the window is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Closing {
    /// Nobody wants it closed.
    #[default]
    Not,
    /// It was to be closed while files were on their way, and the question is on screen.
    Asked {
        /// Files that had failed by then.
        failed: u64,
    },
    /// It stays until the last file is through.
    WhenDone {
        /// Files that had failed by then.
        failed: u64,
    },
    /// It waits until what runs is held.
    Pausing {
        /// The whole queue was held already.
        was_paused: bool,
    },
    /// It waits until what runs is called off.
    Cancelling,
    /// Nothing holds it any more.
    Leaving,
}

impl Closing {
    /// Whether the dialog about it is on screen.
    #[must_use]
    pub fn has_dialog(self) -> bool {
        matches!(self, Self::Asked { .. } | Self::Pausing { .. } | Self::Cancelling)
    }
}

/// What is to become of the files that are on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CloseChoice {
    /// They go on, and the window closes by itself afterwards.
    #[default]
    WhenDone,
    /// They are held, and the window closes.
    Pause,
    /// They are called off, and the window closes.
    Cancel,
}
