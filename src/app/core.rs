//! The application without its window: the model, and everything that may change it.

use std::path::PathBuf;
use std::sync::{Arc, Weak};

use crate::model::command::FrameCommand;
use crate::model::notices::Tone;
use crate::model::{Command, Model};
use crate::practice;
use crate::s3::store::Store;
use crate::store::connections::Connections;
use crate::store::drafts::Drafts;
use crate::store::history::History;
use crate::store::home::Home;
use crate::store::journal::Journal;
use crate::store::secrets::SecretStore;
use crate::store::settings::SettingsFile;
use crate::worker::Worker;

use super::deps::Deps;
use super::dispatch;
use super::event::Event;

/// At most this many reports are taken in a frame, so that a flood of them cannot hold the window up.
const EVENTS_PER_FRAME: usize = 256;

/// What only the window can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Put text on the clipboard.
    Copy(String),
    /// Open an address in the browser.
    OpenUrl(String),
    /// Let the window step aside.
    Minimize,
    /// Bring the window back in front of the person.
    ToFront,
    /// Where the person looks elsewhere, let the task bar or dock and the desktop say that something ended, in one
    /// sentence.
    AskForAttention(String),
    /// Close the window.
    Close,
}

/// The application without its window.
pub struct Core {
    /// What the panels read.
    pub model: Model,
    /// The background.
    pub worker: Worker<Event>,
    /// The outside world.
    pub deps: Deps,
    /// Where things are kept on this computer.
    pub home: Home,
    /// The connections file.
    pub connections: Connections,
    /// The settings file.
    pub settings_file: SettingsFile,
    /// What was changed in which bucket, and what was there before.
    pub history: Arc<History>,
    /// Policies that were begun and not saved.
    pub drafts: Arc<Drafts>,
    /// What is on its way, over the end of the process; `None` where it cannot be kept.
    pub journal: Option<Journal>,
    /// Secrets, in the keychain or in memory.
    pub secrets: Arc<SecretStore>,
    /// Practice storage, while it runs.
    pub practice: Option<Arc<practice::Server>>,
    /// It is started under this lock, so that two who want it at the same time get the same.
    pub practice_start: Arc<tokio::sync::Mutex<Weak<practice::Server>>>,
    /// The way to the store of the open connection.
    pub store: Option<Store>,
    /// What the window is to do after this frame.
    pub effects: Vec<Effect>,
    /// What each part keeps for itself.
    pub parts: Parts,
}

/// State of the parts that panels have no business reading.
#[derive(Default)]
pub struct Parts {
    /// Listing and opening.
    pub browse: dispatch::browse::BrowsePart,
    /// Small and full pictures.
    pub pictures: dispatch::gallery::PicturesPart,
    /// Forms of connections.
    pub connect: dispatch::connect::ConnectPart,
    /// The policy of a bucket.
    pub permissions: dispatch::permissions::PermissionsPart,
    /// The page of settings.
    pub settings: dispatch::settings::SettingsPart,
    /// The settings of a bucket.
    pub bucket_settings: dispatch::bucket_settings::BucketSettingsPart,
    /// The closing of the window.
    pub closing: dispatch::closing::ClosingPart,
    /// The wizard.
    pub setup: dispatch::setup::SetupPart,
    /// Uploads and downloads.
    pub upload: dispatch::upload::UploadPart,
    /// Checks of files.
    pub check: dispatch::check::CheckPart,
    /// Counts listings, so that late pages are known as such.
    pub generation: u64,
}

impl Core {
    /// Reads what is kept on this computer and starts the background.
    ///
    /// # Errors
    /// When the background's threads cannot be started.
    pub fn start(home: Home, secrets: SecretStore, deps: Deps) -> std::io::Result<Self> {
        let worker = Worker::start()?;
        let (connections, connections_notice) = Connections::open(&home);
        let (settings_file, settings_notice) = SettingsFile::open(&home);
        let (history, history_notice) = History::open(&home);
        let (drafts, drafts_notice) = Drafts::open(&home);
        let (journal, journal_notice) = match Journal::open(&home) {
            Ok((journal, notice)) => (Some(journal), notice),
            Err(error) => {
                tracing::warn!(?error, "transfers are kept for this run only");
                (None, None)
            }
        };
        let mut core = Self {
            model: Model { settings: settings_file.get().clone(), ..Model::default() },
            worker,
            deps,
            home,
            connections,
            settings_file,
            history: Arc::new(history),
            drafts: Arc::new(drafts),
            journal,
            secrets: Arc::new(secrets),
            practice: None,
            practice_start: Arc::default(),
            store: None,
            effects: Vec::new(),
            parts: Parts::default(),
        };
        let notices = [connections_notice, settings_notice, history_notice, drafts_notice, journal_notice];
        for notice in notices.into_iter().flatten() {
            core.model.notices.say(Tone::Warning, "A file of Brimful's could not be read", notice.sentence());
        }
        if core.journal.is_none() {
            let body = "Their journal could not be opened, so what is not sent by then is not taken up again";
            core.model.notices.say(Tone::Warning, "Transfers end when Brimful is closed", body);
        }
        dispatch::permissions::at_start(&mut core);
        dispatch::connect::at_start(&mut core);
        dispatch::upload::at_start(&mut core);
        Ok(core)
    }

    /// Carries a wish out. Nothing here waits: whatever takes time goes to the background.
    pub fn dispatch(&mut self, command: Command) {
        tracing::debug!(command = command.name(), "dispatch");
        match command {
            Command::Frame(command) => dispatch::frame::dispatch(self, command),
            Command::Browse(command) => dispatch::browse::dispatch(self, command),
            Command::Connect(command) => dispatch::connect::dispatch(self, command),
            Command::Setup(command) => dispatch::setup::dispatch(self, command),
            Command::Upload(command) => dispatch::upload::dispatch(self, command),
            Command::Gallery(command) => dispatch::gallery::dispatch(self, command),
            Command::Permissions(command) => dispatch::permissions::dispatch(self, command),
            Command::BucketSettings(command) => dispatch::bucket_settings::dispatch(self, command),
            Command::Check(command) => dispatch::check::dispatch(self, command),
            Command::ConnectionPage(command) => dispatch::connection_page::dispatch(self, command),
            Command::Settings(command) => dispatch::settings::dispatch(self, command),
        }
    }

    /// Takes in what the background has to say. Called once a frame, also while the window is hidden.
    pub fn tick(&mut self) {
        for event in self.worker.drain(EVENTS_PER_FRAME) {
            match event {
                Event::Browse(event) => dispatch::browse::apply(self, event),
                Event::Connect(event) => dispatch::connect::apply(self, event),
                Event::Setup(event) => dispatch::setup::apply(self, event),
                Event::Upload(event) => dispatch::upload::apply(self, event),
                Event::Gallery(event) => dispatch::gallery::apply(self, event),
                Event::BucketSettings(event) => dispatch::bucket_settings::apply(self, event),
                Event::Permissions(event) => dispatch::permissions::apply(self, event),
                Event::Check(event) => dispatch::check::apply(self, event),
                Event::Settings(event) => dispatch::settings::apply(self, event),
                Event::Saved(end) => dispatch::saving::saved(self, end),
                Event::Crashed(text) => {
                    let trouble = <crate::model::Trouble as crate::worker::Crashed>::crashed(text);
                    self.model.notices.trouble("Something went wrong inside Brimful", &trouble);
                }
            }
        }
        for note in crate::report::take_panics() {
            let said = "This is a mistake in Brimful. The rest goes on; what it was doing may have to be done again";
            let id = self.model.notices.say(Tone::Failed, "Something went wrong inside Brimful", said);
            self.model.notices.detail(id, note.message);
            let folder = self.home.reports_dir();
            self.model.notices.link(id, "Show the reports", FrameCommand::RevealPath(folder));
        }
        dispatch::browse::tick(self);
        dispatch::connect::tick(self);
        dispatch::setup::tick(self);
        dispatch::upload::tick(self);
        dispatch::gallery::tick(self);
        dispatch::bucket_settings::tick(self);
        dispatch::permissions::tick(self);
        dispatch::check::tick(self);
        dispatch::connection_page::tick(self);
        dispatch::settings::tick(self);
        dispatch::closing::tick(self);
    }

    /// Changes the settings and writes them down.
    pub fn change_settings(&mut self, change: impl FnOnce(&mut crate::store::settings::Settings)) {
        change(&mut self.model.settings);
        let settings = self.model.settings.clone();
        if let Err(error) = self.settings_file.update(|kept| *kept = settings) {
            self.model.notices.say(Tone::Warning, "The settings could not be saved", error.to_string());
        }
    }

    /// Where practice storage keeps its data: the chosen folder, or the usual one.
    #[must_use]
    pub fn practice_dir(&self) -> PathBuf {
        self.model.settings.practice_dir.clone().unwrap_or_else(|| self.home.practice_dir().to_owned())
    }

    /// Says something in a toast.
    pub fn say(&mut self, tone: Tone, title: impl Into<String>) -> u64 {
        self.model.notices.say(tone, title, "")
    }
}
