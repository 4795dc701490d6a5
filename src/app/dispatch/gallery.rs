//! The gallery: order and selection at once, details, addresses, download and deletion through the background.

mod access;
mod pictures;

use std::path::PathBuf;

use crate::app::core::{Core, Effect};
use crate::app::deps::Pick as Dialog;
use crate::app::event::Event;
use crate::domain::connection::ConnectionId;
use crate::domain::format;
use crate::domain::object_url::{self, Form};
use crate::domain::snippet::{self, Item, Style};
use crate::images;
use crate::model::Trouble;
use crate::model::browse::{ListingState, Session};
use crate::model::gallery::{GalleryCommand, Opened, Pick, SortBy, UrlText};
use crate::model::modal::{Confirm, Modal};
use crate::model::notices::Tone;
use crate::s3;
use crate::s3::delete::Deleted;
use crate::worker::Request;

pub use access::AccessEnd;
pub use pictures::PicturesPart;

/// What the background reports about the gallery.
#[derive(Debug)]
pub enum GalleryEvent {
    /// Where a download shall go was chosen.
    Chosen {
        /// What to download.
        keys: Vec<String>,
        /// The file or folder; `None` when the dialog was cancelled.
        path: Option<PathBuf>,
    },
    /// A deletion came to its end.
    Deleted {
        /// Of which connection.
        connection: ConnectionId,
        /// In which bucket.
        bucket: String,
        /// All keys that were to go.
        keys: Vec<String>,
        /// How it went.
        outcome: Result<Deleted, Trouble>,
    },
    /// A change of a file's access list came to its end.
    AccessSaved(Box<AccessEnd>),
}

/// Carries a wish out.
pub fn dispatch(core: &mut Core, command: GalleryCommand) {
    match command {
        GalleryCommand::FocusFilter => {
            core.model.gallery.opened = None;
            core.model.gallery.filter_wishes += 1;
        }
        GalleryCommand::SetFilter(filter) => {
            core.model.gallery.filter = filter;
            rebuild(core);
        }
        GalleryCommand::Sort(by) => {
            let gallery = &mut core.model.gallery;
            // Names begin with A; of times and sizes one looks for the newest and the largest first.
            let natural = by != SortBy::Name;
            gallery.descending = if gallery.sort == by { !gallery.descending } else { natural };
            gallery.sort = by;
            rebuild(core);
        }
        GalleryCommand::SetLayout(layout) => core.model.gallery.layout = layout,
        GalleryCommand::SetThumbnailSize(size) => core.change_settings(|settings| settings.thumbnail_size = size),
        GalleryCommand::Select(key, pick) => {
            with_listing(core, |core, session| core.model.gallery.select(&session.listing, &key, pick));
        }
        GalleryCommand::SelectAll => with_listing(core, |core, session| {
            let gallery = &mut core.model.gallery;
            gallery.selection = gallery.shown.iter().map(|&index| session.listing.objects[index].key.clone()).collect();
            gallery.weigh_selection(&session.listing);
        }),
        GalleryCommand::ClearSelection => {
            core.model.gallery.selection.clear();
            core.model.gallery.selected_bytes = 0;
            core.model.gallery.focus = None;
        }
        GalleryCommand::Move { to, extend } => {
            with_listing(core, |core, session| core.model.gallery.move_focus(&session.listing, to, extend));
        }
        GalleryCommand::Open(key) => with_listing(core, |core, session| open(core, session, &key)),
        GalleryCommand::CloseOpened => core.model.gallery.opened = None,
        GalleryCommand::StepOpened(steps) => step_opened(core, steps),
        GalleryCommand::CopyUrls(keys, text) => copy_urls(core, &keys, text),
        GalleryCommand::OpenInBrowser(key) => {
            if let Some(url) = address(core, &key, None) {
                core.effects.push(Effect::OpenUrl(url));
            }
        }
        GalleryCommand::Download(keys) => ask_where(core, keys),
        GalleryCommand::DownloadTo { keys, path } => super::upload::download(core, keys, path),
        GalleryCommand::AskDelete(keys) => ask_delete(core, keys),
        GalleryCommand::Delete(keys) => delete(core, keys),
        GalleryCommand::RefreshDetails => core.model.gallery.details_stale = true,
        GalleryCommand::Access(command) => access::dispatch(core, command),
        GalleryCommand::Want(thumbs) => pictures::want(core, thumbs),
    }
}

/// Takes a report in.
pub fn apply(core: &mut Core, event: GalleryEvent) {
    match event {
        GalleryEvent::Chosen { keys, path: Some(path) } => {
            dispatch(core, GalleryCommand::DownloadTo { keys, path });
        }
        GalleryEvent::Chosen { path: None, .. } => {}
        GalleryEvent::Deleted { connection, bucket, keys, outcome } => {
            deleted(core, connection, &bucket, &keys, outcome);
        }
        GalleryEvent::AccessSaved(end) => access::ended(core, *end),
    }
}

/// Looks for answers, once a frame, and asks for the details of what has the keyboard.
pub fn tick(core: &mut Core) {
    core.model.gallery.details.poll();
    core.model.gallery.seen.poll();
    core.model.gallery.full.poll();
    core.model.gallery.access.found.poll();
    ask_details(core);
    pictures::ask_full(core);
}

/// One has come to another place: nothing is selected there.
pub fn arrived(core: &mut Core) {
    core.model.gallery.reset();
}

/// The listing has more, other or fewer objects than before.
pub fn listing_changed(core: &mut Core) {
    rebuild(core);
}

fn rebuild(core: &mut Core) {
    with_listing(core, |core, session| {
        let Some(place) = &session.place else { return };
        let gallery = &mut core.model.gallery;
        gallery.rebuild(place, &session.listing);
        // Somebody wrote the object anew: what is known of it is of the one before.
        let known = gallery.details.known().map(|details| (details.key.as_str(), details.etag.as_deref()));
        if let Some((key, etag)) = known
            && let Some(object) = session.listing.objects.iter().find(|object| object.key == key)
            && object.etag.as_deref() != etag
        {
            gallery.details_stale = true;
        }
    });
}

/// Lends the session out of the model, so that the gallery beside it can be changed.
fn with_listing(core: &mut Core, act: impl FnOnce(&mut Core, &Session)) {
    let Some(session) = core.model.session.take() else { return };
    act(core, &session);
    core.model.session = Some(session);
}

fn ask_details(core: &mut Core) {
    let gallery = &mut core.model.gallery;
    let wanted = gallery.opened.as_ref().map(|opened| opened.key.as_str()).or_else(|| gallery.subject());
    let is_same = wanted == gallery.details_of.as_deref();
    if is_same && !gallery.details_stale {
        return;
    }
    let wanted = wanted.map(str::to_owned);
    gallery.details_stale = false;
    if !is_same {
        gallery.details_of.clone_from(&wanted);
        gallery.details = Request::Idle;
        gallery.seen = Request::Idle;
        gallery.access.forget();
    }
    core.model.gallery.addresses = wanted.as_deref().map(|key| addresses(core, key)).unwrap_or_default();
    let (Some(key), Some(store), Some(session)) = (wanted, core.store.clone(), &core.model.session) else { return };
    let Some(place) = session.place.clone() else { return };
    core.worker.ask_again(&mut core.model.gallery.details, async move {
        Box::pin(s3::object::object_details(&store, &place.bucket, &key)).await.map_err(Trouble::from)
    });
    pictures::ask_seen(core);
    // Only where somebody looks at it.
    if let Some(key) = core.model.gallery.access.of.clone() {
        access::read(core, key);
    }
}

/// Fills the window with an image, and leaves the keyboard on it for when the window is left again.
fn open(core: &mut Core, session: &Session, key: &str) {
    let gallery = &mut core.model.gallery;
    if gallery.focus.as_deref() != Some(key) {
        gallery.select(&session.listing, key, Pick::Only);
    }
    gallery.opened = Some(Opened { key: key.to_owned() });
}

fn step_opened(core: &mut Core, steps: isize) {
    with_listing(core, |core, session| {
        let gallery = &mut core.model.gallery;
        let Some(opened) = &gallery.opened else { return };
        let Some(key) = gallery.image_from(&session.listing, &opened.key, steps).map(str::to_owned) else { return };
        gallery.select(&session.listing, &key, Pick::Only);
        gallery.scroll_wishes += 1;
        gallery.opened = Some(Opened { key });
    });
}

/// Every address of an object of the open place, the preferred one first.
pub fn addresses(core: &Core, key: &str) -> Vec<object_url::UrlForm> {
    let Some(session) = &core.model.session else { return Vec::new() };
    let Some(place) = &session.place else { return Vec::new() };
    let endpoint = core.practice.as_ref().map(|server| server.endpoint());
    let lies = object_url::Place {
        target: &session.connection.target,
        practice_endpoint: endpoint.as_deref(),
        bucket: &place.bucket,
        region: session.regions.get(&place.bucket).map(String::as_str),
        website: false,
    };
    object_url::forms(&lies, key)
}

fn address(core: &Core, key: &str, form: Option<Form>) -> Option<String> {
    let mut forms = addresses(core, key).into_iter();
    match form {
        Some(form) => forms.find(|it| it.form == form),
        None => forms.next(),
    }
    .map(|it| it.url)
}

/// Puts the addresses of keys on the clipboard, one a line.
pub fn copy_urls(core: &mut Core, keys: &[String], text: UrlText) {
    let form = match text {
        UrlText::Plain(form) => form,
        UrlText::Markdown | UrlText::Html => None,
    };
    let urls: Vec<(String, &str)> = keys
        .iter()
        .filter_map(|key| Some((address(core, key, form)?, key.rsplit('/').next().unwrap_or(key))))
        .collect();
    let items: Vec<_> =
        urls.iter().map(|(url, name)| Item { url, name, is_image: images::may_be_image(name) }).collect();
    let style = match text {
        UrlText::Plain(_) => Style::Plain,
        UrlText::Markdown => Style::Markdown,
        UrlText::Html => Style::Html,
    };
    if items.is_empty() {
        return;
    }
    let said = match items.len() {
        1 => "URL copied".to_owned(),
        n => format!("{} URLs copied", format::count(n as u64)),
    };
    core.effects.push(Effect::Copy(snippet::many(style, &items)));
    core.say(Tone::Done, said);
}

fn ask_where(core: &mut Core, keys: Vec<String>) {
    let picked = match keys.as_slice() {
        [] => return,
        [key] => {
            let name = crate::domain::object_key::local_name(key.rsplit('/').next().unwrap_or(key));
            (core.deps.pick)(Dialog::SaveAs, "Save the file as", &name)
        }
        _ => (core.deps.pick)(Dialog::Folder, "Save the files into a folder", ""),
    };
    core.worker.job(
        async move {
            let path = picked.await.into_iter().next();
            Event::Gallery(GalleryEvent::Chosen { keys, path })
        },
        Event::Crashed,
    );
}

fn ask_delete(core: &mut Core, keys: Vec<String>) {
    let Some(session) = &core.model.session else { return };
    let Some(place) = &session.place else { return };
    if keys.is_empty() {
        return;
    }
    let bytes: u64 = session
        .listing
        .objects
        .iter()
        .filter(|object| keys.contains(&object.key))
        .map(|object| object.size_bytes)
        .sum();
    let files = format::counted(keys.len() as u64, "file", "files");
    let title = match keys.as_slice() {
        [key] => format!("Delete {}?", key.rsplit('/').next().unwrap_or(key)),
        _ => format!("Delete {files}?"),
    };
    let mut notes = vec!["Where the bucket keeps versions, an old version stays and can be brought back".to_owned()];
    if session.exposure_of(&place.bucket) == crate::domain::bucket::Exposure::Public {
        notes.insert(0, "The bucket is open to anyone, so other sites may link to what is deleted".to_owned());
    }
    let confirm = Confirm {
        title,
        body: format!(
            "This deletes {files} ({}) from {}. Pages that show {} will break.",
            format::size(bytes),
            place.bucket,
            if keys.len() == 1 { "it" } else { "them" },
        ),
        notes,
        button: match keys.len() {
            1 => "Delete file".to_owned(),
            _ => format!("Delete {files}"),
        },
        names: keys.clone(),
        type_name: None,
        then: Box::new(GalleryCommand::Delete(keys).into()),
    };
    core.model.modal = Some(Modal::Confirm(confirm));
}

fn delete(core: &mut Core, keys: Vec<String>) {
    let (Some(store), Some(session)) = (core.store.clone(), &core.model.session) else { return };
    let Some(place) = session.place.clone() else { return };
    let connection = session.connection.id;
    core.model.gallery.deleting.extend(keys.iter().cloned());
    leave_opened(core, &keys);
    core.worker.job(
        async move {
            let outcome = s3::delete::delete_objects(&store, &place.bucket, &keys).await.map_err(Trouble::from);
            Event::Gallery(GalleryEvent::Deleted { connection, bucket: place.bucket, keys, outcome })
        },
        Event::Crashed,
    );
}

/// The opened image is about to go: the next one takes its place, or the one before, or the grid.
fn leave_opened(core: &mut Core, keys: &[String]) {
    let goes = core.model.gallery.opened.as_ref().is_some_and(|opened| keys.contains(&opened.key));
    if !goes {
        return;
    }
    let before = core.model.gallery.opened.clone();
    step_opened(core, 1);
    if core.model.gallery.opened == before {
        step_opened(core, -1);
    }
    core.model.gallery.opened.take_if(|opened| keys.contains(&opened.key));
}

fn deleted(
    core: &mut Core,
    connection: ConnectionId,
    bucket: &str,
    keys: &[String],
    outcome: Result<Deleted, Trouble>,
) {
    for key in keys {
        core.model.gallery.deleting.remove(key);
    }
    match outcome {
        Err(trouble) => {
            core.model.notices.trouble("Nothing was deleted", &trouble);
        }
        Ok(outcome) => {
            let gone: std::collections::HashSet<&str> = outcome.deleted.iter().map(String::as_str).collect();
            let here = core.model.session.as_mut().filter(|session| {
                session.connection.id == connection
                    && session.place.as_ref().is_some_and(|place| place.bucket == bucket)
            });
            if let Some(session) = here {
                session.listing.remove(&gone);
                if session.listing.objects.is_empty() && session.listing.folders.is_empty() {
                    session.listing.state = ListingState::Complete;
                }
            }
            match outcome.deleted.as_slice() {
                [] => {}
                [key] => {
                    core.say(Tone::Done, format!("{} deleted", key.rsplit('/').next().unwrap_or(key)));
                }
                many => {
                    core.say(Tone::Done, format!("{} files deleted", format::count(many.len() as u64)));
                }
            }
            if let Some((key, error)) = outcome.failed.first() {
                let title = match outcome.failed.len() {
                    1 => format!("{key} could not be deleted"),
                    n => format!("{} files could not be deleted", format::count(n as u64)),
                };
                core.model.notices.trouble(title, &Trouble::from(error));
            }
        }
    }
    rebuild(core);
}
