//! Random steps against practice storage and against a plain model of S3, with the server killed between steps and in
//! the middle of them.
//!
//! The steps follow from a seed. `BRIMFUL_MODEL_SEED` and `BRIMFUL_MODEL_STEPS` choose others and more of them. A
//! failure tells the seed and the few steps that it takes.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod model;
mod pages;
mod plan;
mod step;
mod wire;
mod world;

use std::time::{Duration, Instant};

use self::plan::{Op, plan};
use self::world::World;

/// Worlds that run side by side, each with a seed and a server of its own.
const WORLDS: u64 = 3;

/// Steps of all worlds together, unless told otherwise.
const STEPS: usize = 15_000;

/// On average one crash in so many steps between two, and one within a step.
const CRASH_EVERY: usize = 300;

/// Shrinking ends after this long.
const PATIENCE: Duration = Duration::from_secs(90);

fn number<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

/// Runs steps in a new world; tells which one failed, and how.
fn run(ops: &[Op]) -> Result<(), (usize, String)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut world = World::new().await;
        for (at, op) in ops.iter().enumerate() {
            if let Err(complaint) = world.step(op).await {
                return Err((at, format!("{complaint}\nThe model then: {:#?}", world.shown())));
            }
        }
        Ok(())
    })
}

/// Leaves out what the failure does not need: first halves, then ever smaller pieces.
fn shrunk(mut ops: Vec<Op>, mut complaint: String) -> (Vec<Op>, String) {
    let begin = Instant::now();
    let mut piece = ops.len() / 2;
    while piece > 0 && begin.elapsed() < PATIENCE {
        let mut at = 0;
        while at < ops.len() && begin.elapsed() < PATIENCE {
            let mut fewer = ops.clone();
            fewer.drain(at..ops.len().min(at + piece));
            match run(&fewer) {
                Err((failed, text)) => {
                    fewer.truncate(failed + 1);
                    (ops, complaint) = (fewer, text);
                }
                Ok(()) => at += piece,
            }
        }
        piece /= 2;
    }
    (ops, complaint)
}

#[test]
fn the_store_does_what_the_model_does_whenever_it_is_killed() {
    let steps = number("BRIMFUL_MODEL_STEPS").unwrap_or(STEPS);
    let first: u64 = number("BRIMFUL_MODEL_SEED").unwrap_or(1);
    let worlds: Vec<_> = (first..first + WORLDS)
        .map(|seed| {
            let each = steps.div_ceil(usize::try_from(WORLDS).unwrap());
            std::thread::spawn(move || {
                let mut ops = plan(seed, each, CRASH_EVERY);
                let (failed, complaint) = run(&ops).err()?;
                ops.truncate(failed + 1);
                let (ops, complaint) = shrunk(ops, complaint);
                Some(format!("seed {seed} fails at step {failed}; these are enough:\n{ops:#?}\n{complaint}"))
            })
        })
        .collect();
    let failures: Vec<_> = worlds.into_iter().filter_map(|world| world.join().unwrap()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
