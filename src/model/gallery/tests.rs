use jiff::Timestamp;
use test_case::test_case;

use super::*;
use crate::domain::object::ObjectSummary;
use crate::model::browse::Place;

fn listing(objects: &[(&str, u64, i64)]) -> Listing {
    let objects = objects.iter().map(|(key, size, second)| ObjectSummary {
        key: (*key).to_owned(),
        size_bytes: *size,
        modified: Timestamp::from_second(*second).ok(),
        etag: None,
        storage_class: None,
    });
    Listing { objects: objects.collect(), folders: vec!["p/zoo/".into(), "p/Ant/".into()], ..Listing::default() }
}

fn place() -> Place {
    Place { bucket: "b".into(), prefix: "p/".into() }
}

fn names(gallery: &GalleryModel, listing: &Listing) -> Vec<String> {
    gallery.shown.iter().map(|&index| listing.objects[index].name().to_owned()).collect()
}

fn three() -> Listing {
    listing(&[("p/img10.jpg", 5, 3), ("p/IMG2.jpg", 9, 1), ("p/img1.jpg", 7, 2)])
}

#[test_case(SortBy::Name, false, &["img1.jpg", "IMG2.jpg", "img10.jpg"]; "numbers count as numbers and case does not")]
#[test_case(SortBy::Name, true, &["img10.jpg", "IMG2.jpg", "img1.jpg"]; "names backwards")]
#[test_case(SortBy::Size, false, &["img10.jpg", "img1.jpg", "IMG2.jpg"]; "by size")]
#[test_case(SortBy::Modified, false, &["IMG2.jpg", "img1.jpg", "img10.jpg"]; "by time")]
fn orders(sort: SortBy, descending: bool, expected: &[&str]) {
    let listing = three();
    let mut gallery = GalleryModel { sort, descending, ..GalleryModel::default() };
    gallery.rebuild(&place(), &listing);
    assert_eq!(names(&gallery, &listing), expected);
    assert_eq!(gallery.folders, [1, 0], "Ant stands before zoo");
}

#[test]
fn a_filter_looks_at_names_and_not_at_the_folder_they_are_in() {
    let listing = three();
    let mut gallery = GalleryModel { filter: "IMG1".into(), ..GalleryModel::default() };
    gallery.rebuild(&place(), &listing);
    assert_eq!(names(&gallery, &listing), ["img1.jpg", "img10.jpg"]);
    gallery.filter = "p/".into();
    gallery.rebuild(&place(), &listing);
    assert!(gallery.shown.is_empty());
}

#[test]
fn shift_takes_all_between_and_ctrl_one_more() {
    let listing = three();
    let mut gallery = GalleryModel::default();
    gallery.rebuild(&place(), &listing);
    gallery.select(&listing, "p/img1.jpg", Pick::Only);
    gallery.select(&listing, "p/img10.jpg", Pick::Range);
    assert_eq!(gallery.targets(&listing), ["p/img1.jpg", "p/IMG2.jpg", "p/img10.jpg"]);
    gallery.select(&listing, "p/IMG2.jpg", Pick::Toggle);
    assert_eq!(gallery.targets(&listing), ["p/img1.jpg", "p/img10.jpg"]);
}

#[test]
fn the_keyboard_walks_and_stops_at_the_ends() {
    let listing = three();
    let mut gallery = GalleryModel::default();
    gallery.rebuild(&place(), &listing);
    gallery.move_focus(&listing, Move::By(1), false);
    assert_eq!(gallery.focus.as_deref(), Some("p/img1.jpg"), "the first step finds the first image");
    gallery.move_focus(&listing, Move::By(-1), false);
    assert_eq!(gallery.focus.as_deref(), Some("p/img1.jpg"));
    gallery.move_focus(&listing, Move::By(5), true);
    assert_eq!(gallery.focus.as_deref(), Some("p/img10.jpg"), "past the end is the end");
    assert_eq!(gallery.selection.len(), 3, "shift took all along");
}

#[test]
fn what_is_gone_is_not_selected() {
    let mut listing = three();
    let mut gallery = GalleryModel::default();
    gallery.rebuild(&place(), &listing);
    gallery.select(&listing, "p/img1.jpg", Pick::Only);
    listing.objects.retain(|object| object.key != "p/img1.jpg");
    gallery.rebuild(&place(), &listing);
    assert_eq!((gallery.subject(), gallery.selection.len()), (None, 0));
}
