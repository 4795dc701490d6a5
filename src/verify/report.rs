//! Reports of a run: a page to look at, tables and documents for programs. Each is there whole or not at all.

mod csv;
mod escape;
mod html;
mod json;
mod junit;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use tempfile::NamedTempFile;

use super::VerifyError;
use crate::domain::verify::{Check, Totals};
use crate::store::verification::{Entry, Results};

/// So many results are read at once.
const PAGE: u32 = 500;

/// What a report is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// What was checked, as it was asked for.
    pub source: String,
    /// The file with the expectations.
    pub expectations: String,
    /// When it was made.
    pub made: Timestamp,
    /// How long the run took; of one that went on later, its last part.
    pub took: Duration,
    /// Whether it was compared with an earlier report.
    pub has_earlier: bool,
}

/// Everything that is counted before the first line is written.
#[derive(Debug, Clone, Default)]
struct Counts {
    totals: Totals,
    /// Findings by what they are about, those that are known left out.
    checks: BTreeMap<Check, u64>,
}

/// Writes `report.html`, `report.csv`, `report.json` and `junit.xml` into a folder. Takes a while: not for the threads of a
/// runtime.
///
/// # Errors
/// A file cannot be written, or the results not be read.
pub fn write(folder: &Path, results: &Results, about: &About) -> Result<Totals, VerifyError> {
    let at = |name: &str| folder.join(name);
    fs::create_dir_all(folder).map_err(|source| VerifyError::Write { path: folder.to_owned(), source })?;
    let counts = count(results)?;
    file(&at("report.csv"), |out| {
        csv::head(out)?;
        each(results, |entry| csv::row(out, &entry.row))
    })?;
    file(&at("report.json"), |out| {
        json::head(out, about, &counts.totals)?;
        let mut rows = json::Rows::default();
        each(results, |entry| rows.row(out, &entry.row))?;
        json::foot(out, results)
    })?;
    file(&at("junit.xml"), |out| {
        junit::head(out, about, &counts.totals)?;
        each(results, |entry| junit::row(out, &entry.row))?;
        Ok(junit::foot(out)?)
    })?;
    file(&at("report.html"), |out| html::page(out, results, about, &counts))?;
    Ok(counts.totals)
}

fn count(results: &Results) -> Result<Counts, VerifyError> {
    let mut counts = Counts::default();
    each(results, |entry| {
        counts.totals.add(&entry.row);
        for finding in entry.row.findings.iter().filter(|finding| !finding.is_known()) {
            *counts.checks.entry(finding.check).or_default() += 1;
        }
        Ok(())
    })
    .map_err(|trouble| trouble.about(Path::new("")))?;
    counts.totals.resolved = results.resolved_count()?;
    Ok(counts)
}

/// Trouble while a file is written: of the file, or of what goes into it.
enum Trouble {
    Io(io::Error),
    Results(crate::store::verification::ResultsError),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<crate::store::verification::ResultsError> for Trouble {
    fn from(error: crate::store::verification::ResultsError) -> Self {
        Self::Results(error)
    }
}

impl Trouble {
    fn about(self, path: &Path) -> VerifyError {
        match self {
            Self::Io(source) => VerifyError::Write { path: path.to_owned(), source },
            Self::Results(error) => error.into(),
        }
    }
}

fn each(results: &Results, mut one: impl FnMut(&Entry) -> io::Result<()>) -> Result<(), Trouble> {
    let mut after = None;
    loop {
        let page = results.page(after.as_ref(), PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some((last.row.path.clone(), last.name.clone()));
        page.iter().try_for_each(&mut one)?;
    }
}

type Out = BufWriter<NamedTempFile>;

/// Writes a file beside its place and puts it there once it is whole.
fn file(path: &Path, content: impl FnOnce(&mut Out) -> Result<(), Trouble>) -> Result<(), VerifyError> {
    written(path, content).map_err(|trouble| trouble.about(path))
}

fn written(path: &Path, content: impl FnOnce(&mut Out) -> Result<(), Trouble>) -> Result<(), Trouble> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".writing-");
    // A report is for others as well: as readable as any new file here.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut out = BufWriter::new(builder.tempfile_in(folder)?);
    content(&mut out)?;
    out.flush()?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests;
