//! Snapshots of all settings: saved to a file, and compared with what is there or with another bucket.

use std::collections::BTreeMap;
use std::path::PathBuf;

use futures_util::future::join_all;

use super::super::saving::{self, Wish};
use super::{BucketSettingsEvent, event, here, open_editor, reading};
use crate::app::core::Core;
use crate::app::deps::Pick;
use crate::domain::bucket_settings::{SettingKind, SettingValue, Snapshot};
use crate::domain::format;
use crate::model::Trouble;
use crate::model::bucket_settings::{
    Comparison, EditMode, EditState, Editing, Page, Reading, compared, without_disabled_acl,
};
use crate::model::trouble::WayOut;
use crate::s3::error::S3Error;

/// No snapshot is larger.
const MOST_BYTES: u64 = 20_000_000;

/// Asks where, and writes all settings that are known into a file.
pub(super) fn save(core: &Core) {
    let Some((_, bucket)) = here(core) else { return };
    let settings = core.model.bucket_settings.known();
    let taken = (core.deps.now)();
    let snapshot = Snapshot { bucket: bucket.clone(), taken, settings };
    let day = taken.to_zoned_datetime(core.deps.zone.clone()).date();
    let name = format!("{bucket}-settings-{day}.json");
    let wish = Wish { what: "snapshot", title: "Save a snapshot as", name: &name };
    saving::save_as(core, wish, move |_| snapshot.to_text());
}

/// Asks for a file to compare with.
pub(super) fn choose(core: &Core) {
    let picked = (core.deps.pick)(Pick::Files, "Compare with a snapshot", "");
    core.worker.job(
        async move { event(BucketSettingsEvent::SnapshotChosen(picked.await.into_iter().next())) },
        crate::app::event::Event::Crashed,
    );
}

/// Whose the bucket is, by its access list.
fn owner(core: &Core) -> Option<String> {
    match core.model.bucket_settings.value(SettingKind::Acl) {
        Some(SettingValue::Acl(acl)) => acl.owner.clone(),
        _ => None,
    }
}

/// Compares what a file says with what is there.
pub(super) fn with_file(core: &mut Core, path: PathBuf) {
    let Some((_, bucket)) = here(core) else { return };
    let zone = core.deps.zone.clone();
    let owner = owner(core);
    core.model.bucket_settings.page = Page::Compare;
    core.worker.ask_again(&mut core.model.bucket_settings.comparison, async move {
        let local = |error| Trouble::from(S3Error::local("ReadSnapshot", &path, error));
        let size = tokio::fs::metadata(&path).await.map_err(local)?.len();
        if size > MOST_BYTES {
            let sentence = format!("{} is too large for a snapshot: {}", path.display(), format::size(size));
            return Err(Trouble::new(sentence, WayOut::ChooseAnother));
        }
        let text = tokio::fs::read_to_string(&path).await.map_err(local)?;
        let there = Snapshot::parse(&text).map_err(|why| Trouble::new(why.to_string(), WayOut::ChooseAnother))?;
        let title = format!("the snapshot of {} from {}", there.bucket, format::day(there.taken, &zone));
        Ok(Comparison { title, there: there.for_bucket(&bucket, owner.as_deref()), unread: Vec::new() })
    });
}

/// Reads the settings of another bucket, and compares.
pub(super) fn with_bucket(core: &mut Core, other: String) {
    let (Some(store), Some((_, bucket))) = (core.store.clone(), here(core)) else { return };
    let taken = (core.deps.now)();
    let owner = owner(core);
    core.model.bucket_settings.page = Page::Compare;
    core.worker.ask_again(&mut core.model.bucket_settings.comparison, async move {
        let kinds = compared();
        let readings = join_all(kinds.iter().map(|kind| reading(&store, &other, *kind))).await;
        let mut unread = Vec::new();
        let mut settings = BTreeMap::new();
        for (kind, reading) in kinds.into_iter().zip(readings) {
            match reading {
                Reading::Is(value) => drop(settings.insert(kind, Some(value))),
                Reading::NotSet => drop(settings.insert(kind, None)),
                Reading::MayNotRead(_) => unread.push(kind),
                Reading::NotOffered => {}
            }
        }
        let there = Snapshot { bucket: other.clone(), taken, settings: without_disabled_acl(settings) };
        Ok(Comparison { title: other, there: there.for_bucket(&bucket, owner.as_deref()), unread })
    });
}

/// Opens the dialog that takes a setting over from what is compared with.
pub(super) fn adopt(core: &mut Core, kind: SettingKind) {
    let settings = &core.model.bucket_settings;
    let base = settings.reading(kind).and_then(Reading::value).map(|value| value.cloned());
    let there = settings.comparison.known().and_then(|comparison| comparison.there.settings.get(&kind)).cloned();
    let (Some(base), Some(start)) = (base, there) else { return };
    open_editor(core, Editing { kind, base, start, mode: EditMode::Adopt, number: 0, state: EditState::Open });
}
