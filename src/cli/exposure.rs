//! `brimful exposure`: which buckets strangers get into, by which layer, and since when.

mod ask;
mod since;

use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use self::since::Past;
use super::connection::Options;
use super::end::{self, Stopped, Whole};
use super::plain::one_line;
use crate::domain::exposure::{Audit, Reach, Standing, Way};
use crate::domain::format::{counted, day};
use crate::domain::location;
use crate::s3::bucket::list_buckets;
use crate::s3::store::Store;

/// So many buckets are asked about at once.
const AT_ONCE: usize = 8;

/// Arguments of `brimful exposure`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Buckets, such as s3://acme-images [default: all that the sign-in may list]
    #[arg(value_name = "S3_URI")]
    buckets: Vec<String>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Options,
}

/// Audits. Ends with 0 when no bucket lets strangers in, 1 when one does, 2 when it could not be told of one.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    end::run(async {
        match audited(args).await {
            Ok(whole) => Ok(whole),
            Err(Stopped::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Err(error.into()),
            Err(stopped) => {
                end::say(&stopped);
                Ok(Whole::Unknown)
            }
        }
    })
}

/// One bucket in JSON.
#[derive(Serialize)]
struct Row<'a> {
    bucket: &'a str,
    standing: Standing,
    worst: Option<Reach>,
    since: Option<Timestamp>,
    ways: &'a [Way],
    held_back: &'a [String],
    notes: &'a [String],
}

struct Found {
    bucket: String,
    audit: Audit,
    since: Option<Timestamp>,
}

async fn audited(args: &Args) -> Result<Whole, Stopped> {
    let endpoint = args.connection.endpoint();
    let places = args.buckets.iter().map(|place| location::parse(place, endpoint));
    let mut buckets: Vec<String> = places.map(|place| Ok(place?.bucket)).collect::<Result<_, Stopped>>()?;
    let store = args.connection.connect().await?;
    if buckets.is_empty() {
        buckets = list_buckets(&store).await?.into_iter().map(|bucket| bucket.name).collect();
    }
    buckets.sort_unstable();
    buckets.dedup();
    let mut found = all(&store, buckets).await;
    // The worst first, and then by name.
    found.sort_by(|a, b| b.audit.weight().cmp(&a.audit.weight()).then_with(|| a.bucket.cmp(&b.bucket)));
    tell(&found, args.json)?;
    Ok(match found.iter().map(|found| found.audit.standing).max() {
        Some(Standing::Open) => Whole::No,
        Some(Standing::Unclear) => Whole::Unknown,
        Some(Standing::FileByFile | Standing::Closed) | None => Whole::Yes,
    })
}

async fn all(store: &Store, buckets: Vec<String>) -> Vec<Found> {
    let account = ask::account(store).await;
    let past = Past::open(store.info());
    let one = async |bucket: String| {
        let audit = Box::pin(ask::bucket(store, &bucket, account)).await;
        (bucket, audit)
    };
    let audits: Vec<_> = stream::iter(buckets).map(one).buffer_unordered(AT_ONCE).collect().await;
    let since = |(bucket, audit): (String, Audit)| {
        let since = past.as_ref().and_then(|past| past.since(&bucket, &audit));
        Found { bucket, audit, since }
    };
    audits.into_iter().map(since).collect()
}

fn tell(found: &[Found], as_json: bool) -> Result<(), Stopped> {
    let mut out = BufWriter::new(io::stdout().lock());
    for Found { bucket, audit, since } in found {
        if as_json {
            let Audit { standing, ways, held_back, notes } = audit;
            let row = Row { bucket, standing: *standing, worst: audit.worst(), since: *since, ways, held_back, notes };
            serde_json::to_writer(&mut out, &row).map_err(io::Error::from)?;
            writeln!(out)?;
        } else {
            lines(&mut out, bucket, audit, *since)?;
        }
    }
    out.flush()?;
    if !as_json {
        let open = found.iter().filter(|found| found.audit.standing == Standing::Open).count() as u64;
        let all = counted(found.len() as u64, "bucket", "buckets");
        let _ = writeln!(io::stderr(), "Strangers get into {open} of {all} (predicted from the settings)");
    }
    Ok(())
}

fn lines(out: &mut impl Write, bucket: &str, audit: &Audit, since: Option<Timestamp>) -> io::Result<()> {
    let word = match audit.standing {
        Standing::Open => "open",
        Standing::Unclear => "unclear",
        Standing::FileByFile => "by file",
        Standing::Closed => "closed",
    };
    let since = since.map(|at| format!(", since {}", day(at, &TimeZone::UTC))).unwrap_or_default();
    writeln!(out, "{word:8} {}{since}", one_line(bucket))?;
    for Way { reach, who, reason, keys, .. } in &audit.ways {
        let what = match keys.as_slice() {
            [] => reach.words().to_owned(),
            keys if keys.iter().any(|key| key == "*") => reach.words().to_owned(),
            keys => format!("{}: {}", reach.words(), keys.join(", ")),
        };
        writeln!(out, "         {} can {}. {}", who.words(), one_line(&what), one_line(reason))?;
    }
    for sentence in audit.held_back.iter().chain(&audit.notes) {
        writeln!(out, "         {}", one_line(sentence))?;
    }
    Ok(())
}
