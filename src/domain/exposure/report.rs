//! The audit of many buckets as text and as a table.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Audit;
use crate::domain::csv::record;
use crate::domain::format::day;

/// One bucket of the report.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// Its name.
    pub bucket: &'a str,
    /// What was found out.
    pub audit: &'a Audit,
    /// Since when it is open, where that is known.
    pub since: Option<Timestamp>,
}

impl Row<'_> {
    /// How it stands and its name, and below it a line for each sentence.
    pub fn lines(&self, zone: &TimeZone) -> impl Iterator<Item = String> {
        let since = self.since.map(|at| format!(", since {}", day(at, zone))).unwrap_or_default();
        let head = format!("{:8} {}{since}", self.audit.standing.words(), self.bucket);
        std::iter::once(head).chain(self.audit.sentences().map(|sentence| format!("         {sentence}")))
    }
}

/// All rows as text, in their order.
#[must_use]
pub fn text(rows: &[Row<'_>], zone: &TimeZone) -> String {
    rows.iter().flat_map(|row| row.lines(zone)).map(|line| line + "\n").collect()
}

/// All rows as a table (RFC 4180).
#[must_use]
pub fn csv(rows: &[Row<'_>]) -> String {
    const HEAD: [&str; 7] = ["bucket", "standing", "worst", "since_utc", "ways_in", "held_back", "notes"];
    let mut out = record(HEAD.iter().map(|name| (*name).to_owned()));
    for Row { bucket, audit, since } in rows {
        let ways = audit.ways.iter().map(super::Way::sentence).collect::<Vec<_>>();
        let cells = [
            (*bucket).to_owned(),
            audit.standing.words().to_owned(),
            audit.worst().map(|worst| worst.words().to_owned()).unwrap_or_default(),
            since.map(|at| at.to_string()).unwrap_or_default(),
            ways.join("\n"),
            audit.held_back.join("\n"),
            audit.notes.join("\n"),
        ];
        out += &record(cells.into_iter());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::exposure::{Reach, Standing, Stranger, Way};

    fn audit() -> Audit {
        let way = Way {
            reach: Reach::Read,
            who: Stranger::Anyone,
            layer: "policy",
            reason: "The statement Open of the policy lets anyone in".to_owned(),
            keys: vec!["photos/*".to_owned()],
        };
        Audit { standing: Standing::Open, ways: vec![way], notes: vec!["A note".to_owned()], ..Audit::unknown("") }
    }

    #[test]
    fn a_bucket_is_told_with_its_sentences() {
        let audit = audit();
        let row = Row { bucket: "acme", audit: &audit, since: Some("2026-03-14T09:41:00Z".parse().unwrap()) };
        let told = text(&[row], &TimeZone::UTC);
        assert_eq!(
            told,
            "open     acme, since 14 Mar 2026\n         Anyone can read files: photos/*. The statement Open of the \
             policy lets anyone in\n         A note\n"
        );
        let table = csv(&[row]);
        assert!(table.contains("acme,open,read files,2026-03-14T09:41:00Z,"), "{table}");
    }
}
