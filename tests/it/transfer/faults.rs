//! The engine against everything that can go wrong on the way. Whatever it is, in the end each file is there as it is
//! on this computer, counted once, and nothing half-done is left in the store.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod children;
mod down;
pub(crate) mod layer;
mod offline;
mod up;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use brimful::transfer::{Limits, Order, RowQuery, RowState, RowView, TransferEvent};

use super::yard::{MIB, Yard, item};

/// Waits as short as a test has time for.
fn hasty() -> Limits {
    Limits {
        single_put_bytes: 5 * MIB,
        part_bytes: 5 * MIB,
        first_wait: Duration::from_millis(10),
        longest_wait: Duration::from_millis(200),
        ..Limits::default()
    }
}

/// Always the same numbers: SplitMix64.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }
}

/// Files of many sizes: small ones, an empty one, and one that goes in parts.
struct Tree(Vec<(String, PathBuf)>);

impl Tree {
    fn grown_in(yard: &Yard, small: u64) -> Self {
        let mut chance = Chance(7);
        let mut files: Vec<_> = (0..small)
            .map(|number| {
                let name = format!("small-{number:02}");
                let bytes: Vec<u8> = (0..chance.below(60_000)).map(|_| chance.next() as u8).collect();
                let path = yard.file(&name, &bytes);
                (name, path)
            })
            .collect();
        files.push(("empty".into(), yard.file("empty", b"")));
        files.push(("middling".into(), yard.big_file("middling", 3 * MIB + 1)));
        files.push(("big".into(), yard.big_file("big", 17 * MIB + 5)));
        Self(files)
    }

    fn send(&self, yard: &Yard) {
        yard.send(self.0.iter().map(|(key, path)| item(path, key)).collect());
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn bytes(&self) -> u64 {
        self.0.iter().map(|(_, path)| fs::metadata(path).unwrap().len()).sum()
    }

    /// Everything is in the store as it is here, was counted once, and nothing else is there.
    async fn is_there(&self, yard: &Yard) {
        assert_eq!(yard.failures(), [""; 0]);
        for (key, path) in &self.0 {
            assert!(yard.practice.get("box", key).await == fs::read(path).unwrap(), "{key} is another");
        }
        assert_eq!(yard.keys().await.len(), self.len());
        assert_eq!(yard.open_uploads().await, 0, "unfinished uploads are left");
        for row in rows(yard) {
            assert!(matches!(row.state, RowState::Done { verified: true, .. }), "{row:?}");
            assert_eq!(row.sent_bytes, row.size_bytes);
        }
        let told = yard.told(self.len() + 1).await;
        let mut finished: Vec<_> = told
            .iter()
            .filter_map(|event| match event {
                TransferEvent::Finished { id, .. } => Some(*id),
                _ => None,
            })
            .collect();
        finished.sort_unstable();
        finished.dedup();
        assert_eq!((told.len(), finished.len()), (self.len() + 1, self.len()), "told twice: {told:?}");
        let totals = yard.engine.batches()[0].totals;
        assert_eq!((totals.done, totals.all()), (self.len(), self.len()));
        assert_eq!((totals.sent_bytes, totals.open_bytes, totals.total_bytes), (self.bytes(), 0, self.bytes()));
    }
}

fn rows(yard: &Yard) -> Vec<RowView> {
    yard.engine.rows(&RowQuery { order: Order::Asked, range: 0..10_000, ..RowQuery::default() }).rows
}
