//! What a test needs to speak of a person at the window: see, click, type, drop. No egui beyond this folder.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod bringing;
mod hands;
pub(crate) mod pictures;
pub(crate) mod stage;
mod window;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use brimful::app::App;
use brimful::app::core::Core;
use brimful::app::deps::{Deps, Pick};
use brimful::model::Model;
use brimful::store::home::Home;
use brimful::store::secrets::SecretStore;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// How long anything may take before a test says that it does not happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A person in front of the whole application, with folders of their own that vanish afterwards.
pub(crate) struct Person {
    harness: Harness<'static>,
    app: Rc<RefCell<App>>,
    home: Rc<tempfile::TempDir>,
    picks: Arc<Mutex<Vec<PathBuf>>>,
    revealed: Arc<Mutex<Vec<PathBuf>>>,
    copied_files: Arc<Mutex<Vec<PathBuf>>>,
    /// What the window was told.
    told: Arc<Mutex<Vec<egui::ViewportCommand>>>,
    /// What was last put on the clipboard.
    clipboard: Rc<RefCell<Option<String>>>,
}

/// How the window is.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) dark: bool,
}

impl Default for Window {
    fn default() -> Self {
        Self { width: 1280.0, height: 800.0, dark: false }
    }
}

impl Person {
    /// Starts the application for the first time on this computer.
    pub(crate) fn starts_brimful() -> Self {
        Self::starts_with(Rc::new(tempfile::tempdir().unwrap()), Window::default())
    }

    /// Starts the application in a window of a certain kind.
    pub(crate) fn starts_in(window: Window) -> Self {
        Self::starts_with(Rc::new(tempfile::tempdir().unwrap()), window)
    }

    fn starts_with(home: Rc<tempfile::TempDir>, window: Window) -> Self {
        let picks: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
        let revealed: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
        let copied_files: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
        let (chosen, shown) = (Arc::clone(&picks), Arc::clone(&revealed));
        let on_clipboard = Arc::clone(&copied_files);
        let deps = Deps {
            pick: Arc::new(move |_: Pick, _, _| {
                let paths = std::mem::take(&mut *chosen.lock().unwrap());
                Box::pin(async move { paths })
            }),
            reveal: Arc::new(move |path: &Path| {
                shown.lock().unwrap().push(path.to_owned());
                Ok(())
            }),
            clipboard_files: Arc::new(move || on_clipboard.lock().unwrap().clone()),
            user_name: "maria".to_owned(),
            zone: jiff::tz::TimeZone::UTC,
            ..Deps::real()
        };
        let folders = Home::at(home.path()).unwrap();
        let secrets = SecretStore::memory_only("This test has no keychain");
        let core = Core::start(folders, secrets, deps).unwrap();
        let slot: Rc<RefCell<Option<Core>>> = Rc::new(RefCell::new(Some(core)));
        let app: Rc<RefCell<Option<Rc<RefCell<App>>>>> = Rc::default();
        let holder = Rc::clone(&app);
        let clipboard: Rc<RefCell<Option<String>>> = Rc::default();
        let copies = Rc::clone(&clipboard);
        let theme = if window.dark { egui::Theme::Dark } else { egui::Theme::Light };
        let mut harness = Harness::builder()
            .with_size(egui::vec2(window.width, window.height))
            .with_theme(theme)
            .with_max_steps(40)
            .build_ui(move |ui| {
                if let Some(core) = slot.borrow_mut().take() {
                    *holder.borrow_mut() = Some(Rc::new(RefCell::new(App::new(ui.ctx(), core))));
                    // Fonts and styles are there from the next pass on.
                    ui.ctx().request_repaint();
                    return;
                }
                let app = holder.borrow().clone().unwrap();
                app.borrow_mut().logic(ui.ctx());
                // The window has no margin of its own.
                let all = ui.ctx().content_rect();
                let mut root = ui.new_child(egui::UiBuilder::new().max_rect(all));
                root.set_clip_rect(all);
                app.borrow_mut().ui(&mut root);
                root.ctx().output(|output| {
                    for command in &output.commands {
                        if let egui::OutputCommand::CopyText(text) = command {
                            *copies.borrow_mut() = Some(text.clone());
                        }
                    }
                });
            });
        let told = window::listens(&harness.ctx);
        harness.input_mut().system_theme = Some(theme);
        harness.step();
        harness.step();
        let app = app.borrow().clone().unwrap();
        Self { harness, app, home, picks, revealed, copied_files, told, clipboard }
    }

    /// Closes the window and starts the application again with the same folders.
    pub(crate) fn restarts(self) -> Self {
        self.restarts_in(Window::default())
    }

    /// The same in a window of a certain kind.
    pub(crate) fn restarts_in(self, window: Window) -> Self {
        let home = Rc::clone(&self.home);
        drop(self);
        Self::starts_with(home, window)
    }

    /// The folder that holds everything of this person.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// The next file dialog gives these.
    pub(crate) fn will_pick(&self, paths: &[PathBuf]) {
        *self.picks.lock().unwrap() = paths.to_vec();
    }

    /// What was shown in the file manager.
    pub(crate) fn revealed(&self) -> Vec<PathBuf> {
        self.revealed.lock().unwrap().clone()
    }

    /// Looks into the model where the screen is not the point of a test.
    pub(crate) fn model<R>(&self, look: impl FnOnce(&Model) -> R) -> R {
        look(&self.app.borrow().core.model)
    }

    /// Reaches behind the window where a test has to stage something.
    pub(crate) fn core<R>(&self, act: impl FnOnce(&mut Core) -> R) -> R {
        act(&mut self.app.borrow_mut().core)
    }

    /// Lets a frame or two pass.
    pub(crate) fn waits_a_moment(&mut self) {
        std::thread::sleep(Duration::from_millis(10));
        self.harness.step();
    }

    /// Waits until something is so.
    pub(crate) fn waits_until(&mut self, what: &str, mut so: impl FnMut(&Model) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !self.model(&mut so) {
            assert!(Instant::now() < deadline, "{what} did not happen in {PATIENCE:?}; on screen:\n{}", self.screen());
            self.waits_a_moment();
        }
        self.harness.step();
    }

    /// Waits until a text is on screen, in a name or a value, whole or in part.
    pub(crate) fn sees(&mut self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.does_see(text) {
            assert!(Instant::now() < deadline, "“{text}” did not come; on screen:\n{}", self.screen());
            self.waits_a_moment();
        }
    }

    /// Waits until a text is gone.
    pub(crate) fn no_longer_sees(&mut self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.does_see(text) {
            assert!(Instant::now() < deadline, "“{text}” did not go; on screen:\n{}", self.screen());
            self.waits_a_moment();
        }
    }

    /// Whether a text is on screen now.
    pub(crate) fn does_see(&self, text: &str) -> bool {
        self.screen().contains(text)
    }

    /// All names and values on screen, one a line.
    pub(crate) fn screen(&self) -> String {
        let mut lines = Vec::new();
        collect(self.harness.root(), &mut lines);
        lines.join("\n")
    }

    /// Waits for the widget of that exact name, then clicks it.
    pub(crate) fn clicks(&mut self, name: &str) {
        self.brings_into_view(name);
        acts_on(&self.harness, name).click();
        self.harness.step();
        self.waits_a_moment();
    }

    /// Replaces the text of a field.
    pub(crate) fn fills(&mut self, field: &str, text: &str) {
        self.brings_into_view(field);
        acts_on(&self.harness, field).click();
        self.harness.step();
        self.harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
        self.harness.step();
        self.harness.event(egui::Event::Text(text.to_owned()));
        self.harness.step();
        self.waits_a_moment();
    }

    /// Presses a key, e.g. "Enter", "Ctrl+K", "Shift+ArrowDown".
    pub(crate) fn presses(&mut self, chord: &str) {
        let mut modifiers = egui::Modifiers::NONE;
        let mut key = None;
        for part in chord.split('+') {
            match part {
                "Ctrl" => modifiers |= egui::Modifiers::COMMAND,
                "Shift" => modifiers |= egui::Modifiers::SHIFT,
                "Alt" => modifiers |= egui::Modifiers::ALT,
                name => key = Some(egui::Key::from_name(name).unwrap()),
            }
        }
        self.harness.key_press_modifiers(modifiers, key.unwrap());
        self.harness.step();
        self.waits_a_moment();
    }

    /// Hands raw input to the window: what a drop or a paste brings.
    pub(crate) fn input(&mut self, change: impl FnOnce(&mut egui::RawInput)) {
        change(self.harness.input_mut());
        self.harness.step();
        self.waits_a_moment();
    }

    /// Pastes text.
    pub(crate) fn pastes(&mut self, text: &str) {
        self.harness.event(egui::Event::Paste(text.to_owned()));
        self.harness.step();
        self.waits_a_moment();
    }

    /// What was last put on the clipboard.
    pub(crate) fn copied(&self) -> Option<String> {
        self.clipboard.borrow().clone()
    }

    /// Compares the window with the picture of that name, where there is a graphics adapter.
    pub(crate) fn looks_like(&mut self, name: &str) {
        crate::support::snapshot(&mut self.harness, name);
    }

    /// Waits for a widget and scrolls to it where it lies beyond the edge of the window.
    fn brings_into_view(&mut self, name: &str) {
        self.sees_widget(name);
        for _ in 0..30 {
            let window = self.harness.ctx.content_rect();
            if window.contains(acts_on(&self.harness, name).rect().center()) {
                return;
            }
            acts_on(&self.harness, name).scroll_to_me();
            self.harness.step();
            self.waits_a_moment();
        }
    }

    fn sees_widget(&mut self, name: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.harness.query_all_by_label(name).next().is_none() {
            assert!(Instant::now() < deadline, "nothing is named “{name}”; on screen:\n{}", self.screen());
            self.waits_a_moment();
        }
    }
}

/// What a person means by a name: something to act on rather than words beside it.
fn acts_on<'a>(harness: &'a Harness<'static>, name: &'a str) -> egui_kittest::Node<'a> {
    use egui_kittest::kittest::NodeT as _;
    let is_words = |node: &egui_kittest::Node<'a>| node.accesskit_node().role() == egui::accesskit::Role::Label;
    let found = harness.get_all_by_label(name).find(|node| !is_words(node));
    found.unwrap_or_else(|| harness.get_all_by_label(name).next().unwrap())
}

fn collect(node: egui_kittest::Node<'_>, lines: &mut Vec<String>) {
    use egui_kittest::kittest::NodeT as _;
    let inner = node.accesskit_node();
    for text in [inner.label(), inner.value()].into_iter().flatten() {
        if !text.is_empty() {
            lines.push(text);
        }
    }
    for child in node.children() {
        collect(child, lines);
    }
}

/// Compares with the picture of that name. Without a graphics adapter it says so and goes on, unless
/// `BRIMFUL_REQUIRE_SNAPSHOTS` is set.
pub(crate) fn snapshot<State>(harness: &mut Harness<'_, State>, name: &str) {
    let required = std::env::var_os("BRIMFUL_REQUIRE_SNAPSHOTS").is_some_and(|value| value == "1");
    if !required && !has_adapter() {
        eprintln!("skipped the picture {name}: no graphics adapter here");
        return;
    }
    let options = egui_kittest::SnapshotOptions::new().output_path("tests/snapshots");
    harness.snapshot_options(name, &options);
}

fn has_adapter() -> bool {
    use std::sync::OnceLock;
    static FOUND: OnceLock<bool> = OnceLock::new();
    *FOUND.get_or_init(|| std::panic::catch_unwind(egui_kittest::wgpu::WgpuTestRenderer::new).is_ok())
}
