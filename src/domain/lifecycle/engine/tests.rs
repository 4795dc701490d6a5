use super::super::{Expiration, Filter, NoncurrentExpiration, NoncurrentTransition, Transition, When};
use super::*;
use proptest::prelude::*;
use proptest::sample::select;
use test_case::test_case;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const MADE: &str = "2014-01-15T10:30:00Z";

#[test_case(MADE, 3, "2014-01-19T00:00:00Z"; "rounded up to the next midnight")]
#[test_case("2014-01-15T00:00:00Z", 3, "2014-01-18T00:00:00Z"; "made at midnight")]
#[test_case("2014-01-15T00:00:00.001Z", 3, "2014-01-19T00:00:00Z"; "made just after midnight")]
#[test_case(MADE, 0, "2014-01-16T00:00:00Z"; "no days")]
#[test_case("2026-02-27T23:59:59Z", 1, "2026-03-01T00:00:00Z"; "over the end of a month")]
fn days_end_at_midnight(made: &str, days: i32, expected: &str) {
    assert_eq!(eligible(at(made), days), at(expected));
}

#[test]
fn days_beyond_all_calendars_never_come() {
    assert_eq!(eligible(at(MADE), i32::MAX), Timestamp::MAX);
}

fn subject(tags: Option<&BTreeMap<String, String>>) -> Subject<'_> {
    let standing = Standing::Current { alone: true };
    Subject { key: "logs/a", size_bytes: 1 << 20, class: None, made: at(MADE), is_marker: false, tags, standing }
}

fn on() -> LifecycleRule {
    LifecycleRule { enabled: true, ..LifecycleRule::default() }
}

fn expiring(days: i32) -> LifecycleRule {
    LifecycleRule { expiration: Some(Expiration::At(When::Days(days))), ..on() }
}

fn moving(moves: &[(&str, i32)]) -> LifecycleRule {
    let one = |(class, days): &(&str, i32)| Transition { when: When::Days(*days), class: (*class).to_owned() };
    LifecycleRule { transitions: moves.iter().map(one).collect(), ..on() }
}

fn forgetting(days: i32, keep_newest: Option<i32>) -> LifecycleRule {
    LifecycleRule { noncurrent_expiration: Some(NoncurrentExpiration { days, keep_newest }), ..on() }
}

fn tagged(rule: LifecycleRule) -> LifecycleRule {
    let filter = Filter { tags: vec![("kind".into(), "photo".into())], ..Filter::default() };
    LifecycleRule { filter, ..rule }
}

fn versioned() -> Surroundings {
    Surroundings { versioning: Some(Status::Enabled), ..Surroundings::default() }
}

/// Each step as `rule act day`, a question mark where it depends on tags.
fn told(rules: &[LifecycleRule], around: Surroundings, subject: &Subject<'_>, now: &str) -> Vec<String> {
    let foreseen = Engine::new(rules, around).foresee(subject, at(now));
    let one = |step: Step| {
        let act = match step.act {
            Act::Expire => "expire".to_owned(),
            Act::Remove => "remove".to_owned(),
            Act::Move(class) => class.to_owned(),
        };
        let day = step.due.to_string();
        let perhaps = if step.certain { "" } else { "?" };
        format!("{} {act}{perhaps} {}", step.rule, day.split('T').next().unwrap_or_default())
    };
    foreseen.steps.into_iter().map(one).collect()
}

const THEN: &str = "2014-01-20T00:00:00Z";
const LATE: &str = "2016-01-01T00:00:00Z";

#[test_case(&[expiring(3)], THEN, &["0 expire 2014-01-19"]; "due already")]
#[test_case(&[expiring(30)], THEN, &["0 expire 2014-02-15"]; "still to come")]
#[test_case(&[moving(&[("STANDARD_IA", 30), ("GLACIER", 90)]), expiring(365)], THEN, &["0 STANDARD_IA 2014-02-15", "0 GLACIER 2014-04-16", "1 expire 2015-01-16"]; "step by step")]
#[test_case(&[moving(&[("STANDARD_IA", 30), ("GLACIER", 90)])], LATE, &["0 GLACIER 2014-04-16"]; "what is late goes to the coldest at once")]
#[test_case(&[moving(&[("GLACIER", 90)]), expiring(60)], THEN, &["1 expire 2014-03-17"]; "nothing after the end")]
#[test_case(&[moving(&[("GLACIER", 60)]), expiring(60)], THEN, &["1 expire 2014-03-17"]; "removal outranks a move on its day")]
#[test_case(&[moving(&[("DEEP_ARCHIVE", 10)]), moving(&[("GLACIER", 60)])], THEN, &["0 DEEP_ARCHIVE 2014-01-26"]; "nothing gets warmer")]
#[test_case(&[moving(&[("GLACIER", 60)]), moving(&[("DEEP_ARCHIVE", 60)])], THEN, &["1 DEEP_ARCHIVE 2014-03-17"]; "the coldest of a day wins")]
#[test_case(&[moving(&[("ONEZONE_IA", 30), ("GLACIER_IR", 60), ("GLACIER", 90)])], THEN, &["0 ONEZONE_IA 2014-02-15", "0 GLACIER 2014-04-16"]; "one zone does not go to instant retrieval")]
#[test_case(&[LifecycleRule { enabled: false, ..expiring(1) }], LATE, &[]; "a rule that is off")]
#[test_case(&[LifecycleRule { expiration: Some(Expiration::At(When::Date("2015-01-01T00:00:00Z".into()))), ..on() }], THEN, &["0 expire 2015-01-01"]; "a date")]
#[test_case(&[LifecycleRule { expiration: Some(Expiration::At(When::Date("soon".into()))), ..on() }], LATE, &[]; "no date")]
#[test_case(&[tagged(expiring(3))], THEN, &["0 expire? 2014-01-19"]; "it depends on tags")]
#[test_case(&[tagged(expiring(30)), expiring(3)], THEN, &["1 expire 2014-01-19"]; "tags do not matter after the end")]
#[test_case(&[tagged(expiring(3)), moving(&[("GLACIER", 30)])], THEN, &["1 GLACIER 2014-02-15", "0 expire? 2014-01-19"]; "what is certain does not wait for tags")]
fn a_file_without_versions(rules: &[LifecycleRule], now: &str, expected: &[&str]) {
    assert_eq!(told(rules, Surroundings::default(), &subject(None), now), expected);
}

#[test]
fn known_tags_decide() {
    let told = |value: &str| {
        let tags = BTreeMap::from([("kind".to_owned(), value.to_owned())]);
        told(&[tagged(expiring(3))], Surroundings::default(), &subject(Some(&tags)), THEN)
    };
    assert_eq!(told("photo"), ["0 expire 2014-01-19"]);
    assert!(told("Photo").is_empty());
}

#[test]
fn where_versions_are_kept_a_move_and_a_marker_go_together() {
    let rules = [moving(&[("GLACIER", 30)]), expiring(365)];
    assert_eq!(told(&rules, versioned(), &subject(None), LATE), ["0 GLACIER 2014-02-15", "1 expire 2015-01-16"]);
}

#[test_case(&forgetting(10, None), 0, &["0 remove 2014-01-26"]; "by days")]
#[test_case(&forgetting(10, Some(3)), 2, &[]; "two newer ones of three to keep")]
#[test_case(&forgetting(10, Some(3)), 3, &["0 remove 2014-01-26"]; "three newer ones")]
#[test_case(&forgetting(0, Some(1)), 1, &["0 remove 2014-01-16"]; "by number alone")]
#[test_case(&expiring(1), 0, &[]; "rules for current versions")]
#[test_case(&LifecycleRule { noncurrent_transitions: vec![NoncurrentTransition { days: 5, keep_newest: None, class: "GLACIER".into() }], ..forgetting(10, None) }, 0, &["0 GLACIER 2014-01-21", "0 remove 2014-01-26"]; "moved before")]
fn old_versions(rule: &LifecycleRule, newer: usize, expected: &[&str]) {
    let standing = Standing::Noncurrent { since: at(MADE), newer };
    let old = Subject { standing, ..subject(None) };
    assert_eq!(told(std::slice::from_ref(rule), versioned(), &old, THEN), expected);
}

#[test_case(&LifecycleRule { expiration: Some(Expiration::LoneDeleteMarkers), ..on() }, true, &["0 remove 2014-01-15"]; "the last of its key")]
#[test_case(&LifecycleRule { expiration: Some(Expiration::LoneDeleteMarkers), ..on() }, false, &[]; "with versions below")]
#[test_case(&expiring(1), true, &["0 remove 2014-01-17"]; "by age")]
#[test_case(&tagged(expiring(1)), true, &[]; "markers have no tags")]
#[test_case(&moving(&[("GLACIER", 1)]), true, &[]; "markers do not move")]
fn delete_markers(rule: &LifecycleRule, alone: bool, expected: &[&str]) {
    let marker = Subject { size_bytes: 0, is_marker: true, standing: Standing::Current { alone }, ..subject(None) };
    assert_eq!(told(std::slice::from_ref(rule), versioned(), &marker, THEN), expected);
}

#[test_case(SmallFiles::Stay, None, "GLACIER", false; "the default")]
#[test_case(SmallFiles::OnlyArchived, None, "GLACIER", true; "the older default archives")]
#[test_case(SmallFiles::OnlyArchived, None, "STANDARD_IA", false; "and nothing else")]
#[test_case(SmallFiles::Move, None, "STANDARD_IA", true; "a store without a limit")]
#[test_case(SmallFiles::Stay, Some(10), "GLACIER", true; "a rule with a size of its own")]
fn small_files(small: SmallFiles, larger_than: Option<i64>, class: &str, moves: bool) {
    let rule = LifecycleRule { filter: Filter { larger_than, ..Filter::default() }, ..moving(&[(class, 30)]) };
    let around = Surroundings { small, ..Surroundings::default() };
    let small = Subject { size_bytes: SMALL - 1, ..subject(None) };
    let foreseen = Engine::new(&[rule], around).foresee(&small, at(LATE));
    assert_eq!((!foreseen.steps.is_empty(), foreseen.too_small_for.is_none()), (moves, moves));
    let large = Subject { size_bytes: SMALL, ..small };
    assert_eq!(told(&[moving(&[(class, 30)])], around, &large, LATE).len(), 1);
}

#[test]
fn uploads_are_given_up_by_the_first_rule_that_comes() {
    let abort = |days, prefix: &str| LifecycleRule {
        abort_unfinished_days: Some(days),
        filter: Filter { prefix: Some(prefix.to_owned()), ..Filter::default() },
        ..on()
    };
    let engine = Engine::new(&[abort(7, ""), abort(3, "logs/")], Surroundings::default());
    assert_eq!(engine.aborts("logs/a", at(MADE)), Some((1, at("2014-01-19T00:00:00Z"))));
    assert_eq!(engine.aborts("images/a", at(MADE)), Some((0, at("2014-01-23T00:00:00Z"))));
}

/// Rules of all kinds, sound or not.
pub(crate) fn rules() -> impl Strategy<Value = Vec<LifecycleRule>> {
    let class = || select(&["STANDARD_IA", "GLACIER_IR", "ONEZONE_IA", "DEEP_ARCHIVE", "STANDARD", "NEW"][..]);
    let when = || {
        prop_oneof![
            (-2..200_i32).prop_map(When::Days),
            select(&["2014-02-01T00:00:00Z", "2016-01-01T00:00:00Z", "no day"][..])
                .prop_map(|day| When::Date(day.to_owned()))
        ]
    };
    let filter = (
        proptest::option::of(select(&["", "a", "a/", "b/", "a/b"][..])),
        proptest::option::of(select(&["red", "blue"][..])),
        proptest::option::of(0..300_000_i64),
        proptest::option::of(0..300_000_i64),
    );
    let filter = filter.prop_map(|(prefix, tag, larger_than, smaller_than)| Filter {
        prefix: prefix.map(str::to_owned),
        tags: tag.map(|value| ("colour".to_owned(), value.to_owned())).into_iter().collect(),
        larger_than,
        smaller_than,
        legacy: false,
    });
    let transition = (class(), when()).prop_map(|(class, when)| Transition { class: class.to_owned(), when });
    let expiration = prop_oneof![when().prop_map(Expiration::At), Just(Expiration::LoneDeleteMarkers)];
    let old = (0..60_i32, proptest::option::of(1..4_i32));
    let rule = (
        (any::<bool>(), filter),
        proptest::option::of(expiration),
        proptest::collection::vec(transition, 0..3),
        proptest::option::of(old.clone()),
        proptest::collection::vec((class(), old), 0..2),
        proptest::option::of(0..30_i32),
    );
    let rule = rule.prop_map(|((enabled, filter), expiration, transitions, old, old_moves, abort)| LifecycleRule {
        id: None,
        enabled,
        filter,
        expiration,
        transitions,
        noncurrent_expiration: old.map(|(days, keep_newest)| NoncurrentExpiration { days, keep_newest }),
        noncurrent_transitions: old_moves
            .into_iter()
            .map(|(class, (days, keep_newest))| NoncurrentTransition { days, keep_newest, class: class.to_owned() })
            .collect(),
        abort_unfinished_days: abort,
    });
    proptest::collection::vec(rule, 0..5)
}

proptest! {
    #[test]
    fn no_later_day_takes_back_what_an_earlier_one_does(rules in rules(), versioning in any::<bool>(), key in "[ab]/[ab]", size in 0..300_000_u64, days in 0..400_i64) {
        let now = at(MADE) + jiff::SignedDuration::from_hours(24 * days);
        let around = Surroundings { versioning: versioning.then_some(Status::Enabled), ..Surroundings::default() };
        let tags = BTreeMap::new();
        let subject = Subject { key: &key, size_bytes: size, ..subject(Some(&tags)) };
        let steps = Engine::new(&rules, around).foresee(&subject, now).steps;
        prop_assert!(steps.iter().all(|step| step.certain), "all tags are known");
        prop_assert!(steps.is_sorted_by_key(|step| step.due.max(now)));
        let before_last = steps.split_last().map_or(&[][..], |(_, before)| before);
        prop_assert!(before_last.iter().all(|step| matches!(step.act, Act::Move(_))), "nothing after the end: {steps:?}");
        let classes: Vec<_> = steps.iter().filter_map(|step| match step.act { Act::Move(to) => Some(to), _ => None }).collect();
        prop_assert!(classes.windows(2).all(|pair| can_follow(pair[0], pair[1])), "{classes:?}");
    }
}
