//! The page of permissions: the policy as text, what is said about it, and what it means.

mod bench;
mod conflict;
mod diff;
mod editor;
mod find;
mod findings;
mod form;
mod history;
mod people;
mod review;
mod side;
mod states;
mod templates;
mod toolbar;
mod who;
mod words;

use egui::{Frame, Margin, Panel, Ui};

use crate::theme::{Tokens, measure};
use crate::ui::UiCtx;

pub use history::history_ui;
pub(in crate::ui) use people::people_ui;
pub use review::review_ui;

/// The page and what is being edited on it.
#[derive(Default)]
pub struct PermissionsPanel {
    editor: editor::Editor,
    find: find::Find,
    find_wishes: u32,
    side: side::Side,
    view: View,
    form: form::FormView,
    templates: templates::Templates,
}

/// How the policy is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum View {
    /// As cards to fill in.
    Form,
    /// As text.
    #[default]
    Json,
}

impl PermissionsPanel {
    /// Fills the main area.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let model = cx.model;
        let permissions = &model.permissions;
        let Some(key) = &permissions.here else { return };
        let Some(draft) = permissions.draft() else { return states::without_text_ui(ui, cx, key) };
        if states::not_offered_ui(ui, cx, key) {
            return;
        }
        let t = Tokens::of(ui);
        let told = permissions.reading.known().map(|reading| reading.told(draft)).unwrap_or_default();
        ui.spacing_mut().item_spacing.y = 0.0;
        let narrow = ui.ctx().content_rect().width() < measure::width::NARROW_BELOW;
        let width = if narrow { side::WIDTH_NARROW } else { side::WIDTH };
        Panel::right("permissions_side")
            .exact_size(width)
            .resizable(false)
            .show_separator_line(true)
            .frame(Frame::NONE.fill(t.sunken))
            .show(ui, |ui| self.side.ui(ui, cx));
        Panel::top("permissions_toolbar")
            .exact_size(measure::height::TOOLBAR)
            .resizable(false)
            .show_separator_line(true)
            .frame(Frame::NONE)
            .show(ui, |ui| toolbar::toolbar_ui(ui, cx, draft, &mut self.view, &mut self.templates));
        Frame::NONE.inner_margin(Margin::symmetric(16, 0)).show(ui, |ui| states::banners_ui(ui, cx, draft));
        self.findings_ui(ui, cx, &told);
        self.search(cx);
        if let Some(around) = &permissions.around {
            self.templates.dialog_ui(ui, cx, around, draft);
            if self.view == View::Form {
                return self.form.ui(ui, cx, around, draft);
            }
        }
        if draft.text().is_empty() && !self.editor.has_begun(key) {
            return states::empty_ui(ui, cx, key, &mut self.editor, &mut self.templates);
        }
        let over = ui.available_rect_before_wrap();
        self.editor.ui(ui, cx, key, draft, &told, &self.find);
        if let Some(wish) = self.find.ui(ui, over, self.editor.text(), self.editor.caret().start) {
            if let Some(at) = wish.at {
                self.editor.reveal(at);
            }
            if wish.close {
                self.editor.take_focus();
            }
        }
    }

    /// Opens the search where it was asked for.
    fn search(&mut self, cx: &UiCtx<'_>) {
        let wishes = cx.model.permissions.find_wishes;
        if std::mem::replace(&mut self.find_wishes, wishes) != wishes {
            let selected = self.editor.text().get(self.editor.caret()).unwrap_or_default().to_owned();
            self.find.open(&selected);
            self.view = View::Json;
        }
    }
}
