use super::*;
use crate::domain::verify::{Change, Finding, Row, Severity};

fn finding(severity: Severity, change: Option<Change>) -> Finding {
    let sentence = "<odd> & \"quoted\" \u{1b}[2J".to_owned();
    Finding { rule: "r'1".to_owned(), check: Check::Width, severity, sentence, change }
}

fn entry(path: &str, findings: Vec<Finding>) -> Entry {
    let row =
        Row { path: path.to_owned(), url: format!("https://x/{path}"), checked: true, findings, ..Row::default() };
    Entry { name: path.to_owned(), row, is_there: true, ..Entry::default() }
}

fn written(entries: &[Entry]) -> (tempfile::TempDir, Totals) {
    let dir = tempfile::tempdir().unwrap();
    let results = Results::open(&dir.path().join("run.sqlite")).unwrap();
    results.add(entries).unwrap();
    let about = About {
        source: "s3://acme/<b>&\u{7}".to_owned(),
        expectations: "photos.toml".to_owned(),
        made: "2026-03-14T09:41:00Z".parse().unwrap(),
        took: Duration::from_millis(1_234),
        has_earlier: true,
    };
    let totals = write(&dir.path().join("out"), &results, &about).unwrap();
    (dir, totals)
}

fn read(dir: &tempfile::TempDir, name: &str) -> String {
    fs::read_to_string(dir.path().join("out").join(name)).unwrap()
}

#[test]
fn the_page_stays_small_however_many_files_there_are() {
    let many = |name: &str, count: usize, findings: &[Finding]| -> Vec<Entry> {
        (0..count).map(|at| entry(&format!("{name}{at:05}"), findings.to_vec())).collect()
    };
    let known = finding(Severity::Error, Some(Change::Known));
    let all = [
        many("bad", 2_500, &[finding(Severity::Error, Some(Change::New))]),
        many("known", 600, &[known]),
        many("fine", 900, &[]),
    ]
    .concat();
    let (dir, totals) = written(&all);
    assert_eq!((totals.errors, totals.known, totals.as_expected), (2_500, 600, 900));
    let html = read(&dir, "report.html");
    for cut in ["2,000 of 2,500 are shown here", "500 of 600 are shown here", "300 of 900 are shown here"] {
        assert!(html.contains(cut), "{cut}");
    }
    assert!(html.len() < 2_000_000, "{}", html.len());
    // All of them are in the others.
    assert_eq!(read(&dir, "report.csv").lines().count(), 4_001);
    let json: serde_json::Value = serde_json::from_str(&read(&dir, "report.json")).unwrap();
    assert_eq!(json["files"].as_array().map(Vec::len), Some(4_000));
}

#[test]
fn documents_are_well_formed_whatever_is_in_them() {
    let without = Entry { row: Row { path: "free".to_owned(), ..Row::default() }, ..entry("free", vec![]) };
    let all = [
        entry("a/\u{1}\"<x>.jpg", vec![finding(Severity::Error, None), finding(Severity::Unknown, None)]),
        entry("b", vec![finding(Severity::Unknown, None), finding(Severity::Warning, None)]),
        entry("c", vec![finding(Severity::Error, Some(Change::Known))]),
        without,
    ];
    let (dir, totals) = written(&all);
    assert_eq!((totals.errors, totals.unknown, totals.known, totals.without_rule), (1, 1, 1, 1));
    let text = read(&dir, "junit.xml");
    let xml = roxmltree::Document::parse(&text).unwrap();
    let named = |name: &str| xml.descendants().filter(|node| node.has_tag_name(name)).collect::<Vec<_>>();
    assert_eq!((named("failure").len(), named("error").len(), named("skipped").len()), (1, 1, 1));
    assert_eq!(named("failure")[0].attribute("message"), Some("<odd> & \"quoted\" \u{fffd}[2J"));
    assert_eq!(named("testsuite")[0].attribute("timestamp"), Some("2026-03-14T09:41:00"));
    let aside: Vec<_> = named("system-out").iter().filter_map(|node| node.text().map(str::to_owned)).collect();
    assert!(aside[0].starts_with("warning: ") && aside[1].starts_with("known: "), "{aside:?}");
    let html = read(&dir, "report.html");
    assert!(!html.contains("<b>&") && !html.contains("<x>") && !html.contains('\u{1b}'));
    assert!(html.contains("s3://acme/&lt;b&gt;&amp;\u{fffd}") && html.contains("1 of 3 files is not as expected"));
}

#[test]
fn a_report_replaces_the_one_before_whole() {
    let (dir, _) = written(&[entry("a", vec![])]);
    let results = Results::open(&dir.path().join("run.sqlite")).unwrap();
    results.begin("again", false).unwrap();
    let about = About {
        source: "list.csv".to_owned(),
        expectations: String::new(),
        made: Timestamp::UNIX_EPOCH,
        took: Duration::ZERO,
        has_earlier: false,
    };
    write(&dir.path().join("out"), &results, &about).unwrap();
    assert!(read(&dir, "report.html").contains("Nothing was checked"));
    assert_eq!(read(&dir, "report.csv").lines().count(), 1);
    let names = fs::read_dir(dir.path().join("out")).unwrap().count();
    assert_eq!(names, 4, "nothing half is left");
}
