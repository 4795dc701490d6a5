//! `brimful uploads`: uploads in parts that were begun and never finished, whose parts are stored and paid for.

use std::io::{self, BufWriter, Write as _};
use std::process::ExitCode;

use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::connection::Options;
use super::end::{self, Stopped, Whole};
use super::ls::date;
use super::plain::{one_line, plain};
use crate::domain::location;
use crate::s3::error::S3Error;
use crate::s3::multipart::{Stored, abort_multipart_upload, stored_parts};
use crate::s3::store::Store;
use crate::s3::versions::{UnfinishedUpload, list_multipart_uploads};

/// So many uploads are asked about at once.
const AT_ONCE: usize = 8;

/// Arguments of `brimful uploads`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The bucket, or a prefix in it, such as s3://bucket/photos/
    #[arg(value_name = "S3_URI")]
    place: String,
    /// Call off those that were begun longer ago, such as 7d, 12h or 30m; their parts are deleted
    #[arg(long, value_name = "AGE", value_parser = age)]
    abort_older_than: Option<SignedDuration>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Options,
}

/// Reads an age: a number and `d`, `h` or `m`.
fn age(text: &str) -> Result<SignedDuration, String> {
    let wrong = || "an age is a number with d, h or m, such as 7d".to_owned();
    let unit = text.chars().next_back().ok_or_else(wrong)?;
    let number: i64 = text.strip_suffix(unit).and_then(|number| number.parse::<u32>().ok()).ok_or_else(wrong)?.into();
    match unit {
        'd' => Ok(SignedDuration::from_hours(number * 24)),
        'h' => Ok(SignedDuration::from_hours(number)),
        'm' => Ok(SignedDuration::from_mins(number)),
        _ => Err(wrong()),
    }
}

/// One upload, what it has stored, and what became of it.
struct Row {
    upload: UnfinishedUpload,
    stored: Result<Stored, S3Error>,
    aborted: Option<Result<(), S3Error>>,
}

/// Lists them, and calls off what is old where that is wished. Ends with 0 when all was done, 1 when something was not,
/// 2 when the place names no bucket.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    end::run(listed(args))
}

async fn listed(args: &Args) -> Result<Whole, Stopped> {
    let place = location::parse(&args.place, args.connection.endpoint())?;
    let store = args.connection.connect().await?;
    let before = args.abort_older_than.and_then(|age| Timestamp::now().checked_sub(age).ok());
    let mut out = BufWriter::new(io::stdout().lock());
    let mut whole = Whole::Yes;
    let mut after = None;
    let prefix = Some(place.path.as_str()).filter(|path| !path.is_empty());
    loop {
        let (uploads, next) = list_multipart_uploads(&store, &place.bucket, prefix, after.as_ref()).await?;
        let wanted = uploads.into_iter().filter(|upload| upload.key.starts_with(&place.path));
        let mut rows = stream::iter(wanted).map(|upload| row(&store, &place.bucket, upload, before)).buffered(AT_ONCE);
        while let Some(row) = rows.next().await {
            if tell(&mut out, &row, args.json)? == Whole::No {
                whole = Whole::No;
            }
        }
        after = next;
        if after.is_none() {
            out.flush()?;
            return Ok(whole);
        }
    }
}

async fn row(store: &Store, bucket: &str, upload: UnfinishedUpload, before: Option<Timestamp>) -> Row {
    let stored = stored_parts(store, bucket, &upload.key, &upload.upload_id).await;
    // One whose beginning is not known may be under way.
    let is_old = before.is_some_and(|before| upload.begun.is_some_and(|begun| begun <= before));
    let aborted = match is_old {
        true => Some(abort_multipart_upload(store, bucket, &upload.key, &upload.upload_id).await),
        false => None,
    };
    Row { upload, stored, aborted }
}

fn tell(out: &mut impl io::Write, row: &Row, as_json: bool) -> io::Result<Whole> {
    let Row { upload, stored, aborted } = row;
    let is_aborted = matches!(aborted, Some(Ok(())));
    if as_json {
        let stored = stored.as_ref().ok();
        let value = json!({
            "key": upload.key, "upload_id": upload.upload_id, "begun": upload.begun,
            "size": stored.map(|stored| stored.bytes), "parts": stored.map(|stored| stored.parts), "aborted": is_aborted,
        });
        writeln!(out, "{value}")?;
    } else {
        let stored = stored.as_ref().map_or_else(
            |_| format!("{:>13} {:>11}", "-", "-"),
            |stored| format!("{:>13} {:>5} parts", stored.bytes, stored.parts),
        );
        let begun = date(upload.begun.as_ref());
        let state = if is_aborted { "  called off" } else { "" };
        writeln!(out, "{begun} {stored}  {}  {}{state}", one_line(&upload.key), one_line(&upload.upload_id))?;
    }
    let troubles = [stored.as_ref().err(), aborted.as_ref().and_then(|aborted| aborted.as_ref().err())];
    let mut whole = Whole::Yes;
    for trouble in troubles.into_iter().flatten() {
        whole = Whole::No;
        writeln!(io::stderr(), "{}: {}", one_line(&upload.key), plain(&trouble.sentence()))?;
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("7d", Some(7 * 86_400); "days")]
    #[test_case("12h", Some(12 * 3_600); "hours")]
    #[test_case("0m", Some(0); "all of them")]
    #[test_case("7", None; "without a unit")]
    #[test_case("d", None; "without a number")]
    #[test_case("-1d", None; "in the future")]
    #[test_case("7é", None; "of no unit")]
    #[test_case("", None; "nothing")]
    fn ages(text: &str, seconds: Option<i64>) {
        assert_eq!(age(text).ok().map(|age| age.as_secs()), seconds);
    }
}
