use super::json::filter_json;
use super::*;
use serde_json::json;
use test_case::test_case;

fn rule() -> LifecycleRule {
    LifecycleRule { id: Some("logs".into()), ..expiring(90) }
}

fn expiring(days: i32) -> LifecycleRule {
    LifecycleRule { enabled: true, expiration: Some(Expiration::At(When::Days(days))), ..LifecycleRule::default() }
}

fn forgetting(days: i32, keep_newest: Option<i32>) -> LifecycleRule {
    LifecycleRule {
        enabled: true,
        noncurrent_expiration: Some(NoncurrentExpiration { days, keep_newest }),
        ..LifecycleRule::default()
    }
}

fn moving(moves: &[(&str, i32)]) -> LifecycleRule {
    let one = |(class, days): &(&str, i32)| Transition { when: When::Days(*days), class: (*class).to_owned() };
    LifecycleRule { enabled: true, transitions: moves.iter().map(one).collect(), ..LifecycleRule::default() }
}

fn legacy(prefix: &str) -> LifecycleRule {
    LifecycleRule { filter: Filter { prefix: Some(prefix.into()), legacy: true, ..Filter::default() }, ..expiring(1) }
}

fn tagged() -> Filter {
    Filter { tags: vec![("a".into(), "1".into())], ..Filter::default() }
}

#[test_case(&[], &["There must be 1 to 1,000 rules"]; "none")]
#[test_case(&[rule(), rule()], &["Two rules are named “logs”"]; "f2 same name")]
#[test_case(&[LifecycleRule { id: Some("x".repeat(256)), ..rule() }], &["The name of rule 1 is longer than 255 characters"]; "f2 long name")]
#[test_case(&[LifecycleRule { filter: Filter { tags: vec![("a".into(), "1".into()), ("a".into(), "2".into())], ..Filter::default() }, ..rule() }], &["Rule 1 names a tag twice"]; "f5")]
#[test_case(&[LifecycleRule { filter: Filter { larger_than: Some(500), smaller_than: Some(64_000), ..Filter::default() }, ..rule() }], &[]; "f6 in order")]
#[test_case(&[LifecycleRule { filter: Filter { larger_than: Some(64_000), smaller_than: Some(500), ..Filter::default() }, ..rule() }], &["In rule 1 the upper size must be greater than the lower one"]; "f6 the wrong way")]
#[test_case(&[LifecycleRule { enabled: true, ..LifecycleRule::default() }], &["Rule 1 does nothing"]; "f7")]
#[test_case(&[expiring(0)], &["Days in rule 1 must be 1 or more"]; "f8")]
#[test_case(&[LifecycleRule { filter: tagged(), expiration: Some(Expiration::LoneDeleteMarkers), ..rule() }], &["Rule 1 clears delete markers, so it cannot choose by tag or size"]; "f9")]
#[test_case(&[LifecycleRule { filter: tagged(), ..abort_rule(7) }], &["Rule 1 clears unfinished uploads, so it cannot choose by tag or size"]; "f10 tags")]
#[test_case(&[abort_rule(0)], &["Days in rule 1 must be 1 or more"]; "f10 days")]
#[test_case(&[LifecycleRule { transitions: vec![Transition { when: When::Days(29), class: "STANDARD_IA".into() }], ..rule() }], &["Rule 1 moves to STANDARD_IA before day 30"]; "f12")]
#[test_case(&[LifecycleRule { transitions: vec![Transition { when: When::Days(0), class: "GLACIER_IR".into() }], ..rule() }], &[]; "f13")]
#[test_case(&[LifecycleRule { filter: Filter { larger_than: Some(i64::MAX), ..Filter::default() }, ..rule() }], &["Rule 1 names a size that no file can have"]; "f6 too large")]
#[test_case(&[LifecycleRule { expiration: Some(Expiration::At(When::Date("2030-01-01T10:00:00Z".into()))), ..rule() }], &["The date in rule 1 must be a day, like 2030-01-31"]; "f8 ten o'clock")]
#[test_case(&[LifecycleRule { expiration: Some(Expiration::At(When::Date("2030-01-01T00:00:00Z".into()))), ..rule() }], &[]; "f8 midnight")]
#[test_case(&[forgetting(30, Some(3))], &[]; "f11 keep three")]
#[test_case(&[forgetting(30, Some(0))], &["Rule 1 can keep 1 to 100 newer versions"]; "f11 keep none")]
#[test_case(&[forgetting(30, Some(101))], &["Rule 1 can keep 1 to 100 newer versions"]; "f11 keep too many")]
#[test_case(&[forgetting(0, None)], &["Days in rule 1 must be 1 or more"]; "f11 zero days")]
#[test_case(&[LifecycleRule { filter: Filter { prefix: Some(String::new()), legacy: true, ..Filter::default() }, ..forgetting(30, Some(3)) }], &["Rule 1 is of the older form and cannot count versions to keep"]; "f11 old form")]
#[test_case(&[moving(&[("GLACIER_IR", -1)])], &["Rule 1 moves before the file is there"]; "f13 before")]
#[test_case(&[moving(&[("STANDARD_IA", 30), ("GLACIER", 60)])], &[]; "f14 a month in between")]
#[test_case(&[moving(&[("STANDARD_IA", 30), ("GLACIER", 50)])], &["In rule 1 the move to GLACIER must come 30 days or more after the move to STANDARD_IA"]; "f14 too soon")]
#[test_case(&[moving(&[("DEEP_ARCHIVE", 1), ("GLACIER", 1)])], &["In rule 1 the move to DEEP_ARCHIVE must come 1 days or more after the move to GLACIER"]; "f14 the same day")]
#[test_case(&[moving(&[("DEEP_ARCHIVE", 10), ("GLACIER", 50)])], &["Rule 1 moves to GLACIER after DEEP_ARCHIVE; files only ever get colder"]; "f14 back")]
#[test_case(&[moving(&[("GLACIER", 30), ("GLACIER", 90)])], &["Rule 1 moves to GLACIER twice"]; "f15 a class twice")]
#[test_case(&[LifecycleRule { expiration: Some(Expiration::At(When::Date("2030-01-01T00:00:00Z".into()))), ..moving(&[("GLACIER", 30)]) }], &["Rule 1 counts days here and names a date there"]; "f16 dates and days")]
#[test_case(&[LifecycleRule { expiration: Some(Expiration::At(When::Days(365))), ..moving(&[("GLACIER", 30)]) }], &[]; "f17 in order")]
#[test_case(&[LifecycleRule { expiration: Some(Expiration::At(When::Days(60))), ..moving(&[("GLACIER", 90)]) }], &["Rule 1 deletes before it has moved"]; "f17 the wrong way")]
#[test_case(&[LifecycleRule { id: Some("a".into()), ..legacy("") }, LifecycleRule { id: Some("b".into()), ..legacy("a/") }], &["Rules 1 and 2 of the older form do the same to the same files"]; "f18 the older form overlaps")]
#[test_case(&[legacy("a/"), legacy("b/")], &[]; "f18 side by side")]
#[test_case(&[legacy("a/"), rule()], &["Rules of the older form (prefix without filter) cannot stand beside newer ones"]; "f3 both forms")]
#[test_case(&[moving(&[("STANDARD", 30)])], &["Rule 1 moves to STANDARD, which no rule can move to"]; "f19 back to standard")]
fn checks(rules: &[LifecycleRule], expected: &[&str]) {
    assert_eq!(check(rules).iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
}

#[test]
fn merging_adds_one_rule_and_keeps_the_others() {
    assert_eq!(merge_abort(&[rule()], 7), Some(vec![rule(), abort_rule(7)]));
    assert_eq!(merge_abort(&[abort_rule(3)], 7), None);
    assert_eq!(merge_abort(&[abort_rule(30), rule()], 7), Some(vec![rule(), abort_rule(7)]));
    let off = LifecycleRule { enabled: false, ..abort_rule(3) };
    assert_eq!(merge_abort(&[off], 7), Some(vec![abort_rule(7)]));
    let narrow =
        LifecycleRule { id: None, filter: Filter { prefix: Some("a/".into()), ..Filter::default() }, ..abort_rule(1) };
    assert_eq!(merge_abort(std::slice::from_ref(&narrow), 7).unwrap().len(), 2);
}

#[test]
fn never_mixes_old_and_new_filters() {
    let old =
        LifecycleRule { filter: Filter { prefix: Some("logs/".into()), legacy: true, ..Filter::default() }, ..rule() };
    let merged = merge_abort(&[old], 7).unwrap();
    assert!(merged.iter().all(|r| r.filter.legacy));
    assert_eq!(to_json(&merged)["Rules"][1]["Prefix"], "");
}

#[test]
fn written_as_the_cli_does() {
    assert_eq!(
        to_json(&[abort_rule(7)]),
        json!({"Rules": [{"ID": ABORT_RULE_ID, "Status": "Enabled", "Filter": {}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]})
    );
    let both = Filter { prefix: Some("a/".into()), ..tagged() };
    assert_eq!(filter_json(&both), json!({"And": {"Prefix": "a/", "Tags": [{"Key": "a", "Value": "1"}]}}));
    assert_eq!(filter_json(&tagged()), json!({"Tag": {"Key": "a", "Value": "1"}}));
}

#[test]
fn rules_of_every_preset_may_be_sent() {
    for preset in Preset::ALL {
        assert_eq!(check(&preset.rules()), [], "{preset:?}");
    }
}

#[test]
fn rules_say_what_they_do() {
    let words = |rule: &LifecycleRule| (deeds(rule), scope(rule));
    let [versions] = Preset::OldVersions.rules().try_into().unwrap();
    assert_eq!(
        words(&versions),
        (
            vec![
                "Drop delete markers with nothing below them".to_owned(),
                "Delete old versions after 30 days, keep 3".to_owned()
            ],
            "whole bucket".to_owned()
        )
    );
    let [archive] = Preset::Archive.rules().try_into().unwrap();
    assert_eq!(
        words(&archive).0,
        ["Move to Standard-IA after 30 days", "Move to Glacier Instant Retrieval after 90 days"]
    );
    let small = Filter { prefix: Some("a/".into()), smaller_than: Some(1_000), ..tagged() };
    let rule = LifecycleRule { filter: small, ..expiring(1) };
    assert_eq!(words(&rule), (vec!["Delete after 1 day".to_owned()], "a/, tag a = 1, below 1.0 KB".to_owned()));
}

#[test_case(json!({"Filter": {"Prefix": 5}}); "a prefix that is a number")]
#[test_case(json!({"Filter": {"ObjectSizeGreaterThan": "big"}}); "a size in words")]
#[test_case(json!({"Filter": {"ObjectSizeLessThan": 1e30}}); "a size beyond all numbers")]
#[test_case(json!({"Filter": {"Colour": "red"}}); "a condition of another kind")]
#[test_case(json!({"Filter": {"And": {"Prefix": "a/", "Colour": "red"}}}); "a condition of another kind among others")]
#[test_case(json!({"Filter": {"And": {"Prefix": "a/"}, "Prefix": "b/"}}); "two filters")]
#[test_case(json!({"Filter": {"Tag": {"Key": "a"}}}); "a tag without a value")]
#[test_case(json!({"Filter": "logs/"}); "a filter that is text")]
#[test_case(json!({"Filter": {}, "Expiration": {"Days": 2_147_483_648_u64}}); "too many days")]
#[test_case(json!({"Filter": {}, "NoncurrentVersionExpiration": {"NoncurrentDays": "30"}}); "days in words")]
#[test_case(json!({"Filter": {}, "AbortIncompleteMultipartUpload": {}}); "an upload that is never given up")]
#[test_case(json!({"Filter": {}, "ID": 7}); "a name that is a number")]
fn what_cannot_be_read_in_full_is_no_rule(mut rule: serde_json::Value) {
    let whole = json!({"Rules": [{"Status": "Enabled", "Filter": {}}]});
    assert_eq!(from_json(&whole).map(|rules| rules.len()), Some(1));
    rule["Status"] = json!("Enabled");
    assert_eq!(from_json(&json!({ "Rules": [rule] })), None);
}
