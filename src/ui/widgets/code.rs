//! Code to read: commands, policies, details of an error.

use egui::text::LayoutJob;
use egui::{Align2, CornerRadius, Frame, Label, Margin, Rect, ScrollArea, Stroke, Ui, UiBuilder, pos2, vec2};

use super::icon_button::IconButton;
use super::paint;
use crate::theme::measure::radius;
use crate::theme::{Tokens, Type, icons};

/// A block of code in mono on a sunken bed.
#[derive(Clone, Debug)]
#[must_use = "show it with `show`"]
pub struct CodeBlock<'a> {
    code: LayoutJob,
    lines: bool,
    copy_name: Option<&'a str>,
}

impl<'a> CodeBlock<'a> {
    /// Code in one colour.
    pub fn new(ui: &Ui, code: &str) -> Self {
        Self::highlighted(Type::Mono.job(code, Tokens::of(ui).text))
    }

    /// Code that is laid out already, in [`Type::Mono`].
    pub fn highlighted(code: LayoutJob) -> Self {
        Self { code, lines: false, copy_name: None }
    }

    /// With a gutter of line numbers; long lines scroll sideways instead of wrapping.
    pub fn lines(mut self) -> Self {
        self.lines = true;
        self
    }

    /// With a button that copies; its name says what ("Copy the command").
    pub fn copy(mut self, name: &'a str) -> Self {
        self.copy_name = Some(name);
        self
    }

    /// Shows it over the width left. Says whether a copy was asked for; the caller copies.
    pub fn show(self, ui: &mut Ui) -> bool {
        let t = Tokens::of(ui);
        let copy_name = self.copy_name;
        code_bed(ui, copy_name, |ui| {
            if self.lines {
                self.numbered_ui(ui, t);
            } else {
                ui.add(Label::new(self.code).wrap().selectable(true));
            }
        })
    }

    fn numbered_ui(self, ui: &mut Ui, t: &Tokens) {
        const GUTTER: f32 = 40.0;
        let mut code = self.code;
        code.wrap.max_width = f32::INFINITY;
        let rows = code.text.split('\n').count();
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let line = Type::Mono.line_height();
            let (rect, _) = ui.allocate_exact_size(vec2(GUTTER, line * rows as f32), egui::Sense::hover());
            for row in 0..rows {
                let number = paint::line(ui, Type::Mono, t.text_3, (row + 1).to_string());
                let at = pos2(rect.left() + 24.0, rect.top() + row as f32 * line);
                paint::galley_at(ui.painter(), Align2::RIGHT_TOP, at, number);
            }
            ScrollArea::horizontal().id_salt("code").show(ui, |ui| {
                ui.add(Label::new(code).extend().selectable(true));
            });
        });
    }
}

/// The bed that code lies on, with a button that copies, if it has a name. Says whether it was
/// clicked.
pub(crate) fn code_bed(ui: &mut Ui, copy_name: Option<&str>, contents: impl FnOnce(&mut Ui)) -> bool {
    let t = Tokens::of(ui);
    let frame = Frame::new()
        .fill(t.sunken)
        .stroke(Stroke::new(1.0, t.stroke))
        .corner_radius(CornerRadius::same(radius::CONTROL))
        .inner_margin(Margin::symmetric(9, 7));
    let response = frame
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.set_min_height(18.0);
            // Words stay clear of the button.
            let room = ui.available_width() - if copy_name.is_some() { 28.0 } else { 0.0 };
            ui.scope(|ui| {
                ui.set_max_width(room);
                contents(ui);
            });
        })
        .response;
    let Some(name) = copy_name else {
        return false;
    };
    let corner = response.rect.right_top() + vec2(-29.0, 5.0);
    let place = Rect::from_min_size(corner, vec2(24.0, 24.0));
    let mut child = ui.new_child(UiBuilder::new().id_salt(name).max_rect(place));
    IconButton::new(icons::COPY, name).small().show(&mut child).clicked()
}
