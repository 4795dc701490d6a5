//! A memory of things used lately, bounded by bytes instead of number.

use ::lru::LruCache;
use std::hash::Hash;

/// Keeps what was used last, as long as all of it together stays within a number of bytes.
#[derive(Debug)]
pub struct ByteLru<K: Hash + Eq, V> {
    entries: LruCache<K, (V, usize)>,
    used_bytes: usize,
    most_bytes: usize,
}

impl<K: Hash + Eq, V> ByteLru<K, V> {
    /// An empty one that holds up to `most_bytes`.
    #[must_use]
    pub fn new(most_bytes: usize) -> Self {
        Self { entries: LruCache::unbounded(), used_bytes: 0, most_bytes }
    }

    /// Holds more or less than before from now on, and hands back what had to go.
    pub fn set_most_bytes(&mut self, most_bytes: usize) -> Vec<(K, V)> {
        self.most_bytes = most_bytes;
        let mut gone = vec![];
        while self.used_bytes > self.most_bytes {
            let Some((key, (value, size))) = self.entries.pop_lru() else { break };
            self.used_bytes -= size;
            gone.push((key, value));
        }
        gone
    }

    /// Puts something in, and hands back what had to go (also the thing itself, if it is larger than everything).
    pub fn put(&mut self, key: K, value: V, size_bytes: usize) -> Vec<(K, V)> {
        let mut gone = vec![];
        if let Some((key, (old, size))) = self.entries.pop_entry(&key) {
            self.used_bytes -= size;
            gone.push((key, old));
        }
        if size_bytes > self.most_bytes {
            gone.push((key, value));
            return gone;
        }
        while self.used_bytes + size_bytes > self.most_bytes {
            let Some((key, (value, size))) = self.entries.pop_lru() else { break };
            self.used_bytes -= size;
            gone.push((key, value));
        }
        self.used_bytes += size_bytes;
        self.entries.put(key, (value, size_bytes));
        gone
    }

    /// Looks something up, which counts as using it.
    pub fn get(&mut self, key: &K) -> Option<&V> {
        self.entries.get(key).map(|(value, _)| value)
    }

    /// Whether it is there; does not count as using it.
    #[must_use]
    pub fn contains(&self, key: &K) -> bool {
        self.entries.contains(key)
    }

    /// Takes something out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let (value, size) = self.entries.pop(key)?;
        self.used_bytes -= size;
        Some(value)
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.used_bytes = 0;
    }

    /// What all of it takes.
    #[must_use]
    pub fn used_bytes(&self) -> usize {
        self.used_bytes
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let mut lru = ByteLru::new(100);
        assert!(lru.put("a", 1, 40).is_empty() && lru.put("b", 2, 40).is_empty());
        assert_eq!(lru.get(&"a"), Some(&1));
        assert_eq!(lru.put("c", 3, 40), [("b", 2)]);
        assert_eq!((lru.used_bytes(), lru.len()), (80, 2));
    }

    #[test]
    fn a_smaller_budget_lets_the_oldest_go() {
        let mut lru = ByteLru::new(100);
        for name in ["a", "b", "c"] {
            lru.put(name, (), 30);
        }
        assert_eq!(lru.set_most_bytes(60), [("a", ())]);
        assert!(lru.set_most_bytes(500).is_empty());
        assert_eq!((lru.used_bytes(), lru.len()), (60, 2));
    }

    #[test]
    fn bytes_are_counted_once_whatever_happens() {
        let mut lru = ByteLru::new(100);
        lru.put("a", 1, 60);
        assert_eq!(lru.put("a", 2, 90), [("a", 1)]);
        assert_eq!(lru.put("huge", 3, 101), [("huge", 3)]);
        assert_eq!((lru.used_bytes(), lru.contains(&"a")), (90, true));
        assert_eq!((lru.remove(&"a"), lru.remove(&"a"), lru.used_bytes()), (Some(2), None, 0));
        lru.put("b", 4, 10);
        lru.clear();
        assert!(lru.is_empty() && lru.used_bytes() == 0);
    }
}
