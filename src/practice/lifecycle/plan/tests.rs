use super::*;
use crate::practice::store::files::Place;
use crate::practice::store::versions::Meta;
use test_case::test_case;

fn ms(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

const MADE: &str = "2014-01-15T10:30:00Z";

fn version() -> Version {
    Version {
        seq: 1,
        key: "logs/a".into(),
        version: "null".into(),
        current: true,
        marker: false,
        place: Place { file: 1, path: String::new() },
        size: 1 << 20,
        etag: "abc".into(),
        modified: ms(MADE),
        meta: Meta::default(),
        tags: [("kind".to_owned(), "photo".to_owned())].into(),
    }
}

fn rule() -> dto::LifecycleRule {
    dto::LifecycleRule {
        abort_incomplete_multipart_upload: None,
        expiration: None,
        filter: Some(dto::LifecycleRuleFilter::default()),
        id: Some("r".to_owned()),
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

fn moving(base: dto::LifecycleRule, days: i32, class: &'static str) -> dto::LifecycleRule {
    let one = dto::Transition {
        date: None,
        days: Some(days),
        storage_class: Some(dto::TransitionStorageClass::from_static(class)),
    };
    let mut transitions = base.transitions.clone().unwrap_or_default();
    transitions.push(one);
    dto::LifecycleRule { transitions: Some(transitions), ..base }
}

fn bucket(versioning: Versioning, rules: Vec<dto::LifecycleRule>) -> Config {
    Config { versioning, lifecycle: Some(dto::BucketLifecycleConfiguration { rules }), ..Config::default() }
}

fn told(config: &Config, version: &Version, standing: Standing, now: &str) -> Vec<Act> {
    let wanted = Plan::of(config, moment(ms(now))).wants(version, standing);
    wanted.into_iter().map(|wanted| wanted.act).collect()
}

const NEWEST: Standing = Standing::Current { alone: true };

#[test_case("2014-01-18T23:59:59Z", false; "the day before")]
#[test_case("2014-01-19T00:00:00Z", true; "the next midnight after three days")]
fn days_end_at_midnight(now: &str, expected: bool) {
    let told = told(&bucket(Versioning::Enabled, vec![expiring(3)]), &version(), NEWEST, now);
    assert_eq!(told == [Act::Expire], expected);
}

fn tag_filter(value: &str) -> dto::LifecycleRuleFilter {
    let tag = dto::Tag { key: Some("kind".to_owned()), value: Some(value.to_owned()) };
    dto::LifecycleRuleFilter { tag: Some(tag), ..Default::default() }
}

fn and_filter(prefix: &str, greater: i64) -> dto::LifecycleRuleFilter {
    let and = dto::LifecycleRuleAndOperator {
        prefix: Some(prefix.to_owned()),
        object_size_greater_than: Some(greater),
        ..Default::default()
    };
    dto::LifecycleRuleFilter { and: Some(and), ..Default::default() }
}

#[test_case(dto::LifecycleRuleFilter::default(), true; "everything")]
#[test_case(dto::LifecycleRuleFilter { prefix: Some("logs/".into()), ..Default::default() }, true; "prefix")]
#[test_case(dto::LifecycleRuleFilter { prefix: Some("images/".into()), ..Default::default() }, false; "other prefix")]
#[test_case(tag_filter("photo"), true; "tag")]
#[test_case(tag_filter("Photo"), false; "other value of the tag")]
#[test_case(dto::LifecycleRuleFilter { object_size_less_than: Some(1 << 20), ..Default::default() }, false; "not less than its size")]
#[test_case(dto::LifecycleRuleFilter { object_size_greater_than: Some((1 << 20) - 1), ..Default::default() }, true; "greater than a byte less")]
#[test_case(and_filter("logs/", 10), true; "both")]
#[test_case(and_filter("logs/", 1 << 30), false; "one of both")]
fn filters(filter: dto::LifecycleRuleFilter, covered: bool) {
    let rule = dto::LifecycleRule { filter: Some(filter), ..expiring(1) };
    let told = told(&bucket(Versioning::Enabled, vec![rule]), &version(), NEWEST, "2015-01-01T00:00:00Z");
    assert_eq!(!told.is_empty(), covered);
}

#[test]
fn a_disabled_rule_does_nothing() {
    let rule = dto::LifecycleRule { status: dto::ExpirationStatus::from_static("Disabled"), ..expiring(1) };
    assert!(told(&bucket(Versioning::Enabled, vec![rule]), &version(), NEWEST, "2015-01-01T00:00:00Z").is_empty());
}

#[test_case(10, 2, "2014-01-26T00:00:00Z", false; "two newer ones of three to keep")]
#[test_case(10, 3, "2014-01-26T00:00:00Z", true; "three newer ones")]
#[test_case(10, 3, "2014-01-25T00:00:00Z", false; "three newer ones but too early")]
fn old_versions_go_after_days_beyond_those_kept(days: i32, newer: usize, now: &str, expected: bool) {
    let noncurrent =
        dto::NoncurrentVersionExpiration { newer_noncurrent_versions: Some(3), noncurrent_days: Some(days) };
    let rule = dto::LifecycleRule { noncurrent_version_expiration: Some(noncurrent), ..rule() };
    let standing = Standing::Noncurrent { since: moment(ms(MADE)), newer };
    let told = told(&bucket(Versioning::Enabled, vec![rule]), &version(), standing, now);
    assert_eq!(told == [Act::Remove], expected);
}

fn clearing() -> dto::LifecycleRule {
    let expiration = dto::LifecycleExpiration { expired_object_delete_marker: Some(true), ..Default::default() };
    dto::LifecycleRule { expiration: Some(expiration), ..rule() }
}

#[test_case(&clearing(), true, true; "the last of its key")]
#[test_case(&clearing(), false, false; "with versions below")]
#[test_case(&expiring(1), true, true; "old enough for a rule of days")]
#[test_case(&expiring(9999), true, false; "not old enough for a rule of days")]
fn markers_without_versions_are_cleared(rule: &dto::LifecycleRule, alone: bool, cleared: bool) {
    let marker = Version { marker: true, size: 0, ..version() };
    let config = bucket(Versioning::Enabled, vec![rule.clone()]);
    let told = told(&config, &marker, Standing::Current { alone }, "2015-01-01T00:00:00Z");
    assert_eq!(told == [Act::Remove], cleared);
}

#[test]
fn removal_outranks_a_move_and_a_marker_goes_with_one() {
    let rule = moving(expiring(365), 30, "GLACIER");
    let late = "2016-01-01T00:00:00Z";
    let plain = bucket(Versioning::NeverEnabled, vec![rule.clone()]);
    assert_eq!(told(&plain, &version(), NEWEST, late), [Act::Expire]);
    let versioned = bucket(Versioning::Enabled, vec![rule]);
    assert_eq!(told(&versioned, &version(), NEWEST, late), [Act::Move("GLACIER"), Act::Expire]);
}

#[test_case(None, 1 << 20, &["DEEP_ARCHIVE"]; "the cheapest class that is due")]
#[test_case(Some("DEEP_ARCHIVE"), 1 << 20, &[]; "nothing below")]
#[test_case(None, 1000, &[]; "too small")]
fn moves_go_down(class: Option<&str>, size: u64, expected: &[&'static str]) {
    let rule = moving(moving(moving(rule(), 30, "STANDARD_IA"), 60, "GLACIER"), 150, "DEEP_ARCHIVE");
    let meta = Meta { storage_class: class.map(str::to_owned), ..Meta::default() };
    let stored = Version { size, meta, ..version() };
    let told = told(&bucket(Versioning::Enabled, vec![rule]), &stored, NEWEST, "2015-01-01T00:00:00Z");
    assert_eq!(told, expected.iter().map(|class| Act::Move(class)).collect::<Vec<_>>());
}

#[test_case(Some("varies_by_storage_class"), false, true; "the older minimum lets small ones into the archive")]
#[test_case(None, true, true; "a rule by size has its own minimum")]
#[test_case(None, false, false; "else they stay")]
fn small_objects(minimum: Option<&str>, by_size: bool, moved: bool) {
    let filter = dto::LifecycleRuleFilter { object_size_greater_than: by_size.then_some(10), ..Default::default() };
    let rule = dto::LifecycleRule { filter: Some(filter), ..moving(rule(), 0, "GLACIER") };
    let mut config = bucket(Versioning::Enabled, vec![rule]);
    config.lifecycle_minimum = minimum.map(str::to_owned);
    let small = Version { size: 1000, ..version() };
    assert_eq!(!told(&config, &small, NEWEST, "2015-01-01T00:00:00Z").is_empty(), moved);
}

#[test]
fn uploads_are_given_up_by_age_and_prefix() {
    let abort = dto::AbortIncompleteMultipartUpload { days_after_initiation: Some(7) };
    let filter = dto::LifecycleRuleFilter { prefix: Some("logs/".into()), ..Default::default() };
    let rule = dto::LifecycleRule { abort_incomplete_multipart_upload: Some(abort), filter: Some(filter), ..rule() };
    let config = bucket(Versioning::NeverEnabled, vec![rule]);
    let given_up = |key: &str, now: &str| Plan::of(&config, moment(ms(now))).aborts(key, ms(MADE)).is_some();
    assert!(given_up("logs/a", "2014-01-23T00:00:00Z"));
    assert!(!given_up("logs/a", "2014-01-22T23:00:00Z"));
    assert!(!given_up("images/a", "2015-01-01T00:00:00Z"));
}
