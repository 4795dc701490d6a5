//! An earlier report in JSON, read file by file, so that memory does not grow with it.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer as _, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::VerifyError;
use crate::domain::verify::{Finding, SHAPE};
use crate::store::verification::{Earlier, Results};

/// So many findings are written down at once.
const BATCH: usize = 500;

/// Remembers the findings of an earlier report, to compare with. Takes a while: not for the threads of a runtime.
///
/// # Errors
/// The report cannot be read, or is none; or the results cannot be written.
pub fn remember(results: &Results, report: &Path) -> Result<(), VerifyError> {
    let bad = |why: String| VerifyError::Baseline { path: report.to_owned(), why };
    results.forget_earlier()?;
    let file = File::open(report).map_err(|error| bad(error.to_string()))?;
    let mut reader = serde_json::Deserializer::from_reader(BufReader::new(file));
    let mut sink = Sink { results, batch: Vec::new(), trouble: None };
    let read = reader.deserialize_map(Report(&mut sink));
    if let Some(trouble) = sink.trouble {
        return Err(trouble);
    }
    read.map_err(|error| bad(error.to_string()))?;
    sink.write();
    sink.trouble.map_or(Ok(()), Err)
}

struct Sink<'a> {
    results: &'a Results,
    batch: Vec<Earlier>,
    trouble: Option<VerifyError>,
}

impl Sink<'_> {
    /// Whether it could be written.
    fn write(&mut self) -> bool {
        let written = self.results.remember(&self.batch);
        self.batch.clear();
        self.trouble = written.err().map(VerifyError::from);
        self.trouble.is_none()
    }
}

#[derive(Deserialize)]
struct EarlierFile {
    path: String,
    #[serde(default)]
    findings: Vec<Finding>,
}

struct Report<'a, 'b>(&'a mut Sink<'b>);

impl<'de> Visitor<'de> for Report<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a report of brimful verify in JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut is_ours = false;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "format" => {
                    let format: String = map.next_value()?;
                    if format != SHAPE {
                        return Err(A::Error::custom(format!("it is of the format {format}, and {SHAPE} is needed")));
                    }
                    is_ours = true;
                }
                "files" => map.next_value_seed(Files(&mut *self.0))?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if is_ours { Ok(()) } else { Err(A::Error::custom("it is no report of brimful verify in JSON")) }
    }
}

struct Files<'a, 'b>(&'a mut Sink<'b>);

impl<'de> DeserializeSeed<'de> for Files<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Files<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the files of a report")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(EarlierFile { path, findings }) = seq.next_element()? {
            self.0.batch.extend(findings.into_iter().map(|finding| Earlier { path: path.clone(), finding }));
            if self.0.batch.len() >= BATCH && !self.0.write() {
                return Err(A::Error::custom("the results cannot be written"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::verify::Row;
    use crate::store::verification::Entry;
    use test_case::test_case;

    fn read(text: &str) -> Result<Vec<(String, String)>, String> {
        let dir = tempfile::tempdir().unwrap();
        let report = dir.path().join("report.json");
        std::fs::write(&report, text).unwrap();
        let results = Results::open(&dir.path().join("run.sqlite")).unwrap();
        let checked = |at: usize| {
            let path = format!("{at:05}");
            Entry { name: path.clone(), row: Row { path, ..Row::default() }, ..Entry::default() }
        };
        results.add(&(0..1_234).map(checked).collect::<Vec<_>>()).unwrap();
        remember(&results, &report).map_err(|error| error.to_string())?;
        Ok(results.resolved(1_000_000).unwrap().into_iter().map(|it| (it.path, it.finding.sentence)).collect())
    }

    #[test]
    fn findings_are_remembered_however_many() {
        let file = |at: usize| {
            format!(
                r#"{{"path":"{at:05}","url":"x","findings":[{{"rule":"r","check":"width","severity":"error","sentence":"s{at}"}}]}}"#
            )
        };
        let files: Vec<String> = (0..1_234).map(file).collect();
        let found =
            read(&format!(r#"{{"format":"{SHAPE}","totals":{{}},"files":[{}],"more":[1]}}"#, files.join(","))).unwrap();
        assert_eq!((found.len(), &found[1_233]), (1_234, &("01233".to_owned(), "s1233".to_owned())));
        assert_eq!(read(&format!(r#"{{"format":"{SHAPE}","files":[]}}"#)).unwrap(), []);
    }

    #[test_case("{}", "it is no report of brimful verify in JSON"; "another object")]
    #[test_case("[1]", "a report of brimful verify in JSON"; "a list")]
    #[test_case("{\"format\":\"brimful-verify-9\"}", "it is of the format brimful-verify-9"; "a later one")]
    #[test_case("{\"format\":\"brimful-verify-1\",\"files\":[{\"path\":5}]}", "line 1"; "a file that is none")]
    #[test_case("{\"format\":\"brimful-verify-1\",\"files\":[", "EOF"; "half a report")]
    fn what_is_no_report_is_refused(text: &str, said: &str) {
        let error = read(text).unwrap_err();
        assert!(error.contains(said) && error.contains("report.json"), "{error}");
    }
}
