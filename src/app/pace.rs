//! How often the background may have the window painted anew.
//!
//! What the person does is painted at once. News from the background (a file sent, a picture decoded) can come a
//! thousand times a second; if each had its frame, the painting would take the processor from the work that it shows,
//! and a click would wait behind it. So the first news is painted at once and what follows soon after shares a frame.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::Wake;
use std::time::{Duration, Instant};

use egui::Context;

/// Frames for the background's news are at least this far apart: progress still looks smooth.
const PACE: Duration = Duration::from_millis(80);

/// Wakes the window from any thread.
pub(super) struct WakeWindow {
    ctx: Context,
    pace: Mutex<Pace>,
}

impl WakeWindow {
    pub(super) fn new(ctx: Context) -> Self {
        Self { ctx, pace: Mutex::default() }
    }
}

impl Wake for WakeWindow {
    fn wake(self: Arc<Self>) {
        let wait = self.pace.lock().unwrap_or_else(PoisonError::into_inner).wait(Instant::now());
        self.ctx.request_repaint_after(wait);
    }
}

/// When the last frame for news was, or will be.
#[derive(Debug, Default)]
struct Pace {
    frame: Option<Instant>,
}

impl Pace {
    /// How long the news of `now` waits for its frame.
    fn wait(&mut self, now: Instant) -> Duration {
        let frame = match self.frame {
            // One is planned already.
            Some(frame) if now < frame => frame,
            Some(frame) => now.max(frame + PACE),
            None => now,
        };
        self.frame = Some(frame);
        frame - now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_news_is_painted_at_once_and_the_next_share_frames() {
        let start = Instant::now();
        let mut pace = Pace::default();
        let mut waits = |ms: u64| pace.wait(start + Duration::from_millis(ms)).as_millis();
        let cases = [(0, 0), (1, 79), (40, 40), (79, 1), (80, 80), (81, 79), (300, 0), (301, 79), (900, 0)];
        for (at, wait) in cases {
            assert_eq!(waits(at), wait, "news after {at} ms");
        }
    }

    #[test]
    fn a_thousand_news_in_a_second_make_a_dozen_frames() {
        let start = Instant::now();
        let mut pace = Pace::default();
        let frames: std::collections::BTreeSet<_> = (0..1_000)
            .map(|ms| {
                let now = start + Duration::from_millis(ms);
                now + pace.wait(now)
            })
            .collect();
        assert_eq!(frames.len(), 14);
    }
}
