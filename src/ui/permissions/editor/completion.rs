//! What may stand where one writes, offered below the cursor.

use egui::{Align2, Area, CornerRadius, Id, Order, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::domain::arn::Partition;
use crate::domain::policy::{Completions, Scene, complete};
use crate::theme::measure::radius;
use crate::theme::{Tokens, Type};
use crate::ui::UiCtx;
use crate::ui::widgets::{paint, popup_frame};

use super::marks::Page;
use super::typing::{Typed, put};
use super::{Editor, char_of};

/// Width of the list in points.
const WIDTH: f32 = 380.0;
/// Height of a row in points.
const ROW: f32 = 24.0;
/// So many rows are seen; the others come with the arrow keys.
const SEEN: usize = 8;

/// The offers below the cursor.
#[derive(Debug, Default)]
pub(super) struct Completion {
    offered: Option<Completions>,
    selected: usize,
    /// A row was clicked; it is put into the text before the next paint.
    clicked: bool,
}

impl Completion {
    pub(super) fn is_open(&self) -> bool {
        self.offered.is_some()
    }

    pub(super) fn close(&mut self) {
        *self = Self::default();
    }

    /// Marks another offer.
    pub(super) fn step(&mut self, down: bool) {
        let Some(offered) = &self.offered else { return };
        let last = offered.items.len().saturating_sub(1);
        self.selected = match (down, self.selected) {
            (true, at) if at >= last => 0,
            (true, at) => at + 1,
            (false, 0) => last,
            (false, at) => at - 1,
        };
    }

    /// Whether a row was clicked since the last time.
    pub(super) fn was_clicked(&mut self) -> bool {
        std::mem::take(&mut self.clicked)
    }

    /// Puts the marked offer into the text; the list closes.
    pub(super) fn accept(&mut self, text: &str) -> Option<Typed> {
        let (offered, selected) = (self.offered.take()?, self.selected);
        self.close();
        let item = offered.items.get(selected)?;
        Some(put(text.get(..offered.start)?, &item.insert, text.get(offered.end..)?))
    }
}

impl Editor {
    /// Looks anew for what may stand at the cursor.
    pub(super) fn offer(&mut self, cx: &UiCtx<'_>, bucket: &str) {
        if !self.caret.is_empty() {
            return self.completion.close();
        }
        let permissions = &cx.model.permissions;
        let partition = permissions.reading.known().map_or(Partition::default(), |reading| reading.context.partition);
        let owner = permissions.beside.known().and_then(|beside| beside.account.as_deref());
        let scene = Scene { bucket, partition, owner };
        let here = cx.model.session.as_ref().filter(|session| {
            session.place.as_ref().is_some_and(|place| place.bucket == bucket && place.prefix.is_empty())
        });
        let folders = here.map(|session| session.listing.folders.as_slice()).unwrap_or_default();
        self.completion.offered = complete(&self.text, self.caret.start, &scene, folders);
        self.completion.selected = 0;
    }

    /// Closes the list where the cursor left its place, and paints it.
    pub(super) fn completion_ui(&mut self, ui: &mut Ui, page: &Page<'_>, has_focus: bool) {
        let Some(offered) = &self.completion.offered else { return };
        let at = self.caret.start;
        if !self.caret.is_empty() || !(offered.start..=offered.end).contains(&at) || !(has_focus || self.take_focus) {
            return self.completion.close();
        }
        let t = Tokens::of(ui);
        let line = page.cursor(char_of(&self.text, offered.start));
        if !line.y_range().intersects(page.text.y_range()) {
            return;
        }
        let rows = offered.items.len().min(SEEN);
        let first = self.completion.selected.saturating_sub(rows.saturating_sub(1));
        let needed = ROW * rows as f32 + 8.0;
        let screen = ui.ctx().content_rect();
        let (corner, y) = if line.bottom() + needed + 8.0 > screen.bottom() {
            (Align2::LEFT_BOTTOM, line.top() - 2.0)
        } else {
            (Align2::LEFT_TOP, line.bottom() + 2.0)
        };
        let area = Area::new(Id::unique("policy_completion"))
            .order(Order::Foreground)
            .fixed_pos(pos2(line.left().min(screen.right() - WIDTH - 8.0), y))
            .pivot(corner);
        let mut clicked = None;
        area.show(ui.ctx(), |ui| {
            popup_frame(t).show(ui, |ui| {
                ui.set_width(WIDTH - 8.0);
                ui.spacing_mut().item_spacing.y = 0.0;
                for (index, item) in offered.items.iter().enumerate().skip(first).take(rows) {
                    let row = paint::allocate(ui, vec2(WIDTH - 8.0, ROW), Sense::click(), true);
                    if index == self.completion.selected || row.hovered() {
                        ui.painter().rect_filled(row.rect, CornerRadius::same(radius::SMALL), t.selected);
                    }
                    let y = row.rect.center().y;
                    let detail = paint::line_within(ui, Type::Caption, t.text_3, item.detail.as_str(), 150.0);
                    let right = row.rect.right() - 8.0 - detail.size().x;
                    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(right, y), detail);
                    let width = right - row.rect.left() - 16.0;
                    let label = paint::line_within(ui, Type::Mono, t.text, item.label.as_str(), width);
                    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(row.rect.left() + 8.0, y), label);
                    row.widget_info(|| WidgetInfo::labeled(Role::MenuItem, true, &item.label));
                    if row.clicked() {
                        clicked = Some(index);
                    }
                }
            });
        });
        if let Some(index) = clicked {
            self.completion.selected = index;
            self.completion.clicked = true;
            self.take_focus = true;
            ui.ctx().request_repaint();
        }
    }
}
