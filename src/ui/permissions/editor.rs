//! The policy as text: coloured, numbered, checked while it is typed.

mod completion;
mod highlight;
mod keys;
mod marks;
mod popover;
mod typing;

pub(super) use marks::face;

use std::ops::Range;

use egui::text::{CCursor, CCursorRange, CharIndex};
use egui::text_edit::TextEditState;
use egui::{EventFilter, Frame, Id, Margin, Rect, ScrollArea, TextEdit, Ui, UiBuilder, pos2, vec2};

use crate::model::permissions::draft::Draft;
use crate::model::permissions::reading::Told;
use crate::model::permissions::{BucketKey, PermissionsCommand};
use crate::theme::Tokens;
use crate::ui::UiCtx;

use super::find::Find;
use highlight::Highlight;

/// Width of the column with line numbers, in points.
pub(super) const GUTTER: f32 = 52.0;
/// Room beside the text, so that the cursor at the end of the longest line is seen.
const BESIDE: f32 = 32.0;

/// The text that is being edited, a copy of the draft's.
#[derive(Default)]
pub(super) struct Editor {
    text: String,
    /// The draft, and the state of it, that the text is a copy of.
    of: Option<(BucketKey, u64)>,
    caret_wishes: u32,
    /// What is selected, in bytes; empty for a cursor.
    caret: Range<usize>,
    /// Where the cursor is to go before the next paint.
    go_to: Option<Range<usize>>,
    take_focus: bool,
    /// The bucket whose empty text is being written.
    begun: Option<BucketKey>,
    highlight: Highlight,
    popover: popover::Popover,
    completion: completion::Completion,
}

impl Editor {
    /// The text as it is on screen.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What is selected, in bytes.
    pub(super) fn caret(&self) -> Range<usize> {
        self.caret.clone()
    }

    /// Begins to write where there was nothing.
    pub(super) fn begin(&mut self, key: &BucketKey) {
        self.begun = Some(key.clone());
    }

    /// Whether somebody began to write, for a text that may have become empty again.
    pub(super) fn has_begun(&self, key: &BucketKey) -> bool {
        self.begun.as_ref() == Some(key)
    }

    /// Selects a part of the text, scrolls there and takes the keyboard.
    pub(super) fn select(&mut self, range: Range<usize>) {
        self.go_to = Some(range);
        self.take_focus = true;
    }

    /// Scrolls to a part of the text; the keyboard stays where it is.
    pub(super) fn reveal(&mut self, range: Range<usize>) {
        self.go_to = Some(range);
    }

    /// Takes the keyboard.
    pub(super) fn take_focus(&mut self) {
        self.take_focus = true;
    }

    /// Goes to a finding and opens what is said about it.
    pub(super) fn show_finding(&mut self, told: &[Told], index: usize) {
        let Some(told) = told.get(index) else { return };
        let at = told.finding.span.start;
        self.select(at..at);
        self.popover.open(index);
    }

    /// Follows the draft where something else than typing changed it.
    fn follow(&mut self, key: &BucketKey, draft: &Draft) {
        let now = (key.clone(), draft.revision());
        let (caret, wishes) = draft.caret();
        if self.of.as_ref() != Some(&now) {
            let is_other = self.of.as_ref().is_none_or(|(of, _)| of != key);
            draft.text().clone_into(&mut self.text);
            self.of = Some(now);
            self.popover.close();
            self.completion.close();
            if is_other {
                self.caret_wishes = wishes;
                self.go_to = Some(caret);
                self.take_focus = true;
                return;
            }
        }
        if std::mem::replace(&mut self.caret_wishes, wishes) != wishes {
            self.go_to = Some(caret);
        }
    }

    /// Fills what is left of `ui`.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        cx: &mut UiCtx<'_>,
        key: &BucketKey,
        draft: &Draft,
        told: &[Told],
        find: &Find,
    ) {
        self.follow(key, draft);
        let t = Tokens::of(ui);
        let whole = ui.available_rect_before_wrap();
        ui.painter().rect_filled(whole, 0, if t.dark { t.sunken } else { t.surface });
        let id = Id::unique("policy_editor");
        let before = self.caret.clone();
        let taken = self.take_in(ui, cx, id, told);
        let typed = taken.changed;
        self.place_cursor(ui, id, typed);
        let scroll = self.go_to.take().is_some() || typed;
        if std::mem::take(&mut self.take_focus) {
            ui.memory_mut(|memory| memory.request_focus(id));
        }
        let behind = ui.painter().with_clip_rect(whole).add(egui::Shape::Noop);
        let area = Rect::from_min_max(pos2(whole.left() + GUTTER, whole.top()), whole.max);
        let mut child = ui.new_child(UiBuilder::new().max_rect(area));
        let shown = ScrollArea::both()
            .id_salt("policy_text")
            .auto_shrink([false, false])
            .show(&mut child, |ui| self.text_ui(ui, key, id, area, scroll));
        ui.advance_cursor_after_rect(whole);
        let (output, changed) = shown.inner;
        if let Some(range) = output.cursor_range {
            self.caret = bytes(&self.text, range);
        }
        if !self.text.is_empty() {
            self.begun = Some(key.clone());
        }
        if changed || typed {
            self.popover.close();
            self.of = Some((key.clone(), draft.revision() + u64::from(self.text != draft.text())));
            cx.push(PermissionsCommand::Typed {
                text: self.text.clone(),
                caret: self.caret.clone(),
                caret_before: before,
            });
        }
        let has_focus = ui.memory(|memory| memory.has_focus(id));
        if taken.offers || (self.completion.is_open() && (changed || typed)) {
            self.offer(cx, &key.bucket);
        }
        let page = marks::Page { whole, text: area, galley: &output.galley, at: output.galley_pos };
        self.marks_ui(ui, cx, &page, behind, told, find);
        self.completion_ui(ui, &page, has_focus);
    }

    /// The text itself, in what scrolls. Says whether it was changed by other keys than those taken in before.
    fn text_ui(
        &mut self,
        ui: &mut Ui,
        key: &BucketKey,
        id: Id,
        area: Rect,
        scroll: bool,
    ) -> (egui::text_edit::TextEditOutput, bool) {
        let highlight = &mut self.highlight;
        let needed = highlight.galley(ui, &self.text).size();
        let size = vec2(area.width().max(needed.x + BESIDE), area.height().max(needed.y + 24.0));
        let mut layouter = |ui: &Ui, text: &dyn egui::TextBuffer, _: f32| highlight.galley(ui, text.as_str());
        let edit = TextEdit::multiline(&mut self.text)
            .id(id)
            .frame(Frame::NONE.inner_margin(Margin { left: 0, right: 0, top: 8, bottom: 16 }))
            .desired_width(size.x)
            .min_size(size)
            .cursor_at_end(false)
            .event_filter(EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true })
            .layouter(&mut layouter);
        let output = edit.show(ui);
        let changed = output.response.changed();
        output.response.response.clone().accessible_name(format!("Policy of {}", key.bucket));
        if scroll && let Some(range) = output.cursor_range {
            let cursor = output.galley.pos_from_cursor(range.primary).translate(output.galley_pos.to_vec2());
            ui.scroll_to_rect(cursor.expand2(vec2(24.0, 40.0)), None);
        }
        (output, changed)
    }

    /// Tells the text field where the cursor is to be.
    fn place_cursor(&mut self, ui: &Ui, id: Id, typed: bool) {
        if let Some(range) = &self.go_to {
            self.caret = range.clone();
        } else if !typed {
            return;
        }
        let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
        let cursor = |at: usize| CCursor::new(CharIndex(char_of(&self.text, at)));
        let range = CCursorRange::two(cursor(self.caret.start), cursor(self.caret.end));
        state.cursor.set_char_range(Some(range));
        state.store(ui.ctx(), id);
    }
}

/// The place of a byte in characters.
fn char_of(text: &str, byte: usize) -> usize {
    text.get(..byte).map_or_else(|| text.chars().count(), |before| before.chars().count())
}

/// The place of a character in bytes.
fn byte_of(text: &str, char: usize) -> usize {
    // Policies are ASCII but for a rare name, and this is asked for in every frame.
    if text.is_ascii() {
        return char.min(text.len());
    }
    text.char_indices().nth(char).map_or(text.len(), |(at, _)| at)
}

/// What is selected, in bytes.
fn bytes(text: &str, range: CCursorRange) -> Range<usize> {
    let [start, end] = range.sorted_cursors();
    byte_of(text, start.index.0)..byte_of(text, end.index.0)
}
