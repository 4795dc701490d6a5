//! Saving a text as a file of the person's, under a name that is asked for.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::app::core::Core;
use crate::app::deps::Pick;
use crate::app::event::Event;
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
            let work = move || match write(&path, &text(&path)) {
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

/// Writes a file of the person's. A crash leaves what was there before, or the whole new one.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".brimful-").suffix(".part");
    #[cfg(unix)]
    {
        // As any program would make the file; the person's mask takes off what it should.
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn a_new_one_replaces_the_file_whole_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("receipt.csv");
        std::fs::write(&path, "an older and longer one").unwrap();
        write(&path, "a,b\r\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a,b\r\n");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        write(&dir.path().join("not there/receipt.csv"), "a").unwrap_err();
    }
}
