//! `report.json`: everything, and what a later run is compared with.

use std::io::{self, Write};

use serde_json::json;

use super::{About, Trouble};
use crate::domain::verify::{Row, SHAPE, Totals};
use crate::store::verification::{Earlier, Results};

/// So many findings that are gone are named.
const MOST_RESOLVED: u32 = 10_000;

/// A file stands on a line of its own.
#[derive(Default)]
pub(super) struct Rows {
    has_one: bool,
}

pub(super) fn head(out: &mut impl Write, about: &About, totals: &Totals) -> io::Result<()> {
    let head = json!({
        "format": SHAPE, "made_utc": about.made, "source": about.source, "expectations": about.expectations,
        "took_millis": u64::try_from(about.took.as_millis()).unwrap_or(u64::MAX),
        "compared": about.has_earlier, "totals": totals,
    });
    let head = head.to_string();
    // The files go in before it ends.
    write!(out, "{},\"files\":[", head.strip_suffix('}').unwrap_or(&head))
}

impl Rows {
    pub(super) fn row(&mut self, out: &mut impl Write, row: &Row) -> io::Result<()> {
        out.write_all(if std::mem::replace(&mut self.has_one, true) { b",\n" } else { b"\n" })?;
        Ok(serde_json::to_writer(out, row)?)
    }
}

pub(super) fn foot(out: &mut impl Write, results: &Results) -> Result<(), Trouble> {
    let gone = |Earlier { path, finding }: &Earlier| json!({ "path": path, "rule": finding.rule, "check": finding.check, "sentence": finding.sentence });
    let resolved: Vec<_> = results.resolved(MOST_RESOLVED)?.iter().map(gone).collect();
    writeln!(out, "\n],\"resolved\":{}}}", serde_json::Value::from(resolved))?;
    Ok(())
}
