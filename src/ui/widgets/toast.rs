//! One notice at the edge of the window. When it comes and goes is up to the caller.

use std::borrow::Cow;

use egui::{CornerRadius, Frame, Margin, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, vec2};

use super::icon_button::{IconButton, link};
use super::paint;
use crate::theme::measure::{radius, width};
use crate::theme::{Icon, Tokens, Type, icons, text};

/// What a toast is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastTone {
    /// Done.
    Ok,
    /// Something was done that has no colour of its own, with its icon.
    Plain(Icon),
    /// Look at this, it goes on anyway.
    Warn,
    /// Failed; stays until it is closed.
    Danger,
}

/// A notice: what happened, and what can be done about it.
#[derive(Clone, Debug)]
#[must_use = "show it with `show`"]
pub struct Toast<'a> {
    tone: ToastTone,
    title: Cow<'a, str>,
    body: Cow<'a, str>,
    actions: Vec<Cow<'a, str>>,
    aside: Cow<'a, str>,
}

/// What came of a toast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ToastResponse {
    /// The action that was clicked, by its place.
    pub action: Option<usize>,
    /// The close button was clicked.
    pub closed: bool,
    /// The pointer rests on it: time stands still.
    pub hovered: bool,
}

impl<'a> Toast<'a> {
    /// A toast with a title.
    pub fn new(tone: ToastTone, title: impl Into<Cow<'a, str>>) -> Self {
        Self { tone, title: title.into(), body: Cow::Borrowed(""), actions: Vec::new(), aside: Cow::Borrowed("") }
    }

    /// A sentence below the title.
    pub fn body(mut self, body: impl Into<Cow<'a, str>>) -> Self {
        self.body = body.into();
        self
    }

    /// A link below, such as "Undo".
    pub fn action(mut self, label: impl Into<Cow<'a, str>>) -> Self {
        self.actions.push(label.into());
        self
    }

    /// A few quiet words after the links.
    pub fn aside(mut self, words: impl Into<Cow<'a, str>>) -> Self {
        self.aside = words.into();
        self
    }

    /// Shows it, 360 points wide or the width left if that is less.
    pub fn show(self, ui: &mut Ui) -> ToastResponse {
        let t = Tokens::of(ui);
        let (icon, fill, color) = match self.tone {
            ToastTone::Ok => (icons::CHECK_CIRCLE, true, t.ok),
            ToastTone::Plain(icon) => (icon, false, t.text_3),
            ToastTone::Warn => (icons::WARNING, true, t.warn),
            ToastTone::Danger => (icons::X_CIRCLE, true, t.danger_icon()),
        };
        let outer = ui.available_width().min(width::TOAST);
        let mut out = ToastResponse::default();
        let response = ui
            .scope_builder(UiBuilder::new().sense(Sense::hover()), |ui| {
                Frame::new()
                    .fill(t.raised)
                    .stroke(Stroke::new(1.0, t.stroke_strong))
                    .corner_radius(CornerRadius::same(radius::BOX))
                    .shadow(t.shadow_popup)
                    .inner_margin(Margin::same(11))
                    .show(ui, |ui| {
                        ui.set_width(outer - 24.0);
                        ui.horizontal_top(|ui| {
                            ui.spacing_mut().item_spacing.x = 10.0;
                            let (rect, _) = ui.allocate_exact_size(vec2(18.0, 20.0), Sense::hover());
                            if fill {
                                paint::icon_fill_at(ui.painter(), rect.center(), icon, 18.0, color);
                            } else {
                                paint::icon_at(ui.painter(), rect.center(), icon, 18.0, color);
                            }
                            let middle = ui.available_width() - 34.0;
                            ui.vertical(|ui| {
                                ui.set_width(middle);
                                self.words_ui(ui, t, &mut out);
                            });
                            let close = IconButton::new(icons::X, format!("Close: {}", self.title));
                            out.closed = close.small().tooltip("Close").show(ui).clicked();
                        });
                    });
            })
            .response;
        out.hovered = response.contains_pointer();
        response.widget_info(|| WidgetInfo::labeled(Role::Alert, true, &self.title));
        out
    }

    fn words_ui(&self, ui: &mut Ui, t: &Tokens, out: &mut ToastResponse) {
        ui.spacing_mut().item_spacing.y = 0.0;
        paint::label(ui, text::body_medium(self.title.as_ref()), t.text);
        if !self.body.is_empty() {
            paint::label(ui, text::small(self.body.as_ref()), t.text_2);
        }
        if self.actions.is_empty() && self.aside.is_empty() {
            return;
        }
        ui.add_space(4.0);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(12.0, 0.0);
            ui.spacing_mut().interact_size.y = 18.0;
            for (index, label) in self.actions.iter().enumerate() {
                if link(ui, Type::SmallMedium, label).clicked() {
                    out.action = Some(index);
                }
            }
            if !self.aside.is_empty() {
                paint::label(ui, text::small(self.aside.as_ref()), t.text_3);
            }
        });
    }
}
