//! What was found, a line each.

use std::io::{self, BufWriter, ErrorKind, Write};

use serde::Serialize;

use super::{Args, Trouble};
use crate::cli::end::Stopped;
use crate::cli::plain::{one_line, plain};
use crate::domain::verify::{Row, Severity};
use crate::store::verification::{Earlier, Results};

const PAGE: u32 = 500;
const MOST_RESOLVED: u32 = 1_000;

/// Something to know beside what was found.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{}", plain(text));
}

/// A file with what it was named as.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    #[serde(flatten)]
    row: &'a Row,
}

/// Says it all, by path. Nobody has to listen.
pub(super) fn all(results: &Results, args: &Args) -> Result<(), Trouble> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match written(&mut out, results, args) {
        Err(Trouble::Stopped(Stopped::Output(error))) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

fn written(out: &mut impl Write, results: &Results, args: &Args) -> Result<(), Trouble> {
    let mut after = None;
    loop {
        let page = results.page(after.as_ref(), PAGE)?;
        let Some(last) = page.last() else { break };
        after = Some((last.row.path.clone(), last.name.clone()));
        for entry in &page {
            match args.json {
                true if !args.quiet || entry.row.worst().is_some() => {
                    let line = Line { name: &entry.name, row: &entry.row };
                    serde_json::to_writer(&mut *out, &line).map_err(|error| Stopped::Output(error.into()))?;
                    writeln!(out).map_err(Stopped::Output)?;
                }
                true => {}
                false => findings(out, &entry.name, &entry.row, args.quiet).map_err(Stopped::Output)?,
            }
        }
    }
    if !args.json && !args.quiet {
        for Earlier { path, finding } in results.resolved(MOST_RESOLVED)? {
            let (path, sentence) = (one_line(&path), one_line(&finding.sentence));
            writeln!(out, "gone     {path}: {sentence}").map_err(Stopped::Output)?;
        }
    }
    out.flush().map_err(Stopped::Output)?;
    Ok(())
}

fn findings(out: &mut impl Write, name: &str, row: &Row, quiet: bool) -> io::Result<()> {
    let is_told = |severity| !quiet || severity > Severity::Warning;
    let news = row.findings.iter().filter(|it| !it.is_known() && is_told(it.severity));
    for finding in news {
        let (name, rule) = (one_line(name), one_line(&finding.rule));
        let (word, sentence) = (finding.severity.word(), one_line(&finding.sentence));
        writeln!(out, "{word:8} {name}: {sentence} ({}, rule {rule})", finding.check.word())?;
    }
    Ok(())
}
