//! `brimful upload`: files and folders into a bucket.

use std::io::{self, Write as _};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::connection::Options;
use super::end::{self, Stopped, Whole};
use crate::domain::location;
use crate::s3::object::{Guard, ObjectHeaders};
use crate::transfer::{Batch, Engine, Limits, Source, TransferEvent, UploadItem, walk};

/// Arguments of `brimful upload`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Files and folders
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Where to: s3://bucket/prefix/
    #[arg(value_name = "S3_URI")]
    place: String,
    /// Say nothing
    #[arg(long)]
    quiet: bool,
    #[command(flatten)]
    connection: Options,
}

/// Uploads.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    end::run(upload(args))
}

async fn upload(args: &Args) -> Result<Whole, Stopped> {
    let place = location::parse(&args.place, args.connection.endpoint())?;
    let store = args.connection.connect().await?;
    let mut items = Vec::new();
    for path in &args.paths {
        let _ = walk::walk(path, &mut |seen| {
            if let walk::Seen::File { path, relative, size_bytes } = seen {
                let below = relative.split_once('/').map_or(relative.as_str(), |(_, below)| below);
                let is_file = place.path.is_empty() || place.path.ends_with('/');
                items.push(UploadItem {
                    name: relative.clone(),
                    key: if is_file { format!("{}{below}", place.path) } else { place.path.clone() },
                    source: Source::Path(path),
                    size_bytes,
                    headers: ObjectHeaders::default(),
                    guard: Guard::Overwrite,
                });
            }
            ControlFlow::Continue(())
        });
    }
    let mut limits = Limits::default();
    if let Ok(files) = std::env::var("BRIMFUL_FILES") {
        limits.files = files.parse().unwrap_or(8);
    }
    if let Ok(files) = std::env::var("BRIMFUL_PARTS") {
        limits.parts_per_file = files.parse().unwrap_or(4);
    }
    let engine = Engine::new(tokio::runtime::Handle::current(), Arc::new(|| {}), limits);
    let (sender, mut ended) = tokio::sync::mpsc::unbounded_channel();
    engine.listen(move |event| {
        if let TransferEvent::BatchEnded { failed, .. } = event {
            let _ = sender.send(failed);
        }
    });
    engine.upload(Batch { store, bucket: place.bucket.clone(), label: place.path.clone(), items });
    let failed = ended.recv().await.unwrap_or(1);
    let _ = writeln!(io::stderr(), "failed {failed}");
    Ok(if failed == 0 { Whole::Yes } else { Whole::No })
}
