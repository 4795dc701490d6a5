use super::*;
use crate::domain::verify::{Check, Severity};

fn results() -> (tempfile::TempDir, Results) {
    let dir = tempfile::tempdir().unwrap();
    let results = Results::open(&dir.path().join("run.sqlite")).unwrap();
    (dir, results)
}

fn finding(check: Check, severity: Severity, sentence: &str) -> Finding {
    Finding { rule: "r".to_owned(), check, severity, sentence: sentence.to_owned(), change: None }
}

fn entry(path: &str, findings: Vec<Finding>) -> Entry {
    let row = Row { path: path.to_owned(), checked: true, findings, ..Row::default() };
    Entry { name: format!("name of {path}"), row, is_there: true, ..Entry::default() }
}

#[test]
fn pages_follow_each_other_and_nothing_is_left_out() {
    let (_dir, results) = results();
    let all: Vec<Entry> = (0..7).rev().map(|at| entry(&format!("{at}"), vec![])).collect();
    results.add(&all).unwrap();
    let (mut after, mut paths) = (None, Vec::new());
    loop {
        let page = results.page(after.as_ref(), 3).unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.row.path.clone(), last.name.clone()));
        paths.extend(page.into_iter().map(|entry| entry.row.path));
    }
    assert_eq!(paths, ["0", "1", "2", "3", "4", "5", "6"]);
    assert_eq!(results.count().unwrap(), 7);
    let left = results.unseen(vec!["name of 3".to_owned(), "other".to_owned()]).unwrap();
    assert_eq!(left, ["other"]);
}

#[test]
fn a_run_goes_on_in_the_same_file_and_another_begins_anew() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run.sqlite");
    let results = Results::open(&path).unwrap();
    assert_eq!(results.run().unwrap(), None);
    results.begin("one", false).unwrap();
    results.add(&[Entry { digest: Some([7; 32]), thumb: Some(vec![1, 2]), ..entry("a", vec![]) }]).unwrap();
    drop(results);
    let results = Results::open(&path).unwrap();
    assert_eq!(results.run().unwrap().map(|run| run.purpose).as_deref(), Some("one"));
    let shown = results.shown(Group::AsExpected, "", 0, 10).unwrap();
    assert_eq!((shown[0].digest, shown[0].thumb.as_deref()), (Some([7; 32]), Some(&[1, 2][..])));
    results.begin("two", false).unwrap();
    assert_eq!(results.count().unwrap(), 0);
}

#[test]
fn the_weightiest_come_first_and_all_are_counted() {
    let (_dir, results) = results();
    let warning = || vec![finding(Check::Key, Severity::Warning, "w")];
    let error = || vec![finding(Check::Key, Severity::Error, "e")];
    let known = || vec![Finding { change: Some(crate::domain::verify::Change::Known), ..error().remove(0) }];
    let without = Entry { row: Row { path: "e".to_owned(), ..Row::default() }, ..entry("e", vec![]) };
    let all = [entry("a", warning()), entry("b", vec![]), entry("c", error()), entry("d", known()), without];
    results.add(&all).unwrap();
    let paths = |group| results.shown(group, "", 0, 10).unwrap().into_iter().map(|it| it.row.path).collect::<Vec<_>>();
    assert_eq!(paths(Group::News), ["c", "a"]);
    assert_eq!((paths(Group::AsExpected), paths(Group::Known)), (vec!["b".to_owned()], vec!["d".to_owned()]));
    let mut changed = entry("b", error());
    results.change(&[(std::mem::take(&mut changed.name), changed.row)]).unwrap();
    assert_eq!(paths(Group::News), ["b", "c", "a"]);
    let wanted = Totals { files: 5, errors: 2, warnings: 1, known: 1, without_rule: 1, ..Totals::default() };
    assert_eq!(results.totals("").unwrap(), wanted);
}

#[test]
fn files_are_compared_with_each_other() {
    let (_dir, results) = results();
    let with = |path: &str, digest: u8| Entry { digest: Some([digest; 32]), ..entry(path, vec![]) };
    let gone = Entry { is_there: false, ..entry("d", vec![]) };
    results.add(&[with("a", 1), with("b", 2), with("c", 1), gone]).unwrap();
    assert_eq!(results.same_content("name of a", &[1; 32], 10).unwrap(), ["c"]);
    assert_eq!(results.same_content("name of b", &[2; 32], 10).unwrap(), [""; 0]);
    assert!(results.is_there("a").unwrap() && !results.is_there("d").unwrap() && !results.is_there("e").unwrap());
}

#[test]
fn an_earlier_report_is_compared_with() {
    let (_dir, results) = results();
    let earlier = |path: &str, finding| Earlier { path: path.to_owned(), finding };
    results.add(&[entry("a", vec![]), entry("b", vec![])]).unwrap();
    let wide = |sentence| finding(Check::Width, Severity::Error, sentence);
    let cors = |sentence| finding(Check::Cors, Severity::Error, sentence);
    results.remember(&[earlier("elsewhere", wide("1 wide"))]).unwrap();
    results.remember(&[earlier("a", wide("5 wide")), earlier("a", cors("x")), earlier("b", wide("9 wide"))]).unwrap();
    assert!(results.was_known("a", &wide("6 wide")).unwrap(), "numbers may differ");
    assert!(!results.was_known("a", &cors("y")).unwrap(), "another origin is another finding");
    assert!(!results.was_known("c", &wide("5 wide")).unwrap());
    let resolved: Vec<_> = results.resolved(10).unwrap().into_iter().map(|it| (it.path, it.finding.sentence)).collect();
    assert_eq!(resolved, [("a".to_owned(), "x".to_owned()), ("b".to_owned(), "9 wide".to_owned())]);
    assert_eq!(results.resolved_count().unwrap(), 2);
    results.forget_earlier().unwrap();
    assert_eq!(results.resolved_count().unwrap(), 0);
}

#[test]
fn a_part_of_a_group_is_shown_and_names_are_searched() {
    let (_dir, results) = results();
    let all: Vec<Entry> = ["Photos/Éa.jpg", "photos/b.jpg", "c.png"].map(|path| entry(path, vec![])).into();
    results.add(&all).unwrap();
    let paths = |search, skip, most| {
        let shown = results.shown(Group::All, search, skip, most).unwrap();
        shown.into_iter().map(|it| it.row.path).collect::<Vec<_>>()
    };
    assert_eq!(paths("", 1, 1), ["c.png"]);
    assert_eq!(paths("PHOTOS/", 0, 9), ["Photos/Éa.jpg", "photos/b.jpg"]);
    assert_eq!(paths("of C", 0, 9), ["c.png"], "the name counts too");
    assert_eq!(paths("nowhere", 0, 9), [""; 0]);
    assert_eq!((results.totals("jpg").unwrap().files, results.totals("").unwrap().files), (2, 3));
}

#[test]
fn a_run_begins_again_beside_the_findings_of_the_one_that_ended() {
    let (_dir, results) = results();
    results.begin("purpose", false).unwrap();
    let wide = || finding(Check::Width, Severity::Error, "wide");
    results.add(&[entry("a", vec![wide()]), entry("b", vec![])]).unwrap();
    assert!(!results.begin_again().unwrap(), "what did not end tells too little");
    results.add(&[entry("a", vec![wide()]), entry("b", vec![])]).unwrap();
    let (at, took) = (Timestamp::from_millisecond(5_000).unwrap(), Duration::from_millis(70));
    results.end(at, took).unwrap();
    let run = Run { purpose: "purpose".to_owned(), ended: Some(at), took, has_earlier: false };
    assert_eq!(results.run().unwrap(), Some(run.clone()));
    assert!(results.begin_again().unwrap());
    assert_eq!(results.run().unwrap(), Some(Run { ended: None, took: Duration::ZERO, has_earlier: true, ..run }));
    assert_eq!(results.count().unwrap(), 0);
    assert!(results.was_known("a", &wide()).unwrap());
    // Broken off, and once more: what it is compared with stays.
    assert!(results.begin_again().unwrap());
    assert!(results.was_known("a", &wide()).unwrap());
}

#[test]
fn who_was_not_answered_is_asked_again() {
    let (_dir, results) = results();
    let answered = Entry { row: Row { status: Some(403), ..entry("a", vec![]).row }, ..entry("a", vec![]) };
    let without_rule = Entry { row: Row { path: "c".to_owned(), ..Row::default() }, ..entry("c", vec![]) };
    results.add(&[answered, entry("b", vec![]), without_rule]).unwrap();
    results.forget_unanswered().unwrap();
    let names = ["a", "b", "c"].map(|path| format!("name of {path}"));
    assert_eq!(results.unseen(names.to_vec()).unwrap(), ["name of b"]);
}
