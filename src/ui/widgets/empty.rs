//! A place with nothing in it, and a place that may not be read.

use std::borrow::Cow;

use egui::epaint::{BandPoint, BandShape};
use egui::text::LayoutJob;
use egui::{
    Align, Align2, CornerRadius, Frame, Label, Layout, Margin, Pos2, Response, Role, Sense, Shape, Stroke, Ui, Vec2,
    WidgetInfo, vec2,
};

use super::card::Card;
use super::code::code_bed;
use super::paint;
use super::section::disclosure;
use crate::theme::measure::radius;
use crate::theme::text::Spans;
use crate::theme::{Icon, Tokens, Type, icons};

/// What to show where there is nothing: a title, a sentence, and a way on.
#[derive(Clone, Debug)]
#[must_use = "show it with `show`"]
pub struct EmptyState<'a> {
    title: Cow<'a, str>,
    sentence: Cow<'a, str>,
    picture: Picture,
}

#[derive(Clone, Copy, Debug)]
enum Picture {
    None,
    Icon(Icon),
    Bucket,
}

impl<'a> EmptyState<'a> {
    /// Title and sentence; a line break in the sentence is kept.
    pub fn new(title: impl Into<Cow<'a, str>>, sentence: impl Into<Cow<'a, str>>) -> Self {
        Self { title: title.into(), sentence: sentence.into(), picture: Picture::None }
    }

    /// The bucket with a little water in it: for an empty folder or bucket.
    pub fn bucket(mut self) -> Self {
        self.picture = Picture::Bucket;
        self
    }

    /// A quiet icon above the title.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.picture = Picture::Icon(icon);
        self
    }

    /// Shows it in the middle of what is left. `actions` are laid out side by side below, centred;
    /// `below` follows under them.
    pub fn show(self, ui: &mut Ui, actions: impl FnOnce(&mut Ui), below: impl FnOnce(&mut Ui)) {
        let t = Tokens::of(ui);
        // Centring needs the height, which is that of the last frame.
        let id = ui.make_persistent_id(("empty", self.title.as_ref()));
        let known: Option<f32> = ui.data(|data| data.get_temp(id));
        let free = ui.available_height();
        if let Some(known) = known {
            ui.add_space(((free - known) / 2.0 - 20.0).max(0.0).round());
        }
        let mut builder = egui::UiBuilder::new();
        if known.is_none() {
            builder = builder.invisible();
            ui.request_discard("height of an empty state");
        }
        let height = ui
            .scope_builder(builder, |ui| {
                ui.vertical_centered(|ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    match self.picture {
                        Picture::None => {}
                        Picture::Icon(icon) => {
                            let (rect, _) = ui.allocate_exact_size(Vec2::splat(40.0), Sense::hover());
                            paint::icon_at(ui.painter(), rect.center(), icon, 40.0, t.text_off);
                            ui.add_space(12.0);
                        }
                        Picture::Bucket => {
                            bucket(ui);
                            ui.add_space(20.0);
                        }
                    }
                    paint::label(ui, Type::Title.rich(self.title.as_ref()), t.text);
                    ui.add_space(4.0);
                    ui.scope(|ui| {
                        ui.set_max_width(560.0);
                        paint::label(ui, Type::Lead.rich(self.sentence.as_ref()), t.text_2);
                    });
                    ui.add_space(20.0);
                    centered_row(ui, ("actions", id), actions);
                    ui.add_space(14.0);
                    centered_row(ui, ("below", id), below);
                });
            })
            .response
            .rect
            .height();
        if known != Some(height) {
            ui.data_mut(|data| data.insert_temp(id, height));
            ui.request_discard("height of an empty state");
        }
    }
}

/// A row in the middle of the width; egui lays out from an edge, so the width of the last frame
/// says where to begin.
pub fn centered_row(ui: &mut Ui, salt: impl egui::AsIdSalt, contents: impl FnOnce(&mut Ui)) {
    let id = ui.make_persistent_id(salt);
    let known: Option<f32> = ui.data(|data| data.get_temp(id));
    let free = ui.available_width();
    let layout = Layout::left_to_right(Align::Center);
    let width = ui
        .allocate_ui_with_layout(vec2(free, 0.0), layout, |ui| {
            ui.add_space(((free - known.unwrap_or(0.0)) / 2.0).max(0.0).floor());
            let builder = if known.is_some() { egui::UiBuilder::new() } else { egui::UiBuilder::new().invisible() };
            ui.scope_builder(builder, contents).response.rect.width()
        })
        .inner;
    if known.is_none_or(|known| (known - width).abs() > 0.5) {
        ui.data_mut(|data| data.insert_temp(id, width));
        ui.request_discard("width of a centred row");
    }
}

/// The bucket of an empty folder, 132 by 112 points.
pub fn bucket(ui: &mut Ui) -> Response {
    let t = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(132.0, 112.0), Sense::hover());
    let at = |x: f32, y: f32| rect.min + vec2(x, y);
    let corner = |center: Pos2, from: f32, to: f32| {
        (0..=6).map(move |step| {
            let angle = from + (to - from) * step as f32 / 6.0;
            center + vec2(angle.cos(), angle.sin()) * 12.0
        })
    };
    // Down the left wall, round both corners of the floor, up the right wall.
    let mut floor: Vec<Pos2> = Vec::new();
    floor.extend(corner(at(41.0, 90.0), 2.98, std::f32::consts::FRAC_PI_2));
    floor.extend(corner(at(91.0, 90.0), std::f32::consts::FRAC_PI_2, 0.16));
    let mut wall = vec![at(18.0, 22.0)];
    wall.extend(&floor);
    wall.push(at(114.0, 22.0));
    let painter = ui.painter();
    painter.add(Shape::convex_polygon(wall.clone(), t.sunken, Stroke::NONE));
    let surface: Vec<Pos2> = (0..=16)
        .map(|step| {
            let part = step as f32 / 16.0;
            at(27.6 + 76.8 * part, 82.6 + 4.0 * part * (1.0 - part) * 3.3)
        })
        .collect();
    // The surface sags, so the water is painted as a band between it and the floor.
    let band = surface.iter().map(|&top| BandPoint::new(top.x, top.y..=floor_y(&floor, top.x).max(top.y)));
    painter.add(BandShape::filled(band.collect(), t.water_pale));
    painter.add(Shape::line(wall, Stroke::new(2.0, t.stroke_strong)));
    painter.add(Shape::line(surface, Stroke::new(2.0, t.water)));
    painter.line_segment([at(10.0, 22.0), at(122.0, 22.0)], Stroke::new(3.0, t.stroke_control));
    response
}

/// Height of the floor of the bucket at `x`.
fn floor_y(floor: &[Pos2], x: f32) -> f32 {
    floor
        .windows(2)
        .find_map(|pair| match *pair {
            [a, b] if (a.x..=b.x).contains(&x) && b.x > a.x => Some(a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x)),
            _ => None,
        })
        .or_else(|| floor.first().map(|first| first.y))
        .unwrap_or(x)
}

/// A refusal or failure that takes the place of what was asked for.
#[derive(Clone, Debug)]
#[must_use = "show it with `show`"]
pub struct ErrorPage<'a> {
    icon: Icon,
    title: Cow<'a, str>,
    sentence: LayoutJob,
    permission: Option<(Cow<'a, str>, Cow<'a, str>)>,
    details: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> ErrorPage<'a> {
    /// What happened, to what, and what to do about it.
    pub fn new(icon: Icon, title: impl Into<Cow<'a, str>>, sentence: LayoutJob) -> Self {
        Self { icon, title: title.into(), sentence, permission: None, details: Vec::new() }
    }

    /// The permission that is missing, and on what, in a box of its own.
    pub fn permission(mut self, action: impl Into<Cow<'a, str>>, resource: impl Into<Cow<'a, str>>) -> Self {
        self.permission = Some((action.into(), resource.into()));
        self
    }

    /// A line of the details, which unfold on demand: call, answer, message, request id.
    pub fn detail(mut self, label: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        self.details.push((label.into(), value.into()));
        self
    }

    /// The details as text to copy.
    pub fn details_text(&self) -> String {
        let widest = self.details.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        self.details.iter().map(|(label, value)| format!("{label:widest$}  {value}\n")).collect()
    }

    /// Shows it over the width left. Says whether a copy of the details was asked for.
    pub fn show(self, ui: &mut Ui, actions: impl FnOnce(&mut Ui)) -> bool {
        let t = Tokens::of(ui);
        Card::new()
            .strong(true)
            .padding(20)
            .show(ui, |ui| {
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = 12.0;
                    let (rect, _) = ui.allocate_exact_size(vec2(22.0, 22.0), Sense::hover());
                    paint::icon_fill_at(ui.painter(), rect.center(), self.icon, 22.0, t.danger_icon());
                    ui.vertical(|ui| {
                        ui.set_width(ui.available_width());
                        self.contents(ui, t, actions)
                    })
                    .inner
                })
                .inner
            })
            .inner
    }

    fn contents(self, ui: &mut Ui, t: &Tokens, actions: impl FnOnce(&mut Ui)) -> bool {
        ui.spacing_mut().item_spacing.y = 2.0;
        paint::label(ui, Type::LeadStrong.rich(self.title.as_ref()), t.text);
        ui.add(Label::new(self.sentence.clone()).wrap().selectable(true));
        if let Some((action, resource)) = &self.permission {
            ui.add_space(10.0);
            permission_box(ui, t, action, resource);
        }
        ui.add_space(10.0);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
            actions(ui);
        });
        if self.details.is_empty() {
            return false;
        }
        ui.add_space(12.0);
        if !disclosure(ui, ("details", self.title.as_ref()), "Details") {
            return false;
        }
        ui.add_space(4.0);
        details_ui(ui, t, &self.details)
    }
}

/// Labels in a column and their values beside them, on the bed of code. Says whether a copy was
/// asked for.
fn details_ui(ui: &mut Ui, t: &Tokens, details: &[(Cow<'_, str>, Cow<'_, str>)]) -> bool {
    let labels = details.iter().map(|(label, _)| paint::line(ui, Type::Mono, t.text_3, label.as_ref()));
    let labels: Vec<_> = labels.collect();
    let widest = labels.iter().map(|label| label.size().x).fold(0.0, f32::max).ceil() + 14.0;
    code_bed(ui, Some("Copy the details"), |ui| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        ui.spacing_mut().interact_size.y = 18.0;
        for ((label, value), galley) in details.iter().zip(labels) {
            ui.horizontal_top(|ui| {
                let (rect, response) = ui.allocate_exact_size(vec2(widest, 18.0), Sense::hover());
                paint::galley_at(ui.painter(), Align2::LEFT_TOP, rect.min, galley);
                response.widget_info(|| WidgetInfo::labeled(Role::Label, true, label));
                ui.add(Label::new(Type::Mono.job(value.as_ref(), t.text)).wrap().selectable(true));
            });
        }
    })
}

fn permission_box(ui: &mut Ui, t: &Tokens, action: &str, resource: &str) {
    Frame::new()
        .fill(t.danger_soft)
        .corner_radius(CornerRadius::same(radius::CONTROL))
        .inner_margin(Margin::symmetric(12, 8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 0.0;
            paint::label(ui, Type::Caption.rich("Missing permission"), t.text_2);
            let job = Spans::new()
                .push(Type::MonoMedium, t.text, action)
                .push(Type::Small, t.text_2, "  on  ")
                .push(Type::Mono, t.text, resource)
                .job();
            ui.add(Label::new(job).wrap().selectable(true));
        })
        .response
        .widget_info(|| WidgetInfo::labeled(Role::Group, true, format!("Missing permission {action} on {resource}")));
}

/// Icon of an [`ErrorPage`] for a refusal.
pub const REFUSED: Icon = icons::LOCK_SIMPLE;
