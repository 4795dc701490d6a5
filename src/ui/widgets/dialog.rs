//! A dialog: scrim, heading, sentence, body, and a foot with the primary button rightmost.

use std::borrow::Cow;

use egui::text::LayoutJob;
use egui::{Align, Context, CornerRadius, Frame, Id, Key, Label, Layout, Margin, Modal, ScrollArea, Stroke, Ui, vec2};

use super::paint;
use crate::theme::measure::{height, radius};
use crate::theme::{Tokens, Type};

/// How wide a dialog is; always 16 points from the edges of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialogWidth {
    /// 512 points, as high as its contents: confirmations.
    Confirm,
    /// 640 points, as high as its contents: palette, short forms.
    Form,
    /// 980 by at most 684 points, the body filling what is left: plans and differences.
    Plan,
}

impl DialogWidth {
    const fn points(self) -> f32 {
        match self {
            Self::Confirm => 512.0,
            Self::Form => 640.0,
            Self::Plan => 980.0,
        }
    }
}

/// A dialog over everything else.
#[derive(Clone, Debug)]
#[must_use = "show it with `show`"]
pub struct Dialog<'a> {
    id: Id,
    heading: Cow<'a, str>,
    sentence: Option<LayoutJob>,
    width: DialogWidth,
    close_button: bool,
    steady: Option<f32>,
}

/// What came of a dialog.
#[derive(Debug)]
pub struct DialogResponse<R> {
    /// What the body gave back.
    pub body: R,
    /// Esc or the close button was pressed while this dialog was on top and no menu was open in it.
    pub close: bool,
    /// Enter was pressed, and not on a button: press the primary button, if it is a harmless one.
    pub enter: bool,
}

impl<'a> Dialog<'a> {
    /// A confirm dialog with a heading.
    pub fn new(salt: &str, heading: impl Into<Cow<'a, str>>) -> Self {
        Self {
            id: Id::unique(("brimful_dialog", salt)),
            heading: heading.into(),
            sentence: None,
            width: DialogWidth::Confirm,
            close_button: false,
            steady: None,
        }
    }

    /// The sentence under the heading.
    pub fn sentence(mut self, sentence: LayoutJob) -> Self {
        self.sentence = Some(sentence);
        self
    }

    /// Width other than that of a confirmation.
    pub fn width(mut self, width: DialogWidth) -> Self {
        self.width = width;
        self
    }

    /// The body is so many points high, whatever it holds, where the window has room: for forms that unfold, so that
    /// nothing moves under the pointer.
    pub fn steady(mut self, height: f32) -> Self {
        self.steady = Some(height);
        self
    }

    /// A close button beside the heading, for dialogs that are read more than answered.
    pub fn close_button(mut self) -> Self {
        self.close_button = true;
        self
    }

    /// Shows it. `foot` is laid out from the right edge: add the primary button first, and use
    /// [`dialog_foot_left`] for what belongs at the left. The scrim takes clicks and does nothing
    /// with them: what was typed must not be lost by a stray click.
    pub fn show<R>(
        self,
        ctx: &Context,
        body: impl FnOnce(&mut Ui) -> R,
        foot: impl FnOnce(&mut Ui),
    ) -> DialogResponse<R> {
        const MARGIN: f32 = 16.0;
        let t = Tokens::of(ctx);
        let window = ctx.content_rect().size();
        let width = self.width.points().min(window.x - 2.0 * MARGIN);
        let most = match self.width {
            DialogWidth::Plan => 684.0_f32.min(window.y - 2.0 * MARGIN),
            DialogWidth::Confirm | DialogWidth::Form => window.y - 2.0 * MARGIN,
        };
        let frame = Frame::new()
            .fill(t.raised)
            .stroke(Stroke::new(1.0, t.stroke_strong))
            .corner_radius(CornerRadius::same(radius::DIALOG))
            .shadow(t.shadow_dialog);
        let area = Modal::default_area(self.id).accessible_name(self.heading.as_ref());
        let response = Modal::new(self.id).area(area).frame(frame).backdrop_color(t.scrim).show(ctx, |ui| {
            ui.set_width(width - 2.0);
            ui.set_max_height(most - 2.0);
            ui.spacing_mut().item_spacing.y = 0.0;
            let closed = self.head_ui(ui, t);
            let foot_height = height::LARGE + 25.0;
            let room = (most - 2.0 - foot_height - (ui.min_rect().height())).max(60.0);
            let inner = if self.width == DialogWidth::Plan {
                // A plan brings its own scrolling table, which takes what is left.
                let margin = Margin { left: 24, right: 24, top: 12, bottom: 16 };
                let frame = Frame::new().inner_margin(margin);
                let shown = frame.show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    ui.spacing_mut().item_spacing.y = 8.0;
                    ui.set_height(room - 28.0);
                    body(ui)
                });
                shown.inner
            } else {
                // The padding lies inside of what scrolls, or it would cut focus rings.
                let room = self.steady.map_or(room, |height| room.min(height));
                let area = ScrollArea::vertical().max_height(room).auto_shrink([false, self.steady.is_none()]);
                let margin = Margin { left: 24, right: 24, top: 12, bottom: 16 };
                let shown = area.show(ui, |ui| {
                    let frame = Frame::new().inner_margin(margin);
                    let shown = frame.show(ui, |ui| {
                        ui.set_width(ui.available_width());
                        ui.spacing_mut().item_spacing.y = 8.0;
                        body(ui)
                    });
                    shown.inner
                });
                shown.inner
            };
            paint::hairline(ui);
            foot_ui(ui, foot);
            (inner, closed)
        });
        let on_top = response.is_top_modal && !response.any_popup_open;
        let escape = on_top && ctx.input(|input| input.key_pressed(Key::Escape));
        // A text field gives the focus up on Enter, a button keeps it.
        let unfocused = ctx.memory(|memory| memory.focused().is_none());
        let enter = on_top && unfocused && ctx.input(|input| input.key_pressed(Key::Enter));
        let (body, closed) = response.inner;
        DialogResponse { body, close: closed || escape, enter }
    }

    /// Says whether the close button was clicked.
    fn head_ui(&self, ui: &mut Ui, t: &Tokens) -> bool {
        Frame::new()
            .inner_margin(Margin { left: 24, right: 24, top: 20, bottom: 0 })
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                let mut closed = false;
                ui.horizontal_top(|ui| {
                    let beside = if self.close_button { 38.0 } else { 0.0 };
                    let room = ui.available_width() - beside;
                    ui.vertical(|ui| {
                        ui.set_width(room);
                        ui.spacing_mut().item_spacing.y = 4.0;
                        paint::label(ui, Type::Heading.rich(self.heading.as_ref()), t.text);
                        if let Some(sentence) = &self.sentence {
                            ui.add(Label::new(sentence.clone()).wrap());
                        }
                    });
                    if self.close_button {
                        closed = super::IconButton::new(crate::theme::icons::X, "Close").show(ui).clicked();
                    }
                });
                closed
            })
            .inner
    }
}

fn foot_ui(ui: &mut Ui, foot: impl FnOnce(&mut Ui)) {
    Frame::new().inner_margin(Margin::symmetric(24, 12)).show(ui, |ui| {
        let size = vec2(ui.available_width(), height::LARGE);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
            ui.set_min_size(size);
            ui.spacing_mut().item_spacing.x = 8.0;
            foot(ui);
        });
    });
}

/// The left part of a dialog's foot, after the buttons at the right were added.
pub fn dialog_foot_left(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    ui.with_layout(Layout::left_to_right(Align::Center), contents);
}
