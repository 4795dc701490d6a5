use super::*;
use proptest::prelude::*;
use std::path::Component;
use test_case::test_case;

fn rules(key: &str) -> Vec<KeyRule> {
    check(key).into_iter().map(|f| f.rule).collect()
}

#[test_case("a"; "k1 shortest")]
#[test_case(&"a".repeat(1024); "k1 longest")]
#[test_case(&"€".repeat(341); "k1 1023 bytes of euros")]
#[test_case("日本.png"; "k3 any printable")]
#[test_case("a/b-c_(1)!*'.jpg"; "k4 the safe set")]
#[test_case("soap/x"; "k11 only the whole key")]
#[test_case("icons/CONTRACT.txt"; "k12 only whole names")]
fn nothing_to_say(key: &str) {
    assert_eq!(check(key), []);
}

#[test_case("", KeyRule::Empty; "k1 empty")]
#[test_case(&"a".repeat(1025), KeyRule::TooLong; "k1 1025")]
#[test_case(&"€".repeat(342), KeyRule::TooLong; "k1 1026 bytes of euros")]
fn refused(key: &str, rule: KeyRule) {
    let found = check(key);
    assert_eq!((found.len(), found[0].rule, found[0].severity), (1, rule, Severity::Error));
}

#[test_case("a\u{1}b", &[KeyRule::ControlCharacters]; "k3 control character")]
#[test_case("a&b", &[KeyRule::NeedsEncoding]; "k5 ampersand")]
#[test_case("a b.jpg", &[KeyRule::NeedsEncoding]; "k5 space")]
#[test_case("a:b", &[KeyRule::NeedsEncoding, KeyRule::WindowsName]; "k5 k12 colon")]
#[test_case("a\\b", &[KeyRule::Avoid]; "k6 backslash")]
#[test_case("100%", &[KeyRule::Avoid]; "k6 percent")]
#[test_case("a\u{85}", &[KeyRule::Avoid]; "k6 unprintable beyond ascii")]
#[test_case("./a", &[KeyRule::DotSegments]; "k7 leading dot")]
#[test_case("x/../y", &[KeyRule::DotSegments]; "k7 up")]
#[test_case("photos/", &[KeyRule::FolderMarker]; "k8 folder")]
#[test_case("name.", &[KeyRule::TrailingDot, KeyRule::WindowsName]; "k9 trailing dot")]
#[test_case("/a", &[KeyRule::EmptySegments]; "k10 leading slash")]
#[test_case("a//b", &[KeyRule::EmptySegments]; "k10 two slashes")]
#[test_case("soap", &[KeyRule::Soap]; "k11 soap")]
#[test_case("x/con.txt", &[KeyRule::WindowsName]; "k12 device name")]
#[test_case("x/Lpt9", &[KeyRule::WindowsName]; "k12 numbered device name")]
#[test_case("trailing ", &[KeyRule::NeedsEncoding, KeyRule::WindowsName]; "k12 trailing space")]
fn warned(key: &str, expected: &[KeyRule]) {
    assert_eq!(rules(key), expected);
    assert!(check(key).iter().all(|f| f.severity == Severity::Warning && !f.sentence.ends_with('.')));
}

#[test]
fn names_the_characters() {
    assert_eq!(check("a b & c")[0].sentence, "Must be encoded in a URL: space &");
}

#[test_case("a b.jpg", "a%20b.jpg"; "space is never a plus")]
#[test_case("a+b.jpg", "a%2Bb.jpg"; "plus")]
#[test_case("100%.txt", "100%25.txt"; "percent")]
#[test_case("日本.png", "%E6%97%A5%E6%9C%AC.png"; "japanese")]
#[test_case("a/b c/d", "a/b%20c/d"; "slashes stay")]
#[test_case("a#b?c", "a%23b%3Fc"; "fragment and query")]
#[test_case("it's(1)!.txt", "it%27s%281%29%21.txt"; "canonical form")]
#[test_case("a//b", "a//b"; "nothing collapses")]
#[test_case("x/../y", "x/../y"; "nothing is resolved")]
#[test_case("~x", "~x"; "tilde")]
#[test_case("A", "A"; "k2 case is kept")]
fn encodes(key: &str, path: &str) {
    assert_eq!(encode_path(key), path);
    assert_eq!(decode_path(path).as_deref(), Some(key));
}

#[test]
fn decoding_leaves_plus_and_refuses_other_bytes() {
    assert_eq!(decode_path("a+b").as_deref(), Some("a+b"));
    assert_eq!(decode_path("%FF"), None);
    assert_eq!(encode_segment("a/b"), "a%2Fb");
}

#[test_case("photos/a.jpg", "photos/a.jpg"; "plain")]
#[test_case("../../etc/passwd", "__/__/etc/passwd"; "upwards")]
#[test_case("/etc/passwd", "_/etc/passwd"; "absolute")]
#[test_case("C:/x", "C_/x"; "drive letter")]
#[test_case("C:\\x\\..\\y", "C__x_.._y"; "backslashes")]
#[test_case("a//b", "a/_/b"; "empty part")]
#[test_case("nul", "_nul"; "device name")]
#[test_case("COM1.txt", "_COM1.txt"; "device name with extension")]
#[test_case("name. ", "name__"; "trailing dot and space")]
#[test_case("photos/", "photos"; "folder marker")]
#[test_case("", "_"; "empty")]
fn lies_safely(key: &str, path: &str) {
    assert_eq!(local_path(key), PathBuf::from(path));
}

#[test]
fn long_names_keep_their_ending() {
    let name = local_name(&format!("{}.jpeg", "é".repeat(300)));
    assert!(name.len() <= 200 && name.ends_with("é.jpeg"));
}

proptest! {
    #[test]
    fn encoding_and_decoding_return_the_key(key in "\\PC{0,60}") {
        let path = encode_path(&key);
        prop_assert!(path.is_ascii());
        prop_assert_eq!(decode_path(&path), Some(key));
    }

    #[test]
    fn local_paths_stay_below_their_folder(key in "[./\\\\:a-z \u{0}-\u{ff}]{0,40}") {
        let path = local_path(&key);
        let mut parts = path.components().peekable();
        prop_assert!(parts.peek().is_some());
        for part in parts {
            let Component::Normal(name) = part else { return Err(TestCaseError::fail(format!("{part:?}"))) };
            let name = name.to_str().unwrap();
            prop_assert!(!name.contains(['\\', ':']) && !name.ends_with(['.', ' ']));
        }
    }
}
