//! What the window is told by the system, and what it is told to do.

use std::sync::{Arc, Mutex};

use egui::{Context, FullOutput, ViewportCommand, ViewportEvent, ViewportId};

use super::Person;

/// Writes down what the window is told to do.
struct Listener(Arc<Mutex<Vec<ViewportCommand>>>);

impl egui::Plugin for Listener {
    fn debug_name(&self) -> &'static str {
        "what the window is told"
    }

    fn output_hook(&mut self, _: &Context, output: &mut FullOutput) {
        if let Some(root) = output.viewport_output.get(&ViewportId::ROOT) {
            self.0.lock().unwrap().extend(root.commands.iter().cloned());
        }
    }
}

pub(super) fn listens(ctx: &Context) -> Arc<Mutex<Vec<ViewportCommand>>> {
    let told = Arc::default();
    ctx.add_plugin(Listener(Arc::clone(&told)));
    told
}

impl Person {
    /// Presses the window's own close button.
    pub(crate) fn closes_the_window(&mut self) {
        self.tells_window(|info| info.events.push(ViewportEvent::Close));
    }

    /// Looks at another window.
    pub(crate) fn works_elsewhere(&mut self) {
        self.tells_window(|info| info.focused = Some(false));
    }

    fn tells_window(&mut self, change: impl FnOnce(&mut egui::ViewportInfo)) {
        self.input(|input| change(input.viewports.entry(ViewportId::ROOT).or_default()));
    }

    /// Whether the window was told so since that was last asked.
    pub(crate) fn window_was_told(&self, command: &ViewportCommand) -> bool {
        let mut told = self.told.lock().unwrap();
        let found = told.contains(command);
        told.retain(|other| other != command);
        found
    }

    /// The title of the window.
    pub(crate) fn title(&self) -> String {
        let told = self.told.lock().unwrap();
        let titles = told.iter().rev().filter_map(|command| match command {
            ViewportCommand::Title(title) => Some(title.clone()),
            _ => None,
        });
        titles.into_iter().next().unwrap_or_default()
    }
}
