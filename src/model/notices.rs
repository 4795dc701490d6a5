//! Short messages: a toast for some seconds, then kept in a history.

use std::time::Duration;

use jiff::Timestamp;

use super::Command;
use super::command::FrameCommand;

/// How many are remembered.
const KEPT: usize = 200;
/// How many toasts are on screen at once.
pub const TOASTS_AT_ONCE: usize = 3;
/// How long a toast stays; failures stay until they are closed.
pub const TOAST_STAYS: Duration = Duration::from_secs(6);

/// What a notice is about, which decides icon and colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Done,
    /// Good to know.
    Info,
    /// Look at this; things go on.
    Warning,
    /// Something failed.
    Failed,
}

/// A link in a notice.
#[derive(Debug, Clone)]
pub struct Link {
    /// What it says, e.g. "Undo".
    pub label: String,
    /// What it does.
    pub command: Command,
}

/// One message.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its number in this session.
    pub id: u64,
    /// What it is about.
    pub tone: Tone,
    /// The first, strong line.
    pub title: String,
    /// The rest, if there is more to say.
    pub body: String,
    /// At most two links.
    pub links: Vec<Link>,
    /// When it was said.
    pub at: Timestamp,
    /// Whether it still is a toast.
    pub toast: bool,
    /// Lines to copy (codes, request id), for failures.
    pub details: Vec<String>,
}

/// All notices of this session, newest last.
#[derive(Debug, Default)]
pub struct Notices {
    all: std::collections::VecDeque<Notice>,
    next_id: u64,
    seen: u64,
}

impl Notices {
    /// Says something now and gives its number.
    pub fn say(&mut self, tone: Tone, title: impl Into<String>, body: impl Into<String>) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        if self.all.len() == KEPT {
            self.all.pop_front();
        }
        self.all.push_back(Notice {
            id,
            tone,
            title: title.into(),
            body: body.into(),
            links: Vec::new(),
            at: Timestamp::now(),
            toast: true,
            details: Vec::new(),
        });
        id
    }

    /// Says that something failed, with its details.
    pub fn trouble(&mut self, title: impl Into<String>, trouble: &super::Trouble) -> u64 {
        let id = self.say(Tone::Failed, title, trouble.sentence.clone());
        if let Some(notice) = self.get_mut(id) {
            notice.details.clone_from(&trouble.details);
        }
        if let Some(request) = &trouble.refused {
            self.link(id, "Why was I refused?", FrameCommand::WhyRefused(request.clone()));
        }
        id
    }

    /// Adds a link to a notice that was just said.
    pub fn link(&mut self, id: u64, label: impl Into<String>, command: impl Into<Command>) {
        if let Some(notice) = self.get_mut(id) {
            notice.links.push(Link { label: label.into(), command: command.into() });
        }
    }

    /// Adds a line to copy to a notice that was just said.
    pub fn detail(&mut self, id: u64, line: impl Into<String>) {
        if let Some(notice) = self.get_mut(id) {
            notice.details.push(line.into());
        }
    }

    /// Takes a toast off the screen; it stays in the history.
    pub fn dismiss(&mut self, id: u64) {
        if let Some(notice) = self.get_mut(id) {
            notice.toast = false;
        }
    }

    /// The toasts on screen, oldest first.
    pub fn toasts(&self) -> impl Iterator<Item = &Notice> {
        let waiting = self.all.iter().filter(|notice| notice.toast).count();
        self.all.iter().filter(|notice| notice.toast).skip(waiting.saturating_sub(TOASTS_AT_ONCE))
    }

    /// The history, newest first.
    pub fn history(&self) -> impl ExactSizeIterator<Item = &Notice> {
        self.all.iter().rev()
    }

    /// How many were said since the history was last looked at.
    #[must_use]
    pub fn unseen(&self) -> u64 {
        self.next_id - self.seen
    }

    /// The history is being looked at.
    pub fn mark_seen(&mut self) {
        self.seen = self.next_id;
    }

    fn get_mut(&mut self, id: u64) -> Option<&mut Notice> {
        self.all.iter_mut().rev().find(|notice| notice.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_three_are_toasts_and_all_are_history() {
        let mut notices = Notices::default();
        for n in 0..5 {
            notices.say(Tone::Info, format!("notice {n}"), "");
        }
        let toasts: Vec<_> = notices.toasts().map(|notice| notice.title.as_str()).collect();
        assert_eq!(toasts, ["notice 2", "notice 3", "notice 4"]);
        assert_eq!(notices.history().len(), 5);
        assert_eq!(notices.unseen(), 5);
        notices.mark_seen();
        assert_eq!(notices.unseen(), 0);
    }

    #[test]
    fn a_dismissed_toast_stays_in_the_history() {
        let mut notices = Notices::default();
        let id = notices.say(Tone::Done, "12 files uploaded", "");
        notices.dismiss(id);
        assert_eq!(notices.toasts().count(), 0);
        assert_eq!(notices.history().next().map(|notice| notice.id), Some(id));
    }

    #[test]
    fn the_history_is_bounded() {
        let mut notices = Notices::default();
        for _ in 0..KEPT + 50 {
            notices.say(Tone::Info, "again", "");
        }
        assert_eq!(notices.history().len(), KEPT);
    }
}
