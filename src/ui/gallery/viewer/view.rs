//! Where an image lies on the canvas: fit, zoomed at a point, panned. Pure arithmetic.

use egui::{Pos2, Rect, Vec2, vec2};

/// Left free around an image that is fitted, for the arrows and for calm.
const FIT_MARGIN: Vec2 = vec2(52.0, 20.0);
/// The most that one can zoom in: pixels of the screen for each of the image.
const MOST: f32 = 32.0;
/// Where the buttons and keys stop on the way.
const STOPS: [f32; 19] =
    [0.02, 0.05, 0.1, 0.15, 0.25, 0.33, 0.5, 0.67, 0.8, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 32.0];

/// How large.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) enum Zoom {
    /// As large as the canvas allows, and never larger than it is.
    #[default]
    Fit,
    /// So many pixels of the screen for each pixel of the image.
    Scale(f32),
}

/// The part of an image that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct View {
    zoom: Zoom,
    /// The pixel of the image in the middle of the canvas; only counts when zoomed.
    middle: Vec2,
}

/// The room there is, and what lies in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stage {
    /// In points.
    pub(super) canvas: Rect,
    /// The image in its own pixels.
    pub(super) image: Vec2,
    /// Of the screen.
    pub(super) pixels_per_point: f32,
}

impl Stage {
    /// Screen pixels for each image pixel when fitted.
    fn fit(&self) -> f32 {
        let room = (self.canvas.size() - 2.0 * FIT_MARGIN).max(Vec2::splat(1.0)) * self.pixels_per_point;
        let image = self.image.max(Vec2::splat(1.0));
        (room / image).min_elem().min(1.0)
    }
}

impl View {
    /// Whether it is fitted, whatever size that gives.
    pub(super) fn is_fit(&self) -> bool {
        self.zoom == Zoom::Fit
    }

    /// Screen pixels for each image pixel.
    pub(super) fn scale(&self, stage: &Stage) -> f32 {
        match self.zoom {
            Zoom::Fit => stage.fit(),
            Zoom::Scale(scale) => scale,
        }
    }

    /// Where the whole image lies, in points; parts of it may lie outside the canvas.
    pub(super) fn rect(&self, stage: &Stage) -> Rect {
        let points = self.scale(stage) / stage.pixels_per_point;
        let size = stage.image * points;
        match self.zoom {
            Zoom::Fit => Rect::from_center_size(stage.canvas.center(), size),
            Zoom::Scale(_) => Rect::from_min_size(stage.canvas.center() - self.middle * points, size),
        }
    }

    /// Whether a part of the image lies outside the canvas, so that there is something to pan.
    pub(super) fn overflows(&self, stage: &Stage) -> bool {
        let size = self.rect(stage).size();
        size.x > stage.canvas.width() + 0.5 || size.y > stage.canvas.height() + 0.5
    }

    /// Back to the whole image.
    pub(super) fn fit(&mut self) {
        *self = Self::default();
    }

    /// To a scale, with the pixel under `at` staying where it is.
    pub(super) fn zoom_to(&mut self, stage: &Stage, scale: f32, at: Pos2) {
        let before = self.rect(stage);
        let pixel = (at - before.min) / (self.scale(stage) / stage.pixels_per_point).max(f32::EPSILON);
        let scale = scale.clamp(stage.fit().min(1.0), MOST);
        self.zoom = Zoom::Scale(scale);
        self.middle = pixel - (at - stage.canvas.center()) * stage.pixels_per_point / scale;
        self.stay_inside(stage);
    }

    /// Larger or smaller by a factor, with the pixel under `at` staying where it is.
    pub(super) fn zoom_by(&mut self, stage: &Stage, factor: f32, at: Pos2) {
        self.zoom_to(stage, self.scale(stage) * factor, at);
    }

    /// To the next round percentage up or down.
    pub(super) fn step(&mut self, stage: &Stage, up: bool, at: Pos2) {
        let now = self.scale(stage);
        let next = if up {
            STOPS.into_iter().find(|stop| *stop > now * 1.01)
        } else {
            STOPS.into_iter().rev().find(|stop| *stop < now * 0.99)
        };
        let smallest = stage.fit();
        match next {
            Some(next) if next <= smallest && !up => self.fit(),
            Some(next) => self.zoom_to(stage, next, at),
            None => {}
        }
    }

    /// Moves the image with the hand.
    pub(super) fn pan(&mut self, stage: &Stage, by_points: Vec2) {
        if !self.is_fit() {
            self.middle -= by_points * stage.pixels_per_point / self.scale(stage);
            self.stay_inside(stage);
        }
    }

    /// No gap beside an image that is larger than the canvas; a smaller one lies in the middle. Called again when the
    /// window changed.
    pub(super) fn stay_inside(&mut self, stage: &Stage) {
        let seen = stage.canvas.size() * stage.pixels_per_point / self.scale(stage);
        let inside = |middle: f32, image: f32, seen: f32| {
            if image <= seen { image / 2.0 } else { middle.clamp(seen / 2.0, image - seen / 2.0) }
        };
        self.middle.x = inside(self.middle.x, stage.image.x, seen.x);
        self.middle.y = inside(self.middle.y, stage.image.y, seen.y);
    }

    /// The pixel of the image under a point, if there is one.
    pub(super) fn pixel_at(&self, stage: &Stage, at: Pos2) -> Option<(u32, u32)> {
        let rect = self.rect(stage);
        if !stage.canvas.contains(at) || !rect.contains(at) {
            return None;
        }
        let pixel = (at - rect.min) / rect.size() * stage.image;
        let inside = |value: f32, most: f32| (value.floor() as u32).min((most as u32).saturating_sub(1));
        Some((inside(pixel.x, stage.image.x), inside(pixel.y, stage.image.y)))
    }
}

/// `58 %`.
pub(super) fn percent(scale: f32) -> String {
    let percent = scale * 100.0;
    if percent < 1.0 { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;
    use test_case::test_case;

    fn stage(width: f32, height: f32) -> Stage {
        let canvas = Rect::from_min_size(pos2(0.0, 52.0), vec2(976.0, 664.0));
        Stage { canvas, image: vec2(width, height), pixels_per_point: 1.0 }
    }

    #[test_case(2400.0, 1600.0, 872.0 / 2400.0; "a wide one fills the width")]
    #[test_case(600.0, 6240.0, 0.1; "a high one fills the height")]
    #[test_case(40.0, 20.0, 1.0; "a small one is not blown up")]
    fn fits(width: f32, height: f32, scale: f32) {
        let stage = stage(width, height);
        let view = View::default();
        assert!((view.scale(&stage) - scale).abs() < 1e-4, "{}", view.scale(&stage));
        assert!(stage.canvas.contains_rect(view.rect(&stage)) && !view.overflows(&stage));
    }

    #[test]
    fn points_are_not_pixels_on_a_sharp_screen() {
        let stage = Stage { pixels_per_point: 2.0, ..stage(400.0, 300.0) };
        let mut view = View::default();
        assert_eq!(view.rect(&stage).size(), vec2(200.0, 150.0), "one pixel of the image is one of the screen");
        view.zoom_to(&stage, 2.0, stage.canvas.center());
        assert_eq!(view.rect(&stage).size(), vec2(400.0, 300.0));
    }

    #[test_case(0.5, 0.5; "the middle")]
    #[test_case(0.3, 0.7; "off the middle")]
    fn the_pixel_under_the_pointer_stays_there(x: f32, y: f32) {
        let stage = stage(2400.0, 1600.0);
        let mut view = View::default();
        let at = view.rect(&stage).lerp_inside(vec2(x, y));
        let before = view.pixel_at(&stage, at);
        view.zoom_by(&stage, 3.0, at);
        assert!(view.overflows(&stage));
        let (a, b) = (before.unwrap(), view.pixel_at(&stage, at).unwrap());
        assert!(a.0.abs_diff(b.0) <= 1 && a.1.abs_diff(b.1) <= 1, "{a:?} {b:?}");
    }

    #[test]
    fn panning_stops_at_the_edges() {
        let stage = stage(2400.0, 1600.0);
        let mut view = View::default();
        view.pan(&stage, vec2(500.0, 500.0));
        assert!(view.is_fit(), "what is whole does not move");
        view.zoom_to(&stage, 1.0, stage.canvas.center());
        view.pan(&stage, vec2(1e6, -1e6));
        let rect = view.rect(&stage);
        assert!((rect.left() - stage.canvas.left()).abs() < 0.1 && (rect.bottom() - stage.canvas.bottom()).abs() < 0.1);
    }

    #[test]
    fn steps_go_over_round_numbers_and_end_at_fit() {
        let stage = stage(2400.0, 1600.0);
        let mut view = View::default();
        let mut seen = Vec::new();
        for _ in 0..5 {
            view.step(&stage, true, stage.canvas.center());
            seen.push(percent(view.scale(&stage)));
        }
        assert_eq!(seen, ["50 %", "67 %", "80 %", "100 %", "150 %"]);
        for _ in 0..8 {
            view.step(&stage, false, stage.canvas.center());
        }
        assert!(view.is_fit());
    }

    #[test]
    fn nothing_divides_by_nothing() {
        let stage = Stage { canvas: Rect::from_min_size(pos2(0.0, 0.0), Vec2::ZERO), ..stage(0.0, 0.0) };
        let mut view = View::default();
        view.zoom_by(&stage, 1e9, pos2(0.0, 0.0));
        view.pan(&stage, vec2(3.0, 3.0));
        assert!(view.rect(&stage).is_finite());
    }

    #[test]
    fn pixels_are_counted_from_nought_and_never_past_the_last() {
        let stage = stage(100.0, 50.0);
        let view = View::default();
        let rect = view.rect(&stage);
        assert_eq!(view.pixel_at(&stage, rect.min), Some((0, 0)));
        assert_eq!(view.pixel_at(&stage, rect.max), Some((99, 49)));
        assert_eq!(view.pixel_at(&stage, rect.max + vec2(1.0, 0.0)), None);
    }
}
