use super::*;
use crate::domain::connection::ConnectionId;

fn key(name: &str) -> ThumbKey {
    ThumbKey {
        connection: ConnectionId::PRACTICE,
        bucket: "b".to_owned(),
        key: name.to_owned(),
        version: "1".to_owned(),
        size_bytes: 10,
        max_edge: 256,
    }
}

fn frame(wishes: &mut Wishes, wanted: &[(&str, Priority)]) -> Option<Vec<String>> {
    for (name, priority) in wanted {
        wishes.want(key(name), *priority);
    }
    wishes.take().map(|told| told.into_iter().map(|(key, _)| key.key).collect())
}

use Priority::{Nearby, Visible};

#[test]
fn the_background_is_told_once_and_the_urgent_first() {
    let mut wishes = Wishes::default();
    assert_eq!(frame(&mut wishes, &[("near", Nearby), ("seen", Visible)]).unwrap(), ["seen", "near"]);
    assert_eq!(frame(&mut wishes, &[("near", Nearby), ("seen", Visible)]), None);
    assert!(wishes.is_asked(&key("seen")));
}

#[test]
fn what_arrives_is_no_reason_to_tell_anything() {
    let mut wishes = Wishes::default();
    frame(&mut wishes, &[("a", Visible), ("b", Visible)]);
    wishes.arrived(&key("a"));
    assert_eq!(frame(&mut wishes, &[("b", Visible)]), None, "work on b goes on undisturbed");
}

#[test]
fn scrolling_tells_what_is_not_wanted_any_more() {
    let mut wishes = Wishes::default();
    frame(&mut wishes, &[("a", Visible), ("b", Nearby)]);
    assert_eq!(frame(&mut wishes, &[("b", Visible)]).unwrap(), ["b"], "more urgent now");
    assert_eq!(frame(&mut wishes, &[]).unwrap(), Vec::<String>::new(), "another screen wants nothing");
    assert_eq!(frame(&mut wishes, &[]), None);
    assert_eq!(frame(&mut wishes, &[("b", Visible)]).unwrap(), ["b"], "and back again it is asked for anew");
}

#[test]
fn one_picture_wanted_twice_is_asked_for_once_and_too_many_wait_their_turn() {
    let mut wishes = Wishes::default();
    assert_eq!(frame(&mut wishes, &[("a", Nearby), ("a", Visible)]).unwrap(), ["a"]);
    let mut many = Wishes::default();
    for n in 0..2 * MOST_WANTED {
        many.want(key(&n.to_string()), Visible);
    }
    assert_eq!(many.take().unwrap().len(), MOST_WANTED);
}
