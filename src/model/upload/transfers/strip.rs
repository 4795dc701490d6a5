use std::time::Duration;

use super::{Direction, OFFLINE, Transfers};
use crate::domain::format;

/// What takes less time than this is told without it.
const KNOWN_TO: Duration = Duration::from_millis(100);

/// What the strip at the bottom says.
#[derive(Debug, Clone, PartialEq)]
pub struct Strip {
    /// The icon.
    pub mark: StripMark,
    /// What happens, first and strong.
    pub title: String,
    /// How far it is.
    pub detail: String,
    /// How many failed, if any.
    pub failed: u64,
    /// Rate and time left.
    pub pace: String,
    /// From 0 to 1, for the line on the top edge.
    pub part: f32,
    /// The batch whose addresses can be copied, and how many there are.
    pub copy: Option<(u64, u64)>,
}

/// The icon of the strip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StripMark {
    /// Under way.
    Running,
    /// Held.
    Paused,
    /// Left behind by an earlier session, and held until the person says so.
    Before,
    /// All arrived.
    Done,
    /// All that could arrive did; some failed.
    Failed,
}

impl Transfers {
    /// What the strip says now; `None` while there is nothing to tell.
    #[must_use]
    pub fn strip(&self) -> Option<Strip> {
        let batches: Vec<_> = self.batches.iter().filter(|(_, batch)| !batch.closed).collect();
        let (&last, batch) = batches.last().copied()?;
        let counts = self.recent();
        if counts.all == 0 {
            return None;
        }
        let files = format::counted(counts.wanted(), "file", "files");
        let direction = batch.direction;
        let mixed = batches.iter().any(|(_, other)| other.direction != direction);
        let same_folder = batches.iter().all(|(_, other)| other.folder == batch.folder);
        let place = if !same_folder {
            String::new()
        } else if batch.folder.is_empty() {
            format!(" to {}", batch.bucket)
        } else {
            format!(" to {}", batch.folder)
        };
        if counts.open() > 0 {
            let verb = match (mixed, direction) {
                (true, _) => "Moving",
                (false, Direction::Up) => "Uploading",
                (false, Direction::Down) => "Downloading",
            };
            let title = match self.from_before() {
                Some(1) => "1 file from before is waiting".to_owned(),
                Some(n) => format!("{} files from before are waiting", format::count(n)),
                None if self.paused => format!("Paused: {files}{place}"),
                None => format!("{verb} {files}{place}"),
            };
            let detail = format!(
                "{} of {} · {}",
                format::count(counts.done),
                format::count(counts.wanted()),
                of_bytes(counts.moved_bytes, counts.total_bytes)
            );
            let mark = if self.from_before().is_some() {
                StripMark::Before
            } else if self.paused {
                StripMark::Paused
            } else {
                StripMark::Running
            };
            let pace = if self.paused { String::new() } else { self.pace_words() };
            let failed = counts.failed;
            return Some(Strip { mark, title, detail, failed, pace, part: counts.part(), copy: None });
        }
        let done = match (mixed, direction) {
            (true, _) => "moved",
            (false, Direction::Up) => "uploaded",
            (false, Direction::Down) => "downloaded",
        };
        let title = match counts.done {
            0 if counts.failed == 0 => "Cancelled".to_owned(),
            0 => format!("Nothing {done}"),
            n => format!("{} {done}", format::counted(n, "file", "files")),
        };
        let mut detail = Vec::new();
        if counts.done > 0 {
            let bytes = self.recent_done_bytes();
            let began = batches.iter().map(|(_, batch)| batch.began).min().unwrap_or_default();
            let ended = batches.iter().filter_map(|(_, batch)| batch.ended).max().unwrap_or(self.now);
            let took = ended.saturating_sub(began);
            // Both are known to a frame, and no better.
            detail.push(match took < KNOWN_TO {
                true => format::size(bytes),
                false => format!("{} in {}", format::size(bytes), format::duration(took)),
            });
        }
        if same_folder {
            detail.push(if batch.folder.is_empty() { batch.bucket.clone() } else { batch.folder.clone() });
        }
        if counts.cancelled > 0 {
            detail.push(format!("{} cancelled", format::count(counts.cancelled)));
        }
        let mark = if counts.failed > 0 { StripMark::Failed } else { StripMark::Done };
        let copy = (direction == Direction::Up && counts.done > 0).then_some((last, counts.done));
        let detail = detail.join(" · ");
        Some(Strip { mark, title, detail, failed: counts.failed, pace: String::new(), part: 1.0, copy })
    }

    /// `24.6 MB/s · about 2 min left`, or that nobody answers.
    #[must_use]
    pub fn pace_words(&self) -> String {
        if self.offline {
            return OFFLINE.to_owned();
        }
        let rate = self.pace.rate.map(format::rate);
        let left = self.pace.left.map(format::time_left);
        [rate, left].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn recent_done_bytes(&self) -> u64 {
        let open = |row: &&super::Row| self.batches.get(&row.batch).is_some_and(|batch| !batch.closed);
        self.rows.iter().filter(open).filter(|row| row.state == super::RowState::Done).map(|row| row.size_bytes).sum()
    }
}

/// `21.3 of 38.4 MB`; the unit stands once where both have the same.
pub(super) fn of_bytes(moved: u64, total: u64) -> String {
    let (moved, total) = (format::size(moved), format::size(total));
    match (moved.rsplit_once(' '), total.rsplit_once(' ')) {
        (Some((number, unit)), Some((_, same))) if unit == same => format!("{number} of {total}"),
        _ => format!("{moved} of {total}"),
    }
}
