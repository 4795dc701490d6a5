//! Why a file can or cannot be seen: asking, mending, and taking back.

mod many;
mod preview;
mod report;

use std::sync::Arc;
use std::time::Duration;

use crate::app::core::{Core, Effect};
use crate::app::event::Event;
use crate::domain::bucket_settings::{SettingKind, SettingValue};
use crate::domain::check::{Named, Spot, Target, Write, diagnose};
use crate::domain::connection::ConnectionId;
use crate::domain::format;
use crate::model::Trouble;
use crate::model::check::{CheckCommand, Found, TakeBack};
use crate::model::command::{BrowseCommand, Tab};
use crate::model::modal::Modal;
use crate::model::notices::Tone;
use crate::model::permissions::BucketKey;
use crate::model::trouble::WayOut;
use crate::s3::mend::{self, Mended, NotMended, Why};
use crate::s3::{evidence, presign};
use crate::store::history::{Change, Deed};
use crate::worker::{Crashed as _, Request};

use super::remember;

/// What the background reports about checks.
#[derive(Debug)]
pub enum CheckEvent {
    /// Something was mended, or taken back, or not.
    Mended(Box<MendEnd>),
    /// A link was made, or not: its address, and until when it opens.
    Link(Box<Result<presign::PresignedUrl, Trouble>>),
    /// Many files were checked, or something about it.
    Many(Box<many::ManyEvent>),
}

/// What this part keeps for itself.
#[derive(Default)]
pub struct CheckPart {
    many: many::ManyPart,
}

/// How mending ended.
#[derive(Debug)]
pub struct MendEnd {
    key: BucketKey,
    spot: Spot,
    /// What is said of it: the title of the way.
    title: String,
    /// It was itself a taking back.
    is_undo: bool,
    outcome: Result<Mended, (Trouble, Vec<Write>)>,
}

/// Carries a wish out.
pub fn dispatch(core: &mut Core, command: CheckCommand) {
    match command {
        CheckCommand::Run { text, site } => {
            let check = &mut core.model.check;
            check.is_key &= check.text == text;
            (check.text, check.site) = (text, site);
            run(core);
        }
        CheckCommand::File(key) => {
            let check = &mut core.model.check;
            check.many.open = false;
            check.here = None;
            (check.text, check.is_key) = (key, true);
            super::browse::dispatch(core, BrowseCommand::ShowTab(Tab::Check));
        }
        CheckCommand::Again => again(core),
        CheckCommand::Preview(index) => preview::open(core, index),
        CheckCommand::Agree(agreed) => {
            if let Some(preview) = &mut core.model.check.preview {
                preview.agreed = agreed;
            }
        }
        CheckCommand::Mend => mend(core),
        CheckCommand::ClosePreview => close_preview(core),
        CheckCommand::TakeBack(back) => take_back(core, *back),
        CheckCommand::MakeLink(seconds) => make_link(core, Duration::from_secs(seconds)),
        CheckCommand::CopyCli(index) => {
            let fix = core.model.check.found.known().and_then(|found| found.diagnosis.fixes.get(index));
            if let Some(cli) = fix.map(|fix| fix.cli.clone()) {
                core.effects.push(Effect::Copy(cli));
                core.say(Tone::Done, "Commands for the AWS CLI copied");
            }
        }
        CheckCommand::CopyReport => report::copy(core),
        CheckCommand::SaveReport => report::save(core),
        CheckCommand::Many(command) => many::dispatch(core, command),
    }
}

/// The page came on screen: what was checked in another bucket is forgotten, and a file that was brought along is
/// checked.
pub fn shown(core: &mut Core) {
    let key = here(core);
    if core.model.check.here == key {
        return;
    }
    let check = &mut core.model.check;
    let brought = check.here.is_none() && !check.text.is_empty();
    check.here = key;
    check.found = Request::Idle;
    check.number += 1;
    if brought {
        run(core);
    } else {
        check.text.clear();
        check.site.clear();
    }
    if core.model.check.many.open {
        many::shown(core);
    }
}

/// A connection is gone.
pub fn forget(core: &mut Core, connection: ConnectionId) {
    many::forget(core, connection);
}

/// How long until something begins by itself.
#[must_use]
pub fn wait(core: &Core) -> Option<Duration> {
    many::wait(core)
}

/// Checks once more what was checked.
pub fn again(core: &mut Core) {
    if !core.model.check.many.open && !core.model.check.text.is_empty() {
        run(core);
    }
}

/// Looks for answers, once a frame.
pub fn tick(core: &mut Core) {
    core.model.check.found.poll();
    preview::tick(core);
    many::tick(core);
}

/// Takes a report in.
pub fn apply(core: &mut Core, event: CheckEvent) {
    match event {
        CheckEvent::Mended(end) => mended(core, *end),
        CheckEvent::Many(event) => many::apply(core, *event),
        CheckEvent::Link(made) => match *made {
            Ok(link) => {
                let until = format::date_time(link.expires, (core.deps.now)(), &core.deps.zone);
                core.effects.push(Effect::Copy(link.url().to_owned()));
                let body = format!("It opens this file for whoever has it, until {until}");
                core.model.notices.say(Tone::Done, "The link is copied", body);
            }
            Err(trouble) => {
                core.model.notices.trouble("No link could be made", &trouble);
            }
        },
    }
}

fn here(core: &Core) -> Option<BucketKey> {
    let session = core.model.session.as_ref()?;
    let bucket = session.place.as_ref()?.bucket.clone();
    Some(BucketKey { connection: session.connection.id, bucket })
}

/// Checks what was typed in the bucket one is in.
fn run(core: &mut Core) {
    let (Some(store), Some(session), Some(key)) = (core.store.clone(), &core.model.session, here(core)) else { return };
    let connection = session.connection.target.clone();
    let check = &mut core.model.check;
    check.here = Some(key.clone());
    let (text, site, is_key) = (check.text.clone(), check.site.clone(), check.is_key);
    core.worker.ask_again(&mut check.found, async move {
        // What is typed is read in front of the open bucket; an address may lead to another one.
        let around = evidence::ground(&store, &connection, Some(&key.bucket)).await;
        let target = if is_key {
            Target::at(&key.bucket, &text, Named::Key)
        } else {
            Target::parse(&text, &around.context(Some(&key.bucket)))
                .map_err(|problem| Trouble::new(problem.to_string(), WayOut::ChooseAnother))?
        };
        let target = if site.is_empty() { target } else { target.used_by(&site) };
        let bucket = target.spot.as_ref().map(|spot| spot.bucket.clone());
        let ground = match bucket.filter(|bucket| *bucket != key.bucket) {
            Some(other) => evidence::ground(&store, &connection, Some(&other)).await,
            None => around,
        };
        let evidence = Box::pin(evidence::gather(&store, &target, ground)).await;
        let diagnosis = diagnose(&target, &evidence);
        Ok(Found { asked: target.without_signature(&text), target, evidence, diagnosis })
    });
}

fn close_preview(core: &mut Core) {
    core.model.check.preview = None;
    if matches!(core.model.modal, Some(Modal::CheckFix)) {
        core.model.modal = None;
    }
}

/// Does what is looked at.
fn mend(core: &mut Core) {
    let check = &core.model.check;
    let (Some(preview), Some(key)) = (&check.preview, check.here.clone()) else { return };
    let (fix, spot) = (&preview.fix, preview.spot.clone());
    if check.mending || (fix.caution.is_some() && !preview.agreed) {
        return;
    }
    let (title, writes) = (fix.title.clone(), fix.writes().to_vec());
    close_preview(core);
    write(core, TakeBack { key, spot, writes }, title, false);
}

fn take_back(core: &mut Core, back: TakeBack) {
    // Another connection would not reach it.
    if here(core).is_none_or(|key| key.connection != back.key.connection) {
        core.say(Tone::Warning, "Open the connection again that this was done with, and undo it there");
        return;
    }
    write(core, back, "Undo".to_owned(), true);
}

fn write(core: &mut Core, change: TakeBack, title: String, is_undo: bool) {
    let Some(store) = core.store.clone() else { return };
    core.model.check.mending = true;
    let TakeBack { key, spot, writes } = change;
    let (history, now) = (Arc::clone(&core.history), Arc::clone(&core.deps.now));
    let end = move |key, spot, title, outcome| {
        Event::Check(CheckEvent::Mended(Box::new(MendEnd { key, spot, title, is_undo, outcome })))
    };
    let crashed = (key.clone(), spot.clone(), title.clone());
    core.worker.job(
        async move {
            let outcome = Box::pin(mend::apply(&store, &spot, &writes)).await;
            let (Ok(Mended { undo }) | Err(NotMended { undo, .. })) = &outcome;
            let who = remember::who(&store).await;
            for (setting, before, after) in changed(undo) {
                let change = Change {
                    connection: key.connection,
                    bucket: spot.bucket.clone(),
                    setting,
                    before,
                    after,
                    at: now(),
                    who: who.clone(),
                    note: (!is_undo).then(|| format!("Check: {title}")),
                    deed: if is_undo { Deed::Restore } else { Deed::Change },
                };
                remember::note(&history, change).await;
            }
            end(key, spot, title, outcome.map_err(|NotMended { why, undo }| (trouble(&why), undo)))
        },
        move |text| {
            let (key, spot, title) = crashed;
            end(key, spot, title, Err((Trouble::crashed(text), Vec::new())))
        },
    );
}

/// The settings that were changed, what they were and are, in the order in which it was done: from what takes them back.
fn changed(undo: &[Write]) -> impl Iterator<Item = (SettingKind, Option<String>, Option<String>)> {
    undo.iter().rev().filter_map(|write| match write {
        Write::Setting { kind, before: now, after: earlier } => {
            let text = |value: &Option<SettingValue>| value.as_ref().map(SettingValue::to_text);
            Some((*kind, text(earlier), text(now)))
        }
        _ => None,
    })
}

fn trouble(why: &Why) -> Trouble {
    match why {
        Why::Store(error) => error.into(),
        Why::Changed(_) | Why::NotProven => Trouble::new(why.to_string(), WayOut::Retry),
        Why::Taken(_) => Trouble::new(why.to_string(), WayOut::ChooseAnother),
    }
}

/// Says what came of it, offers the way back, and checks again.
fn mended(core: &mut Core, end: MendEnd) {
    core.model.check.mending = false;
    let MendEnd { key, spot, title, is_undo, outcome } = end;
    let (id, undo) = match outcome {
        Ok(_) if is_undo => (core.say(Tone::Done, "It is as it was before"), Vec::new()),
        Ok(Mended { undo }) => (core.say(Tone::Done, format!("Done: {title}")), undo),
        Err((trouble, undo)) => {
            let title = if undo.is_empty() { "Nothing was changed" } else { "Only a part of it was done" };
            (core.model.notices.trouble(title, &trouble), undo)
        }
    };
    if !undo.is_empty() {
        let back = TakeBack { key: key.clone(), spot, writes: undo };
        core.model.notices.link(id, "Undo", CheckCommand::TakeBack(Box::new(back)));
    }
    if here(core).as_ref() == Some(&key) && core.model.check.here.as_ref() == Some(&key) {
        // Which checks again, too.
        super::browse::dispatch(core, BrowseCommand::Refresh);
    }
}

/// Makes a link that carries the sign-in of the connection.
fn make_link(core: &mut Core, lasts: Duration) {
    let spot = core.model.check.found.known().and_then(|found| found.target.spot.clone());
    let (Some(store), Some(Spot { bucket, key })) = (core.store.clone(), spot) else { return };
    let end = |made| Event::Check(CheckEvent::Link(Box::new(made)));
    core.worker.job(
        async move {
            let made = presign::presign_get_object(&store, &bucket, &key, lasts, &presign::Overrides::default()).await;
            end(made.map_err(Trouble::from))
        },
        move |text| end(Err(Trouble::crashed(text))),
    );
}
