//! The level icon, a small vessel that fills, and the progress bar.

use std::f32::consts::{PI, TAU};
use std::time::Duration;

use egui::{
    Color32, CornerRadius, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, vec2,
};

use crate::theme::measure::motion;
use crate::theme::{Tokens, reduced_motion};

/// How far a piece of work is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Level {
    /// Not begun.
    Waiting,
    /// Under way, from 0 to 1.
    Fraction(f32),
    /// Under way, with no known total: the icon steps 20, 40, 60, 80 percent.
    Unknown,
    /// Done.
    Done,
    /// Done, and seen from outside.
    Proved,
    /// Failed.
    Failed,
    /// Held by the person.
    Paused,
    /// Left out.
    Skipped,
}

/// Points on the chord polygon of a filling vessel.
const CHORD_POINTS: usize = 24;

impl Level {
    /// The state in words, for a name or tooltip.
    pub fn words(self) -> String {
        match self {
            Self::Waiting => "waiting".to_owned(),
            Self::Fraction(part) => format!("{:.0} %", part.clamp(0.0, 1.0) * 100.0),
            Self::Unknown => "under way".to_owned(),
            Self::Done => "done".to_owned(),
            Self::Proved => "proved".to_owned(),
            Self::Failed => "failed".to_owned(),
            Self::Paused => "paused".to_owned(),
            Self::Skipped => "skipped".to_owned(),
        }
    }

    /// Paints the icon into a square of `size` points around `center`. [`Level::Unknown`] asks
    /// for the next step by itself, and for nothing more often than that.
    pub fn paint(self, ui: &Ui, center: Pos2, size: f32) {
        let t = Tokens::of(ui);
        let vessel = Vessel { painter: ui.painter(), center, scale: size / 16.0, t };
        match self {
            Self::Waiting => vessel.ring(6.5, t.stroke_control),
            Self::Fraction(part) => vessel.fill(part),
            Self::Unknown => vessel.fill(unknown_part(ui)),
            Self::Done => vessel.ticked(t.water),
            Self::Proved => vessel.ticked(t.ok),
            Self::Failed => vessel.bang(),
            Self::Paused => {
                vessel.ring(6.5, t.stroke_control);
                vessel.line(&[(6.4, 5.8), (6.4, 10.2)], 1.5, t.text_2);
                vessel.line(&[(9.6, 5.8), (9.6, 10.2)], 1.5, t.text_2);
            }
            Self::Skipped => vessel.dashed_ring(),
        }
    }
}

/// A level icon of `size` points; `name` says what it is the state of.
pub fn level_icon(ui: &mut Ui, level: Level, size: f32, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size), Sense::hover());
    level.paint(ui, rect.center(), size);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("{name}: {}", level.words())));
    response
}

/// A bar `height` points high over the width left, from 0 to 1; 4 points in rows, 6 in totals.
pub fn progress_bar(ui: &mut Ui, part: f32, failed: bool, height: f32, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    paint_bar(ui.painter(), rect, part, failed, Tokens::of(ui));
    response.widget_info(|| WidgetInfo {
        value: Some(f64::from(part.clamp(0.0, 1.0) * 100.0)),
        ..WidgetInfo::labeled(Role::ProgressIndicator, true, name)
    });
    response
}

/// Paints a progress bar into `rect`.
pub(crate) fn paint_bar(painter: &Painter, rect: Rect, part: f32, failed: bool, t: &Tokens) {
    let (bed, fill) = if failed { (t.danger_soft, t.danger) } else { (t.water_pale, t.water) };
    let radius = (rect.height() / 2.0).round() as u8;
    painter.rect_filled(rect, CornerRadius::same(radius), bed);
    let width = rect.width() * part.clamp(0.0, 1.0);
    if width > 0.0 {
        let done = Rect::from_min_size(rect.min, vec2(width, rect.height()));
        painter.rect_filled(done, CornerRadius::same(radius), fill);
    }
}

fn unknown_part(ui: &Ui) -> f32 {
    if reduced_motion(ui) {
        return 0.5;
    }
    let secs = ui.input(|input| input.time);
    let step = (secs / f64::from(motion::LEVEL_STEP_SECS)).floor();
    let until_next = (step + 1.0) * f64::from(motion::LEVEL_STEP_SECS) - secs;
    ui.request_repaint_after(Duration::from_secs_f64(until_next.max(0.02)));
    0.2 + 0.2 * (step.rem_euclid(4.0) as f32)
}

/// Painting on a square of 16 units around `center`.
struct Vessel<'a> {
    painter: &'a Painter,
    center: Pos2,
    scale: f32,
    t: &'a Tokens,
}

impl Vessel<'_> {
    fn at(&self, (x, y): (f32, f32)) -> Pos2 {
        self.center + vec2(x - 8.0, y - 8.0) * self.scale
    }

    fn ring(&self, radius: f32, color: Color32) {
        let stroke = Stroke::new(1.5 * self.scale, color);
        // A circle's stroke lies outside its radius.
        self.painter.circle_stroke(self.center, (radius - 0.75) * self.scale, stroke);
    }

    fn fill(&self, part: f32) {
        self.ring(6.75, self.t.water);
        let part = part.clamp(0.0, 1.0);
        if part <= 0.0 {
            return;
        }
        // The chord lies where the height of the inner circle is filled, seen from below.
        let half_angle = (1.0 - 2.0 * part).clamp(-1.0, 1.0).acos();
        let points = (0..=CHORD_POINTS).map(|step| {
            let along = step as f32 / CHORD_POINTS as f32 * 2.0 - 1.0;
            let (sin, cos) = (PI / 2.0 + along * half_angle).sin_cos();
            self.center + vec2(cos, sin) * (5.0 * self.scale)
        });
        self.painter.add(Shape::convex_polygon(points.collect(), self.t.water, Stroke::NONE));
    }

    fn disc(&self, color: Color32) {
        self.painter.circle_filled(self.center, 7.25 * self.scale, color);
    }

    fn ticked(&self, color: Color32) {
        self.disc(color);
        let tick = [(4.9, 8.3), (7.0, 10.4), (11.1, 6.0)];
        self.line(&tick, 1.5, self.t.level_mark);
    }

    fn bang(&self) {
        self.disc(self.t.danger);
        self.line(&[(8.0, 4.4), (8.0, 8.8)], 1.6, self.t.level_mark);
        self.painter.circle_filled(self.at((8.0, 11.3)), 0.95 * self.scale, self.t.level_mark);
    }

    fn line(&self, points: &[(f32, f32)], width: f32, color: Color32) {
        let width = width * self.scale;
        let points: Vec<Pos2> = points.iter().map(|&point| self.at(point)).collect();
        // Lines have butt ends; discs at the joints and ends make them round.
        for &point in &points {
            self.painter.circle_filled(point, width / 2.0, color);
        }
        self.painter.line(points, Stroke::new(width, color));
    }

    fn dashed_ring(&self) {
        const RADIUS: f32 = 6.5;
        const DASHES: usize = 10;
        let stroke = Stroke::new(1.5 * self.scale, self.t.stroke_control);
        let dash = TAU / DASHES as f32 * 0.42;
        for index in 0..DASHES {
            let from = index as f32 / DASHES as f32 * TAU;
            let arc = (0..=4).map(|step| {
                let (sin, cos) = (from + dash * step as f32 / 4.0).sin_cos();
                self.center + vec2(cos, sin) * (RADIUS * self.scale)
            });
            self.painter.line(arc.collect::<Vec<Pos2>>(), stroke);
        }
    }
}
