//! What a verification has seen so far: one SQLite file for a run, so that memory does not grow with the number of files,
//! files can be compared with each other, and an interrupted run goes on where it stopped.
//!
//! Its functions read and write a file: call them off the threads of a runtime.

mod sql;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection as Db, OptionalExtension as _, Row as SqlRow, params};

use super::database::{self, Kind};
use crate::domain::verify::{Finding, Group, Row, Standing, Totals};

const KIND: Kind = Kind { what: "results of the verification", migrations: sql::MIGRATIONS, outlasts_power: false };

/// Why results could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// SQLite says so.
    #[error("The results so far could not be kept: {0}")]
    Sql(#[from] rusqlite::Error),
    /// What was kept makes no sense.
    #[error("The results so far could not be read: {0}")]
    Text(#[from] serde_json::Error),
    /// The file cannot be opened.
    #[error("{0}")]
    Unopened(String),
}

/// What a run is about, and how far it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What it was asked to do, in the words of whoever asked.
    pub purpose: String,
    /// When it came to its end; `None` where it can go on.
    pub ended: Option<Timestamp>,
    /// How long that took.
    pub took: Duration,
    /// Whether it is compared with an earlier one.
    pub has_earlier: bool,
}

/// One file as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// What it was named as: a key or an address. Never twice.
    pub name: String,
    /// What the report says.
    pub row: Row,
    /// Whether it could be fetched.
    pub is_there: bool,
    /// SHA-256 of its content, where files are compared.
    pub digest: Option<[u8; 32]>,
    /// A small picture for the report, as a file.
    pub thumb: Option<Vec<u8>>,
}

/// Where a page of results goes on: path and name.
pub type After = (String, String);

/// A finding of an earlier report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// The path of its file.
    pub path: String,
    /// The finding.
    pub finding: Finding,
}

/// The results of one run.
#[derive(Debug)]
pub struct Results {
    db: Mutex<Db>,
}

impl Results {
    /// Opens the file of a run, or begins one.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(path: &Path) -> Result<Self, ResultsError> {
        let (db, notice) = database::open(path, &KIND);
        let why = || notice.as_ref().map_or_else(|| "The results cannot be kept".to_owned(), super::Notice::sentence);
        Ok(Self { db: Mutex::new(db.ok_or_else(|| ResultsError::Unopened(why()))?) })
    }

    fn db(&self) -> MutexGuard<'_, Db> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is written down of the run; `None` before one has begun.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn run(&self) -> Result<Option<Run>, ResultsError> {
        let run = self.db().query_row(sql::RUN, [], |row| {
            let (ended, took): (Option<i64>, Option<i64>) = (row.get(1)?, row.get(2)?);
            Ok(Run {
                purpose: row.get(0)?,
                ended: ended.and_then(|millis| Timestamp::from_millisecond(millis).ok()),
                took: Duration::from_millis(took.unwrap_or_default().unsigned_abs()),
                has_earlier: row.get(3)?,
            })
        });
        Ok(run.optional()?)
    }

    /// Forgets everything and begins for another purpose, to be compared with an earlier report or not.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn begin(&self, purpose: &str, has_earlier: bool) -> Result<(), ResultsError> {
        let mut db = self.db();
        let change = db.transaction()?;
        change.execute_batch("DELETE FROM run; DELETE FROM files; DELETE FROM earlier;")?;
        change.execute("INSERT INTO run (purpose, has_earlier) VALUES (?1, ?2)", params![purpose, has_earlier])?;
        Ok(change.commit()?)
    }

    /// Begins once more for the same purpose, to be compared with what there is: the findings of a run that ended become
    /// those of an earlier report. Those of one that did not end tell too little; then what it was to be compared with
    /// stays. Whether there is something to compare with.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn begin_again(&self) -> Result<bool, ResultsError> {
        let mut db = self.db();
        let change = db.transaction()?;
        let run = change.query_row("SELECT ended_millis IS NOT NULL, has_earlier FROM run", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        });
        let (ended, had_earlier): (bool, bool) = run.optional()?.unwrap_or_default();
        if ended {
            change.execute("DELETE FROM earlier", [])?;
            let mut files = change.prepare("SELECT path, text FROM files WHERE worst >= ?1")?;
            let mut insert = change.prepare_cached(sql::REMEMBER)?;
            let mut rows = files.query([rank(Standing::Known)])?;
            while let Some(file) = rows.next()? {
                let (path, text): (String, String) = (file.get(0)?, file.get(1)?);
                for mut finding in serde_json::from_str::<Row>(&text)?.findings {
                    finding.change = None;
                    insert.execute(params![path, finding.identity(), serde_json::to_string(&finding)?])?;
                }
            }
        }
        let has_earlier = ended || had_earlier;
        change.execute_batch("DELETE FROM files; UPDATE run SET ended_millis = NULL, took_millis = NULL;")?;
        change.execute("UPDATE run SET has_earlier = ?1", [has_earlier])?;
        change.commit()?;
        Ok(has_earlier)
    }

    /// The run came to its end.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn end(&self, at: Timestamp, took: Duration) -> Result<(), ResultsError> {
        let took = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
        self.db().execute(sql::END, params![at.as_millisecond(), took])?;
        Ok(())
    }

    /// Those of the names that have no result yet.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn unseen(&self, names: Vec<String>) -> Result<Vec<String>, ResultsError> {
        let db = self.db();
        let mut seen = db.prepare_cached("SELECT 1 FROM files WHERE name = ?1")?;
        let mut left = Vec::new();
        for name in names {
            if !seen.exists([&name])? {
                left.push(name);
            }
        }
        Ok(left)
    }

    /// Forgets files that were asked for and not answered, so that whoever goes on asks again.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn forget_unanswered(&self) -> Result<(), ResultsError> {
        self.db().execute(sql::FORGET_UNANSWERED, [])?;
        Ok(())
    }

    /// How many files have a result.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn count(&self) -> Result<u64, ResultsError> {
        let count: i64 = self.db().query_row("SELECT count(*) FROM files", [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Writes results down, all of them or none.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add(&self, entries: &[Entry]) -> Result<(), ResultsError> {
        let mut db = self.db();
        let change = db.transaction()?;
        {
            let mut insert = change.prepare_cached(sql::ADD)?;
            for Entry { name, row, is_there, digest, thumb } in entries {
                let text = serde_json::to_string(row)?;
                let digest = digest.as_ref().map(<[u8; 32]>::as_slice);
                insert.execute(params![name, row.path, text, rank(row.standing()), is_there, digest, thumb])?;
            }
        }
        Ok(change.commit()?)
    }

    /// Writes down what is now said of files that have a result.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn change(&self, rows: &[(String, Row)]) -> Result<(), ResultsError> {
        let mut db = self.db();
        let change = db.transaction()?;
        {
            let mut update = change.prepare_cached("UPDATE files SET text = ?2, worst = ?3 WHERE name = ?1")?;
            for (name, row) in rows {
                update.execute(params![name, serde_json::to_string(row)?, rank(row.standing())])?;
            }
        }
        Ok(change.commit()?)
    }

    /// So many results after one, by path, without their small pictures.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn page(&self, after: Option<&After>, most: u32) -> Result<Vec<Entry>, ResultsError> {
        let (path, name) = after.map_or(("", ""), |(path, name)| (path.as_str(), name.as_str()));
        let db = self.db();
        let mut select = db.prepare_cached(sql::PAGE)?;
        let rows = select.query_map(params![path, name, most], entry)?;
        rows.map(|row| row?.read()).collect()
    }

    /// Results of a group, the weightiest first and then by path, small pictures included: `most` of them after the first
    /// `skip`. With a `search` only those whose name or path holds it, whatever the case of its Latin letters.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn shown(&self, group: Group, search: &str, skip: u64, most: u32) -> Result<Vec<Entry>, ResultsError> {
        let db = self.db();
        let mut select = db.prepare_cached(sql::SHOWN)?;
        let (from, to) = ranks(group);
        let skip = i64::try_from(skip).unwrap_or(i64::MAX);
        let rows = select.query_map(params![from, to, search.to_ascii_lowercase(), most, skip], entry)?;
        rows.map(|row| row?.read()).collect()
    }

    /// Whether a file of this path could be fetched.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn is_there(&self, path: &str) -> Result<bool, ResultsError> {
        let db = self.db();
        Ok(db.prepare_cached("SELECT 1 FROM files WHERE path = ?1 AND is_there")?.exists([path])?)
    }

    /// Paths of other files with the same content, in order.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn same_content(&self, name: &str, digest: &[u8; 32], most: u32) -> Result<Vec<String>, ResultsError> {
        let db = self.db();
        let mut select = db.prepare_cached(sql::SAME)?;
        let paths = select.query_map(params![digest.as_slice(), name, most], |row| row.get(0))?;
        Ok(paths.collect::<Result<_, _>>()?)
    }

    /// Writes findings of an earlier report down, to compare with.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn remember(&self, earlier: &[Earlier]) -> Result<(), ResultsError> {
        let mut db = self.db();
        let change = db.transaction()?;
        {
            let mut insert = change.prepare_cached(sql::REMEMBER)?;
            for Earlier { path, finding } in earlier {
                insert.execute(params![path, finding.identity(), serde_json::to_string(finding)?])?;
            }
        }
        Ok(change.commit()?)
    }

    /// Whether an earlier report has this finding as well; it counts as seen again.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn was_known(&self, path: &str, finding: &Finding) -> Result<bool, ResultsError> {
        let db = self.db();
        let mut update = db.prepare_cached("UPDATE earlier SET again = 1 WHERE path = ?1 AND identity = ?2")?;
        Ok(update.execute(params![path, finding.identity()])? > 0)
    }

    /// Findings of the earlier report that are not there any more, by path; those of files that were checked again.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn resolved(&self, most: u32) -> Result<Vec<Earlier>, ResultsError> {
        let db = self.db();
        let mut select = db.prepare_cached(sql::RESOLVED)?;
        let rows = select.query_map([most], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (path, text) = row?;
            Ok(Earlier { path, finding: serde_json::from_str(&text)? })
        })
        .collect()
    }

    /// How many these are.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn resolved_count(&self) -> Result<u64, ResultsError> {
        let count: i64 = self.db().query_row(sql::RESOLVED_COUNT, [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Forgets what an earlier report was seen to have.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn forget_earlier(&self) -> Result<(), ResultsError> {
        self.db().execute("DELETE FROM earlier", [])?;
        Ok(())
    }

    /// Counts the files, with a `search` only those whose name or path holds it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn totals(&self, search: &str) -> Result<Totals, ResultsError> {
        let mut totals = Totals { resolved: self.resolved_count()?, ..Totals::default() };
        let db = self.db();
        let mut select = db.prepare_cached(sql::TALLY)?;
        let counts = select.query_map([search.to_ascii_lowercase()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for count in counts {
            let (number, files): (u8, i64) = count?;
            if let Some(standing) = Standing::ALL.into_iter().find(|standing| rank(*standing) == number) {
                totals.add_some(standing, files.unsigned_abs());
            }
        }
        Ok(totals)
    }
}

/// A standing as it is written down; the files of runs hold these numbers.
fn rank(standing: Standing) -> u8 {
    match standing {
        Standing::WithoutRule => 0,
        Standing::AsExpected => 1,
        Standing::Known => 2,
        Standing::Warning => 3,
        Standing::Unknown => 4,
        Standing::Error => 5,
    }
}

fn ranks(group: Group) -> (u8, u8) {
    let standings = group.standings();
    (rank(*standings.start()), rank(*standings.end()))
}

/// An entry whose text was not read yet.
struct Unread {
    name: String,
    text: String,
    is_there: bool,
    digest: Option<Vec<u8>>,
    thumb: Option<Vec<u8>>,
}

fn entry(row: &SqlRow<'_>) -> rusqlite::Result<Unread> {
    Ok(Unread { name: row.get(0)?, text: row.get(1)?, is_there: row.get(2)?, digest: row.get(3)?, thumb: row.get(4)? })
}

impl Unread {
    fn read(self) -> Result<Entry, ResultsError> {
        let Self { name, text, is_there, digest, thumb } = self;
        let digest = digest.and_then(|bytes| bytes.try_into().ok());
        Ok(Entry { name, row: serde_json::from_str(&text)?, is_there, digest, thumb })
    }
}
