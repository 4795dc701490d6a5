//! Anything a person may do to the queue, at random, beside a plain reference that says what must come of it.
//!
//! Files are called by what becomes of them: `good`, `refused` while the store refuses, `taken` where their name is,
//! `slow` while the store holds its answers. After every step the engine comes to rest, and then each row is as the
//! reference says, the sums are those of the rows, and no row has left an end without being asked to.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]
#![expect(clippy::print_stdout, reason = "the steps that led to a surprise are shown with it")]

mod reference;
mod world;

use reference::{Fate, Op, Reference};
use test_case::test_case;
use world::World;

use super::faults::Chance;

/// More for a long run.
const STEPS: &str = "BRIMFUL_MODEL_STEPS";

#[test_case(11; "one seed")]
#[test_case(12; "another")]
#[test_case(13; "a third")]
fn the_queue_does_what_the_reference_says(seed: u64) {
    let steps = std::env::var(STEPS).ok().and_then(|steps| steps.parse().ok()).unwrap_or(60);
    let mut chance = Chance(seed);
    let mut reference = Reference::default();
    let mut world = World::new();
    for _ in 0..steps {
        let op = any(&mut chance, &reference);
        println!("{op:?}");
        world.act(&op);
        reference.act(&op);
        world.comes_to(&reference, &op);
    }
    for op in [Op::Hold(false), Op::Refuse(false), Op::ResumeAll, Op::RetryFailed, Op::ResumeAll] {
        world.act(&op);
        reference.act(&op);
        world.comes_to(&reference, &op);
    }
    world.holds(&reference);
}

fn any(chance: &mut Chance, reference: &Reference) -> Op {
    let some_key = |chance: &mut Chance| {
        let keys = reference.keys();
        (!keys.is_empty()).then(|| keys[chance.below(keys.len() as u64) as usize].clone())
    };
    loop {
        let op = match chance.below(20) {
            0..4 => {
                let slow_left = 4 - reference.slow().min(4);
                let mut slow = 0;
                let fates = (0..=chance.below(3)).map(|_| match chance.below(8) {
                    0 | 1 => Fate::Refused,
                    2 => Fate::Taken,
                    // Big ones get half of the places: more would wait for one another.
                    3 | 4 if slow < slow_left => {
                        slow += 1;
                        Fate::Slow
                    }
                    _ => Fate::Good,
                });
                Some(Op::Add(fates.collect()))
            }
            4 => Some(Op::PauseAll),
            5 | 6 => Some(Op::ResumeAll),
            7 => some_key(chance).map(Op::Pause),
            8 => some_key(chance).map(Op::Resume),
            9 | 10 => some_key(chance).map(Op::Cancel),
            11 if chance.below(4) == 0 => Some(Op::CancelAll),
            11 | 12 => some_key(chance).map(Op::Retry),
            13 => Some(Op::RetryFailed),
            14 => reference.conflict().map(|key| match chance.below(3) {
                0 => Op::Skip(key),
                1 => Op::Overwrite(key),
                _ => Op::KeepBoth(key),
            }),
            15 => Some(Op::Hold(!reference.holds())),
            16 => Some(Op::Refuse(!reference.refuses())),
            17 => Some(Op::ClearEnded),
            18 => Some(Op::Restart),
            _ => some_key(chance).map(Op::Skip),
        };
        if let Some(op) = op {
            return op;
        }
    }
}
