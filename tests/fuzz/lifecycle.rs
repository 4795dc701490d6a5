//! Arbitrary text as lifecycle rules: read, checked, told in words, merged, and tried on a small bucket.
//!
//! ```sh
//! cargo fuzz run -s none --fuzz-dir tests/fuzz lifecycle tests/fuzz/corpus/lifecycle tests/fuzz/seeds/documents/lifecycle -- -dict=tests/fuzz/lifecycle.dict -max_len=4096 -max_total_time=300
//! ```
//!
//! Wrong are: a panic; rules that read otherwise after they were written; a merge that loses a rule or is never done; a
//! dry run that names what no filter matches, or counts more than there is.

#![no_main]
#![allow(dead_code, reason = "the modules under test are larger than what one test reaches")]
#![allow(unreachable_pub, missing_docs, reason = "they are written for a library")]

mod domain;

use domain::bucket_settings::Status;
use domain::lifecycle::dry_run::{Bucket, DryRun, Listed};
use domain::lifecycle::{
    ABORT_RULE_ID, LifecycleRule, Surroundings, check, deeds, from_json, merge_abort, scope, to_json,
};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(json) = serde_json::from_slice(input) else { return };
    let Some(rules) = from_json(&json) else { return };
    let written = to_json(&rules);
    assert_eq!(from_json(&written).as_ref(), Some(&rules), "{written}");
    for problem in check(&rules) {
        assert!(!problem.to_string().is_empty());
    }
    for rule in &rules {
        let _ = deeds(rule);
        assert!(!scope(rule).is_empty());
    }
    if let Some(merged) = merge_abort(&rules, 7) {
        let ours = |rule: &&LifecycleRule| rule.id.as_deref() == Some(ABORT_RULE_ID);
        assert_eq!(merged.len(), rules.iter().filter(|rule| !ours(rule)).count() + 1);
        assert_eq!(merge_abort(&merged, 7), None, "merged once is merged for good");
    }
    for versioning in [None, Some(Status::Enabled), Some(Status::Suspended)] {
        tried(&rules, versioning);
    }
});

/// Two files with an old version, one that is hidden, and an unfinished upload.
const LISTING: [(&str, u64, &str, bool); 6] = [
    ("a", 200_000, "2026-03-01T10:00:00Z", false),
    ("a", 10, "2026-02-01T00:00:00Z", false),
    ("logs/a", 10, "2025-03-01T10:00:00Z", false),
    ("logs/b", 0, "2026-03-13T10:00:00Z", true),
    ("logs/b", 1 << 40, "2020-03-01T10:00:00Z", false),
    ("logs/c", 0, "1970-01-01T00:00:00Z", true),
];

fn tried(rules: &[LifecycleRule], versioning: Option<Status>) {
    let now: Timestamp = "2026-03-14T09:44:00Z".parse().unwrap();
    let bucket = Bucket { around: Surroundings { versioning, ..Surroundings::default() }, ..Bucket::default() };
    let mut run = DryRun::new(rules.to_vec(), bucket, now);
    for (key, size_bytes, made, is_marker) in LISTING {
        let class = (key == "a").then(|| "ONEZONE_IA".to_owned());
        let made = made.parse().unwrap();
        run.version(Listed { key: key.to_owned(), size_bytes, class, made, is_marker, is_null: size_bytes == 10 });
    }
    run.upload("logs/d", now);
    let report = run.finish(true);
    assert_eq!(report.seen.count, LISTING.len() as u64);
    for trap in &report.traps {
        assert!(!trap.sentence(rules).is_empty());
    }
    for row in &report.rows {
        let rule = &rules[row.rule];
        assert!(rule.enabled && row.all().count <= LISTING.len() as u64 && row.begin <= row.last);
        let _ = (row.heading(), row.days());
        for example in &row.examples {
            assert!(matches(rule, &example.key, example.size_bytes), "{row:?} by {rule:?}");
        }
    }
}

fn matches(rule: &LifecycleRule, key: &str, size_bytes: u64) -> bool {
    let size = i64::try_from(size_bytes).unwrap();
    let filter = &rule.filter;
    // An upload has no size yet, and rules for uploads may not ask for one.
    let by_size =
        filter.larger_than.is_none_or(|limit| size > limit) && filter.smaller_than.is_none_or(|limit| size < limit);
    key.starts_with(filter.prefix.as_deref().unwrap_or_default()) && (by_size || key == "logs/d")
}
