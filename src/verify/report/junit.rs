//! `junit.xml`: a test case for each file, as pipelines show them. What is not as expected failed, what could not be told is
//! an error, and what no rule is about was skipped.

use std::io::{self, Write};
use std::time::Duration;

use super::About;
use super::escape::Escaped;
use crate::domain::verify::{Finding, Row, Severity, Totals};

pub(super) fn head(out: &mut impl Write, about: &About, totals: &Totals) -> io::Result<()> {
    let Totals { files, errors, unknown, without_rule, .. } = totals;
    let time = secs(about.took);
    let counts = format!(
        "tests=\"{files}\" failures=\"{errors}\" errors=\"{unknown}\" skipped=\"{without_rule}\" time=\"{time}\""
    );
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>")?;
    let name = Escaped(&about.source);
    // Without the offset, as the schema of JUnit has it.
    let made = about.made.strftime("%Y-%m-%dT%H:%M:%S");
    writeln!(out, "<testsuite name=\"{name}\" timestamp=\"{made}\" {counts}>")
}

pub(super) fn row(out: &mut impl Write, row: &Row) -> io::Result<()> {
    let (folder, name) = row.path.rsplit_once('/').unwrap_or(("", &row.path));
    let folder = if folder.is_empty() { "/" } else { folder };
    let (folder, name, time) = (Escaped(folder), Escaped(name), secs(Duration::from_millis(row.millis)));
    write!(out, "<testcase classname=\"{folder}\" name=\"{name}\" file=\"{}\" time=\"{time}\">", Escaped(&row.url))?;
    if !row.checked {
        write!(out, "<skipped message=\"No rule is about it\"/>")?;
    }
    let news = |severity| row.findings.iter().filter(move |it| it.severity == severity && !it.is_known());
    // A test case has one outcome: the weightiest.
    let (failures, errors) = (news(Severity::Error).collect::<Vec<_>>(), news(Severity::Unknown).collect::<Vec<_>>());
    match (failures.as_slice(), errors.as_slice()) {
        ([], []) => {}
        ([], errors) => said(out, "error", errors)?,
        (failures, _) => said(out, "failure", failures)?,
    }
    let aside: Vec<_> = row.findings.iter().filter(|it| it.is_known() || it.severity == Severity::Warning).collect();
    if !aside.is_empty() {
        write!(out, "<system-out>")?;
        for finding in aside {
            let word = if finding.is_known() { "known" } else { finding.severity.word() };
            write!(out, "{word}: {}&#10;", Escaped(&finding.sentence))?;
        }
        write!(out, "</system-out>")?;
    }
    writeln!(out, "</testcase>")
}

fn said(out: &mut impl Write, element: &str, findings: &[&Finding]) -> io::Result<()> {
    let Some(first) = findings.first() else { return Ok(()) };
    write!(out, "<{element} type=\"{}\" message=\"{}\">", first.check.word(), Escaped(&first.sentence))?;
    for Finding { rule, check, sentence, .. } in findings.iter().copied() {
        write!(out, "{}: {} [rule {}]&#10;", check.word(), Escaped(sentence), Escaped(rule))?;
    }
    write!(out, "</{element}>")
}

pub(super) fn foot(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "</testsuite>\n</testsuites>")
}

fn secs(took: Duration) -> String {
    format!("{:.3}", took.as_secs_f64())
}
