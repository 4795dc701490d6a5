//! `report.csv`: a row for each file.

use std::io::{self, Write};

use crate::domain::csv::record;
use crate::domain::verify::{Row, Severity, Standing};

const COLUMNS: [&str; 13] = [
    "path",
    "url",
    "result",
    "status",
    "content_type",
    "bytes_are",
    "size_bytes",
    "width",
    "height",
    "cache_control",
    "millis",
    "checks",
    "findings",
];

pub(super) fn head(out: &mut impl Write) -> io::Result<()> {
    out.write_all(record(COLUMNS.into_iter().map(str::to_owned)).as_bytes())
}

pub(super) fn row(out: &mut impl Write, row: &Row) -> io::Result<()> {
    let told = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let findings = |what: &dyn Fn(&crate::domain::verify::Finding) -> String| {
        row.findings.iter().map(what).collect::<Vec<_>>().join("; ")
    };
    let cells: [String; COLUMNS.len()] = [
        row.path.clone(),
        row.url.clone(),
        result(row).to_owned(),
        number(row.status.map(u64::from)),
        told(&row.content_type),
        told(&row.bytes_are),
        number(row.size_bytes),
        number(row.width.map(u64::from)),
        number(row.height.map(u64::from)),
        told(&row.cache_control),
        row.millis.to_string(),
        findings(&|finding| finding.check.word().to_owned()),
        findings(&|finding| finding.sentence.clone()),
    ];
    out.write_all(record(cells.into_iter()).as_bytes())
}

/// In one word.
fn result(row: &Row) -> &'static str {
    match row.standing() {
        Standing::WithoutRule => "no rule",
        Standing::AsExpected => "as expected",
        Standing::Known => "known",
        Standing::Warning => Severity::Warning.word(),
        Standing::Unknown => Severity::Unknown.word(),
        Standing::Error => Severity::Error.word(),
    }
}
