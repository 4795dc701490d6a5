//! The receipt of transfers: what went where, as CSV for a spreadsheet and as JSON for programs.

use jiff::Timestamp;
use serde::Serialize;

use super::csv::record;

/// Names the shape of the JSON, so that programs can tell a later one from it.
const SHAPE: &str = "brimful-receipt-1";

/// The head of the CSV: the same names as in the JSON.
const COLUMNS: [&str; 13] = [
    "state",
    "direction",
    "local_path",
    "bucket",
    "key",
    "url",
    "size_bytes",
    "checksum",
    "etag",
    "version_id",
    "request_id",
    "time_utc",
    "reason",
];

/// Which way a file went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "&'static str")]
pub enum Way {
    /// Into a bucket.
    Upload,
    /// To this computer.
    Download,
}

impl From<Way> for &'static str {
    fn from(way: Way) -> Self {
        match way {
            Way::Upload => "upload",
            Way::Download => "download",
        }
    }
}

/// What came of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "&'static str")]
pub enum State {
    /// It arrived.
    Done,
    /// It did not arrive.
    Failed,
    /// Its name is taken, and nobody has decided yet.
    NameTaken,
    /// Called off.
    Cancelled,
    /// Left out by choice, since its name is taken.
    Skipped,
}

impl From<State> for &'static str {
    fn from(state: State) -> Self {
        match state {
            State::Done => "done",
            State::Failed => "failed",
            State::NameTaken => "name taken",
            State::Cancelled => "cancelled",
            State::Skipped => "skipped",
        }
    }
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What came of it.
    pub state: State,
    /// Which way.
    pub direction: Way,
    /// Where it lies on this computer; `None` for what was never a file there, such as a pasted picture.
    pub local_path: Option<String>,
    /// The bucket.
    pub bucket: String,
    /// The whole key.
    pub key: String,
    /// The address to hand out.
    pub url: Option<String>,
    /// Bytes.
    pub size_bytes: u64,
    /// Of the whole content in Base64, with its algorithm in front: `CRC64NVME:…`.
    pub checksum: Option<String>,
    /// What the store calls the content, without quotes.
    pub etag: Option<String>,
    /// `x-amz-version-id`, where the bucket keeps versions.
    pub version_id: Option<String>,
    /// `x-amz-request-id` of the request that ended it.
    pub request_id: Option<String>,
    /// When it had arrived.
    pub time_utc: Option<Timestamp>,
    /// Why it did not arrive.
    pub reason: Option<String>,
}

impl Line {
    /// As [`COLUMNS`] names them.
    fn cells(&self) -> [String; COLUMNS.len()] {
        let told = |text: &Option<String>| text.clone().unwrap_or_default();
        [
            <&str>::from(self.state).to_owned(),
            <&str>::from(self.direction).to_owned(),
            told(&self.local_path),
            self.bucket.clone(),
            self.key.clone(),
            told(&self.url),
            self.size_bytes.to_string(),
            told(&self.checksum),
            told(&self.etag),
            told(&self.version_id),
            told(&self.request_id),
            self.time_utc.map(|at| at.to_string()).unwrap_or_default(),
            told(&self.reason),
        ]
    }
}

/// How a receipt is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// RFC 4180.
    Csv,
    /// One object with all files.
    Json,
}

impl Notation {
    /// By the ending of the file's name: `.json`, in any case, is JSON; everything else is CSV.
    #[must_use]
    pub fn of_file(name: &str) -> Self {
        match name.rsplit_once('.') {
            Some((_, ending)) if ending.eq_ignore_ascii_case("json") => Self::Json,
            _ => Self::Csv,
        }
    }
}

/// What went where, and when that was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// When it was made.
    pub made: Timestamp,
    /// The files, in the order they were asked for.
    pub files: Vec<Line>,
}

impl Receipt {
    /// All of it as text.
    #[must_use]
    pub fn to_text(&self, notation: Notation) -> String {
        match notation {
            Notation::Csv => self.to_csv(),
            Notation::Json => self.to_json(),
        }
    }

    fn to_csv(&self) -> String {
        let mut text = record(COLUMNS.into_iter().map(str::to_owned));
        for line in &self.files {
            text.push_str(&record(line.cells().into_iter()));
        }
        text
    }

    fn to_json(&self) -> String {
        let whole = serde_json::json!({ "format": SHAPE, "made_utc": self.made, "files": self.files });
        format!("{whole:#}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn line(key: &str) -> Line {
        Line {
            state: State::Done,
            direction: Way::Upload,
            local_path: Some("/home/maria/a, b.png".to_owned()),
            bucket: "acme".to_owned(),
            key: key.to_owned(),
            url: Some("https://acme.s3.eu-west-1.amazonaws.com/a.png".to_owned()),
            size_bytes: 1_204,
            checksum: None,
            etag: Some("900150983cd24fb0d6963f7d28e17f72".to_owned()),
            version_id: None,
            request_id: Some("4442587FB7D0A2F9".to_owned()),
            time_utc: "2026-03-14T09:44:07Z".parse().ok(),
            reason: None,
        }
    }

    fn receipt(files: Vec<Line>) -> Receipt {
        Receipt { made: "2026-03-14T10:00:00Z".parse().unwrap(), files }
    }

    #[test]
    fn a_record_has_every_column_in_its_place() {
        let text = receipt(vec![line("a.png")]).to_text(Notation::Csv);
        assert_eq!(
            text,
            "state,direction,local_path,bucket,key,url,size_bytes,checksum,etag,version_id,request_id,time_utc,reason\r\n\
             done,upload,\"/home/maria/a, b.png\",acme,a.png,https://acme.s3.eu-west-1.amazonaws.com/a.png,1204,,\
             900150983cd24fb0d6963f7d28e17f72,,4442587FB7D0A2F9,2026-03-14T09:44:07Z,\r\n"
        );
    }

    #[test]
    fn json_holds_names_as_they_are_under_the_names_of_the_columns() {
        let text = receipt(vec![line("=1+1")]).to_text(Notation::Json);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((value["format"].as_str(), value["made_utc"].as_str()), (Some(SHAPE), Some("2026-03-14T10:00:00Z")));
        let file = value["files"][0].as_object().unwrap();
        assert_eq!(file.keys().collect::<Vec<_>>(), COLUMNS);
        assert_eq!(file["key"], "=1+1");
        assert_eq!(file["size_bytes"], 1_204);
        assert_eq!(file["time_utc"], "2026-03-14T09:44:07Z");
        assert!(file["reason"].is_null());
    }

    #[test_case("r.csv", Notation::Csv; "csv")]
    #[test_case("r.JSON", Notation::Json; "json in capitals")]
    #[test_case("receipt", Notation::Csv; "no ending")]
    #[test_case("json", Notation::Csv; "a name that is no ending")]
    fn the_ending_decides(name: &str, notation: Notation) {
        assert_eq!(Notation::of_file(name), notation);
    }
}
