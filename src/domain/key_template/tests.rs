use super::*;
use crate::domain::object_key::{Severity, check};
use proptest::prelude::*;
use test_case::test_case;

fn inputs<'a>(name: &'a str, type_extension: &'a str) -> Inputs<'a> {
    Inputs {
        name,
        folder: "Trip 2026/Day 1",
        type_extension,
        now: jiff::civil::date(2026, 3, 14).at(9, 41, 7, 0),
        uuid: Uuid::nil(),
        user: "Ann O’Neil",
        counter: 7,
    }
}

#[test_case("{clean}.{type}", "Mug Lagoon (02).JPG", "jpg", "mug-lagoon-02.jpg"; "the default")]
#[test_case("{clean}.{type}", "README", "", "readme"; "no extension, no dot")]
#[test_case("{clean}.{type}", "日本.png", "png", "file.png"; "nothing left to clean")]
#[test_case("{name}.{ext}", "Mug Lagoon (02).JPG", "jpg", "Mug Lagoon (02).jpg"; "as it is")]
#[test_case("{year}/{month}/{day}/{uuid}.{type}", "a.png", "png", "2026/03/14/00000000-0000-0000-0000-000000000000.png"; "by date")]
#[test_case("{date}_{timestamp}_{clean}", "a.png", "png", "2026-03-14_20260314-094107_a"; "times")]
#[test_case("{user}/{counter:4}.{type}", "a.png", "png", "ann-oneil/0007.png"; "user and counter")]
#[test_case("{folder}/{clean}.{type}", "a.png", "png", "trip-2026/day-1/a.png"; "folders")]
#[test_case("/a//{clean}", "x", "", "a/x"; "no empty segments")]
#[test_case("{name}", "..", "", "-"; "no way upwards")]
#[test_case("{clean}.{type}", ".env", "", "env"; "hidden file")]
fn renders(template: &str, name: &str, kind: &str, key: &str) {
    assert_eq!(Template::parse(template).unwrap().render(&inputs(name, kind), MAX_BYTES), key);
}

#[test_case("", 0, "Choose at least one part"; "empty")]
#[test_case("a-{clean", 2, "This { has no closing }"; "unclosed")]
#[test_case("{cl{ean}", 0, "This { has no closing }"; "nested")]
#[test_case("{clean}}", 7, "This } has no opening {"; "unopened")]
#[test_case("ü{foo}", 2, "There is no part named {foo}"; "unknown")]
#[test_case("{counter:x}", 0, "Digits go from 1 to 9, as in {counter:4}"; "digits")]
#[test_case("{year}/x.jpg", 0, "Every file would get the same name; add {clean}, {name}, {uuid} or {counter}"; "same for all")]
fn points_at(template: &str, at: usize, words: &str) {
    let error = Template::parse(template).unwrap_err();
    assert_eq!((error.at, error.to_string().as_str()), (at, words));
}

#[test]
fn a_template_writes_itself_back() {
    for text in [DEFAULT, "{year}/{counter:4}-{name}.{ext}", "x{uuid}"] {
        assert_eq!(Template::parse(text).unwrap().to_string(), text);
    }
    assert_eq!(Template::default().to_string(), DEFAULT);
    assert!(Token::ALL.iter().all(|t| parse_token(t.id()) == Ok(*t)));
}

#[test_case("a/b.jpg", 2, 99, "a/b-2.jpg"; "before the extension")]
#[test_case("a.b/c", 3, 99, "a.b/c-3"; "dots in folders do not count")]
#[test_case("abcdef.jpg", 10, 10, "abc-10.jpg"; "within the room")]
fn numbers(key: &str, number: u64, room: usize, expected: &str) {
    assert_eq!(numbered(key, number, room), expected);
}

#[test]
fn long_names_are_cut_before_the_extension() {
    let key = Template::default().render(&inputs(&format!("{}.JPEG", "x".repeat(2000)), "jpg"), 100);
    assert_eq!((key.len(), key.ends_with("x.jpg")), (100, true));
}

proptest! {
    #[test]
    fn keys_are_always_legal(text in "([a-z./ ]|\\{name\\}|\\{clean\\}|\\{ext\\}|\\{folder\\}|\\{uuid\\}){1,8}", name in "[^\u{0}]{0,40}", room in 40usize..1024) {
        if let Ok(template) = Template::parse(&text) {
            let key = template.render(&inputs(&name, "png"), room);
            prop_assert!(!key.is_empty() && key.len() <= room, "{key}");
            prop_assert!(check(&key).iter().all(|f| f.severity != Severity::Error));
            prop_assert!(key.split('/').all(|s| !matches!(s, "" | "." | "..")), "{key}");
        }
    }
}
