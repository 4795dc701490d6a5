//! What waits, by urgency, and what is under way.

use super::{Priority, ThumbKey};
use std::collections::{BTreeMap, HashMap, HashSet};
use tokio_util::sync::CancellationToken;

/// Urgency first; among equals the one asked for first.
type Rank = (Priority, u64);

#[derive(Default)]
pub(super) struct Queue {
    waiting: BTreeMap<Rank, ThumbKey>,
    ranks: HashMap<ThumbKey, Rank>,
    under_way: HashMap<ThumbKey, CancellationToken>,
    asked: u64,
}

impl Queue {
    /// Notes a request; says whether it is new. If more than `most` wait, the least urgent is dropped.
    pub(super) fn request(&mut self, key: ThumbKey, priority: Priority, most: usize) -> bool {
        if self.under_way.contains_key(&key) {
            return false;
        }
        let known = self.ranks.get(&key).copied();
        match known {
            Some((had, _)) if had == priority => return false,
            Some(rank) => drop(self.waiting.remove(&rank)),
            None => {}
        }
        self.asked += 1;
        let rank = (priority, self.asked);
        self.ranks.insert(key.clone(), rank);
        self.waiting.insert(rank, key);
        if self.waiting.len() > most
            && let Some((_, dropped)) = self.waiting.pop_last()
        {
            self.ranks.remove(&dropped);
        }
        known.is_none()
    }

    /// Takes out the most urgent one; it is under way until [`Self::finish`].
    pub(super) fn start(&mut self) -> Option<(ThumbKey, CancellationToken)> {
        let (_, key) = self.waiting.pop_first()?;
        self.ranks.remove(&key);
        let cancelled = CancellationToken::new();
        self.under_way.insert(key.clone(), cancelled.clone());
        Some((key, cancelled))
    }

    /// Ends what was under way; says whether its result is still wanted.
    pub(super) fn finish(&mut self, key: &ThumbKey, cancelled: &CancellationToken) -> bool {
        // A cancelled request is already gone from here, and its key may have been asked for anew.
        if cancelled.is_cancelled() {
            return false;
        }
        self.under_way.remove(key).is_some()
    }

    /// Drops everything that is not wanted any more.
    pub(super) fn retain(&mut self, wanted: &HashSet<ThumbKey>) {
        self.waiting.retain(|_, key| wanted.contains(key));
        self.ranks.retain(|key, _| wanted.contains(key));
        self.under_way.retain(|key, cancelled| {
            let keep = wanted.contains(key);
            if !keep {
                cancelled.cancel();
            }
            keep
        });
    }

    /// How many wait or are under way.
    pub(super) fn len(&self) -> usize {
        self.waiting.len() + self.under_way.len()
    }
}
