use test_case::test_case;

use crate::domain::media_type::sniff;
use crate::domain::verify::{
    Answered, Content, Observed, Outcome, Row, Severity, Totals, duplicate_of, judge, missing_variant, parse,
    variant_paths,
};

const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

/// A JPEG that everybody can see.
fn seen() -> Observed {
    Observed {
        path: "photos/a-1.jpg".to_owned(),
        url: "https://acme.example/photos/a-1.jpg".to_owned(),
        outcome: Outcome::Answered(Answered {
            status: 200,
            content_type: Some("image/jpeg".to_owned()),
            cache_control: Some("public, max-age=86400".to_owned()),
            size_bytes: Some(120_000),
            ..Answered::default()
        }),
        stranger: None,
        cors: vec![
            ("https://shop.example".to_owned(), Some("https://shop.example".to_owned())),
            ("https://any.example".to_owned(), Some("*".to_owned())),
            ("https://other.example".to_owned(), Some("https://shop.example".to_owned())),
            ("https://none.example".to_owned(), None),
        ],
        content: Some(Content { kind: sniff(JPEG), size: Some((1600, 900)), ..Content::default() }),
    }
}

fn answered(status: u16, code: Option<&str>) -> Outcome {
    Outcome::Answered(Answered { status, code: code.map(str::to_owned), ..Answered::default() })
}

fn found(rule: &str, seen: &Observed) -> Vec<String> {
    let findings = judge(&parse(&format!("[[rule]]\n{rule}")).unwrap(), seen);
    findings.iter().map(|it| format!("{} {}: {}", it.severity.word(), it.check.word(), it.sentence)).collect()
}

#[test_case("access = \"public\""; "public")]
#[test_case("status = [200, 204]"; "status")]
#[test_case("https = true"; "https")]
#[test_case("content_type = \"image/jpeg\""; "type")]
#[test_case("content_type = \"image/*\""; "any image")]
#[test_case("content_type_matches_bytes = true"; "type and bytes")]
#[test_case("decodes = true"; "decodes")]
#[test_case("width = { min = 1600, max = 1600 }"; "width on the bound")]
#[test_case("height = { min = 1, max = 900 }"; "height")]
#[test_case("bytes = { max = \"120 KB\" }"; "bytes")]
#[test_case("aspect = [\"4:3\", \"16:9\"]"; "one of the shapes")]
#[test_case("cache_control = { max_age_min = \"1d\", contains = [\"Public\"] }"; "cache control")]
#[test_case("cors = [\"https://shop.example\", \"https://any.example\"]"; "cors")]
#[test_case("key = \"[a-z]-*.jpg\""; "name")]
#[test_case("key_characters = \"a-z0-9/.-\""; "characters")]
#[test_case("match = \"other/**\"\naccess = \"private\""; "a rule about others")]
#[test_case("except = \"**/a-1.jpg\"\naccess = \"private\""; "an exception")]
fn nothing_to_say(rule: &str) {
    assert_eq!(found(rule, &seen()), [""; 0]);
}

#[test_case("access = \"private\"", "error access: Anyone on the internet can see it, and nobody should"; "exposed")]
#[test_case("status = [404, 410]", "error status: The answer is 200 instead of 404 or 410"; "another status")]
#[test_case("content_type = [\"image/png\", \"image/webp\"]", "error content-type: Its Content-Type is image/jpeg; it should be image/png or image/webp"; "another type")]
#[test_case("width = { max = 1200 }", "error width: It is 1,600 pixels wide, more than 1,200"; "too wide")]
#[test_case("width = { min = 2000 }", "error width: It is 1,600 pixels wide, less than 2,000"; "too narrow")]
#[test_case("height = 600", "error height: It is 900 pixels high, more than 600"; "too high")]
#[test_case("bytes = { max = \"100 KB\" }", "error bytes: It is 120 KB, more than 100 KB"; "too heavy")]
#[test_case("bytes = { min = \"1 MB\" }", "error bytes: It is 120 KB, less than 1.0 MB"; "too light")]
#[test_case("bytes = { max = 119_999 }", "error bytes: It is 120,000 bytes, more than 119,999 bytes"; "a little too heavy")]
#[test_case("aspect = [\"4:3\", \"1:1\"]", "error aspect: It is 1600 × 900 pixels, which is not 4:3 or 1:1"; "another shape")]
#[test_case("cache_control = { max_age_min = \"30d\" }", "error cache-control: Cache-Control is public, max-age=86400; it should be kept for 30 d at least"; "kept too briefly")]
#[test_case("cache_control = { contains = [\"public\", \"immutable\"] }", "error cache-control: Cache-Control is public, max-age=86400; immutable is missing"; "a directive is missing")]
#[test_case("cors = \"https://other.example\"", "error cors: Pages of https://other.example may not read it: only those of https://shop.example may"; "another origin")]
#[test_case("cors = \"https://none.example\"", "error cors: Pages of https://none.example may not read it: the answer has no Access-Control-Allow-Origin"; "no origin")]
#[test_case("cors = \"https://unasked.example\"", "unknown cors: Whether pages of https://unasked.example may read it could not be asked"; "an origin that was not asked as")]
#[test_case("key = [\"*.png\", \"*.webp\"]", "error key: The name is not of the pattern *.png or *.webp"; "another name")]
#[test_case("key_characters = \"a-z/.\"", "error key: The name holds - 1, and only a-z/. may be in it"; "other characters")]
#[test_case("severity = \"warning\"\nheight = 600", "warning height: It is 900 pixels high, more than 600"; "a rule that warns")]
fn not_as_expected(rule: &str, said: &str) {
    assert_eq!(found(rule, &seen()), [said]);
}

#[test_case("access = \"public\"", 403, Some("AccessDenied"), "error access: Strangers are refused with 403 AccessDenied, and anyone should see it"; "refused")]
#[test_case("access = \"public\"", 404, Some("NoSuchKey"), "error access: It is not there for strangers: the answer is 404 NoSuchKey"; "gone")]
#[test_case("access = \"public\"", 400, None, "error access: Strangers do not get the file: the answer is 400"; "a bad request")]
#[test_case("access = \"public\"", 503, Some("SlowDown"), "unknown access: Whether strangers can see it could not be told: the server answers 503 SlowDown"; "busy")]
#[test_case("access = \"private\"", 404, None, "unknown access: The answer is 404, which says neither that it is private nor that it is not"; "private and not there")]
#[test_case("access = \"private\"", 500, None, "unknown access: Whether strangers can see it could not be told: the server answers 500"; "private and broken")]
#[test_case("status = 200", 404, None, "error status: The answer is 404 instead of 200"; "status")]
#[test_case("decodes = true", 403, Some("AccessDenied"), "error status: It cannot be fetched: the answer is 403 AccessDenied"; "content of what is refused")]
#[test_case("decodes = true", 429, None, "unknown status: The server answers 429, so nothing could be told"; "content while it is busy")]
#[test_case("access = \"public\"\nwidth = 5", 403, None, "error access: Strangers are refused with 403, and anyone should see it"; "told once")]
fn an_answer_that_is_no_file(rule: &str, status: u16, code: Option<&str>, said: &str) {
    let seen = Observed { outcome: answered(status, code), content: None, ..seen() };
    assert_eq!(found(rule, &seen), [said]);
}

#[test_case("access = \"private\"", 403; "private")]
#[test_case("access = \"private\"\nwidth = 5", 401; "what is private is not looked into")]
#[test_case("status = 404\nwidth = 5", 404; "what is gone is not looked into")]
#[test_case("https = true", 404; "no more is expected than an address")]
fn refusals_that_are_as_expected(rule: &str, status: u16) {
    let seen = Observed { outcome: answered(status, None), content: None, ..seen() };
    assert_eq!(found(rule, &seen), [""; 0]);
}

#[test]
fn a_redirect_says_where_to() {
    let to = Answered { status: 301, location: Some("https://b.example/".to_owned()), ..Answered::default() };
    let seen = Observed { outcome: Outcome::Answered(to), content: None, ..seen() };
    let said = "error access: Strangers do not get the file: the answer is 301 to https://b.example/";
    assert_eq!(found("access = \"public\"", &seen), [said]);
}

#[test]
fn nobody_who_answers_leaves_it_open() {
    let seen = Observed { outcome: Outcome::Unanswered("Nobody listens there".to_owned()), content: None, ..seen() };
    assert_eq!(found("access = \"public\"\nwidth = 5", &seen), ["unknown access: Nobody listens there"]);
    assert_eq!(found("status = 200", &seen), ["unknown status: Nobody listens there"]);
    assert_eq!(found("width = 5", &seen), ["unknown status: Nobody listens there"]);
}

#[test_case(403, "private", None; "hidden from strangers and seen with a sign-in")]
#[test_case(404, "private", None; "hidden as if it were not there")]
#[test_case(200, "private", Some("Anyone on the internet can see it, and nobody should"); "open")]
#[test_case(403, "public", Some("Strangers are refused with 403, and anyone should see it"); "closed")]
fn with_a_sign_in_strangers_are_asked_apart(status: u16, access: &str, said: Option<&str>) {
    let seen = Observed { stranger: Some(answered(status, None)), ..seen() };
    let mut wanted: Vec<String> = said.map(|said| format!("error access: {said}")).into_iter().collect();
    // The file itself is looked into all the same.
    wanted.push("error width: It is 1,600 pixels wide, more than 5".to_owned());
    assert_eq!(found(&format!("access = \"{access}\"\nwidth = 5"), &seen), wanted);
}

#[test_case(Some("image/png"), JPEG, Some("Its Content-Type is image/png, but the bytes are a JPEG"); "another image")]
#[test_case(Some("application/octet-stream"), PNG, Some("Its Content-Type is application/octet-stream, but the bytes are a PNG"); "no type at all")]
#[test_case(None, PNG, Some("Its Content-Type is missing, but the bytes are a PNG"); "a missing type")]
#[test_case(Some("image/jpeg"), b"<!doctype html>", Some("Its Content-Type is image/jpeg, but the bytes are a web page"); "a web page for an image")]
#[test_case(Some("image/jpeg"), b"hello", Some("Its Content-Type is image/jpeg, but the bytes are no image that is known"); "text for an image")]
#[test_case(Some("image/jpeg"), b"PK\x03\x04\x14\0", Some("Its Content-Type is image/jpeg, but the bytes are a ZIP archive"); "an archive for an image")]
#[test_case(Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document"), b"PK\x03\x04\x14\0", None; "a container")]
#[test_case(Some("text/css"), b"body {}", None; "what nobody can tell")]
#[test_case(Some("image/vnd.microsoft.icon"), b"\0\0\x01\0\x01\0\x10\x10", None; "two names of one type")]
#[test_case(Some("Image/JPEG; x=y"), JPEG, None; "parameters and capitals")]
#[test_case(Some("text/plain"), b"<!doctype html>", Some("Its Content-Type is text/plain, but the bytes are a web page"); "a web page as text")]
fn types_and_bytes(declared: Option<&str>, bytes: &[u8], said: Option<&str>) {
    let answer = Answered { status: 200, content_type: declared.map(str::to_owned), ..Answered::default() };
    let content = Some(Content { kind: sniff(bytes), ..Content::default() });
    let seen = Observed { outcome: Outcome::Answered(answer), content, ..seen() };
    let wanted: Vec<String> = said.map(|said| format!("error matches-bytes: {said}")).into_iter().collect();
    assert_eq!(found("content_type_matches_bytes = true", &seen), wanted);
}

#[test]
fn a_broken_picture_is_told_once() {
    let problem = Some("Cut off: the file ends before the image does".to_owned());
    let content = Some(Content { kind: sniff(JPEG), problem, ..Content::default() });
    let seen = Observed { content, ..seen() };
    let cut = "error decodes: Cut off: the file ends before the image does";
    assert_eq!(found("decodes = true\nwidth = 5\naspect = \"1:1\"", &seen), [cut]);
    let avif = Some(Content {
        problem: Some("AVIF is not shown here; browsers may show it".to_owned()),
        is_undecided: true,
        ..Content::default()
    });
    let unread_here = "unknown decodes: AVIF is not shown here; browsers may show it";
    assert_eq!(found("decodes = true\nwidth = 5", &Observed { content: avif, ..seen.clone() }), [unread_here]);
    let unread = "error width: Its size in pixels cannot be read. Cut off: the file ends before the image does.";
    assert_eq!(found("width = 5\naspect = \"1:1\"", &seen), [unread]);
}

#[test]
fn what_is_stored_compressed_is_left_open() {
    let problem = Some("It is stored compressed (gzip), so its bytes were not looked into".to_owned());
    let content = Some(Content { problem, is_undecided: true, ..Content::default() });
    let said = found("content_type_matches_bytes = true", &Observed { content, ..seen() });
    assert_eq!(said, ["unknown matches-bytes: It is stored compressed (gzip), so its bytes were not looked into"]);
}

#[test]
fn headers_that_are_not_there_are_named() {
    let bare = Observed { outcome: answered(200, None), content: None, ..seen() };
    let said = found(
        "content_type = \"image/*\"\nbytes = { max = 5 }\ncache_control = { max_age_min = 5, contains = \"public\" }",
        &bare,
    );
    assert_eq!(
        said,
        [
            "error content-type: It has no Content-Type; it should be image/*",
            "unknown bytes: The server does not tell how large it is",
            "error cache-control: It has no Cache-Control; public is missing",
            "error cache-control: It has no Cache-Control; it should be kept for 5.0 s at least",
        ]
    );
}

#[test]
fn plain_http_and_odd_characters() {
    let plain = Observed { url: "http://acme.example/a".to_owned(), path: "a b\u{1}é".to_owned(), ..seen() };
    assert_eq!(found("https = true", &plain).len(), 1);
    let said = "error key: The name holds \\u{1} a blank é, and only a-z may be in it";
    assert_eq!(found("key_characters = \"a-z\"", &plain), [said]);
}

#[test]
fn every_rule_that_matches_counts() {
    let rules = parse(
        "[[rule]]\nname = \"one\"\nheight = 1\n[[rule]]\nname = \"two\"\nmatch = \"*.jpg\"\nwidth = 1\n\
         [[rule]]\nmatch = \"*.png\"\nwidth = 1\n",
    );
    let names: Vec<String> = judge(&rules.unwrap(), &seen()).into_iter().map(|it| it.rule).collect();
    assert_eq!(names, ["one", "two"]);
}

#[test_case("{stem}.webp", "p/a.jpg", &["p/a.webp"]; "beside it")]
#[test_case("{stem}.webp", "p/a.webp", &[]; "the file itself")]
#[test_case("small/{name}", "p/a.jpg", &["p/small/a.jpg"]; "below it")]
#[test_case("/thumbs/{folder}{stem}-200.{ext}", "p/q/a.jpg", &["thumbs/p/q/a-200.jpg"]; "elsewhere")]
#[test_case("{stem}.webp", "a", &["a.webp"]; "no extension")]
#[test_case("{stem}.webp", "p/.hidden", &["p/.hidden.webp"]; "a hidden file")]
fn variants(template: &str, path: &str, wanted: &[&str]) {
    let rules = parse(&format!("[[rule]]\nvariants = \"{template}\"")).unwrap();
    assert_eq!(variant_paths(&rules.rules[0], path), wanted);
}

#[test]
fn what_compares_files_is_told_in_words() {
    let rules = parse("[[rule]]\nunique_content = true\nseverity = \"warning\"").unwrap();
    let rule = &rules.rules[0];
    assert_eq!(duplicate_of(rule, "a.jpg", 0).sentence, "The same content as a.jpg");
    assert_eq!(duplicate_of(rule, "a.jpg", 2).sentence, "The same content as a.jpg and 2 other files");
    let missing = missing_variant(rule, "a.webp");
    assert_eq!(missing.severity, Severity::Warning);
    assert_eq!(missing.sentence, "a.webp should be there as well, and is not among what was checked");
}

/// One rule says who gets it, another looks inside: the refusal is said once, or not at all where it was wished.
#[test_case("private", "", "", &[]; "refused as was wished")]
#[test_case("public", "", "", &["access"]; "refused, and said by the rule about it")]
#[test_case("private", "severity = \"warning\"", "", &["status"]; "a rule that only warns does not speak for one that fails")]
#[test_case("public", "", "severity = \"warning\"", &["access"]; "the weightier speaks for the lighter")]
fn a_refusal_is_said_once(access: &str, first: &str, second: &str, checks: &[&str]) {
    let text = format!("[[rule]]\naccess = \"{access}\"\n{first}\n[[rule]]\ndecodes = true\n{second}");
    let refused = Observed { outcome: answered(403, Some("AccessDenied")), content: None, ..seen() };
    let findings = judge(&parse(&text).unwrap(), &refused);
    assert_eq!(findings.iter().map(|it| it.check.word()).collect::<Vec<_>>(), checks);
}

#[test]
fn files_are_counted_by_the_worst_that_is_new() {
    use crate::domain::verify::{Change, Check, Finding};
    let finding = |severity, change| Finding {
        rule: String::new(),
        check: Check::Key,
        severity,
        sentence: String::new(),
        change,
    };
    let row = |findings| Row { checked: true, findings, ..Row::default() };
    let mut totals = Totals::default();
    totals.add(&row(vec![]));
    totals.add(&row(vec![finding(Severity::Warning, None), finding(Severity::Error, None)]));
    totals
        .add(&row(vec![finding(Severity::Warning, Some(Change::New)), finding(Severity::Error, Some(Change::Known))]));
    totals.add(&row(vec![finding(Severity::Error, Some(Change::Known))]));
    totals.add(&row(vec![finding(Severity::Unknown, None)]));
    totals.add(&Row::default());
    let wanted =
        Totals { files: 6, as_expected: 1, errors: 1, warnings: 1, unknown: 1, known: 1, without_rule: 1, resolved: 0 };
    assert_eq!(totals, wanted);
}
