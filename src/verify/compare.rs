//! Once all files are known: the same content twice, variants that are missing, and what an earlier report knew.

use super::VerifyError;
use crate::domain::verify::{
    Change, Expectations, Finding, Rule, duplicate_of, missing_variant, too_large_to_compare, variant_paths,
};
use crate::store::verification::{Entry, Results};

/// So many results are gone through at once.
const PAGE: u32 = 500;
/// Of so many files with the same content it is looked whether a rule is about them.
const MOST_SAME: u32 = 1_000;

/// Adds what files have to say about each other, and what is news against an earlier report where one was remembered.
/// Takes a while: not for the threads of a runtime.
///
/// # Errors
/// Results could not be read or written.
pub fn compare(results: &Results, expectations: &Expectations, has_earlier: bool) -> Result<(), VerifyError> {
    if !expectations.compares() && !has_earlier {
        return Ok(());
    }
    let mut after = None;
    loop {
        let page = results.page(after.as_ref(), PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some((last.row.path.clone(), last.name.clone()));
        let mut changed = Vec::new();
        for mut entry in page.into_iter().filter(|entry| entry.row.checked) {
            let had_findings = !entry.row.findings.is_empty();
            // A comparison that was broken off may have said them before.
            entry.row.findings.retain(|finding| !finding.check.is_about_others());
            for rule in expectations.about(&entry.row.path) {
                let more = beside(results, rule, &entry)?;
                entry.row.findings.extend(more);
            }
            if has_earlier {
                for finding in &mut entry.row.findings {
                    let is_known = results.was_known(&entry.row.path, finding)?;
                    finding.change = Some(if is_known { Change::Known } else { Change::New });
                }
            }
            if had_findings || !entry.row.findings.is_empty() {
                changed.push((entry.name, entry.row));
            }
        }
        results.change(&changed)?;
    }
}

/// What a rule says of a file beside the others.
fn beside(results: &Results, rule: &Rule, entry: &Entry) -> Result<Vec<Finding>, VerifyError> {
    let mut findings = Vec::new();
    if !entry.is_there {
        return Ok(findings);
    }
    for variant in variant_paths(rule, &entry.row.path) {
        if !results.is_there(&variant)? {
            findings.push(missing_variant(rule, &variant));
        }
    }
    match entry.digest.as_ref().filter(|_| rule.unique) {
        Some(digest) => {
            let same = results.same_content(&entry.name, digest, MOST_SAME)?;
            let mut same = same.iter().filter(|path| rule.is_about(path));
            if let Some(first) = same.next() {
                findings.push(duplicate_of(rule, first, same.count() as u64));
            }
        }
        None if rule.unique => findings.push(too_large_to_compare(rule)),
        None => {}
    }
    Ok(findings)
}
