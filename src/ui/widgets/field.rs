//! Text fields: label above, help or error below, and the search field.

use std::borrow::Cow;

use egui::{Align2, Atom, CornerRadius, Frame, Key, Margin, Response, Stroke, TextEdit, Ui, vec2};

use super::badge::paint_key_cap;
use super::button::ControlSize;
use super::icon_button::link;
use super::paint;
use crate::theme::measure::radius;
use crate::theme::{Icon, Tokens, Type, icons, text};

/// The line below a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FieldNote<'a> {
    /// Nothing to say.
    #[default]
    None,
    /// What belongs here.
    Help(Cow<'a, str>),
    /// What was found out, such as "Free in Europe (Ireland)".
    Good(Cow<'a, str>),
    /// Why this cannot stay, and the mend that a click would apply.
    Error {
        /// One sentence.
        sentence: Cow<'a, str>,
        /// Label of the mend, such as "Use acme-images".
        mend: Option<Cow<'a, str>>,
    },
}

/// What came of a field.
#[derive(Debug)]
pub struct FieldResponse {
    /// Of the field itself; `changed()` says the text is another.
    pub response: Response,
    /// The mend was asked for.
    pub mended: bool,
}

/// One line of text to fill in.
#[must_use = "show it with `show`"]
pub struct TextField<'a> {
    text: &'a mut String,
    label: Cow<'a, str>,
    label_shown: bool,
    name: Option<Cow<'a, str>>,
    placeholder: Cow<'a, str>,
    note: FieldNote<'a>,
    mono: bool,
    password: bool,
    size: ControlSize,
    width: Option<f32>,
    icon: Option<Icon>,
    key_cap: Option<Cow<'a, str>>,
    salt: Option<egui::IdSalt>,
    enabled: bool,
    clears: bool,
}

impl<'a> TextField<'a> {
    /// A field with a label above it.
    pub fn new(label: impl Into<Cow<'a, str>>, text: &'a mut String) -> Self {
        Self {
            text,
            label: label.into(),
            label_shown: true,
            name: None,
            placeholder: Cow::Borrowed(""),
            note: FieldNote::None,
            mono: false,
            password: false,
            size: ControlSize::Regular,
            width: None,
            icon: None,
            key_cap: None,
            salt: None,
            enabled: true,
            clears: false,
        }
    }

    /// Keeps the label for assistive technology only.
    pub fn label_hidden(mut self) -> Self {
        self.label_shown = false;
        self
    }

    /// Name for assistive technology where the label alone does not say which one of several it is.
    pub fn name(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Shown while the field is empty.
    pub fn placeholder(mut self, placeholder: impl Into<Cow<'a, str>>) -> Self {
        self.placeholder = placeholder.into();
        self
    }

    /// The line below.
    pub fn note(mut self, note: FieldNote<'a>) -> Self {
        self.note = note;
        self
    }

    /// For keys, names and codes.
    pub fn mono(mut self) -> Self {
        self.mono = true;
        self
    }

    /// Shows dots. The text stays in the caller's hands.
    pub fn password(mut self, password: bool) -> Self {
        self.password = password;
        self
    }

    /// 36 points high.
    pub fn large(mut self) -> Self {
        self.size = ControlSize::Large;
        self
    }

    /// 24 points high.
    pub fn small(mut self) -> Self {
        self.size = ControlSize::Small;
        self
    }

    /// Width in points; without it, all that is left.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Icon inside, at the left.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Key cap inside, at the right, while the field is empty.
    pub fn key_cap(mut self, keys: impl Into<Cow<'a, str>>) -> Self {
        self.key_cap = Some(keys.into());
        self
    }

    /// Keeps cursor and focus with what is edited; needed where fields of one panel share a label.
    pub fn id_salt(mut self, salt: impl egui::AsIdSalt) -> Self {
        self.salt = Some(egui::IdSalt::new(salt));
        self
    }

    /// Whether it can be typed into.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// Shows it.
    pub fn show(self, ui: &mut Ui) -> FieldResponse {
        let width = self.width.unwrap_or_else(|| ui.available_width());
        let size = vec2(width, self.height());
        let layout = egui::Layout::top_down(egui::Align::LEFT);
        ui.allocate_ui_with_layout(size, layout, |ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = 4.0;
            self.contents(ui, width)
        })
        .inner
    }

    /// About how high all of it is, so that a row can place it on its middle line.
    fn height(&self) -> f32 {
        let label = if self.label_shown { 22.0 } else { 0.0 };
        let note = if self.note == FieldNote::None { 0.0 } else { 22.0 };
        label + self.size.height() + note
    }

    fn contents(self, ui: &mut Ui, width: f32) -> FieldResponse {
        let t = Tokens::of(ui);
        if self.label_shown {
            ui.label(Type::SmallMedium.rich(self.label.as_ref()).color(t.text_2));
        }
        let failed = matches!(self.note, FieldNote::Error { .. });
        let edge = match (failed, self.enabled) {
            (true, _) => t.danger,
            (false, true) => t.stroke_control,
            (false, false) => t.stroke,
        };
        let side: i8 = if self.size == ControlSize::Large { 12 } else { 8 };
        let frame = Frame::new()
            .fill(if self.enabled { paint::field_fill(ui) } else { t.sunken })
            .stroke(Stroke::new(1.0, edge))
            .corner_radius(CornerRadius::same(radius::CONTROL))
            .inner_margin(Margin::symmetric(side, 0));
        let kind = match (self.mono, self.size) {
            (true, ControlSize::Large) => Type::MonoLarge,
            (true, ControlSize::Small | ControlSize::Regular) => Type::Mono,
            (false, ControlSize::Large) => Type::Lead,
            (false, ControlSize::Regular) => Type::Body,
            (false, ControlSize::Small) => Type::Small,
        };
        let empty = self.text.is_empty();
        let mut edit = TextEdit::singleline(&mut *self.text)
            .password(self.password)
            .frame(frame)
            .font(kind.font())
            .text_color(if self.enabled { t.text } else { t.text_off })
            .hint_text(kind.rich(self.placeholder.as_ref()))
            .align(Align2::LEFT_CENTER)
            .desired_width(width)
            .min_size(vec2(width, self.size.height()));
        // By label, so that the keyboard stays in the field when something appears above it.
        edit = edit.id_salt(self.salt.unwrap_or_else(|| egui::IdSalt::new(("field", self.label.as_ref()))));
        if let Some(icon) = self.icon {
            edit = edit.prefix(text::icon(icon, 16.0).color(t.text_3));
        }
        if let Some(keys) = self.key_cap.filter(|_| empty) {
            let galley = paint::line(ui, Type::Caption, t.text_3, keys.as_ref());
            let size = vec2(galley.size().x + 12.0, 18.0);
            edit = edit.suffix(Atom::paint(size, move |ui: &Ui, args: egui::AtomPaintArgs| {
                let left = args.rect.left_center();
                paint_key_cap(ui, left, galley.clone(), Tokens::of(ui));
            }));
        }
        let mut response = if self.enabled { ui.add(edit) } else { ui.add_enabled(false, edit) };
        if self.clears && response.lost_focus() && !self.text.is_empty() && ui.input(|i| i.key_pressed(Key::Escape)) {
            self.text.clear();
            response.mark_changed();
        }
        // Its own name, not a relation to the label: that is what every assistive technology reads.
        let response = response.accessible_name(self.name.as_deref().unwrap_or(self.label.as_ref()));
        if response.has_focus() {
            paint::focus_ring(ui.painter(), response.rect, radius::CONTROL, t);
        }
        let mended = note_ui(ui, &self.note, t);
        FieldResponse { response, mended }
    }
}

/// The line below a field; says whether the mend was asked for.
fn note_ui(ui: &mut Ui, note: &FieldNote<'_>, t: &Tokens) -> bool {
    let (icon, color, sentence) = match note {
        FieldNote::None => return false,
        FieldNote::Help(sentence) => {
            paint::label(ui, text::small(sentence.as_ref()), t.text_3);
            return false;
        }
        FieldNote::Good(sentence) => ((icons::CHECK, t.ok), t.text_3, sentence),
        FieldNote::Error { sentence, .. } => ((icons::WARNING_CIRCLE, t.danger_text), t.danger_text, sentence),
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.spacing_mut().interact_size.y = 18.0;
        let (rect, _) = ui.allocate_exact_size(vec2(14.0, 18.0), egui::Sense::hover());
        paint::icon_at(ui.painter(), rect.center(), icon.0, 14.0, icon.1);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(4.0, 0.0);
            paint::label(ui, text::small(sentence.as_ref()), color);
            match note {
                FieldNote::Error { mend: Some(mend), .. } => link(ui, Type::SmallMedium, mend).clicked(),
                FieldNote::Error { mend: None, .. } | FieldNote::None | FieldNote::Help(_) | FieldNote::Good(_) => {
                    false
                }
            }
        })
        .inner
    })
    .inner
}

/// A field that narrows what is below it: magnifying glass, key cap, Esc clears.
#[must_use = "show it with `show`"]
pub struct SearchField<'a> {
    field: TextField<'a>,
}

impl<'a> SearchField<'a> {
    /// A search field; `name` is its placeholder and its name.
    pub fn new(name: impl Into<Cow<'a, str>>, text: &'a mut String) -> Self {
        let name = name.into();
        let field = TextField::new(name.clone(), text).label_hidden().placeholder(name).icon(icons::MAGNIFYING_GLASS);
        Self { field: TextField { clears: true, ..field } }
    }

    /// Keys that lead here.
    pub fn key_cap(mut self, keys: impl Into<Cow<'a, str>>) -> Self {
        self.field = self.field.key_cap(keys);
        self
    }

    /// Width in points; without it, all that is left.
    pub fn width(mut self, width: f32) -> Self {
        self.field = self.field.width(width);
        self
    }

    /// See [`TextField::id_salt`].
    pub fn id_salt(mut self, salt: impl egui::AsIdSalt) -> Self {
        self.field = self.field.id_salt(salt);
        self
    }

    /// Shows it. Esc clears it and gives the keyboard back.
    pub fn show(self, ui: &mut Ui) -> Response {
        self.field.show(ui).response
    }
}
