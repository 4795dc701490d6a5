//! The text of a policy as it is being written: with every step of it to take back, and what it began from.

use std::ops::Range;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::policy::{same_document, tidy};

/// Typing without a pause of this length is taken back in one step.
const PAUSE: Duration = Duration::from_millis(900);
/// So many steps can be taken back.
const STEPS: usize = 400;

/// The policy that the bucket has, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Base {
    /// It could not be read; there may be one.
    #[default]
    Unknown,
    /// There is none.
    None,
    /// This text, as the store gave it.
    Text(String),
}

impl Base {
    /// The text, if it is known and there is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Unknown | Self::None => None,
        }
    }

    /// How it is shown: a text in one line, as stores give them, is given its lines back.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) if text.trim().contains('\n') => text.clone(),
            Self::Text(text) => tidy(text).unwrap_or_else(|_| text.clone()),
            Self::Unknown | Self::None => String::new(),
        }
    }

    /// Whether both say the same.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => same_document(one, other),
            _ => self == other,
        }
    }
}

/// One step of writing: some bytes became others.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    at: usize,
    removed: String,
    inserted: String,
    caret_before: Range<usize>,
    caret_after: Range<usize>,
    /// When it was typed; `None` for steps that stand for themselves.
    typed: Option<Timestamp>,
}

/// A policy as it is being written, for one bucket. Places are byte offsets.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    text: String,
    revision: u64,
    base: Base,
    base_shown: String,
    theirs: Option<Base>,
    caret: Range<usize>,
    caret_wishes: u32,
    undo: Vec<Step>,
    redo: Vec<Step>,
    meant: Vec<String>,
}

impl Draft {
    /// Begins with what the bucket has.
    #[must_use]
    pub fn new(base: Base) -> Self {
        let shown = base.shown();
        Self { text: shown.clone(), base, base_shown: shown, ..Self::default() }
    }

    /// Goes on with what was kept: the text, and what it began from.
    #[must_use]
    pub fn kept(text: String, base: Base) -> Self {
        let base_shown = base.shown();
        Self { text, base, base_shown, ..Self::default() }
    }

    /// The text as it is now.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Grows with every change of the text.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// What the bucket had when this was begun, or was last saved or compared.
    #[must_use]
    pub fn base(&self) -> &Base {
        &self.base
    }

    /// What the bucket has now, where somebody else changed it meanwhile.
    #[must_use]
    pub fn theirs(&self) -> Option<&Base> {
        self.theirs.as_ref()
    }

    /// Where the cursor or the selection is to be, and how often that was wished: whoever paints the text follows each
    /// wish once.
    #[must_use]
    pub fn caret(&self) -> (Range<usize>, u32) {
        (self.caret.clone(), self.caret_wishes)
    }

    /// Whether there is something that the bucket does not have.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.text != self.base_shown
    }

    /// Whether there is a step to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether there is a step that was taken back.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// What somebody typed: one step with what was typed just before beside it.
    pub fn typed(&mut self, text: String, caret: Range<usize>, now: Timestamp) {
        self.take(text, caret, Some(now));
    }

    /// A change that is a step of its own: a fix, tidying, a template, the form. The cursor goes to `caret`, or to
    /// where the text changed.
    pub fn change(&mut self, text: String, caret: Option<Range<usize>>) {
        let changed = difference(&self.text, &text);
        let caret = caret.unwrap_or_else(|| {
            let end = changed.map_or(self.caret.end, |(at, _, inserted)| at + inserted.len());
            end..end
        });
        self.take(text, caret, None);
        self.caret_wishes += 1;
    }

    fn take(&mut self, text: String, caret: Range<usize>, typed: Option<Timestamp>) {
        let caret = within(&text, caret);
        let before = std::mem::replace(&mut self.caret, caret.clone());
        let Some((at, removed, inserted)) = difference(&self.text, &text) else { return };
        let step = Step {
            at,
            removed: removed.to_owned(),
            inserted: inserted.to_owned(),
            caret_before: before,
            caret_after: caret,
            typed,
        };
        if !self.undo.last_mut().is_some_and(|last| last.take_in(&step)) {
            if self.undo.len() == STEPS {
                self.undo.remove(0);
            }
            self.undo.push(step);
        }
        self.redo.clear();
        self.set_text(text);
    }

    /// Where the cursor is now, without a change of the text.
    pub fn moved(&mut self, caret: Range<usize>) {
        self.caret = within(&self.text, caret);
    }

    /// Takes the newest step back.
    pub fn undo(&mut self) {
        let Some(mut step) = self.undo.pop() else { return };
        let Some(text) = replaced(&self.text, step.at, &step.inserted, &step.removed) else { return };
        step.typed = None;
        self.caret = within(&text, step.caret_before.clone());
        self.caret_wishes += 1;
        self.redo.push(step);
        self.set_text(text);
    }

    /// Takes the step again that was taken back last.
    pub fn redo(&mut self) {
        let Some(step) = self.redo.pop() else { return };
        let Some(text) = replaced(&self.text, step.at, &step.removed, &step.inserted) else { return };
        self.caret = within(&text, step.caret_after.clone());
        self.caret_wishes += 1;
        self.undo.push(step);
        self.set_text(text);
    }

    /// Goes back to what the bucket has, in one step that can be taken back.
    pub fn discard(&mut self) {
        self.change(self.base_shown.clone(), Some(0..0));
    }

    /// The bucket's policy was read. A text without changes follows it; with changes it stays, and what differs is
    /// remembered as [`Draft::theirs`].
    pub fn met(&mut self, found: Base) {
        if matches!(found, Base::Unknown) {
            return;
        }
        if !self.is_changed() {
            if self.base.is_same(&found) {
                // The text keeps the layout it was written in.
                self.base = found;
                self.theirs = None;
                return;
            }
            let shown = found.shown();
            if shown != self.text {
                self.set_text(shown.clone());
                self.undo.clear();
                self.redo.clear();
                self.caret = 0..0;
                self.caret_wishes += 1;
            }
            self.base_shown = shown;
            self.base = found;
            self.theirs = None;
        } else if matches!(self.base, Base::Unknown) || self.base.is_same(&found) {
            self.rebase(found);
        } else {
            self.theirs = Some(found);
        }
    }

    /// From now on compared with `base`; the text stays.
    pub fn rebase(&mut self, base: Base) {
        self.base_shown = base.shown();
        self.base = base;
        self.theirs = None;
    }

    /// The text was saved, and the store has it as `base`: nothing is to be saved any more.
    pub fn saved(&mut self, base: Base) {
        self.base_shown = self.text.clone();
        self.base = base;
        self.theirs = None;
    }

    /// The same with findings that were called meant before.
    #[must_use]
    pub fn meaning(self, meant: Vec<String>) -> Self {
        Self { meant, ..self }
    }

    /// Findings that were called meant, by what they are about.
    #[must_use]
    pub fn meant(&self) -> &[String] {
        &self.meant
    }

    /// Whether a finding was called meant, by what it is about.
    #[must_use]
    pub fn is_meant(&self, about: &str) -> bool {
        self.meant.iter().any(|meant| meant == about)
    }

    /// Calls a finding meant: it is no longer told while its statement stays as it is.
    pub fn mean(&mut self, about: String) {
        if !self.is_meant(&about) {
            self.meant.push(about);
        }
    }

    fn set_text(&mut self, text: String) {
        self.text = text;
        self.revision += 1;
    }
}

impl Step {
    /// Makes one step of both where the other was typed right after this one.
    fn take_in(&mut self, next: &Self) -> bool {
        let (Some(before), Some(now)) = (self.typed, next.typed) else { return false };
        let soon = now.duration_since(before).unsigned_abs() < PAUSE;
        let goes_on = next.removed.is_empty() && next.at == self.at + self.inserted.len();
        let deletes_on =
            next.inserted.is_empty() && self.inserted.is_empty() && next.at + next.removed.len() == self.at;
        let new_line = next.inserted.contains('\n');
        if !soon || new_line || !(goes_on || deletes_on) {
            return false;
        }
        if goes_on {
            self.inserted.push_str(&next.inserted);
        } else {
            self.removed.insert_str(0, &next.removed);
            self.at = next.at;
        }
        self.caret_after = next.caret_after.clone();
        self.typed = next.typed;
        true
    }
}

/// The text with `old` at `at` replaced, if that stands there.
fn replaced(text: &str, at: usize, old: &str, new: &str) -> Option<String> {
    let (before, rest) = (text.get(..at)?, text.get(at..)?);
    Some([before, new, rest.strip_prefix(old)?].concat())
}

/// Where two texts differ: the offset, what stood there, and what stands there now. `None` where they do not.
#[must_use]
pub fn difference<'a>(before: &'a str, after: &'a str) -> Option<(usize, &'a str, &'a str)> {
    if before == after {
        return None;
    }
    let (old, new) = (before.as_bytes(), after.as_bytes());
    let mut start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    while !before.is_char_boundary(start) || !after.is_char_boundary(start) {
        start -= 1;
    }
    let rest = old[start..].iter().rev().zip(new[start..].iter().rev());
    let mut same = rest.take_while(|(old, new)| old == new).count();
    while !before.is_char_boundary(old.len() - same) || !after.is_char_boundary(new.len() - same) {
        same -= 1;
    }
    Some((start, &before[start..old.len() - same], &after[start..new.len() - same]))
}

/// The nearest places that lie in the text, between characters.
fn within(text: &str, range: Range<usize>) -> Range<usize> {
    let nearest = |at: usize| {
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (nearest(range.start), nearest(range.end));
    start.min(end)..start.max(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap()
    }

    fn typing(words: &[(&str, i64)]) -> Draft {
        let mut draft = Draft::default();
        for (text, millis) in words {
            draft.typed((*text).to_owned(), text.len()..text.len(), at(*millis));
        }
        draft
    }

    #[test]
    fn quick_typing_is_one_step_and_a_pause_begins_another() {
        let mut draft = typing(&[("a", 0), ("ab", 100), ("abc", 200), ("abcd", 2_000)]);
        draft.undo();
        assert_eq!(draft.text(), "abc");
        draft.undo();
        assert_eq!(draft.text(), "");
        assert!(!draft.can_undo());
        draft.redo();
        draft.redo();
        assert_eq!(draft.text(), "abcd");
    }

    #[test]
    fn deleting_backwards_is_one_step() {
        let mut draft = typing(&[("abc", 0), ("ab", 2_000), ("a", 2_100)]);
        draft.undo();
        assert_eq!(draft.text(), "abc");
    }

    #[test]
    fn a_change_is_a_step_of_its_own_and_the_cursor_goes_there() {
        let mut draft = typing(&[("ab", 0)]);
        draft.change("axb".to_owned(), None);
        assert_eq!(draft.caret().0, 2..2);
        draft.undo();
        assert_eq!((draft.text(), draft.caret().0), ("ab", 2..2));
        draft.typed("abc".to_owned(), 3..3, at(10));
        assert!(!draft.can_redo(), "a new step ends what was taken back");
    }

    #[test]
    fn discarding_can_be_taken_back() {
        let mut draft = Draft::new(Base::Text("{\n}".to_owned()));
        draft.typed("{\n\"a\"}".to_owned(), 5..5, at(0));
        assert!(draft.is_changed());
        draft.discard();
        assert!(!draft.is_changed());
        draft.undo();
        assert_eq!(draft.text(), "{\n\"a\"}");
    }

    #[test]
    fn a_text_without_changes_follows_the_bucket() {
        let mut draft = Draft::new(Base::None);
        draft.met(Base::Text(r#"{"a":1}"#.to_owned()));
        assert_eq!(draft.text(), r#"{ "a": 1 }"#);
        assert!(!draft.is_changed());
        assert!(draft.theirs().is_none());
    }

    #[test]
    fn a_text_with_changes_stays_and_the_difference_is_remembered() {
        let mut draft = Draft::kept("mine".to_owned(), Base::Text("{\"a\": 1}".to_owned()));
        draft.met(Base::Text("{ \"a\":1 }".to_owned()));
        assert!(draft.theirs().is_none(), "the same in another layout");
        draft.met(Base::Text("{\"a\":2}".to_owned()));
        assert_eq!(draft.text(), "mine");
        assert_eq!(draft.theirs(), Some(&Base::Text("{\"a\":2}".to_owned())));
        draft.rebase(Base::Text("{\"a\":2}".to_owned()));
        assert!(draft.theirs().is_none() && draft.is_changed());
    }

    #[test]
    fn what_was_saved_is_no_draft_however_the_store_writes_it() {
        let mut draft = Draft::kept("{\n  \"a\": 1}".to_owned(), Base::None);
        draft.saved(Base::Text("{\"a\":1}".to_owned()));
        assert!(!draft.is_changed());
        draft.met(Base::Text("{\"a\":1}".to_owned()));
        assert!(!draft.is_changed());
        assert_eq!(draft.text(), "{\n  \"a\": 1}", "it keeps the layout it was written in");
    }

    #[test_case("", "", None; "nothing")]
    #[test_case("abc", "axc", Some((1, "b", "x")); "inside")]
    #[test_case("aa", "aaa", Some((2, "", "a")); "one more of the same")]
    #[test_case("é", "è", Some((0, "é", "è")); "whole characters")]
    fn differences(before: &str, after: &str, expected: Option<(usize, &str, &str)>) {
        assert_eq!(difference(before, after), expected);
    }

    proptest::proptest! {
        #[test]
        fn all_steps_back_and_forth(texts in proptest::collection::vec("[aé\n\"]{0,6}", 1..12), gap in 0_i64..2_000) {
            let mut draft = Draft::default();
            for (number, text) in texts.iter().enumerate() {
                if number % 3 == 2 {
                    draft.change(text.clone(), None);
                } else {
                    draft.typed(text.clone(), 0..text.len(), at(number as i64 * gap));
                }
            }
            while draft.can_undo() {
                draft.undo();
            }
            proptest::prop_assert_eq!(draft.text(), "");
            while draft.can_redo() {
                draft.redo();
            }
            proptest::prop_assert_eq!(Some(draft.text()), texts.last().map(String::as_str));
        }
    }
}
