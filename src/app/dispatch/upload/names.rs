//! Which names are taken where the files would go: asked of the store anew for every plan.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use super::planning;
use crate::app::core::Core;
use crate::domain::object::ObjectSummary;
use crate::domain::upload_plan::Existing;
use crate::model::Trouble;
use crate::model::upload::plan::Names;
use crate::s3;
use crate::s3::error::S3Error;
use crate::s3::store::Store;
use crate::worker::Request;

/// So many folders are listed one by one; for more, everything below what they have in common.
const FOLDERS_ONE_BY_ONE: usize = 24;
/// So many names are read for a plan; the rest shows while sending.
const MOST_NAMES: usize = 100_000;
/// While a folder's name is being typed, nothing is asked.
const TYPING: Duration = Duration::from_millis(300);

/// What the checking of names keeps for itself.
#[derive(Default)]
pub(super) struct NamesPart {
    asking: Request<Answer, Trouble>,
    /// The folders being asked about.
    asked: BTreeSet<String>,
    /// Those that were answered.
    listed: HashSet<String>,
    in_part: bool,
    refused: Option<Trouble>,
}

#[derive(Default)]
struct Answer {
    objects: Vec<ObjectSummary>,
    folders: Vec<String>,
    in_part: bool,
}

/// The part of a key up to its last slash.
pub(super) fn folder_of(key: &str) -> &str {
    key.rfind('/').map_or("", |at| &key[..=at])
}

/// Asks about the folders of the plan that are not known yet.
pub(super) fn check(core: &mut Core) {
    let Some(store) = core.store.clone() else { return };
    let Some(plan) = &mut core.model.upload.plan else { return };
    let part = &mut core.parts.upload.names;
    let missing: BTreeSet<String> = plan
        .plan
        .items
        .iter()
        .map(|item| folder_of(&item.key))
        .filter(|folder| !part.listed.contains(*folder))
        .map(str::to_owned)
        .collect();
    if missing.is_empty() {
        part.asking = Request::Idle;
        part.asked.clear();
        plan.names = match (&part.refused, part.in_part) {
            (Some(trouble), _) => Names::Unknown(trouble.clone()),
            (None, true) => Names::KnownInPart,
            (None, false) => Names::Known,
        };
        return;
    }
    if part.asking.is_pending() && missing == part.asked {
        return;
    }
    let wait = if part.listed.is_empty() && part.asked.is_empty() { Duration::ZERO } else { TYPING };
    plan.names = Names::Checking;
    part.asked.clone_from(&missing);
    let bucket = plan.bucket.clone();
    part.asking = core.worker.ask(async move {
        tokio::time::sleep(wait).await;
        list(&store, &bucket, &missing).await.map_err(Trouble::from)
    });
}

async fn list(store: &Store, bucket: &str, folders: &BTreeSet<String>) -> Result<Answer, S3Error> {
    let mut answer = Answer::default();
    if folders.len() <= FOLDERS_ONE_BY_ONE {
        for folder in folders {
            pages(store, bucket, folder, Some("/"), &mut answer).await?;
        }
    } else {
        let common = common_folder(folders);
        pages(store, bucket, &common, None, &mut answer).await?;
    }
    Ok(answer)
}

async fn pages(
    store: &Store,
    bucket: &str,
    prefix: &str,
    delimiter: Option<&str>,
    answer: &mut Answer,
) -> Result<(), S3Error> {
    let mut token = None;
    loop {
        let page = s3::list::list_page(store, bucket, prefix, delimiter, token.as_deref(), None).await?;
        answer.objects.extend(page.objects);
        answer.folders.extend(page.folders);
        token = page.next;
        if token.is_none() {
            return Ok(());
        }
        if answer.objects.len() >= MOST_NAMES {
            answer.in_part = true;
            return Ok(());
        }
    }
}

/// The folder that all of them lie in.
fn common_folder(folders: &BTreeSet<String>) -> String {
    let (Some(first), Some(last)) = (folders.first(), folders.last()) else { return String::new() };
    let same = first.bytes().zip(last.bytes()).take_while(|(a, b)| a == b).count();
    let same = first.get(..same).or_else(|| first.get(..same.saturating_sub(3))).unwrap_or_default();
    folder_of(same).to_owned()
}

/// Looks for the answer, once a frame.
pub(super) fn tick(core: &mut Core) {
    let part = &mut core.parts.upload.names;
    if !part.asking.poll() {
        return;
    }
    let Some(plan) = &mut core.model.upload.plan else { return };
    part.listed.extend(std::mem::take(&mut part.asked));
    match std::mem::take(&mut part.asking) {
        Request::Ready(answer) => {
            part.in_part |= answer.in_part;
            let existing = Arc::make_mut(&mut plan.existing);
            existing.extend(
                answer
                    .objects
                    .into_iter()
                    .map(|object| (object.key, Existing { size_bytes: object.size_bytes, etag: object.etag })),
            );
            plan.folders.extend(answer.folders);
        }
        Request::Failed { error, .. } => part.refused = Some(error),
        Request::Idle | Request::Pending { .. } => return,
    }
    planning::replan(core);
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(&["photos/2026/01/", "photos/2026/12/"], "photos/2026/"; "siblings")]
    #[test_case(&["photos/2026/", "photos/2027/"], "photos/"; "within a name")]
    #[test_case(&["a/", "b/"], ""; "nothing in common")]
    #[test_case(&["a/", "a/b/"], "a/"; "one in the other")]
    #[test_case(&["ä/", "ö/"], ""; "in the middle of a letter")]
    fn what_folders_have_in_common(folders: &[&str], common: &str) {
        let folders = folders.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(common_folder(&folders), common);
    }
}
