//! Saving a text as a file of the person's, under a name that is asked for.

use std::path::{Path, PathBuf};

use crate::app::core::Core;
use crate::app::deps::Pick;
use crate::app::event::Event;
use crate::app::persons_file;
use crate::model::Trouble;
use crate::model::command::FrameCommand;
use crate::model::notices::Tone;
use crate::s3::error::S3Error;

/// What is to be saved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish<'a> {
    /// In the middle of a sentence: "receipt".
    pub(super) what: &'static str,
    /// Over the system's dialog.
    pub(super) title: &'a str,
    /// What the dialog begins with.
    pub(super) name: &'a str,
}

/// A file was written, or not.
#[derive(Debug)]
pub struct SaveEnd {
    what: &'static str,
    outcome: Result<PathBuf, Trouble>,
}

/// Asks where, makes the text for the name that was chosen, and writes it, all of it off the window's thread.
pub(super) fn save_as(core: &Core, wish: Wish<'_>, text: impl FnOnce(&Path) -> String + Send + 'static) {
    let picked = (core.deps.pick)(Pick::SaveAs, wish.title, wish.name);
    let what = wish.what;
    core.worker.job(
        async move {
            let Some(path) = picked.await.into_iter().next() else { return Event::Saved(None) };
            let work = move || match persons_file::write(&path, &text(&path)) {
                Ok(()) => Ok(path),
                Err(error) => Err(Trouble::from(S3Error::local("SaveFile", &path, error))),
            };
            match tokio::task::spawn_blocking(work).await {
                Ok(outcome) => Event::Saved(Some(SaveEnd { what, outcome })),
                Err(error) => Event::Crashed(error.to_string()),
            }
        },
        Event::Crashed,
    );
}

/// Says what came of it.
pub fn saved(core: &mut Core, end: Option<SaveEnd>) {
    let Some(SaveEnd { what, outcome }) = end else { return };
    match outcome {
        Ok(path) => {
            let title = format!("{}{} saved", what[..1].to_uppercase(), &what[1..]);
            let id = core.model.notices.say(Tone::Done, title, path.display().to_string());
            let folder = path.parent().map(Path::to_owned).unwrap_or_default();
            core.model.notices.link(id, "Show the folder", FrameCommand::RevealPath(folder));
        }
        Err(trouble) => {
            core.model.notices.trouble(format!("The {what} was not saved"), &trouble);
        }
    }
}
