//! `brimful resume`: what earlier commands left in the queue goes on.

use std::process::ExitCode;

use tokio::sync::mpsc;

use super::carry::{Carrier, Feed, Speed};
use super::common::Doing;
use super::connection::connect_to;
use super::end::{self, Stopped, Whole};
use super::upload::edit;
use crate::domain::format::counted;
use crate::store::journal::{KeptBatch, State};
use crate::transfer::Selection;

/// Arguments of `brimful resume`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    #[command(flatten)]
    doing: Doing,
    #[command(flatten)]
    speed: Speed,
}

/// Goes on. Ends with 0 when all is done (also when nothing was left), 1 when something was not, 130 when it was
/// interrupted again.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    end::run(resumed(args))
}

async fn resumed(args: &Args) -> Result<Whole, Stopped> {
    let carrier = Carrier::start(args.doing, args.speed, String::new(), "carried")?;
    let batches = carrier.left_behind().await?;
    if batches.is_empty() {
        carrier.note("Nothing was left by earlier commands");
        return Ok(Whole::Yes);
    }
    let (send, feed) = mpsc::channel(1);
    let connecting = async move {
        for batch in batches {
            let Some(target) = Carrier::target(&batch.batch.way) else { continue };
            let fed = match connect_to(target).await {
                Ok(store) => Feed::Batch(vec![(store, batch)]),
                Err(error) => Feed::Stopped(error.into()),
            };
            if send.send(fed).await.is_err() {
                return;
            }
        }
    };
    let looking = tokio::spawn(connecting);
    let whole = carrier
        .carry(
            feed,
            |engine, batches| {
                let mut last = None;
                for (store, batch) in batches {
                    let id = engine.restore(store, batch, &edit);
                    // What failed or was held waits for somebody to go on.
                    engine.resume(&Selection::Batch(id));
                    last = Some(id);
                }
                last.unwrap_or(crate::transfer::BatchId(0))
            },
            |(_, batch): &(_, KeptBatch)| {
                let open = batch.rows.iter().filter(|row| !matches!(row.state, State::Done | State::Skipped)).count();
                (format!("{} in {}", counted(open as u64, "file", "files"), batch.batch.bucket), 0)
            },
        )
        .await;
    looking.await?;
    whole
}
