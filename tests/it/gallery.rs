//! A person looks at what is in a bucket: pictures of all kinds and conditions, folders, order, selection, addresses.

#![expect(clippy::unwrap_used, reason = "in a test, what is missing ends it")]

use brimful::app::dispatch::gallery;
use brimful::domain::object::ObjectSummary;
use brimful::domain::object_url::Form;
use brimful::model::command::BrowseCommand;
use brimful::model::gallery::{GalleryCommand, Layout, UrlText};
use brimful::model::modal::Modal;
use brimful::s3;
use image::ImageFormat;

use crate::support::pictures::{self, file};
use crate::support::stage::public_read;
use crate::support::{Person, Window};

fn small(number: u32) -> Vec<u8> {
    file(ImageFormat::Png, number, 60, 40)
}

fn with_files(files: &[(&str, Vec<u8>)]) -> Person {
    let mut person = Person::practises_in(Window::default());
    person.has_bucket("shop", files);
    person.goes_to("shop", "");
    person
}

fn shown(person: &Person) -> Vec<String> {
    person.model(|model| {
        let objects = &model.session.as_ref().unwrap().listing.objects;
        model.gallery.shown.iter().map(|&index| objects[index].key.clone()).collect()
    })
}

fn selected(person: &Person) -> Vec<String> {
    person.model(|model| model.gallery.selection.iter().cloned().collect())
}

#[test]
fn pictures_of_every_kind_come_in() {
    let mut person = with_files(&[
        ("a.png", small(1)),
        ("b.jpg", file(ImageFormat::Jpeg, 2, 64, 48)),
        ("c.gif", pictures::gif(&[[200, 0, 0, 255], [0, 0, 200, 255]], 30, 20)),
        ("d.webp", file(ImageFormat::WebP, 3, 50, 30)),
        ("e.bmp", file(ImageFormat::Bmp, 4, 44, 33)),
        ("f.svg", pictures::SVG.as_bytes().to_vec()),
        ("g.pdf", b"%PDF-1.7 and so on".to_vec()),
    ]);
    for cell in
        ["a.png, 60 × 40 · ", "b.jpg, 64 × 48 · ", "c.gif, 30 × 20 · ", "d.webp, 50 × 30 · ", "e.bmp, 44 × 33 · "]
    {
        person.sees(cell);
    }
    person.sees("f.svg, 120 × 90 · ");
    person.sees("g.pdf, PDF");
}

#[test]
fn what_is_wrong_with_a_file_is_said_in_words() {
    let mut cut = file(ImageFormat::Jpeg, 1, 300, 200);
    cut.truncate(cut.len() / 2);
    let mut person = with_files(&[
        ("bomb.bmp", pictures::bomb(30_000, 30_000)),
        ("cut.jpg", cut),
        ("empty.png", Vec::new()),
        ("page.png", b"<!doctype html><html><title>Not found</title></html>".to_vec()),
        ("really-a-jpeg.png", file(ImageFormat::Jpeg, 2, 64, 48)),
    ]);
    person.sees("page.png, broken: Not an image: the file holds a web page");
    person.sees("cut.jpg, broken: Cut off: the file ends before the image does");
    person.sees("empty.png, broken: Nothing in it");
    person.sees("bomb.bmp, 900 megapixels");
    person.sees("really-a-jpeg.png, 64 × 48");
    person.clicks_cell("", "really-a-jpeg.png");
    person.sees("JPEG, named .png");
}

#[test]
fn a_file_that_may_not_be_read_shows_a_lock_and_not_a_hole() {
    let person = Person::practises_in(Window::default());
    person.has_bucket("shop", &[("open.png", small(1)), ("secret.png", small(2))]);
    let deny = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObject",
        "Resource":"arn:aws:s3:::shop/secret.png"}]}"#;
    person.sets_policy("shop", deny);
    let mut person = person;
    person.goes_to("shop", "");
    person.sees("open.png, 60 × 40");
    person.sees("secret.png, May not be read");
    // Once it may be read, reading the place again brings it: a failure is not remembered for good.
    person.does(async |store| s3::policy::delete_bucket_policy(&store, "shop").await.unwrap());
    person.presses("F5");
    person.sees("secret.png, 60 × 40");
}

#[test]
fn a_lying_picture_is_stood_up() {
    let mut person = with_files(&[("tall.jpg", pictures::lying_jpeg(90, 60))]);
    person.sees("tall.jpg, 60 × 90");
}

#[test]
fn folders_come_first_and_lead_in_and_out() {
    let mut person = with_files(&[
        ("zebra.png", small(1)),
        ("drafts/one.png", small(2)),
        ("drafts/deep/two.png", small(3)),
        ("archive/old.png", small(4)),
    ]);
    person.sees("Folder archive/");
    person.clicks("Folder drafts/");
    person.waits_for_listing();
    assert_eq!(shown(&person), ["drafts/one.png"]);
    person.clicks("Folder deep/");
    person.waits_for_listing();
    assert_eq!(shown(&person), ["drafts/deep/two.png"]);
    person.presses("Alt+ArrowLeft");
    person.waits_for_listing();
    assert_eq!(shown(&person), ["drafts/one.png"]);
    person.presses("Backspace");
    person.waits_for_listing();
    assert_eq!(shown(&person), ["zebra.png"]);
}

#[test]
fn order_and_filter() {
    let mut person = with_files(&[
        ("img10.png", small(1)),
        ("img2.png", file(ImageFormat::Png, 2, 200, 200)),
        ("logo.png", file(ImageFormat::Png, 3, 20, 20)),
    ]);
    assert_eq!(shown(&person), ["img2.png", "img10.png", "logo.png"]);
    person.clicks("Order");
    person.clicks("Size");
    assert_eq!(shown(&person), ["img2.png", "img10.png", "logo.png"], "the largest first");
    person.clicks("Order");
    person.clicks("Smallest first");
    assert_eq!(shown(&person), ["logo.png", "img10.png", "img2.png"]);
    person.presses("Ctrl+F");
    person.types("IMG");
    person.sees("2 of 3 files");
    assert_eq!(shown(&person), ["img10.png", "img2.png"]);
}

#[test]
fn selecting_by_click_ctrl_shift_and_keys() {
    let files: Vec<_> = ["a.png", "b.png", "c.png", "d.png", "e.png"].into_iter().zip(1..).collect();
    let files: Vec<_> = files.into_iter().map(|(name, n)| (name, small(n))).collect();
    let mut person = with_files(&files);
    person.clicks_cell("", "b.png");
    assert_eq!(selected(&person), ["b.png"]);
    person.clicks_cell("Ctrl", "d.png");
    assert_eq!(selected(&person), ["b.png", "d.png"]);
    person.clicks_cell("", "a.png");
    person.clicks_cell("Shift", "c.png");
    assert_eq!(selected(&person), ["a.png", "b.png", "c.png"]);
    person.sees("3 files selected");
    person.sees("Copy 3 URLs");
    person.presses("ArrowRight");
    assert_eq!(selected(&person), ["d.png"]);
    person.presses("Shift+End");
    assert_eq!(selected(&person), ["d.png", "e.png"]);
    person.presses("Ctrl+A");
    assert_eq!(selected(&person).len(), 5);
    person.presses("Escape");
    assert!(selected(&person).is_empty());
}

#[test]
fn rows_tell_the_same_and_select_the_same() {
    let mut person =
        with_files(&[("b.png", small(1)), ("a.png", small(2)), ("sub/c.png", small(3)), ("list.json", b"[]".to_vec())]);
    person.clicks("Show as rows");
    assert_eq!(person.model(|model| model.gallery.layout), Layout::Rows);
    person.sees("a.png, 60 × 40");
    person.sees("Folder sub/");
    person.clicks("Select a.png");
    assert_eq!(selected(&person), ["a.png"]);
    person.presses("ArrowDown");
    assert_eq!(selected(&person), ["b.png"]);
    person.clicks("Sort by Name");
    assert_eq!(shown(&person), ["list.json", "b.png", "a.png"]);
    person.clicks("Select all");
    assert_eq!(selected(&person).len(), 3);
    person.clicks("Select all");
    assert!(selected(&person).is_empty());
    person.clicks("Folder sub/");
    person.waits_for_listing();
    assert_eq!(shown(&person), ["sub/c.png"]);
}

#[test]
fn a_copied_url_opens_for_anyone() {
    let person = Person::practises_in(Window::default());
    let bytes = small(7);
    person.has_bucket("press-kit", &[("photos/ä & b+c.png", bytes.clone())]);
    person.sets_policy("press-kit", &public_read("press-kit"));
    let mut person = person;
    person.goes_to("press-kit", "photos/");
    person.clicks_cell("", "ä & b+c.png");
    person.sees("Seen just now");
    person.sees("Open to anyone");
    person.clicks("Copy URL");
    let url = person.has_copied();
    let answer = person.does(async |_| s3::probe::probe(&s3::probe::Question::get(&url, 1 << 20)).await.unwrap());
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/png")));
    assert_eq!(answer.body, bytes);
    person
        .core(|core| core.dispatch(GalleryCommand::CopyUrls(vec!["photos/ä & b+c.png".into()], UrlText::Html).into()));
    assert!(person.has_copied().starts_with("<img src=\"http"), "{}", person.has_copied());
    let s3_uri = UrlText::Plain(Some(Form::S3Uri));
    person.core(|core| core.dispatch(GalleryCommand::CopyUrls(vec!["photos/ä & b+c.png".into()], s3_uri).into()));
    assert_eq!(person.has_copied(), "s3://press-kit/photos/ä & b+c.png");
}

#[test]
fn a_private_file_says_what_strangers_get_and_what_is_stored_with_it() {
    let mut person = with_files(&[("plan.png", small(2))]);
    person.clicks_cell("", "plan.png");
    person.sees("Strangers get 403");
    person.sees("image/png");
    person.sees("max-age=3600");
    person.sees("season = spring");
    person.clicks("Metadata");
    person.sees("photographer");
    person.clicks("Addresses");
    person.sees("s3://shop/plan.png");
    person.clicks("Copy the address: S3 address");
    assert_eq!(person.has_copied(), "s3://shop/plan.png");
}

#[test]
fn deleting_asks_by_name_first() {
    let mut person = with_files(&[("keep.png", small(1)), ("old.png", small(2))]);
    person.clicks_cell("", "old.png");
    person.presses("Delete");
    person.sees("Delete old.png?");
    person.presses("Escape");
    person.no_longer_sees("Delete old.png?");
    assert_eq!(shown(&person), ["keep.png", "old.png"]);
    person.presses("Delete");
    person.sees("Delete old.png?");
    person.clicks("Delete file");
    person.sees("old.png deleted");
    assert_eq!(shown(&person), ["keep.png"]);
    let left = person.does(async |store| s3::list::list_page(&store, "shop", "", Some("/"), None, None).await.unwrap());
    let left: Vec<_> = left.objects.into_iter().map(|object| object.key).collect();
    assert_eq!(left, ["keep.png"]);
}

#[test]
fn a_file_written_anew_shows_its_new_picture_and_the_selection_stays() {
    let mut person = with_files(&[("a.png", small(1)), ("b.png", small(2))]);
    person.sees("a.png, 60 × 40");
    person.clicks_cell("", "a.png");
    person.sees("PNG image · ");
    person.puts("shop", "a.png", &file(ImageFormat::Png, 5, 90, 90));
    person.presses("F5");
    person.sees("a.png, 90 × 90");
    assert_eq!(selected(&person), ["a.png"]);
    let etags = person.model(|model| {
        let listed = model.session.as_ref().unwrap().listing.objects[0].etag.clone();
        (listed, model.gallery.details.known().and_then(|details| details.etag.clone()))
    });
    person.waits_until("reading the details again", |model| {
        model.gallery.details.known().is_some_and(|details| details.etag == etags.0)
    });
}

#[test]
fn a_folder_of_more_than_a_page_is_read_to_its_end() {
    let person = Person::practises_in(Window::default());
    person.has_bucket::<Vec<u8>>("many", &[]);
    person.does(async |store| {
        use futures_util::StreamExt as _;
        let bytes = b"x".to_vec();
        let puts = (0..1_200).map(|n| {
            let (store, body) = (store.clone(), s3::body::Body::Bytes(bytes.clone().into()));
            async move {
                let (headers, guard) = (s3::object::ObjectHeaders::default(), s3::object::Guard::Overwrite);
                s3::object::put_object(&store, "many", &format!("note-{n}.txt"), (&body).into(), &headers, &guard)
                    .await
                    .unwrap();
            }
        });
        futures_util::stream::iter(puts).buffer_unordered(16).collect::<Vec<()>>().await;
    });
    let mut person = person;
    person.goes_to("many", "");
    person.sees("1,200 files");
    assert_eq!(shown(&person)[..3], ["note-0.txt", "note-1.txt", "note-2.txt"], "2 stands before 10");
    person.clicks_cell("", "note-0.txt");
    person.presses("End");
    assert_eq!(selected(&person), ["note-1199.txt"]);
    person.sees("note-1199.txt, TXT");
}

#[test]
fn an_empty_bucket_teaches_the_drop() {
    let mut person = with_files(&[]);
    person.sees("This bucket is empty");
    person.sees("Choose files…");
    person.sees("Files here stay private");
    person.looks_away();
    person.looks_like("empty_light");
}

#[test]
fn in_a_small_window_all_of_many_buckets_can_be_reached() {
    let mut person = Person::practises_in(Window { width: 1024.0, height: 700.0, ..Window::default() });
    (0..60).for_each(|number| person.has_bucket::<&[u8]>(&format!("team-{number:02}"), &[]));
    person.core(|core| core.dispatch(BrowseCommand::RefreshBuckets.into()));
    person.waits_until("all are in the list", |model| model.session.as_ref().unwrap().bucket_names().count() == 60);
    person.goes_to("team-00", "");
    person.clicks("Buckets");
    person.sees_widget_named("team-03");
    // Only what is in sight is there, and the way to a new one stays within the window.
    assert!(!person.does_see("team-59"));
    person.sees_widget_named("Set up a bucket");
    person.scrolls("team-05", -3_000.0);
    person.clicks("team-59");
    person.waits_until("the last one is open", |model| {
        model.session.as_ref().unwrap().place.as_ref().is_some_and(|place| place.bucket == "team-59")
    });
}

#[test]
fn a_refused_listing_names_the_permission() {
    let person = Person::practises_in(Window::default());
    person.has_bucket("shop", &[("a.png", small(1))]);
    let deny = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:ListBucket",
        "Resource":"arn:aws:s3:::shop"}]}"#;
    person.sets_policy("shop", deny);
    let mut person = person;
    person.goes_to("shop", "");
    person.sees("You may not see what is in shop");
    person.sees("s3:ListBucket");
    person.clicks("Copy a message to the administrator");
    let message = person.has_copied();
    assert!(message.contains("Permission: s3:ListBucket\nOn: arn:aws:s3:::shop"), "{message}");
    assert!(!person.does_see("Copy the policy statement"), "what a policy forbids no other statement allows");
    person.does(async |store| s3::policy::delete_bucket_policy(&store, "shop").await.unwrap());
    person.clicks("Try again");
    person.sees("a.png, 60 × 40");
}

#[test]
fn a_file_that_may_not_be_read_says_why() {
    let mut person = Person::practises_in(Window::default());
    person.has_bucket("shop", &[("a.png", small(1))]);
    let deny = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObject",
        "Resource":"arn:aws:s3:::shop/*"}]}"#;
    person.sets_policy("shop", deny);
    person.goes_to("shop", "");
    person.waits_for_listing();
    person.clicks_cell("", "a.png");
    person.sees("Read again");
    person.clicks("Why was I refused?");
    let refused = person.model(|model| match &model.modal {
        Some(Modal::WhyRefused(why)) => (why.action.clone(), why.resource.clone()),
        _ => (None, None),
    });
    assert_eq!(refused, (Some("s3:GetObject".to_owned()), Some("arn:aws:s3:::shop/a.png".to_owned())));
    person.presses("Escape");
    person.presses("Space");
    person.sees("a.png cannot be shown");
}

/// Prints how long a frame takes while ten thousand files scroll by; what is asserted is that work stays bounded.
#[test]
fn ten_thousand_files_scroll_by() {
    let mut person = with_files(&[("one.png", small(1))]);
    let key = |n: usize| format!("img-{n:05}.png");
    person.core(|core| {
        let listing = &mut core.model.session.as_mut().unwrap().listing;
        let one = listing.objects[0].clone();
        listing.objects = (0..10_000).map(|n| ObjectSummary { key: key(n), ..one.clone() }).collect();
        gallery::listing_changed(core);
    });
    person.sees("10,000 files");
    person.points_at("img-00000.png");
    let mut frames = person.times_scrolling(120, -900.0);
    frames.sort();
    eprintln!("scrolling 10,000 files: median {:?}, slowest {:?} a frame", frames[60], frames[119]);
    assert!(person.core(|core| core.parts.pictures.outstanding()) <= 600);
    person.clicks("Show as rows");
    person.points_at("Select all");
    person.presses("Ctrl+A");
    let mut frames = person.times_scrolling(120, -900.0);
    frames.sort();
    eprintln!("the same as rows, all selected: median {:?}, slowest {:?} a frame", frames[60], frames[119]);
    person.presses("End");
    person.sees(&key(9_999));
}

/// A bucket that is pleasant to look at, with a few odd files in it; times are fixed.
fn acme(window: Window) -> Person {
    let person = Person::practises_in(window);
    let names = [
        "arcade-noon.jpg",
        "dunes-evening.jpg",
        "harbour-sunset.jpg",
        "hills-spring.jpg",
        "lake-morning.jpg",
        "meadow-june.jpg",
        "pass-winter.jpg",
        "ridges-fog.jpg",
        "shore-dawn.jpg",
        "terraces-rain.jpg",
        "valley-noon.jpg",
    ];
    let key = |name: &str| format!("photos/2026/{name}");
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, number) in names.iter().zip(1..) {
        files.push((key(name), file(ImageFormat::Jpeg, number, 480, 320)));
    }
    files.push((key("banner-spring.png"), b"<!doctype html><html><body>Moved</body></html>".to_vec()));
    files.push((key("team-header.png"), file(ImageFormat::Jpeg, 13, 400, 300)));
    for folder in ["catalogue", "drafts", "team"] {
        files.push((key(&format!("{folder}/one.png")), small(1)));
    }
    let files: Vec<_> = files.iter().map(|(key, bytes)| (key.as_str(), bytes)).collect();
    person.has_bucket("acme-site-images-2026", &files);
    person.sets_policy("acme-site-images-2026", &public_read("acme-site-images-2026"));
    let mut person = person;
    person.goes_to("acme-site-images-2026", "photos/2026/");
    for name in &names[..8] {
        person.sees(&format!("{name}, 480 × 320"));
    }
    person.sees("banner-spring.png, broken");
    person.clicks_cell("", "lake-morning.jpg");
    person.sees("Seen just now");
    person.sees("max-age=3600");
    person.stops_the_clocks();
    person
}

#[test]
fn the_gallery_looks_as_drawn() {
    let mut person = acme(Window::default());
    person.looks_away();
    person.looks_like("gallery_light");
    person.clicks("Show as rows");
    person.looks_away();
    person.looks_like("gallery_rows_light");
}

#[test]
fn the_gallery_looks_as_drawn_in_the_dark() {
    let mut person = acme(Window { dark: true, ..Window::default() });
    person.looks_away();
    person.looks_like("gallery_dark");
}

#[test]
fn the_gallery_looks_as_drawn_in_a_small_window() {
    let mut person = acme(Window { width: 1024.0, height: 700.0, dark: false });
    person.looks_away();
    person.looks_like("gallery_1024x700");
}

#[test]
fn f5_reads_the_list_of_buckets_again_where_one_stands_in_none() {
    let mut person = Person::practises_in(Window::default());
    person.sees("No buckets yet");
    person.has_bucket::<&[u8]>("acme-late", &[]);
    person.presses("F5");
    person.sees("acme-late");
}
