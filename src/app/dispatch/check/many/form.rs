//! What is filled in: brought along from the gallery, begun with, or copied for a terminal.

use std::path::PathBuf;

use super::{many, open, run};
use crate::app::core::{Core, Effect};
use crate::model::check::many::{Many, Side, Wanted, What};
use crate::model::notices::Tone;
use crate::model::permissions::BucketKey;
use crate::s3::store::Family;

/// Shows the page for these files.
pub(super) fn bring_files(core: &mut Core, keys: Vec<String>) {
    bring(core, |many| {
        many.form.what = What::Chosen;
        many.chosen = keys;
    });
}

/// Shows the page for a folder.
pub(super) fn bring_folder(core: &mut Core, prefix: String) {
    bring(core, |many| {
        many.form.what = What::Folder;
        many.form.prefix = prefix;
    });
}

fn bring(core: &mut Core, change: impl FnOnce(&mut Many)) {
    let Some(key) = super::super::here(core) else { return };
    open(core);
    let many = many(core, &key);
    change(many);
    many.side = Side::SetUp;
    many.number += 1;
}

/// What is filled in, where nothing is missing; else the form says what is.
fn wanted(core: &mut Core, key: &BucketKey) -> Option<Wanted> {
    let many = many(core, key);
    let wanted = many.form.read(&many.chosen, many.loaded.as_ref());
    many.tried = true;
    wanted.ok()
}

/// Begins with what is filled in.
pub(super) fn begin(core: &mut Core, key: &BucketKey) {
    if many(core, key).run.as_ref().is_some_and(|run| run.state.is_busy()) {
        return;
    }
    let Some(wanted) = wanted(core, key) else { return };
    let every = many(core, key).form.every;
    many(core, key).tried = false;
    run::anew(core, key, wanted);
    super::schedule::set(core, key, every);
}

/// Puts on the clipboard what would do the same in a terminal.
pub(super) fn copy_command(core: &mut Core, key: &BucketKey) {
    let Some(wanted) = wanted(core, key) else { return };
    let saved = many(core, key).expectations_file.clone();
    let path = saved.clone().unwrap_or_else(|| PathBuf::from(wanted.expectations_name()));
    let (Some(session), Some(store)) = (&core.model.session, &core.store) else { return };
    let endpoint = store.info().endpoint.clone().filter(|_| store.info().family == Family::Practice);
    let line = wanted.command(&key.bucket, &session.connection.target, endpoint.as_deref(), &path);
    core.effects.push(Effect::Copy(line));
    let body = match saved {
        Some(_) => String::new(),
        None => format!("Save the expectations as {} for it", path.display()),
    };
    core.model.notices.say(Tone::Done, "Command copied", body);
}
