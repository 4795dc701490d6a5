use super::*;
use crate::domain::lifecycle::engine::tests::rules as any_rules;
use crate::domain::lifecycle::{
    Expiration, Filter, NoncurrentExpiration, Preset, SmallFiles, Transition, When, abort_rule,
};
use proptest::prelude::*;
use test_case::test_case;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Made on 1 March 2026 at ten.
fn file(key: &str, size_bytes: u64) -> Listed {
    Listed {
        key: key.to_owned(),
        size_bytes,
        class: None,
        made: at("2026-03-01T10:00:00Z"),
        is_marker: false,
        is_null: true,
    }
}

const NOW: &str = "2026-03-14T09:44:00Z";

fn expiring(days: i32, prefix: &str) -> LifecycleRule {
    LifecycleRule {
        enabled: true,
        filter: Filter { prefix: Some(prefix.to_owned()), ..Filter::default() },
        expiration: Some(Expiration::At(When::Days(days))),
        ..LifecycleRule::default()
    }
}

fn moving(days: i32, class: &str) -> LifecycleRule {
    let transitions = vec![Transition { when: When::Days(days), class: class.to_owned() }];
    LifecycleRule { enabled: true, transitions, ..LifecycleRule::default() }
}

fn keeping(status: Status) -> Bucket {
    let around = Surroundings { versioning: Some(status), ..Surroundings::default() };
    Bucket { around, ..Bucket::default() }
}

fn report(rules: &[LifecycleRule], bucket: Bucket, listing: &[Listed]) -> Report {
    let mut run = DryRun::new(rules.to_vec(), bucket, at(NOW));
    for listed in listing {
        run.version(listed.clone());
    }
    run.finish(true)
}

/// Each row as `rule outcome due/soon/later`.
fn told(report: &Report) -> Vec<String> {
    let row = |row: &Row| {
        let Row { due, soon, later, .. } = row;
        format!("{} {} {}/{}/{}", row.rule, row.heading(), due.count, soon.count, later.count)
    };
    report.rows.iter().map(row).collect()
}

fn traps(report: &Report, rules: &[LifecycleRule]) -> Vec<String> {
    report.traps.iter().map(|trap| trap.sentence(rules)).collect()
}

#[test]
fn files_are_counted_by_when_they_are_due() {
    let mut listing = vec![file("logs/a", 10), file("logs/b", 20), file("other", 40)];
    listing.push(Listed { made: at("2026-03-10T00:00:00Z"), ..file("logs/c", 80) });
    listing.push(Listed { made: at("2026-05-01T00:00:00Z"), ..file("logs/d", 160) });
    let report = report(&[expiring(5, "logs/")], Bucket::default(), &listing);
    let [row] = report.rows.as_slice() else { panic!("{report:?}") };
    assert_eq!((row.outcome, row.certain), (Outcome::Delete, true));
    assert_eq!(
        (row.due, row.soon, row.later),
        (Amount { count: 2, bytes: 30 }, Amount { count: 1, bytes: 80 }, Amount { count: 1, bytes: 160 },)
    );
    assert_eq!((row.first, row.last), (Some(at("2026-03-15T00:00:00Z")), at("2026-05-06T00:00:00Z")));
    assert_eq!(row.examples[0], Example { key: "logs/a".into(), size_bytes: 10, due: at("2026-03-07T00:00:00Z") });
    assert_eq!(report.seen, Amount { count: 5, bytes: 310 });
}

#[test_case(&[5], [None, None]; "due already")]
#[test_case(&[20, 21], [Some("22 Mar 2026 to 23 Mar 2026"), None]; "soon")]
#[test_case(&[20, 400], [Some("from 22 Mar 2026"), Some("until 6 Apr 2027")]; "soon and later")]
#[test_case(&[400], [None, Some("6 Apr 2027")]; "later")]
fn days_are_told_in_utc(after: &[i32], expected: [Option<&str>; 2]) {
    let rules: Vec<LifecycleRule> =
        after.iter().enumerate().map(|(at, days)| expiring(*days, &format!("{at}/"))).collect();
    let listing: Vec<Listed> = (0..after.len()).map(|at| file(&format!("{at}/a"), 1)).collect();
    let mut rows = report(&rules, Bucket::default(), &listing).rows.into_iter();
    let mut one = rows.next().unwrap();
    for other in rows {
        one.first = one.first.min(other.first);
        one.last = one.last.max(other.last);
        (one.soon, one.later) = (one.soon.plus(other.soon), one.later.plus(other.later));
    }
    assert_eq!(one.days().each_ref().map(|day| day.as_deref()), expected);
}

#[test]
fn examples_are_few_however_many_there_are() {
    let listing: Vec<Listed> = (0..1000).map(|n| file(&format!("logs/{n:04}"), 1)).collect();
    let report = report(&[expiring(5, "")], Bucket::default(), &listing);
    assert_eq!((report.rows[0].examples.len(), report.rows[0].due.count), (EXAMPLES, 1000));
}

#[test]
fn one_run_does_what_is_due() {
    let rules = [moving(5, "STANDARD_IA"), moving(20, "GLACIER"), expiring(25, "")];
    let listing = [file("large", 1 << 20), Listed { made: at(NOW), ..file("new", 1 << 20) }, file("small", 1)];
    let all = report(&rules, Bucket::default(), &listing);
    let expected =
        ["0 Moved to Standard-IA 1/1/0", "1 Moved to Glacier Flexible Retrieval 0/2/0", "2 Deleted for good 0/3/0"];
    assert_eq!(told(&all), expected);
    assert_eq!(all.traps.len(), 3, "two leave early and a small one stays");
    let mut run = DryRun::new(rules.to_vec(), Bucket::default(), at(NOW)).only_due();
    for listed in listing {
        run.version(listed);
    }
    run.upload("half", at(NOW));
    let run = run.finish(true);
    assert_eq!(told(&run), ["0 Moved to Standard-IA 1/0/0"]);
    assert_eq!(run.rows[0].examples.len(), 1);
    assert_eq!(run.traps, [Trap::SmallStay(0, Amount { count: 1, bytes: 1 })]);
}

#[test]
fn old_versions_count_from_when_they_were_replaced() {
    let [rule] = Preset::OldVersions.rules().try_into().unwrap();
    let rule =
        LifecycleRule { noncurrent_expiration: Some(NoncurrentExpiration { days: 3, keep_newest: Some(1) }), ..rule };
    let version = |day: u8| Listed { made: at(&format!("2026-03-{day:02}T10:00:00Z")), is_null: false, ..file("k", 5) };
    let marker = Listed { is_marker: true, size_bytes: 0, ..version(12) };
    let listing = [version(11), version(10), version(8), Listed { key: "lone".into(), ..marker.clone() }];
    let first = report(std::slice::from_ref(&rule), keeping(Status::Enabled), &listing);
    assert_eq!(told(&first), ["0 Delete markers dropped 1/0/0", "0 Old versions deleted for good 1/0/0"]);
    assert_eq!(first.rows[1].last, at("2026-03-14T00:00:00Z"), "replaced on the 10th");
    // A marker with versions below it stays.
    let hidden = report(&[rule], keeping(Status::Enabled), &[Listed { key: "k".into(), ..marker }, version(11)]);
    assert!(hidden.rows.is_empty(), "{hidden:?}");
}

#[test_case(None, true, Outcome::Delete; "never kept")]
#[test_case(Some(Status::Enabled), false, Outcome::Hide; "kept")]
#[test_case(Some(Status::Suspended), true, Outcome::Delete; "suspended, written since")]
#[test_case(Some(Status::Suspended), false, Outcome::Hide; "suspended, written before")]
fn what_expiry_means(versioning: Option<Status>, is_null: bool, expected: Outcome) {
    let bucket = Bucket { around: Surroundings { versioning, ..Surroundings::default() }, ..Bucket::default() };
    let report = report(&[expiring(1, "")], bucket, &[Listed { is_null, ..file("a", 1) }]);
    assert_eq!(report.rows[0].outcome, expected);
    let hides = report.traps.contains(&Trap::OnlyHides { followed: false });
    assert_eq!(hides, expected == Outcome::Hide);
}

#[test]
fn uploads_are_given_up() {
    let mut run = DryRun::new(vec![abort_rule(7)], Bucket::default(), at(NOW));
    run.upload("half", at("2026-03-01T10:00:00Z"));
    run.upload("new", at("2026-03-13T10:00:00Z"));
    assert_eq!(told(&run.finish(true)), ["0 Unfinished uploads dropped 1/1/0"]);
}

#[test]
fn small_files_stay_unless_the_rule_has_a_size() {
    let by_size =
        LifecycleRule { filter: Filter { larger_than: Some(1), ..Filter::default() }, ..moving(1, "GLACIER_IR") };
    let listing = [file("small", 1_000), file("large", 1 << 20)];
    let rules = [moving(1, "GLACIER_IR")];
    let stay = report(&rules, Bucket::default(), &listing);
    assert_eq!(told(&stay), ["0 Moved to Glacier Instant Retrieval 1/0/0"]);
    let words =
        "Rule 1: 1 file under 128 KB stays (1.0 KB). S3 moves such small ones only by a rule with a size of its own";
    assert_eq!(traps(&stay, &rules), [words]);
    let rules = [by_size];
    let moved = report(&rules, Bucket::default(), &listing);
    assert_eq!(told(&moved), ["0 Moved to Glacier Instant Retrieval 2/0/0"]);
    assert_eq!(moved.traps, [Trap::SmallMoved(0, Amount { count: 1, bytes: 1_000 })]);
    let around = Surroundings { small: SmallFiles::Move, ..Surroundings::default() };
    let elsewhere = report(&[moving(1, "GLACIER_IR")], Bucket { around, ..Bucket::default() }, &listing);
    assert_eq!((elsewhere.rows[0].due.count, elsewhere.traps.len()), (2, 0));
}

#[test_case(&[moving(30, "GLACIER_IR"), expiring(60, "")], None, &[Trap::LeftEarly(1, "GLACIER_IR", ONE)]; "deleted 30 days after a move to a class of 90")]
#[test_case(&[moving(30, "GLACIER_IR"), expiring(120, "")], None, &[]; "deleted 90 days after it")]
#[test_case(&[moving(30, "STANDARD_IA"), moving(60, "GLACIER")], None, &[]; "moved on after 30")]
#[test_case(&[moving(0, "GLACIER"), moving(60, "DEEP_ARCHIVE")], None, &[Trap::LeftEarly(1, "GLACIER", ONE)]; "moved on after 60 of 90")]
#[test_case(&[expiring(100, "")], Some("DEEP_ARCHIVE"), &[Trap::LeftEarly(0, "DEEP_ARCHIVE", ONE)]; "written to a class of 180 and deleted")]
#[test_case(&[expiring(100, "")], Some("STANDARD"), &[]; "standard has no least time")]
#[test_case(&[moving(0, "INTELLIGENT_TIERING"), expiring(10, "")], None, &[]; "nor has intelligent tiering")]
fn days_that_are_charged_in_any_case(rules: &[LifecycleRule], class: Option<&str>, expected: &[Trap]) {
    let listed = Listed { class: class.map(str::to_owned), ..file("a", 1 << 20) };
    assert_eq!(report(rules, Bucket::default(), &[listed]).traps, expected);
}

const ONE: Amount = Amount { count: 1, bytes: 1 << 20 };

#[test]
fn a_hidden_file_stays_where_it_is() {
    let listed = Listed { class: Some("GLACIER".into()), is_null: false, ..file("a", 1 << 20) };
    let report = report(&[expiring(1, "")], keeping(Status::Enabled), &[listed]);
    assert_eq!(report.traps, [Trap::OnlyHides { followed: false }]);
}

#[test]
fn what_depends_on_tags_is_counted_apart() {
    let filter = Filter { tags: vec![("a".into(), "1".into())], ..Filter::default() };
    let rules = [LifecycleRule { id: Some("by tag".into()), filter, ..expiring(1, "") }, moving(1, "GLACIER")];
    let report = report(&rules, Bucket::default(), &[file("a", 1 << 20)]);
    assert_eq!(told(&report), ["0 Perhaps: deleted for good 1/0/0", "1 Moved to Glacier Flexible Retrieval 1/0/0"]);
    assert_eq!(report.traps, [Trap::Tags(0)]);
}

#[test]
fn what_is_known_of_the_bucket_is_told() {
    let [old] = Preset::OldVersions.rules().try_into().unwrap();
    let rules = [old, expiring(1, "")];
    let never = report(&rules, Bucket { locks: true, ..Bucket::default() }, &[file("a", 1)]);
    assert_eq!(never.traps, [Trap::NoVersions(0), Trap::Locked]);
    let unknown = report(&rules, Bucket { versioning_unknown: true, ..Bucket::default() }, &[]);
    assert_eq!(unknown.traps, [Trap::VersioningUnknown]);
    let kept = report(&rules, keeping(Status::Enabled), &[file("a", 1)]);
    assert_eq!(kept.traps, [Trap::OnlyHides { followed: true }]);
}

#[test]
fn a_marker_at_which_the_listing_was_left_may_have_versions() {
    let [rule] = Preset::OldVersions.rules().try_into().unwrap();
    let mut run = DryRun::new(vec![rule], keeping(Status::Enabled), at(NOW));
    run.version(Listed { is_marker: true, ..file("k", 0) });
    let report = run.finish(false);
    assert!(report.rows.is_empty() && !report.whole);
}

#[test_case(&[], None; "no rule")]
#[test_case(&[LifecycleRule { enabled: false, ..expiring(1, "a/") }], None; "none that is on")]
#[test_case(&[expiring(1, "logs/old/")], Some("logs/old/"); "one")]
#[test_case(&[expiring(1, "logs/old/"), expiring(1, "logs/é")], Some("logs/"); "several")]
#[test_case(&[expiring(1, "logs/"), moving(1, "GLACIER")], Some(""); "one for the whole bucket")]
fn what_is_to_be_listed(rules: &[LifecycleRule], expected: Option<&str>) {
    assert_eq!(common_prefix(rules).as_deref(), expected);
}

fn matches(rule: &LifecycleRule, key: &str, size: u64) -> bool {
    let filter = &rule.filter;
    let size = i64::try_from(size).unwrap();
    rule.enabled
        && key.starts_with(filter.prefix.as_deref().unwrap_or_default())
        && filter.larger_than.is_none_or(|limit| size > limit)
        && filter.smaller_than.is_none_or(|limit| size < limit)
}

proptest! {
    #[test]
    fn nothing_is_named_that_no_filter_matches(
        rules in any_rules(),
        listing in proptest::collection::vec(("[ab]/[ab]", 0..300_000_u64, 1..28_u8, any::<bool>()), 0..20),
        versioning in proptest::option::of(prop_oneof![Just(Status::Enabled), Just(Status::Suspended)]),
    ) {
        let bucket = Bucket { around: Surroundings { versioning, ..Surroundings::default() }, ..Bucket::default() };
        let mut listing = listing;
        listing.sort_by(|one, two| (&one.0, two.2).cmp(&(&two.0, one.2)));
        let mut run = DryRun::new(rules.clone(), bucket, at(NOW));
        for (key, size, day, is_marker) in &listing {
            let size_bytes = if *is_marker { 0 } else { *size };
            run.version(Listed { made: at(&format!("2026-03-{day:02}T10:00:00Z")), is_marker: *is_marker, ..file(key, size_bytes) });
        }
        let report = run.finish(true);
        prop_assert_eq!(report.seen.count, listing.len() as u64);
        for row in &report.rows {
            let rule = &rules[row.rule];
            prop_assert_eq!(row.certain, rule.filter.tags.is_empty(), "a listing shows no tags");
            let most = listing.iter().filter(|(key, size, _, marker)| matches(rule, key, if *marker { 0 } else { *size })).count();
            prop_assert!(row.all().count <= most as u64, "{row:?}");
            for example in &row.examples {
                prop_assert!(matches(rule, &example.key, example.size_bytes), "{row:?}");
            }
        }
    }
}
