//! Files of the person's: lists and reports that are chosen, expectations loaded and saved, reports written.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::{Report, event, many};
use crate::app::core::Core;
use crate::app::deps::Pick;
use crate::app::event::Event;
use crate::app::persons_file;
use crate::domain::verify::{Expectations, parse, write};
use crate::model::Trouble;
use crate::model::check::many::{EXPECTATIONS_FILE, Expected, Loaded, RunState};
use crate::model::command::FrameCommand;
use crate::model::notices::Tone;
use crate::model::permissions::BucketKey;
use crate::model::trouble::WayOut;
use crate::s3::error::S3Error;
use crate::verify::report::{self, About};

/// A field that a file is chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    List,
    Sitemap,
    Baseline,
}

/// Asks for a file, and does something with it away from the window.
fn ask<F>(core: &Core, key: &BucketKey, what: Pick, title: &str, name: &str, then: F)
where
    F: FnOnce(PathBuf) -> Report + Send + 'static,
{
    let picked = (core.deps.pick)(what, title, name);
    let key = key.clone();
    core.worker.job(
        async move {
            let Some(path) = picked.await.into_iter().next() else { return event(key, Report::Nothing) };
            match tokio::task::spawn_blocking(move || then(path)).await {
                Ok(report) => event(key, report),
                Err(error) => Event::Crashed(error.to_string()),
            }
        },
        Event::Crashed,
    );
}

/// Lets a person choose the file of a field.
pub(super) fn pick(core: &Core, key: &BucketKey, slot: Slot) {
    let title = match slot {
        Slot::List => "Choose a table (.csv, .tsv) or a list (.txt) of addresses or keys",
        Slot::Sitemap => "Choose a sitemap (.xml)",
        Slot::Baseline => "Choose the report.json of an earlier check",
    };
    ask(core, key, Pick::Files, title, "", move |path| Report::Picked(slot, path));
}

/// It was chosen.
pub(super) fn picked(core: &mut Core, key: &BucketKey, slot: Slot, path: PathBuf) {
    let many = many(core, key);
    match slot {
        Slot::List => many.form.list = Some(path),
        Slot::Sitemap => many.form.sitemap = path.display().to_string(),
        Slot::Baseline => many.form.baseline = Some(path),
    }
    many.number += 1;
}

/// Lets a person choose a file of expectations, and reads it.
pub(super) fn load_expectations(core: &Core, key: &BucketKey) {
    ask(core, key, Pick::Files, "Choose a file of expectations (.toml)", "", |path| {
        let read = std::fs::read_to_string(&path).map_err(|error| S3Error::local("LoadExpectations", &path, error));
        let outcome = read.map_err(Trouble::from).and_then(|text| {
            parse(&text).map_err(|problems| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let first = problems.0.first().map(ToString::to_string).unwrap_or_default();
                let trouble = Trouble::new(format!("{name}, {first}"), WayOut::ChooseAnother);
                problems.0.iter().skip(1).fold(trouble, |trouble, problem| trouble.detail(problem.to_string()))
            })
        });
        Report::Loaded(path, outcome)
    });
}

/// They were read: the form shows them where it can.
pub(super) fn loaded(core: &mut Core, key: &BucketKey, path: PathBuf, outcome: Result<Expectations, Trouble>) {
    let expectations = match outcome {
        Ok(expectations) => expectations,
        Err(trouble) => {
            core.model.notices.trouble("The expectations were not loaded", &trouble);
            return;
        }
    };
    let many = many(core, key);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    many.loaded = None;
    match Expected::of(&expectations) {
        Some(expected) => many.form.expected = expected,
        None => many.loaded = Some(Loaded { name, expectations }),
    }
    many.expectations_file = Some(path);
    many.number += 1;
}

/// Lets a person choose a name, and saves the expectations under it.
pub(super) fn save_expectations(core: &mut Core, key: &BucketKey) {
    let many = many(core, key);
    let text = match many.form.read(&many.chosen, many.loaded.as_ref()) {
        Ok(wanted) => Some(wanted.expectations),
        // What is to be checked may be missing yet.
        Err(_) => many.form.expected.read().ok().map(|expectations| write(&expectations)),
    };
    let Some(text) = text else {
        many.tried = true;
        return;
    };
    ask(core, key, Pick::SaveAs, "Save the expectations as .toml", EXPECTATIONS_FILE, move |path| {
        let written = persons_file::write(&path, &text);
        let outcome = written.map_err(|error| S3Error::local("SaveExpectations", &path, error).into());
        Report::Saved(path, outcome)
    });
}

/// They were saved, or not.
pub(super) fn saved(core: &mut Core, key: &BucketKey, path: PathBuf, outcome: Result<(), Trouble>) {
    match outcome {
        Ok(()) => {
            let id = core.model.notices.say(Tone::Done, "Expectations saved", path.display().to_string());
            core.model.notices.link(id, "Show the folder", FrameCommand::RevealPath(folder_of(&path)));
            many(core, key).expectations_file = Some(path);
        }
        Err(trouble) => {
            core.model.notices.trouble("The expectations were not saved", &trouble);
        }
    }
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().map(Path::to_owned).unwrap_or_default()
}

/// Lets a person choose a folder, and writes the report into it.
pub(super) fn save_report(core: &mut Core, key: &BucketKey) {
    let made = (core.deps.now)();
    let Some(run) = &many(core, key).run else { return };
    let took = match run.state {
        RunState::Ended { took, .. } => took,
        _ => Duration::ZERO,
    };
    let about = About {
        source: run.wanted.words(&key.bucket),
        expectations: run.wanted.expectations_name().to_owned(),
        made,
        took,
        has_earlier: run.has_earlier,
    };
    let Some(live) = core.parts.check.many.live.get(key) else { return };
    let results = Arc::clone(&live.results);
    let title = "Choose the folder for report.html, report.csv, report.json and junit.xml";
    ask(core, key, Pick::Folder, title, "", move |folder| {
        let outcome = report::write(&folder, &results, &about).map(drop).map_err(Trouble::from);
        Report::Reported(folder, outcome)
    });
}

/// It was written, or not.
pub(super) fn reported(core: &mut Core, folder: PathBuf, outcome: Result<(), Trouble>) {
    match outcome {
        Ok(()) => {
            let id = core.model.notices.say(Tone::Done, "Report saved", folder.display().to_string());
            core.model.notices.link(id, "Open report", FrameCommand::RevealPath(folder.join("report.html")));
            core.model.notices.link(id, "Show the folder", FrameCommand::RevealPath(folder));
        }
        Err(trouble) => {
            core.model.notices.trouble("The report was not saved", &trouble);
        }
    }
}
