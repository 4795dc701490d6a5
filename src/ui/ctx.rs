use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::images::pipeline::{ThumbKey, ThumbResult};
use crate::model::{Command, Model};

/// What a panel is given besides the [`egui::Ui`]: everything to read, one way to ask.
///
/// The shared `&Model` is the point: a panel that changes state does not compile.
pub struct UiCtx<'a> {
    /// Everything there is to show.
    pub model: &'a Model,
    /// Wishes, carried out after the frame in the order they were pushed.
    pub commands: &'a mut Vec<Command>,
    /// Small pictures that came in since the last frame; what is not taken in this frame is let go.
    pub thumbs: &'a mut Vec<(ThumbKey, ThumbResult)>,
    /// Now, by the application's clock.
    pub now: Timestamp,
    /// The time zone that dates are shown in.
    pub zone: &'a TimeZone,
}

impl UiCtx<'_> {
    /// Asks for something.
    pub fn push(&mut self, command: impl Into<Command>) {
        self.commands.push(command.into());
    }
}
