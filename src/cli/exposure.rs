//! `brimful exposure`: which buckets strangers get into, by which layer, and since when.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::connection::Options;
use super::end::{self, Stopped, Whole};
use super::plain::one_line;
use crate::domain::connection::{ConnectionId, Target};
use crate::domain::exposure::{self as report, Audit, Reach, Standing, Way};
use crate::domain::format::counted;
use crate::domain::location;
use crate::s3::bucket::list_buckets;
use crate::s3::exposure::{account_block, audit};
use crate::s3::store::{Family, Store, StoreInfo};
use crate::store::connections::Connections;
use crate::store::history::History;
use crate::store::home::Home;
use crate::store::since::since;

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
    let account = account_block(store).await;
    let past = Past::open(store.info());
    let one = async |bucket: String| {
        let audit = Box::pin(audit(store, &bucket, account)).await;
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
            let Audit { standing, ways, held_back, notes, .. } = audit;
            let row = Row { bucket, standing: *standing, worst: audit.worst(), since: *since, ways, held_back, notes };
            serde_json::to_writer(&mut out, &row).map_err(io::Error::from)?;
            writeln!(out)?;
        } else {
            for line in (report::Row { bucket, audit, since: *since }).lines(&TimeZone::UTC) {
                writeln!(out, "{}", one_line(&line))?;
            }
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

/// What was changed with Brimful, in this store.
struct Past {
    history: History,
    connections: Vec<ConnectionId>,
}

impl Past {
    /// Nothing where there is no home, or no connection ever led to this store.
    fn open(info: &StoreInfo) -> Option<Self> {
        let home = Home::find().ok()?;
        let (connections, _) = Connections::open(&home);
        let here = connections.all().iter().filter(|it| leads_to(&it.target, info)).map(|it| it.id).collect::<Vec<_>>();
        let (history, _) = History::open(&home);
        (!here.is_empty()).then_some(Self { history, connections: here })
    }

    fn since(&self, bucket: &str, audit: &Audit) -> Option<Timestamp> {
        since(&self.history, &self.connections, bucket, audit)
    }
}

/// Whether a connection leads to the store that is asked.
fn leads_to(target: &Target, info: &StoreInfo) -> bool {
    match target {
        Target::Amazon { .. } => info.family == Family::Amazon,
        Target::Store(store) => {
            let same = |endpoint: &String| endpoint.trim_end_matches('/') == store.endpoint.trim_end_matches('/');
            info.endpoint.as_ref().is_some_and(same)
        }
        // It listens where it can, and on this computer only.
        Target::Practice => {
            info.endpoint.as_deref().is_some_and(|it| it.contains("://127.0.0.1:") || it.contains("://localhost:"))
        }
    }
}
