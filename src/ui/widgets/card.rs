//! Cards, quiet boxes and banners: areas that hold other parts.

use std::borrow::Cow;

use egui::{Align2, Color32, CornerRadius, Frame, InnerResponse, Layout, Margin, Response, Stroke, Ui, Vec2, vec2};

use super::icon_button::link;
use super::paint;
use crate::theme::measure::radius;
use crate::theme::text::Spans;
use crate::theme::{Icon, Tokens, Type, icons};

/// An area with a hairline edge, for one subject.
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "show it with `show`"]
pub struct Card {
    strong: bool,
    padding: Option<i8>,
}

impl Card {
    /// A card with 16 points of padding.
    pub fn new() -> Self {
        Self::default()
    }

    /// With the stronger edge: the one that needs attention.
    pub fn strong(mut self, strong: bool) -> Self {
        self.strong = strong;
        self
    }

    /// Other padding, in points.
    pub fn padding(mut self, padding: i8) -> Self {
        self.padding = Some(padding);
        self
    }

    /// Shows it over the width left.
    pub fn show<R>(self, ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
        let t = Tokens::of(ui);
        let edge = if self.strong { t.stroke_strong } else { t.stroke };
        Frame::new()
            .fill(t.surface)
            .stroke(Stroke::new(1.0, edge))
            .corner_radius(CornerRadius::same(radius::CARD))
            .inner_margin(Margin::same(self.padding.unwrap_or(16).saturating_sub(1)))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                contents(ui)
            })
    }
}

/// Head of a card: icon, title, whatever follows at the left, and the rest at the right.
///
/// `left` is laid out after the title (badges), `right` from the right edge (one small button).
pub fn card_header(ui: &mut Ui, icon: Icon, title: &str, left: impl FnOnce(&mut Ui), right: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    let size = vec2(ui.available_width(), 24.0);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(egui::Align::Center), |ui| {
        ui.set_min_size(size);
        ui.spacing_mut().item_spacing.x = 8.0;
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(18.0), egui::Sense::hover());
        paint::icon_at(ui.painter(), rect.center(), icon, 18.0, t.text_2);
        ui.label(Type::LeadStrong.rich(title).color(t.text));
        left(ui);
        ui.with_layout(Layout::right_to_left(egui::Align::Center), right);
    });
}

/// A quiet area without an edge, sunken into its surroundings.
pub fn quiet_box<R>(ui: &mut Ui, padding: i8, contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let t = Tokens::of(ui);
    Frame::new().fill(t.sunken).corner_radius(CornerRadius::same(radius::BOX)).inner_margin(Margin::same(padding)).show(
        ui,
        |ui| {
            ui.set_width(ui.available_width());
            contents(ui)
        },
    )
}

/// What a banner is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerTone {
    /// Good to know.
    Quiet,
    /// A place to begin.
    Accent,
    /// Proved.
    Ok,
    /// Look at this, it goes on anyway.
    Warn,
    /// Failed or refused.
    Danger,
    /// Open to the internet.
    Public,
}

/// One statement above what it concerns: bold first words, the rest, and at most one link.
#[derive(Clone, Debug)]
#[must_use = "show it with `show`"]
pub struct Banner<'a> {
    tone: BannerTone,
    first: Cow<'a, str>,
    rest: Cow<'a, str>,
    link: Option<Cow<'a, str>>,
    icon: Option<Icon>,
}

impl<'a> Banner<'a> {
    /// A banner whose `first` words are emphasised.
    pub fn new(tone: BannerTone, first: impl Into<Cow<'a, str>>, rest: impl Into<Cow<'a, str>>) -> Self {
        Self { tone, first: first.into(), rest: rest.into(), link: None, icon: None }
    }

    /// The one link at the right.
    pub fn link(mut self, text: impl Into<Cow<'a, str>>) -> Self {
        self.link = Some(text.into());
        self
    }

    /// Another icon than that of the tone.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Shows it over the width left; the response is that of the link, if there is one.
    pub fn show(self, ui: &mut Ui) -> Option<Response> {
        let t = Tokens::of(ui);
        let (fill, color, icon) = self.tone.parts(t);
        Frame::new()
            .fill(fill)
            .corner_radius(CornerRadius::same(radius::BOX))
            .inner_margin(Margin::symmetric(12, 10))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                let link_width = self
                    .link
                    .as_deref()
                    .map_or(0.0, |text| paint::line(ui, Type::BodyMedium, t.accent_text, text).size().x + 12.0);
                let width = ui.available_width() - 28.0 - link_width;
                let mut spans = Spans::new().push(Type::BodyMedium, t.text, &self.first);
                if !self.rest.is_empty() {
                    spans = spans.push(Type::Body, t.text_2, format!(" {}", self.rest));
                }
                let galley = paint::wrapped_job(ui, spans.job(), width);
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = 10.0;
                    let (rect, _) = ui.allocate_exact_size(vec2(18.0, 20.0), egui::Sense::hover());
                    let icon = self.icon.unwrap_or(icon);
                    paint::icon_at(ui.painter(), rect.center(), icon, 18.0, color);
                    let size = vec2(width, galley.size().y);
                    let (rect, words) = ui.allocate_exact_size(size, egui::Sense::hover());
                    let text = galley.text().to_owned();
                    paint::galley_at(ui.painter(), Align2::LEFT_TOP, rect.min, galley);
                    words.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &text));
                    self.link.as_deref().map(|text| {
                        ui.with_layout(Layout::right_to_left(egui::Align::TOP), |ui| link(ui, Type::BodyMedium, text))
                            .inner
                    })
                })
                .inner
            })
            .inner
    }
}

impl BannerTone {
    fn parts(self, t: &Tokens) -> (Color32, Color32, Icon) {
        match self {
            Self::Quiet => (t.sunken, t.accent_text, icons::INFO),
            Self::Accent => (t.accent_soft, t.accent_text, icons::INFO),
            Self::Ok => (t.ok_soft, t.ok, icons::CHECK_CIRCLE),
            Self::Warn => (t.warn_soft, t.warn, icons::WARNING),
            Self::Danger => (t.danger_soft, t.danger_icon(), icons::X_CIRCLE),
            Self::Public => (t.public_soft, t.public_icon(), icons::GLOBE_SIMPLE),
        }
    }
}
