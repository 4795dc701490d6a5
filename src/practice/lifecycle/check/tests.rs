use super::*;
use test_case::test_case;

fn rule() -> dto::LifecycleRule {
    dto::LifecycleRule {
        abort_incomplete_multipart_upload: None,
        expiration: None,
        filter: Some(dto::LifecycleRuleFilter { prefix: Some("logs/".to_owned()), ..Default::default() }),
        id: Some("one".to_owned()),
        noncurrent_version_expiration: None,
        noncurrent_version_transitions: None,
        prefix: None,
        status: dto::ExpirationStatus::from_static("Enabled"),
        transitions: None,
    }
}

fn expiring(days: i32) -> dto::LifecycleRule {
    let expiration = dto::LifecycleExpiration { days: Some(days), ..Default::default() };
    dto::LifecycleRule { expiration: Some(expiration), ..rule() }
}

fn date(text: &str) -> dto::Timestamp {
    dto::Timestamp::parse(dto::TimestampFormat::DateTime, text).unwrap()
}

fn expiring_on(text: &str) -> dto::LifecycleRule {
    let expiration = dto::LifecycleExpiration { date: Some(date(text)), ..Default::default() };
    dto::LifecycleRule { expiration: Some(expiration), ..rule() }
}

fn clearing_markers() -> dto::LifecycleRule {
    let expiration = dto::LifecycleExpiration { expired_object_delete_marker: Some(true), ..Default::default() };
    dto::LifecycleRule { expiration: Some(expiration), ..rule() }
}

fn aborting(days: i32) -> dto::LifecycleRule {
    let abort = dto::AbortIncompleteMultipartUpload { days_after_initiation: Some(days) };
    dto::LifecycleRule { abort_incomplete_multipart_upload: Some(abort), ..rule() }
}

fn forgetting(days: i32, newer: Option<i32>) -> dto::LifecycleRule {
    let noncurrent = dto::NoncurrentVersionExpiration { newer_noncurrent_versions: newer, noncurrent_days: Some(days) };
    dto::LifecycleRule { noncurrent_version_expiration: Some(noncurrent), ..rule() }
}

fn moving(base: dto::LifecycleRule, moves: &[(&'static str, i32)]) -> dto::LifecycleRule {
    let one = |(class, days): &(&'static str, i32)| dto::Transition {
        date: None,
        days: Some(*days),
        storage_class: Some(dto::TransitionStorageClass::from_static(class)),
    };
    dto::LifecycleRule { transitions: Some(moves.iter().map(one).collect()), ..base }
}

fn moving_on(base: dto::LifecycleRule, on: &str) -> dto::LifecycleRule {
    let one = dto::Transition {
        date: Some(date(on)),
        days: None,
        storage_class: Some(dto::TransitionStorageClass::from_static("GLACIER")),
    };
    dto::LifecycleRule { transitions: Some(vec![one]), ..base }
}

fn filtered(filter: dto::LifecycleRuleFilter, base: dto::LifecycleRule) -> dto::LifecycleRule {
    dto::LifecycleRule { filter: Some(filter), ..base }
}

fn tag(key: &str) -> dto::Tag {
    dto::Tag { key: Some(key.to_owned()), value: Some("1".to_owned()) }
}

fn tagged() -> dto::LifecycleRuleFilter {
    dto::LifecycleRuleFilter { tag: Some(tag("kind")), ..Default::default() }
}

fn sized(greater: Option<i64>, less: Option<i64>) -> dto::LifecycleRuleFilter {
    let and = dto::LifecycleRuleAndOperator {
        object_size_greater_than: greater,
        object_size_less_than: less,
        ..Default::default()
    };
    dto::LifecycleRuleFilter { and: Some(and), ..Default::default() }
}

fn joined(prefix: Option<&str>, keys: &[&str]) -> dto::LifecycleRuleFilter {
    let and = dto::LifecycleRuleAndOperator {
        prefix: prefix.map(str::to_owned),
        tags: Some(keys.iter().map(|key| tag(key)).collect()),
        ..Default::default()
    };
    dto::LifecycleRuleFilter { and: Some(and), ..Default::default() }
}

fn legacy(prefix: &str, id: &str) -> dto::LifecycleRule {
    dto::LifecycleRule { filter: None, prefix: Some(prefix.to_owned()), id: Some(id.to_owned()), ..expiring(1) }
}

/// `CODE: message` of the refusal, or nothing.
fn answer(rules: Vec<dto::LifecycleRule>) -> String {
    match check(&mut dto::BucketLifecycleConfiguration { rules }) {
        Ok(()) => String::new(),
        Err(error) if error.code().as_str() == "MalformedXML" => "MalformedXML".to_owned(),
        Err(error) => format!("{}: {}", error.code().as_str(), error.message().unwrap_or_default()),
    }
}

#[test_case(Vec::new(), "MalformedXML"; "no rules")]
#[test_case(vec![dto::LifecycleRule { status: dto::ExpirationStatus::from_static("enabled"), ..expiring(1) }], "MalformedXML"; "f1 status in small letters")]
#[test_case(vec![expiring(1), expiring(1)], "InvalidArgument: Rule ID must be unique. Found same ID for more than one rule"; "f2 an id twice")]
#[test_case(vec![dto::LifecycleRule { id: Some("x".repeat(256)), ..expiring(1) }], "InvalidArgument: ID length should not exceed allowed limit of 255"; "f2 a long id")]
#[test_case(vec![dto::LifecycleRule { filter: None, ..expiring(1) }], "MalformedXML"; "f3 neither filter nor prefix")]
#[test_case(vec![expiring(1), legacy("a", "two")], "InvalidRequest: Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter."; "f3 both forms")]
#[test_case(vec![filtered(dto::LifecycleRuleFilter { prefix: Some("a".into()), ..joined(Some("b"), &["x"]) }, expiring(1))], "MalformedXML"; "f4 and beside a prefix")]
#[test_case(vec![filtered(dto::LifecycleRuleFilter { prefix: Some("a".into()), ..tagged() }, expiring(1))], "MalformedXML"; "f4 two predicates without and")]
#[test_case(vec![filtered(joined(Some("a"), &[]), expiring(1))], "MalformedXML"; "f5 and with one predicate")]
#[test_case(vec![filtered(joined(None, &["x", "x"]), expiring(1))], "InvalidRequest: Duplicate Tag Keys are not allowed."; "f5 a tag twice")]
#[test_case(vec![filtered(sized(Some(500), Some(64_000)), expiring(1))], ""; "f6 sizes in order")]
#[test_case(vec![filtered(sized(Some(64_000), Some(500)), expiring(1))], "InvalidRequest: 'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'."; "f6 sizes the wrong way")]
#[test_case(vec![rule()], "InvalidRequest: At least one action needs to be specified in a rule"; "f7 no action")]
#[test_case(vec![expiring(0)], "InvalidArgument: 'Days' for Expiration action must be a positive integer"; "f8 zero days")]
#[test_case(vec![expiring_on("2030-01-01T00:00:00.000Z")], ""; "f8 midnight")]
#[test_case(vec![expiring_on("2030-01-01T10:00:00.000Z")], "InvalidArgument: 'Date' must be at midnight GMT"; "f8 ten o'clock")]
#[test_case(vec![dto::LifecycleRule { expiration: Some(dto::LifecycleExpiration { days: Some(1), expired_object_delete_marker: Some(true), ..Default::default() }), ..rule() }], "MalformedXML"; "f8 days and markers")]
#[test_case(vec![filtered(tagged(), clearing_markers())], "InvalidRequest: ExpiredObjectDeleteMarker cannot be specified with Tags."; "f9 markers by tag")]
#[test_case(vec![filtered(sized(Some(1), Some(9)), clearing_markers())], "InvalidRequest: ExpiredObjectDeleteMarker cannot be specified with Object Size."; "f9 markers by size")]
#[test_case(vec![aborting(7)], ""; "f10 a week")]
#[test_case(vec![aborting(0)], "InvalidArgument: 'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer"; "f10 zero days")]
#[test_case(vec![filtered(tagged(), aborting(7))], "InvalidRequest: AbortIncompleteMultipartUpload cannot be specified with Tags."; "f10 uploads by tag")]
#[test_case(vec![forgetting(30, Some(3))], ""; "f11 keep three")]
#[test_case(vec![forgetting(30, Some(0))], "InvalidArgument: NewerNoncurrentVersions must be a positive integer"; "f11 keep none")]
#[test_case(vec![forgetting(0, None)], "InvalidArgument: 'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer"; "f11 zero days")]
#[test_case(vec![dto::LifecycleRule { filter: None, prefix: Some(String::new()), ..forgetting(30, Some(3)) }], "MalformedXML"; "f11 keep some without filter")]
#[test_case(vec![moving(rule(), &[("STANDARD_IA", 30)])], ""; "f12 thirty days")]
#[test_case(vec![moving(rule(), &[("STANDARD_IA", 29)])], "InvalidArgument: 'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'"; "f12 too early")]
#[test_case(vec![moving(rule(), &[("GLACIER_IR", 0)])], ""; "f13 at once")]
#[test_case(vec![moving(rule(), &[("GLACIER_IR", -1)])], "InvalidArgument: 'Days' in Transition action must be nonnegative"; "f13 before")]
#[test_case(vec![moving(rule(), &[("STANDARD_IA", 30), ("GLACIER", 60)])], ""; "f14 a month in between")]
#[test_case(vec![moving(rule(), &[("STANDARD_IA", 30), ("GLACIER", 50)])], "InvalidArgument: 'Days' in the Transition action for StorageClass 'GLACIER' for filter '(prefix=logs/)' must be 30 days more than 'Days' in the Transition action for StorageClass 'STANDARD_IA' for filter '(prefix=logs/)'"; "f14 too soon")]
#[test_case(vec![moving(rule(), &[("DEEP_ARCHIVE", 1), ("GLACIER", 1)])], "InvalidArgument: 'Days' in the Transition action for StorageClass 'DEEP_ARCHIVE' for filter '(prefix=logs/)' must be greater than 'Days' in the Transition action for StorageClass 'GLACIER' for filter '(prefix=logs/)'"; "f14 the same day")]
#[test_case(vec![moving(rule(), &[("GLACIER", 30), ("GLACIER", 90)])], "InvalidRequest: 'StorageClass' must be different for 'Transition' actions in same 'Rule' with filter '(prefix=logs/)'"; "f15 a class twice")]
#[test_case(vec![moving_on(expiring(180), "2030-01-01T00:00:00.000Z")], "InvalidRequest: Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for filter '(prefix=logs/)'"; "f16 dates and days")]
#[test_case(vec![moving_on(expiring_on("2030-01-01T00:00:00.000Z"), "2030-01-01T00:00:00.000Z")], "InvalidArgument: 'Date' in the Expiration action for filter '(prefix=logs/)' must be greater than 'Date' in the Transition action"; "f17 the same date")]
#[test_case(vec![moving(expiring(365), &[("GLACIER", 30)])], ""; "f17 in order")]
#[test_case(vec![moving(expiring(60), &[("GLACIER", 90)])], "InvalidArgument: 'Days' in the Expiration action for filter '(prefix=logs/)' must be greater than 'Days' in the Transition action"; "f17 the wrong way")]
#[test_case(vec![legacy("", "one"), legacy("a/", "two")], "InvalidRequest: Found overlapping prefixes '' and 'a/' for same action type 'Expiration'"; "f18 the older form overlaps")]
#[test_case(vec![legacy("a/", "one"), legacy("b/", "two")], ""; "f18 side by side")]
#[test_case(vec![moving(rule(), &[("STANDARD", 30)])], "MalformedXML"; "f19 back to standard")]
#[test_case(vec![moving(rule(), &[("REDUCED_REDUNDANCY", 30)])], "MalformedXML"; "f19 reduced redundancy")]
fn checks(rules: Vec<dto::LifecycleRule>, expected: &str) {
    assert_eq!(answer(rules), expected);
}

#[test]
fn messages_name_every_part_of_a_filter() {
    let and = dto::LifecycleRuleAndOperator {
        prefix: Some("test/".to_owned()),
        tags: Some(vec![tag("kind")]),
        object_size_greater_than: Some(500),
        object_size_less_than: Some(120_120),
    };
    let filter = dto::LifecycleRuleFilter { and: Some(and), ..Default::default() };
    let told = answer(vec![filtered(filter, moving(expiring(1), &[("GLACIER", 1)]))]);
    assert!(
        told.contains(
            "'(prefix=test/ and tag={key=kind, value=1} and objectsizegreaterthan=500 and objectsizelessthan=120120)'"
        ),
        "{told}"
    );
}

#[test]
fn rules_without_a_name_get_one() {
    let nameless = dto::LifecycleRule { id: None, ..expiring(1) };
    let mut configuration = dto::BucketLifecycleConfiguration { rules: vec![nameless.clone(), nameless] };
    check(&mut configuration).unwrap();
    let [first, second] = configuration.rules.as_slice() else { panic!("two rules") };
    assert!(first.id.is_some() && first.id != second.id);
}
