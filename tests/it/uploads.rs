//! A person brings files: dropped, chosen, pasted; looks at the plan; sends; and sees them arrive.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::path::{Path, PathBuf};

use brimful::app::core::Effect;
use brimful::domain::arn::Partition;
use brimful::domain::connection::ConnectionId;
use brimful::domain::policy::{Policy, template};
use brimful::domain::upload_plan::OnConflict;
use brimful::model::browse::{ListingState, Place};
use brimful::model::command::{BrowseCommand, Command};
use brimful::model::gallery::{GalleryCommand, UrlText};
use brimful::model::modal::Modal;
use brimful::model::upload::transfers::RowState;
use brimful::model::upload::{PlanCommand, TransferCommand};
use brimful::s3;
use brimful::s3::body::Body;
use brimful::s3::bucket::NewBucket;
use brimful::s3::object::{Guard, ObjectHeaders};
use brimful::s3::store::Store;

use crate::support::{Person, Window};

const BUCKET: &str = "acme-site-images";

/// Practice storage is open, with one empty bucket, and the person stands in it.
fn in_a_bucket(window: Window) -> Person {
    let mut person = Person::starts_in(window);
    opens_practice(&mut person);
    asks(&person, async |store| {
        let bucket = NewBucket { name: BUCKET.into(), region: "us-east-1".into(), ownership: None, object_lock: false };
        s3::bucket::create_bucket(&store, &bucket).await.unwrap();
    });
    person.core(|core| core.dispatch(Command::Browse(BrowseCommand::RefreshBuckets)));
    goes_to(&mut person, "");
    person
}

fn opens_practice(person: &mut Person) {
    person.core(|core| core.dispatch(Command::Browse(BrowseCommand::Open(ConnectionId::PRACTICE))));
    person.waits_until("practice storage opens", |model| model.session.as_ref().is_some_and(|it| it.reached));
}

fn goes_to(person: &mut Person, prefix: &str) {
    let place = Place { bucket: BUCKET.into(), prefix: prefix.into() };
    person.core(|core| core.dispatch(Command::Browse(BrowseCommand::Go(place))));
    person.waits_until("the place is listed", |model| {
        model.session.as_ref().is_some_and(|it| it.listing.state == ListingState::Complete)
    });
}

/// Asks the store something behind the window.
fn asks<R>(person: &Person, act: impl AsyncFnOnce(Store) -> R) -> R {
    let (store, handle) = person.core(|core| (core.store.clone().unwrap(), core.worker.handle()));
    handle.block_on(act(store))
}

fn puts(person: &Person, key: &str, bytes: &[u8]) {
    let body = Body::Bytes(bytes.to_vec().into());
    asks(person, async |store| {
        let headers = ObjectHeaders::default();
        s3::object::put_object(&store, BUCKET, key, (&body).into(), &headers, &Guard::Overwrite).await.unwrap();
    });
}

fn keys(person: &Person) -> Vec<String> {
    let page = asks(person, async |store| s3::list::list_page(&store, BUCKET, "", None, None, None).await.unwrap());
    page.objects.into_iter().map(|object| object.key).collect()
}

fn content(person: &Person, key: &str) -> Vec<u8> {
    asks(person, async |store| s3::object::get_object(&store, BUCKET, key, None, 1 << 30).await.unwrap()).to_vec()
}

fn content_type(person: &Person, key: &str) -> String {
    let head = asks(person, async |store| s3::object::head_object(&store, BUCKET, key).await.unwrap());
    head.content_type.unwrap_or_default()
}

/// A small picture, another one for each number.
fn png(number: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image = image::RgbaImage::from_fn(24, 16, |x, y| image::Rgba([number, (x * 10) as u8, (y * 15) as u8, 255]));
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn file(dir: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = dir.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path
}

fn waits_for_the_plan(person: &mut Person) {
    person.waits_until("the plan is ready", |model| {
        let plan = model.upload.plan.as_ref();
        plan.is_some_and(|plan| !plan.found.sources.is_empty() && !settling(plan.why_not()))
    });
}

/// What passes by itself.
fn settling(why: Option<&str>) -> bool {
    why.is_some_and(|why| why.contains("still") || why.contains("being made"))
}

fn waits_for_the_end(person: &mut Person) {
    person.waits_until("all transfers end", |model| {
        let transfers = &model.upload.transfers;
        transfers.counts().all > 0 && transfers.counts().open() == 0 && transfers.batches.values().all(|it| it.told)
    });
}

fn uploads(person: &mut Person, paths: &[PathBuf]) {
    person.drops(paths);
    waits_for_the_plan(person);
    let label = person.model(|model| model.upload.plan.as_ref().unwrap().plan.button());
    person.clicks(&label);
    waits_for_the_end(person);
}

#[test]
fn dropped_pictures_are_planned_first_and_then_arrive() {
    let mut person = in_a_bucket(Window::default());
    let dir = tempfile::tempdir().unwrap();
    let paths = [
        file(dir.path(), "Mug Lagoon (02).PNG", &png(1)),
        file(dir.path(), "team-header.jpg", &png(2)),
        file(dir.path(), "notes.txt", b"hello"),
    ];
    person.drops(&paths[..2]);
    person.drops(&paths[2..]);
    waits_for_the_plan(&mut person);
    person.sees("Upload 3 files to acme-site-images");
    person.sees("Mug Lagoon (02).PNG, becomes mug-lagoon-02.png");
    person.sees("team-header.jpg, becomes team-header.png");
    person.sees("A PNG, named .jpg");
    person.sees("Goes as .png");
    assert!(keys(&person).is_empty(), "nothing is sent before the button");
    person.clicks("Upload 3 files");
    person.sees("3 files uploaded");
    assert_eq!(keys(&person), ["mug-lagoon-02.png", "notes.txt", "team-header.png"]);
    assert_eq!(content(&person, "mug-lagoon-02.png"), png(1));
    assert_eq!(content_type(&person, "team-header.png"), "image/png");
    assert_eq!(content_type(&person, "notes.txt"), "text/plain; charset=utf-8");
    // The gallery has them without being asked.
    person.waits_until("the gallery shows them", |model| model.session.as_ref().unwrap().listing.objects.len() == 3);
}

#[test]
fn a_dropped_folder_keeps_its_shape() {
    let mut person = in_a_bucket(Window::default());
    let dir = tempfile::tempdir().unwrap();
    file(dir.path(), "Trip 2026/Day 1/a.png", &png(1));
    file(dir.path(), "Trip 2026/b.png", &png(2));
    file(dir.path(), "Trip 2026/.hidden", b"x");
    goes_to(&mut person, "photos/");
    person.drops(&[dir.path().join("Trip 2026")]);
    waits_for_the_plan(&mut person);
    person.sees("1 hidden file left aside");
    person.clicks("Upload 2 files");
    waits_for_the_end(&mut person);
    assert_eq!(keys(&person), ["photos/trip-2026/b.png", "photos/trip-2026/day-1/a.png"]);
}

#[test]
fn chosen_files_take_the_same_way() {
    let mut person = in_a_bucket(Window::default());
    let dir = tempfile::tempdir().unwrap();
    person.will_pick(&[file(dir.path(), "a.png", &png(1))]);
    person.presses("Ctrl+U");
    waits_for_the_plan(&mut person);
    person.clicks("Upload 1 file");
    waits_for_the_end(&mut person);
    assert_eq!(keys(&person), ["a.png"]);
}

#[test]
fn a_pasted_picture_becomes_a_png() {
    let mut person = in_a_bucket(Window::default());
    person.pastes_a_picture(40, 30);
    waits_for_the_plan(&mut person);
    person.sees("pasted-");
    person.clicks("Upload 1 file");
    waits_for_the_end(&mut person);
    let found = keys(&person);
    assert!(found.len() == 1 && found[0].starts_with("pasted-") && found[0].ends_with(".png"), "{found:?}");
    let image = image::load_from_memory(&content(&person, &found[0])).unwrap();
    assert_eq!((image.width(), image.height()), (40, 30));
    assert_eq!(content_type(&person, &found[0]), "image/png");
}

#[test]
fn pasted_paths_and_copied_files_are_files() {
    let mut person = in_a_bucket(Window::default());
    let dir = tempfile::tempdir().unwrap();
    let one = file(dir.path(), "one two.png", &png(1));
    let two = file(dir.path(), "three.png", &png(2));
    person.pastes(&format!("file://{}", one.display().to_string().replace(' ', "%20")));
    waits_for_the_plan(&mut person);
    // Added to the plan that is on screen.
    person.pastes_copied_files(&[two]);
    person.sees("Upload 2 files to acme-site-images");
    waits_for_the_plan(&mut person);
    person.clicks("Upload 2 files");
    waits_for_the_end(&mut person);
    assert_eq!(keys(&person), ["one-two.png", "three.png"]);
}

#[test]
fn other_text_is_said_to_be_no_files() {
    let mut person = in_a_bucket(Window::default());
    person.pastes("hello");
    person.sees("Nothing to upload was pasted");
    assert!(person.model(|model| model.upload.plan.is_none()));
}

#[test]
fn without_a_bucket_nothing_is_lost_silently() {
    let mut person = Person::starts_brimful();
    let dir = tempfile::tempdir().unwrap();
    person.drops(&[file(dir.path(), "a.png", &png(1))]);
    person.sees("Open a bucket first");
}

#[test]
fn a_taken_name_is_skipped_kept_or_replaced_as_chosen() {
    let mut person = in_a_bucket(Window::default());
    for key in ["keep.png", "skip.png", "over.png"] {
        puts(&person, key, b"old");
    }
    let dir = tempfile::tempdir().unwrap();
    let names = ["keep.png", "over.png", "skip.png"];
    let paths: Vec<_> = names.iter().map(|name| file(dir.path(), name, &png(7))).collect();
    person.drops(&paths);
    waits_for_the_plan(&mut person);
    person.sees("keep.png, becomes keep-2.png");
    person.sees("This name is taken");
    person.clicks("Keep both: over.png");
    choose(&mut person, 1, OnConflict::Overwrite);
    choose(&mut person, 2, OnConflict::Skip);
    person.sees("1 replaced");
    person.clicks("Upload 2 files");
    waits_for_the_end(&mut person);
    assert_eq!(keys(&person), ["keep-2.png", "keep.png", "over.png", "skip.png"]);
    assert_eq!(content(&person, "keep.png"), b"old");
    assert_eq!(content(&person, "keep-2.png"), png(7));
    assert_eq!(content(&person, "over.png"), png(7));
    assert_eq!(content(&person, "skip.png"), b"old");
}

fn choose(person: &mut Person, index: usize, how: OnConflict) {
    person.core(|core| core.dispatch(PlanCommand::Resolve(index, how).into()));
    person.waits_a_moment();
}

#[test]
fn the_same_bytes_are_not_sent_twice() {
    let mut person = in_a_bucket(Window::default());
    puts(&person, "a.png", &png(1));
    let dir = tempfile::tempdir().unwrap();
    let paths = [file(dir.path(), "a.png", &png(1)), file(dir.path(), "b.png", &png(2))];
    person.drops(&paths);
    person.sees("Same bytes are already there");
    waits_for_the_plan(&mut person);
    person.clicks("Upload 1 file");
    waits_for_the_end(&mut person);
    assert_eq!(keys(&person), ["a.png", "b.png"]);
}

#[test]
fn a_name_taken_after_the_plan_is_never_replaced_unseen() {
    let mut person = in_a_bucket(Window::default());
    let dir = tempfile::tempdir().unwrap();
    person.drops(&[file(dir.path(), "a.png", &png(1))]);
    waits_for_the_plan(&mut person);
    puts(&person, "a.png", b"somebody else was faster");
    person.clicks("Upload 1 file");
    person.sees("1 name was taken in the meantime");
    assert_eq!(content(&person, "a.png"), b"somebody else was faster");
    person.clicks("Decide");
    person.sees("This name is taken");
    person.clicks("Decide about a.png");
    person.clicks("Keep both");
    person.sees("1 file uploaded");
    assert_eq!(keys(&person), ["a-2.png", "a.png"]);
    assert_eq!(content(&person, "a-2.png"), png(1));
}

#[test]
fn among_public_pictures_other_files_stay_out_until_included() {
    let mut person = in_a_bucket(Window::default());
    makes_public(&mut person);
    let dir = tempfile::tempdir().unwrap();
    let paths = [file(dir.path(), "a.png", &png(1)), file(dir.path(), "price-list.pdf", b"%PDF-1.7 and so on")];
    person.drops(&paths);
    waits_for_the_plan(&mut person);
    person.sees("Will be open to anyone");
    person.sees("price-list.pdf, left out");
    person.sees("1 file · ");
    person.clicks("Include price-list.pdf");
    person.clicks("Upload 2 files");
    waits_for_the_end(&mut person);
    assert_eq!(content_type(&person, "price-list.pdf"), "application/pdf");
}

fn makes_public(person: &mut Person) {
    let policy = Policy::new(vec![template::public_read(BUCKET, Partition::Aws, None)]).to_json_pretty();
    asks(person, async |store| {
        let block = brimful::domain::public_access::BlockPublicAccess::FOR_PUBLIC_POLICY;
        s3::settings::put_public_access_block(&store, BUCKET, block).await.unwrap();
        s3::policy::put_bucket_policy(&store, BUCKET, &policy).await.unwrap();
    });
    person.core(|core| core.dispatch(Command::Browse(BrowseCommand::Refresh)));
    person.waits_until("the bucket is known to be public", |model| {
        let session = model.session.as_ref().unwrap();
        session.exposure_of(BUCKET) == brimful::domain::bucket::Exposure::Public
    });
}

#[test]
fn cancelling_leaves_no_half_file() {
    let mut person = in_a_bucket(Window::default());
    let dir = tempfile::tempdir().unwrap();
    let large = vec![7; 48 << 20];
    let paths: Vec<_> = (0..3).map(|n| file(dir.path(), &format!("{n}.bin"), &large)).collect();
    person.drops(&paths);
    waits_for_the_plan(&mut person);
    person.clicks("Upload 3 files");
    person.core(|core| core.dispatch(TransferCommand::AskCancelAll.into()));
    let asked = person.model(|model| matches!(model.modal, Some(Modal::Confirm(_))));
    assert!(asked, "calling off is asked first");
    person.core(|core| core.dispatch(TransferCommand::CancelAll.into()));
    waits_for_the_end(&mut person);
    let there = keys(&person);
    let done = person.model(|model| model.upload.transfers.counts().done) as usize;
    assert_eq!(there.len(), done, "{there:?}");
    for key in there {
        assert_eq!(content(&person, &key).len(), large.len(), "{key} is half");
    }
}

#[test]
fn a_refusal_is_told_and_can_be_tried_again_once_it_is_mended() {
    let mut person = in_a_bucket(Window::default());
    let deny = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Principal":"*","Action":"s3:PutObject",
        "Resource":"arn:aws:s3:::{BUCKET}/*"}}]}}"#
    );
    asks(&person, async |store| s3::policy::put_bucket_policy(&store, BUCKET, &deny).await.unwrap());
    let dir = tempfile::tempdir().unwrap();
    uploads(&mut person, &[file(dir.path(), "a.png", &png(1))]);
    person.sees("1 file was not uploaded");
    assert!(keys(&person).is_empty());
    person.clicks("Show transfers");
    person.sees("Retry 1 failed");
    person.clicks("Why?");
    person.sees("Why was I refused?");
    let refused = person.model(|model| match &model.modal {
        Some(Modal::WhyRefused(why)) => (why.action.clone(), why.resource.clone()),
        _ => (None, None),
    });
    let wanted = (Some("s3:PutObject".to_owned()), Some(format!("arn:aws:s3:::{BUCKET}/a.png")));
    assert_eq!(refused, wanted);
    person.presses("Escape");
    asks(&person, async |store| s3::policy::delete_bucket_policy(&store, BUCKET).await.unwrap());
    person.clicks("Retry a.png");
    person.sees("1 file uploaded");
    assert_eq!(keys(&person), ["a.png"]);
}

#[test]
fn folder_names_and_choices_are_remembered_for_the_bucket() {
    let mut person = in_a_bucket(Window::default());
    let dir = tempfile::tempdir().unwrap();
    person.drops(&[file(dir.path(), "a.png", &png(1))]);
    waits_for_the_plan(&mut person);
    person.fills("Folder in the bucket", "photos/2026");
    person.core(|core| core.dispatch(PlanCommand::SetTemplate("{user}-{counter:3}.{type}".into()).into()));
    person.core(|core| core.dispatch(PlanCommand::SetCacheControl(Some("public, max-age=300".into())).into()));
    person.sees("a.png, becomes photos/2026/maria-001.png");
    waits_for_the_plan(&mut person);
    person.clicks("Skip");
    person.clicks("Upload 1 file");
    waits_for_the_end(&mut person);
    let head = asks(&person, async |store| {
        s3::object::head_object(&store, BUCKET, "photos/2026/maria-001.png").await.unwrap()
    });
    assert_eq!(head.cache_control.as_deref(), Some("public, max-age=300"));

    let mut person = person.restarts();
    opens_practice(&mut person);
    goes_to(&mut person, "");
    person.drops(&[file(dir.path(), "b.png", &png(2))]);
    waits_for_the_plan(&mut person);
    let plan = person.model(|model| {
        let plan = model.upload.plan.as_ref().unwrap();
        (plan.prefix.clone(), plan.template.clone(), plan.on_conflict, plan.cache_control.clone())
    });
    let template = "{user}-{counter:3}.{type}".to_owned();
    assert_eq!(plan, ("photos/2026/".into(), template, OnConflict::Skip, Some("public, max-age=300".into())));
}

#[test]
fn what_is_wrong_with_a_name_stands_at_its_field() {
    let mut person = in_a_bucket(Window::default());
    let dir = tempfile::tempdir().unwrap();
    person.drops(&[file(dir.path(), "a.png", &png(1))]);
    waits_for_the_plan(&mut person);
    person.clicks("Part of the name: clean name");
    person.clicks("Remove clean name");
    person.sees("Every file would get the same name");
    person.clicks("Add a part to the name");
    person.clicks("random ID");
    person.no_longer_sees("Every file would get the same name");
}

#[test]
fn the_addresses_can_be_copied_in_three_forms() {
    let mut person = in_a_bucket(Window::default());
    let dir = tempfile::tempdir().unwrap();
    uploads(&mut person, &[file(dir.path(), "lake morning.png", &png(1)), file(dir.path(), "b.png", &png(2))]);
    let endpoint = person.core(|core| core.practice.as_ref().unwrap().endpoint());
    let url = |name: &str| format!("{endpoint}/{BUCKET}/{name}");
    person.clicks("Copy 2 URLs");
    person.sees("2 URLs copied");
    let copied = |person: &Person, text: UrlText| {
        person.core(|core| {
            let batch = *core.model.upload.transfers.batches.keys().next().unwrap();
            core.dispatch(TransferCommand::CopyUrls(batch, text).into());
            core.effects.pop()
        })
    };
    let plain = format!("{}\n{}", url("lake-morning.png"), url("b.png"));
    assert_eq!(copied(&person, UrlText::Plain(None)), Some(Effect::Copy(plain)));
    let markdown = format!("![lake morning]({})\n![b]({})", url("lake-morning.png"), url("b.png"));
    assert_eq!(copied(&person, UrlText::Markdown), Some(Effect::Copy(markdown)));
    let html = format!("<img src=\"{}\" alt=\"lake morning\">\n", url("lake-morning.png"));
    assert!(matches!(copied(&person, UrlText::Html), Some(Effect::Copy(text)) if text.starts_with(&html)));
    person.clicks("Close the transfer strip");
    person.no_longer_sees("Close the transfer strip");
}

#[test]
fn three_hundred_small_files_finish() {
    let mut person = in_a_bucket(Window::default());
    let dir = tempfile::tempdir().unwrap();
    for number in 0..300 {
        file(dir.path(), &format!("many/{number}.png"), &png(number as u8));
    }
    uploads(&mut person, &[dir.path().join("many")]);
    person.sees("300 files uploaded");
    assert_eq!(keys(&person).len(), 300);
}

#[test]
fn an_empty_folder_has_nothing_to_upload() {
    let mut person = in_a_bucket(Window::default());
    let dir = tempfile::tempdir().unwrap();
    person.drops(&[dir.path().to_owned()]);
    person.sees("Nothing to upload");
    person.sees("1 empty folder");
    person.clicks("Cancel");
    person.no_longer_sees("Nothing to upload");
}

#[test]
fn a_file_that_cannot_be_read_says_so_and_the_others_go() {
    let mut person = in_a_bucket(Window::default());
    let dir = tempfile::tempdir().unwrap();
    person.drops(&[dir.path().join("gone.png"), file(dir.path(), "b.png", &png(2))]);
    waits_for_the_plan(&mut person);
    person.sees("Cannot be read: it is not there");
    person.clicks("Upload 1 file");
    waits_for_the_end(&mut person);
    assert_eq!(keys(&person), ["b.png"]);
}

#[test]
fn hovering_files_are_told_where_they_go() {
    let mut person = in_a_bucket(Window::default());
    goes_to(&mut person, "photos/2026/");
    let dir = tempfile::tempdir().unwrap();
    person.hovers(&[file(dir.path(), "a.png", &png(1)), file(dir.path(), "b.png", &png(2))]);
    person.sees("Drop to upload to photos/2026/");
    person.sees("2 files into acme-site-images. You see the plan before anything is sent.");
}

#[test]
fn downloads_come_to_a_folder_and_replace_nothing() {
    let mut person = in_a_bucket(Window::default());
    puts(&person, "photos/a.txt", b"one");
    puts(&person, "photos/b.txt", b"two");
    goes_to(&mut person, "photos/");
    let dir = tempfile::tempdir().unwrap();
    file(dir.path(), "a.txt", b"mine");
    let keys = vec!["photos/a.txt".to_owned(), "photos/b.txt".to_owned()];
    let wish = GalleryCommand::DownloadTo { keys, path: dir.path().to_owned() };
    person.core(|core| core.dispatch(wish.into()));
    person.sees("2 files downloaded");
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    assert_eq!((read("a.txt"), read("a (2).txt"), read("b.txt")), ("mine".into(), "one".into(), "two".into()));
}

/// A plan with something to say about most of its files.
fn comes_to_a_rich_plan(window: Window) -> (Person, tempfile::TempDir) {
    let mut person = in_a_bucket(window);
    makes_public(&mut person);
    puts(&person, "photos/2026/lake-morning.png", b"an older one");
    goes_to(&mut person, "photos/2026/");
    let dir = tempfile::tempdir().unwrap();
    let names =
        ["lake-morning.png", "Mug Lagoon (02).PNG", "team-header.jpg", "bowls-stack.png", "vase-terracotta.png"];
    let mut paths: Vec<_> = names.iter().zip(1..).map(|(name, n)| file(dir.path(), name, &png(n * 40))).collect();
    paths.push(file(dir.path(), "price-list.pdf", b"%PDF-1.7 and so on"));
    person.drops(&paths);
    waits_for_the_plan(&mut person);
    person.waits_until("small pictures are there", |model| {
        let plan = model.upload.plan.as_ref().unwrap();
        plan.thumbs.len() == 5 && plan.audience != brimful::model::upload::plan::Audience::Unknown
    });
    (person, dir)
}

#[test]
fn the_plan_looks_as_drawn() {
    let (mut person, _dir) = comes_to_a_rich_plan(Window::default());
    person.looks_like("upload_plan_light");
}

#[test]
fn the_plan_looks_as_drawn_in_the_dark() {
    let (mut person, _dir) = comes_to_a_rich_plan(Window { dark: true, ..Window::default() });
    person.looks_like("upload_plan_dark");
}

#[test]
fn the_page_of_transfers_looks_as_drawn() {
    let mut person = in_a_bucket(Window::default());
    person.waits_until("the bucket is in the list", |model| {
        model.session.as_ref().unwrap().buckets.known().is_some_and(|buckets| !buckets.is_empty())
    });
    person.core(stage_transfers);
    person.sees("Retry 1 failed");
    (0..6).for_each(|_| person.waits_a_moment());
    person.looks_like("transfers_light");
}

/// Rows of every kind, without anything that runs by itself.
fn stage_transfers(core: &mut brimful::app::core::Core) {
    use brimful::model::Trouble;
    use brimful::model::command::{FrameCommand, Screen};
    use brimful::model::trouble::WayOut;
    use brimful::model::upload::transfers::{Batch, Direction, Pace};
    use std::time::Duration;

    let transfers = &mut core.model.upload.transfers;
    let batch = Batch {
        direction: Direction::Up,
        connection: ConnectionId::PRACTICE,
        bucket: BUCKET.into(),
        folder: "photos/2026/".into(),
        files: 8,
        before: false,
        told: true,
        closed: false,
        began: Duration::ZERO,
        ended: None,
    };
    transfers.batches.insert(1, batch);
    let refused =
        Trouble::new("You may not write to this bucket. The sign-in lacks s3:PutObject", WayOut::AskForPermission);
    let rows = [
        ("harbour-sunset.tif", 212, 0, RowState::Failed(refused)),
        ("mug-lagoon-01.jpg", 1, 0, RowState::NameTaken),
        ("showroom-tour.mp4", 4_100, 2_900, RowState::Running),
        ("snow-pass.tif", 186, 71, RowState::Running),
        ("ridges-fog.tif", 164, 72, RowState::Paused),
        ("stool-oak.jpg", 2, 0, RowState::Waiting),
        ("lake-morning.jpg", 2, 2, RowState::Done),
        ("bowls-stack.jpg", 1, 0, RowState::Cancelled),
    ];
    for (id, (name, size, moved, state)) in (1_000..).zip(rows) {
        let row = transfers.row_or_new(id);
        row.batch = 1;
        row.key = format!("photos/2026/catalogue/{name}");
        (row.size_bytes, row.moved_bytes) = (size * 1_000_000, moved * 1_000_000);
        row.rate = (state == RowState::Running).then_some(16_200_000.0);
        row.state = state;
    }
    let graph: Vec<f64> = (0..120).map(|at| 2.0e7 + 6.0e6 * f64::from(at).mul_add(0.11, 0.0).sin()).collect();
    transfers.set_pace(Pace { rate: Some(24_600_000.0), left: None, graph: graph.into() });
    transfers.updated(Duration::from_secs(60));
    core.dispatch(FrameCommand::Show(Screen::Transfers).into());
}
