//! Counting, in room that does not grow with what is counted.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan as _};

use super::Outcome;

/// So many examples are kept of each row.
pub const EXAMPLES: usize = 5;

/// How many, and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// Versions, markers or uploads.
    pub count: u64,
    /// Bytes.
    pub bytes: u64,
}

impl Amount {
    /// One more.
    pub fn add(&mut self, bytes: u64) {
        self.count += 1;
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { count: self.count + other.count, bytes: self.bytes.saturating_add(other.bytes) }
    }
}

/// One of those that are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The whole key.
    pub key: String,
    /// Bytes.
    pub size_bytes: u64,
    /// From when on: a midnight, UTC.
    pub due: Timestamp,
}

/// What becomes of what by one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The rule, counted from 0.
    pub rule: usize,
    /// Else it depends on tags.
    pub certain: bool,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Due by now.
    pub due: Amount,
    /// Due within 30 days.
    pub soon: Amount,
    /// Due after that.
    pub later: Amount,
    /// The first day of all.
    pub begin: Timestamp,
    /// The first day that is still to come.
    pub first: Option<Timestamp>,
    /// The last day.
    pub last: Timestamp,
    /// The first of them in the order of keys.
    pub examples: Vec<Example>,
}

impl Row {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> Amount {
        self.due.plus(self.soon).plus(self.later)
    }
}

/// What happens when within 30 days of `now` ends then.
pub(super) fn soon(now: Timestamp) -> Timestamp {
    now.checked_add((30 * 24).hours()).unwrap_or(Timestamp::MAX)
}

#[derive(Debug)]
pub(super) struct Rows {
    now: Timestamp,
    soon: Timestamp,
    rows: BTreeMap<(usize, bool, Outcome), Row>,
}

impl Rows {
    pub(super) fn new(now: Timestamp) -> Self {
        Self { now, soon: soon(now), rows: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, rule: usize, certain: bool, outcome: Outcome, example: Example) {
        let row = self.rows.entry((rule, !certain, outcome)).or_insert_with(|| Row {
            rule,
            certain,
            outcome,
            due: Amount::default(),
            soon: Amount::default(),
            later: Amount::default(),
            begin: example.due,
            first: None,
            last: example.due,
            examples: Vec::new(),
        });
        let due = example.due;
        let when = match due {
            due if due <= self.now => &mut row.due,
            due if due <= self.soon => &mut row.soon,
            _ => &mut row.later,
        };
        when.add(example.size_bytes);
        if due > self.now {
            row.first = Some(row.first.map_or(due, |first| first.min(due)));
        }
        row.begin = row.begin.min(due);
        row.last = row.last.max(due);
        if row.examples.len() < EXAMPLES {
            row.examples.push(example);
        }
    }

    pub(super) fn has(&self, outcome: Outcome) -> bool {
        self.rows.values().any(|row| row.outcome == outcome)
    }

    pub(super) fn has_final(&self) -> bool {
        self.rows.values().any(|row| row.outcome.is_final())
    }

    /// The rules with something that depends on tags.
    pub(super) fn uncertain(&self) -> impl Iterator<Item = usize> {
        let mut rules: Vec<usize> = self.rows.values().filter(|row| !row.certain).map(|row| row.rule).collect();
        rules.dedup();
        rules.into_iter()
    }

    /// By rule, what is certain first, and then by day.
    pub(super) fn all(self) -> Vec<Row> {
        let mut rows: Vec<Row> = self.rows.into_values().collect();
        rows.sort_by_key(|row| (row.rule, !row.certain, row.begin));
        rows
    }
}

/// Amounts for each rule, and for each of something else.
#[derive(Debug)]
pub(super) struct PerRule<K>(BTreeMap<(usize, K), Amount>);

impl<K> Default for PerRule<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord + Copy> PerRule<K> {
    pub(super) fn add(&mut self, rule: usize, what: K, bytes: u64) {
        self.0.entry((rule, what)).or_default().add(bytes);
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (usize, K, Amount)> {
        self.0.iter().map(|((rule, what), amount)| (*rule, *what, *amount))
    }
}
