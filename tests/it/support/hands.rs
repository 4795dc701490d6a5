//! What hands do beyond clicking a button: cells with keys held, the wheel, typing, taking the hand away.

#![expect(clippy::unwrap_used, reason = "in a test, what is missing ends it")]

use std::time::{Duration, Instant};

use egui_kittest::kittest::{By, Queryable as _};

use super::{PATIENCE, Person};

impl Person {
    /// Clicks the widget whose name begins so, with keys held, e.g. "Ctrl" or none: cells have their meta in their name.
    pub(crate) fn clicks_cell(&mut self, held: &str, begins: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.cell(begins).is_none() {
            assert!(Instant::now() < deadline, "no name begins “{begins}”; on screen:\n{}", self.screen());
            self.waits_a_moment();
        }
        let modifiers = match held {
            "Ctrl" => egui::Modifiers::COMMAND,
            "Shift" => egui::Modifiers::SHIFT,
            _ => egui::Modifiers::NONE,
        };
        self.cell(begins).unwrap().click_modifiers(modifiers);
        self.harness.step();
        self.waits_a_moment();
    }

    fn cell(&self, begins: &str) -> Option<egui_kittest::Node<'_>> {
        let begins = begins.to_owned();
        let is_it = move |label: String| label.starts_with(&begins);
        self.harness.query_all(By::new().predicate(move |node| node.label().is_some_and(&is_it))).next()
    }

    /// Double-clicks the widget whose name begins so: both clicks in one frame, since frames of tests are long.
    pub(crate) fn double_clicks_cell(&mut self, begins: &str) {
        let pos = self.cell(begins).unwrap().rect().center();
        self.points_at(begins);
        let button = |pressed| egui::Event::PointerButton {
            pos,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        };
        self.input(|raw| raw.events.extend([button(true), button(false), button(true), button(false)]));
    }

    /// Types into whatever has the keyboard.
    pub(crate) fn types(&mut self, text: &str) {
        self.harness.event(egui::Event::Text(text.to_owned()));
        self.harness.step();
        self.waits_a_moment();
    }

    /// Turns the wheel over the widget whose name begins so, by points, and waits until it has come to rest.
    pub(crate) fn scrolls(&mut self, begins: &str, points: f32) {
        self.points_at(begins);
        self.harness.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: egui::vec2(0.0, points),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: egui::Modifiers::NONE,
        });
        for _ in 0..10 {
            self.waits_a_moment();
        }
    }

    /// Turns the wheel in every frame, and says how long each took.
    pub(crate) fn times_scrolling(&mut self, frames: usize, points: f32) -> Vec<Duration> {
        let wheel = egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: egui::vec2(0.0, points),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: egui::Modifiers::NONE,
        };
        let one = |_| {
            self.harness.input_mut().events.push(wheel.clone());
            let start = Instant::now();
            self.harness.step();
            start.elapsed()
        };
        (0..frames).map(one).collect()
    }

    /// Holds the pointer over the middle of the widget whose name begins so.
    pub(crate) fn points_at(&mut self, begins: &str) {
        self.cell(begins).unwrap().hover();
        self.harness.step();
        self.waits_a_moment();
    }

    /// Takes the hand away, so that nothing is highlighted, and waits until all pictures have come in.
    pub(crate) fn looks_away(&mut self) {
        self.harness.remove_cursor();
        let deadline = Instant::now() + PATIENCE;
        for _ in 0..6 {
            self.waits_a_moment();
            while self.core(|core| core.parts.pictures.outstanding()) > 0 {
                assert!(Instant::now() < deadline, "small pictures keep coming in");
                self.waits_a_moment();
            }
        }
    }

    /// Scrolls to the widget of that exact name.
    pub(crate) fn scrolls_to(&mut self, name: &str) {
        self.brings_into_view(name);
    }

    /// Waits for the widget of that exact name.
    pub(crate) fn sees_widget_named(&mut self, name: &str) {
        self.sees_widget(name);
    }

    /// What was put on the clipboard by now.
    pub(crate) fn has_copied(&mut self) -> String {
        self.waits_a_moment();
        self.copied().unwrap_or_default()
    }
}
