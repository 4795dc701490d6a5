//! Which frame of an animation is on: by the clock of the window, and only while the window is painted.

use std::time::Duration;

use egui::Ui;

use crate::images::Frames;
use crate::theme::reduced_motion;

/// The frame that is on, and until when.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(super) struct Playback {
    frame: usize,
    /// In seconds of the window's clock; `None` before the first frame was shown.
    until: Option<f64>,
    /// Held by the person, or begun by them where motion is turned off.
    toggled: bool,
}

impl Playback {
    /// Whether it moves.
    pub(super) fn plays(&self, ui: &Ui) -> bool {
        reduced_motion(ui) == self.toggled
    }

    /// Holds it, or lets it go on.
    pub(super) fn toggle(&mut self) {
        self.toggled = !self.toggled;
        self.until = None;
    }

    /// The frame to show now; asks to be painted again when the next one is due.
    pub(super) fn frame(&mut self, ui: &Ui, frames: &Frames) -> usize {
        self.frame = self.frame.min(frames.frames.len().saturating_sub(1));
        if frames.is_animated() && self.plays(ui) {
            let now = ui.input(|input| input.time);
            let left_secs = self.advance(now, |frame| frames.frames[frame].delay, frames.frames.len());
            ui.ctx().request_repaint_after(Duration::from_secs_f64(left_secs));
        }
        self.frame
    }

    /// Goes on to the frame that is due, and says for how many seconds it stays.
    fn advance(&mut self, now: f64, delay: impl Fn(usize) -> Duration, count: usize) -> f64 {
        let mut until = self.until.unwrap_or_else(|| now + delay(self.frame).as_secs_f64());
        // After a pause (the window was hidden) it goes on where it stood instead of rushing through what was missed.
        if now - until > 1.0 {
            until = now;
        }
        for _ in 0..count {
            if now < until {
                break;
            }
            self.frame = (self.frame + 1) % count;
            until += delay(self.frame).as_secs_f64();
        }
        self.until = Some(until);
        (until - now).max(0.01)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_follow_the_clock() {
        let mut playback = Playback::default();
        let delay = |frame: usize| Duration::from_millis(if frame == 0 { 100 } else { 50 });
        let mut seen = Vec::new();
        for tick in 0..8 {
            // Not a divisor of the delays, so that no frame ends on the very tick.
            playback.advance(10.0 + f64::from(tick) * 0.041, delay, 3);
            seen.push(playback.frame);
        }
        assert_eq!(seen, [0, 0, 0, 1, 2, 0, 0, 0]);
    }

    #[test]
    fn a_hidden_window_misses_nothing() {
        let mut playback = Playback::default();
        let delay = |_: usize| Duration::from_millis(100);
        playback.advance(0.0, delay, 5);
        let left_secs = playback.advance(3600.0, delay, 5);
        assert_eq!(playback.frame, 1, "it goes on with the next frame");
        assert!((left_secs - 0.1).abs() < 1e-6, "{left_secs}");
    }
}
