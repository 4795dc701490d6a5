use test_case::test_case;

use crate::domain::verify::{Access, Bounds, Depth, Rule, Severity, parse};

fn rule(text: &str) -> Rule {
    let mut read = parse(&format!("[[rule]]\n{text}\n")).unwrap();
    assert_eq!(read.rules.len(), 1);
    read.rules.remove(0)
}

/// Everything that is wrong, a line each.
fn wrong(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

fn bounds(min: Option<u64>, max: Option<u64>) -> Bounds {
    Bounds { min, max }
}

#[test_case("access = \"public\"", |it| it.access == Some(Access::Public); "public")]
#[test_case("access = \"private\"", |it| it.access == Some(Access::Private); "private")]
#[test_case("status = 200", |it| it.status == [200]; "one status")]
#[test_case("status = [200, 301]", |it| it.status == [200, 301]; "statuses")]
#[test_case("https = true", |it| it.https; "https")]
#[test_case("content_type = \"Image/JPEG\"", |it| it.content_type == ["image/jpeg"]; "one type, in any case")]
#[test_case("content_type = [\"image/*\", \"text/css\"]", |it| it.content_type == ["image/*", "text/css"]; "types")]
#[test_case("content_type_matches_bytes = true", |it| it.matches_bytes; "matches bytes")]
#[test_case("decodes = true", |it| it.decodes; "decodes")]
#[test_case("width = { min = 100, max = 4000 }", |it| it.width == bounds(Some(100), Some(4000)); "width")]
#[test_case("height = 600", |it| it.height == bounds(Some(600), Some(600)); "an exact height")]
#[test_case("width = { max = 1_920 }", |it| it.width == bounds(None, Some(1920)); "an underscore")]
#[test_case("bytes = { max = \"2 MB\" }", |it| it.bytes == bounds(None, Some(2_000_000)); "a size in words")]
#[test_case("bytes = { min = 0x10 }", |it| it.bytes == bounds(Some(16), None); "a hexadecimal number")]
#[test_case("aspect = \"16:9\"", |it| it.aspect[0].to_string() == "16:9"; "an aspect")]
#[test_case("aspect = [\"4:3\", \"3:4\"]\naspect_tolerance = 2.5", |it| it.aspect.len() == 2 && it.aspect_tolerance == 2.5; "aspects")]
#[test_case("cache_control = { max_age_min = \"30d\" }", |it| it.max_age_secs == Some(2_592_000); "an age in days")]
#[test_case("cache_control = { max_age_min = 60, contains = \"public\" }", |it| it.max_age_secs == Some(60) && it.cache_control == ["public"]; "an age in seconds")]
#[test_case("cors = \"https://shop.example\"", |it| it.cors == ["https://shop.example"]; "an origin")]
#[test_case("key = \"*.jpg\"\nmatch = \"photos/**\"", |it| it.key[0].as_str() == "*.jpg" && it.name == "photos/**"; "a pattern")]
#[test_case("key_characters = \"a-z0-9-\"", |it| it.key_characters.as_ref().unwrap().1.has('q'); "characters")]
#[test_case("variants = [\"{stem}.webp\", \"/thumbs/{folder}{name}\"]", |it| it.variants.len() == 2; "variants")]
#[test_case("unique_content = true", |it| it.unique; "unique")]
#[test_case("https = true\nname = \"pictures\"\nseverity = \"warning\"", |it| it.name == "pictures" && it.severity == Severity::Warning; "a name and a severity")]
#[test_case("https = true\nmatch = [\"a/**\", \"b/**\"]\nexcept = \"**/*.txt\"", |it| it.is_about("b/x.jpg") && !it.is_about("b/x.txt") && !it.is_about("c/x.jpg"); "match and except")]
#[test_case("https = true", |it| it.is_about("any/thing"); "everything")]
#[test_case("https = true\ndescription = \"why\"", |it| it.https; "a description")]
fn a_rule_is_read(text: &str, as_meant: impl Fn(&Rule) -> bool) {
    let read = rule(text);
    assert!(as_meant(&read), "{read:?}");
}

#[test_case("", "line 1: nothing is expected. Begin with a line [[rule]] and what holds below it"; "nothing")]
#[test_case("[[rule]]\n", "line 1, rule: nothing is expected in it, such as access = \"public\""; "an empty rule")]
#[test_case("[[rule]]\nmatch = \"a\"", "line 1, rule: nothing is expected in it, such as access = \"public\""; "only what it matches")]
#[test_case("[rule]\nhttps = true", "line 1, rule: rules are a list: write [[rule]] instead of [rule]"; "one bracket")]
#[test_case("rule = [1]", "line 1, rule: a rule is a table: write [[rule]]"; "numbers for rules")]
#[test_case("acess = \"public\"\n[[rule]]\nhttps = true", "line 1, acess: write it below a line [[rule]]"; "outside a rule")]
#[test_case("colour = 1\n[[rule]]\nhttps = true", "line 1, colour: only [[rule]] is known here"; "unknown outside a rule")]
#[test_case("[[rule]]\nwidht = 5", "line 2, widht: there is no such key. Did you mean width?"; "a typing error")]
#[test_case("[[rule]]\nHTTPS = true", "line 2, HTTPS: there is no such key. Did you mean https?"; "capitals")]
#[test_case("[[rule]]\n\n# why\ncolour = 5", "line 4, colour: there is no such key"; "unknown")]
#[test_case("[[rule]]\naccess = \"pubic\"", "line 2, access: \"pubic\" is not among public and private. Did you mean public?"; "almost public")]
#[test_case("[[rule]]\naccess = true", "line 2, access: this is a text: put it in quotes"; "no text")]
#[test_case("[[rule]]\nhttps = \"yes\"", "line 2, https: this is true or false, without quotes"; "no yes")]
#[test_case("[[rule]]\nstatus = 999", "line 2, status: a status of HTTP lies between 100 and 599"; "no status")]
#[test_case("[[rule]]\nstatus = \"200\"", "line 2, status: this is a whole number, without quotes"; "a status in quotes")]
#[test_case("[[rule]]\ncontent_type = \"jpeg\"", "line 2, content_type: \"jpeg\" is no media type; write image/jpeg or image/*"; "no media type")]
#[test_case("[[rule]]\ncontent_type = \"im*/png\"", "line 2, content_type: \"im*/png\" is no media type; write image/jpeg or image/*"; "a star elsewhere")]
#[test_case("[[rule]]\ncontent_type = \"text/css; charset=utf-8\"", "line 2, content_type: write it without what follows the ;"; "parameters")]
#[test_case("[[rule]]\ncontent_type = []", "line 2, content_type: the list is empty"; "an empty list")]
#[test_case("[[rule]]\nwidth = { min = 5, max = 4 }", "line 2, width: min is larger than max, so nothing fits"; "upside down")]
#[test_case("[[rule]]\nwidth = { least = 5 }", "line 2, width.least: there is no such key; min and max are known"; "other bounds")]
#[test_case("[[rule]]\nwidth = {}", "line 2, width: write min, max or both"; "no bounds")]
#[test_case("[[rule]]\nwidth = -5", "line 2, width: this is a whole number, without quotes"; "below nothing")]
#[test_case("[[rule]]\nwidth = { min = \"2 MB\" }", "line 2, width.min: this is a whole number, without quotes"; "a width in bytes")]
#[test_case("[[rule]]\nbytes = { max = \"2 parsecs\" }", "line 2, bytes.max: a size is a whole number and a unit, such as \"500 KB\""; "no size")]
#[test_case("[[rule]]\naspect = \"wide\"", "line 2, aspect: write width and height as in \"16:9\""; "no aspect")]
#[test_case("[[rule]]\naspect = \"16:0\"", "line 2, aspect: write width and height as in \"16:9\""; "no height")]
#[test_case("[[rule]]\naspect = \"1:1\"\naspect_tolerance = 200", "line 3, aspect_tolerance: this is a number of percent, such as 1.5"; "no percent")]
#[test_case("[[rule]]\ncache_control = \"public\"", "line 2, cache_control: write { max_age_min = \"30d\", contains = \"public\" }, or one of them"; "cache control as a text")]
#[test_case("[[rule]]\ncache_control = { max_age_min = \"soon\" }", "line 2, cache_control.max_age_min: a time is seconds, or a text with s, m, h or d, such as \"30d\""; "no time")]
#[test_case("[[rule]]\ncors = \"*\"", "line 2, cors: Name one page’s origin; * stands in rules only"; "any origin")]
#[test_case("[[rule]]\ncors = \"https://a.example/\"", "line 2, cors: https://a.example/ has a path, so it never matches"; "an origin with a path")]
#[test_case("[[rule]]\nkey = \"[a\"", "line 2, key: \"[a\" is no pattern: a [ has no ]; write \\[ for the character itself"; "no pattern")]
#[test_case("[[rule]]\nmatch = 5\nhttps = true", "line 2, match: this is a text, or a list of texts: put it in quotes"; "a number for a pattern")]
#[test_case("[[rule]]\nkey_characters = \"z-a\"", "line 2, key_characters: \"z-a\" is no set of characters: a range in [ ] runs backwards"; "no characters")]
#[test_case("[[rule]]\nvariants = \"{stam}.webp\"", "line 2, variants: there is no {stam}; {stem}, {ext}, {name} and {folder} are known. Did you mean {stem}?"; "no placeholder")]
#[test_case("[[rule]]\nvariants = \"{stem.webp\"", "line 2, variants: a { has no }"; "an open placeholder")]
#[test_case("[[rule]]\nhttps = true\nhttps = true", "line 3: duplicate key"; "twice")]
#[test_case("[[rule]]\naccess = \"pubic\"\nwidht = 5", "line 2, access: \"pubic\" is not among public and private. Did you mean public?\nline 3, widht: there is no such key. Did you mean width?"; "all mistakes at once")]
fn a_mistake_is_named(text: &str, said: &str) {
    assert_eq!(wrong(text), said);
}

#[test]
fn what_is_no_toml_names_its_line() {
    let said = wrong("[[rule]]\nhttps = true\naccess = public\n");
    assert!(said.starts_with("line 3: "), "{said}");
}

#[test]
fn only_what_is_needed_is_asked_for() {
    let read = parse(
        "[[rule]]\nmatch = \"a/**\"\nwidth = 5\n[[rule]]\nmatch = \"a/b/**\"\ndecodes = true\ncors = \"https://x\"\n\
         [[rule]]\nmatch = \"c/**\"\naccess = \"private\"\n[[rule]]\nmatch = \"d/**\"\nunique_content = true\n",
    )
    .unwrap();
    let depth = |path: &str| read.needs(path).map(|needs| needs.depth);
    assert_eq!(depth("a/x"), Some(Depth::Beginning));
    assert_eq!(depth("a/b/x"), Some(Depth::Whole));
    assert_eq!(depth("c/x"), Some(Depth::Headers));
    assert_eq!((depth("d/x"), depth("e/x")), (Some(Depth::Whole), None));
    assert_eq!(read.needs("a/b/x").unwrap().origins, ["https://x"]);
    assert!(read.needs("c/x").unwrap().stranger && !read.needs("a/x").unwrap().stranger);
    assert!(read.needs("d/x").unwrap().digest && !read.needs("a/b/x").unwrap().digest);
}
