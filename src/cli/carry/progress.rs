//! How far it is, on a line of a terminal that is written over.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use super::Doing;
use crate::domain::format::{count, size};
use crate::transfer::Snapshot;

/// So often it is looked at.
pub(super) const EVERY: Duration = Duration::from_millis(200);

/// The line, where somebody looks on.
pub(super) struct Progress {
    is_shown: bool,
    is_written: bool,
}

impl Progress {
    pub(super) fn new(doing: Doing) -> Self {
        let is_shown = io::stderr().is_terminal() && !doing.quiet && !doing.dry_run;
        Self { is_shown, is_written: false }
    }

    pub(super) fn is_shown(&self) -> bool {
        self.is_shown
    }

    pub(super) fn show(&mut self, snapshot: &Snapshot) {
        // It may be closed; the work goes on.
        let _ = write!(io::stderr(), "\r\x1b[K{}", line(snapshot));
        self.is_written = true;
    }

    /// Before something else is written.
    pub(super) fn clear(&mut self) {
        if std::mem::take(&mut self.is_written) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(snapshot: &Snapshot) -> String {
    let totals = &snapshot.totals;
    let percent = (totals.sent_bytes * 100).checked_div(totals.total_bytes).unwrap_or(0);
    let mut line = format!(
        "{percent:3}%  {} of {} files  {} of {}",
        count(totals.done as u64),
        count(totals.wanted() as u64),
        size(totals.sent_bytes),
        size(totals.total_bytes),
    );
    if let Some(rate) = snapshot.bytes_per_sec {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shown rounded")]
        let rate = rate as u64;
        line.push_str(&format!("  {}/s", size(rate)));
    }
    if let Some(left) = snapshot.time_left {
        let secs = left.as_secs();
        line.push_str(&format!("  {}:{:02} left", secs / 60, secs % 60));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::Totals;

    #[test]
    fn how_far_it_is() {
        let totals = Totals { done: 1_204, waiting: 1_596, total_bytes: 4_000, sent_bytes: 1_000, ..Totals::default() };
        let time_left = Some(Duration::from_secs(75));
        let snapshot = Snapshot { totals, bytes_per_sec: Some(500.0), time_left, ..Snapshot::default() };
        let shown = line(&snapshot);
        assert!(shown.starts_with(" 25%  1,204 of 2,800 files"), "{shown}");
        assert!(shown.ends_with("500 B/s  1:15 left"), "{shown}");
    }
}
