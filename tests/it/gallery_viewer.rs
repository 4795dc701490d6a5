//! A person opens a picture: looks closely, steps on, and finds out who can see it.

use image::{ImageFormat, Rgba, RgbaImage};

use crate::support::pictures::{self, file};
use crate::support::stage::public_read;
use crate::support::{Person, Window};

fn opened(person: &Person) -> Option<String> {
    person.model(|model| model.gallery.opened.as_ref().map(|opened| opened.key.clone()))
}

/// Three pictures and a note; the second one is open.
fn with_second_open() -> Person {
    let mut person = Person::practises_in(Window::default());
    person.has_bucket(
        "shop",
        &[
            ("a.png", file(ImageFormat::Png, 1, 300, 200)),
            ("b.png", pictures::encode(pictures::halves([200, 16, 32], [16, 32, 200], 1600, 1000), ImageFormat::Png)),
            ("c.txt", b"between the pictures".to_vec()),
            ("d.png", file(ImageFormat::Png, 3, 64, 64)),
        ],
    );
    person.goes_to("shop", "");
    person.clicks_cell("", "b.png");
    person.presses("Space");
    person.waits_until("opening the picture", |model| model.gallery.full.known().is_some());
    person
}

#[test]
fn space_opens_arrows_step_over_what_is_no_picture_and_escape_closes() {
    let mut person = with_second_open();
    person.sees("b.png, 1600 × 1000, ");
    person.sees("2 of 3");
    person.presses("ArrowRight");
    assert_eq!(opened(&person).as_deref(), Some("d.png"));
    person.sees("3 of 3");
    person.presses("ArrowRight");
    assert_eq!(opened(&person).as_deref(), Some("d.png"), "the last is the last");
    person.presses("ArrowLeft");
    person.presses("ArrowLeft");
    assert_eq!(opened(&person).as_deref(), Some("a.png"));
    person.clicks("Next image");
    assert_eq!(opened(&person).as_deref(), Some("b.png"));
    person.clicks("Open d.png");
    assert_eq!(opened(&person).as_deref(), Some("d.png"));
    person.presses("Escape");
    assert_eq!(opened(&person), None);
    person.sees("d.png, 64 × 64");
    assert_eq!(
        person.model(|model| model.gallery.focus.clone()).as_deref(),
        Some("d.png"),
        "the keyboard is where one was"
    );
}

#[test]
fn it_says_who_can_see_it() {
    let mut person = with_second_open();
    person.sees("Can it be seen?");
    person.sees("No: strangers get 403");
    person.sets_policy("shop", &public_read("shop"));
    person.clicks("Check again");
    person.sees("Yes, by anyone");
    person.sees("200 OK, image/png");
}

#[test]
fn one_can_look_closely() {
    let mut person = with_second_open();
    person.sees("b.png, 1600 × 1000, 54 %");
    person.presses("1");
    person.sees("b.png, 1600 × 1000, 100 %");
    person.presses("ArrowRight");
    assert_eq!(opened(&person).as_deref(), Some("b.png"), "an arrow moves about in what is larger than the window");
    person.presses("0");
    person.sees("b.png, 1600 × 1000, 54 %");
    person.clicks("Zoom in");
    person.sees("b.png, 1600 × 1000, 67 %");
    person.clicks("Zoom out");
    person.sees("54 %");
    person.scrolls("b.png, 1600 × 1000", 240.0);
    person.sees("b.png, 1600 × 1000, 109 %");
    person.double_clicks_cell("b.png, 1600 × 1000");
    person.sees("b.png, 1600 × 1000, 54 %");
}

#[test]
fn facts_of_the_picture_and_the_file_stand_beside_it() {
    let mut person = with_second_open();
    person.sees("1600 × 1000 · 1.6 MP");
    person.sees("image/png");
    person.sees("season = spring");
    person.clicks("Hide the details");
    person.no_longer_sees("Can it be seen?");
    person.clicks("Show the details");
    person.sees("Can it be seen?");
    person.clicks("Copy URL");
    assert!(person.has_copied().ends_with("/shop/b.png"), "{}", person.has_copied());
}

#[test]
fn deleting_the_opened_one_asks_and_shows_the_next() {
    let mut person = with_second_open();
    person.clicks("Delete b.png");
    person.sees("Delete b.png?");
    person.clicks("Delete file");
    person.sees("b.png deleted");
    assert_eq!(opened(&person).as_deref(), Some("d.png"));
    person.sees("2 of 2");
}

#[test]
fn a_huge_picture_is_shown_whatever_the_graphics_card_takes() {
    // Wider than any texture of the test's graphics card, which takes 2048.
    let huge = RgbaImage::from_fn(5_000, 300, |x, y| Rgba([(x / 20) as u8, (y / 2) as u8, 90, 255]));
    let mut person = Person::practises_in(Window::default());
    person.has_bucket("shop", &[("wide.png", pictures::encode(huge, ImageFormat::Png))]);
    person.goes_to("shop", "");
    person.clicks_cell("", "wide.png");
    person.presses("Space");
    person.waits_until("opening the picture", |model| model.gallery.full.known().is_some());
    person.sees("wide.png, 5000 × 300, ");
    person.presses("1");
    person.sees("wide.png, 5000 × 300, 100 %");
    for _ in 0..10 {
        person.waits_a_moment();
    }
}

#[test]
fn an_animation_plays_and_can_be_held() {
    let mut person = Person::practises_in(Window::default());
    person.has_bucket(
        "shop",
        &[("turn.gif", pictures::gif(&[[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]], 40, 40))],
    );
    person.goes_to("shop", "");
    person.clicks_cell("", "turn.gif");
    person.presses("Space");
    person.sees("GIF, 3 frames");
    person.clicks("Hold the animation");
    person.sees_widget_named("Play the animation");
}

#[test]
fn what_cannot_be_shown_says_why_and_can_still_be_downloaded() {
    let mut person = Person::practises_in(Window::default());
    person.has_bucket(
        "shop",
        &[("page.png", b"<!doctype html><html></html>".to_vec()), ("notes.pdf", b"%PDF-1.4".to_vec())],
    );
    person.goes_to("shop", "");
    person.clicks_cell("", "page.png");
    person.presses("Space");
    person.sees("page.png cannot be shown");
    person.sees("Not an image: the file holds a web page");
    person.sees_widget_named("Download page.png instead");
    person.presses("Escape");
    person.clicks_cell("", "notes.pdf");
    person.presses("Space");
    person.sees("By its name this is application/pdf, which is not shown here");
}

#[test]
fn leaving_the_place_leaves_the_picture() {
    let mut person = with_second_open();
    person.has_bucket::<Vec<u8>>("other", &[]);
    person.goes_to("other", "");
    assert_eq!(opened(&person), None);
    person.sees("This bucket is empty");
}

#[test]
fn the_viewer_looks_as_drawn() {
    let mut person = Person::practises_in(Window::default());
    let files: Vec<_> = (1..=14).map(|n| (format!("view-{n:02}.jpg"), file(ImageFormat::Jpeg, n, 900, 600))).collect();
    let files: Vec<_> = files.iter().map(|(key, bytes)| (key.as_str(), bytes)).collect();
    person.has_bucket("acme-site-images-2026", &files);
    person.sets_policy("acme-site-images-2026", &public_read("acme-site-images-2026"));
    person.goes_to("acme-site-images-2026", "");
    person.clicks_cell("", "view-06.jpg");
    person.presses("Space");
    person.waits_until("opening the picture", |model| model.gallery.full.known().is_some());
    person.sees("Yes, by anyone");
    person.sees("max-age=3600");
    person.stops_the_clocks();
    person.looks_away();
    person.looks_like("viewer_light");
}
