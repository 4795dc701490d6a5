//! What can be done to a server, and a stream of it that one number decides.

/// Numbers that follow from a seed (SplitMix64).
#[derive(Debug, Clone)]
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

pub(super) const BUCKETS: [&str; 2] = ["first-bucket", "second-bucket"];

/// Few keys, so that they meet often: empty segments, prefixes of one another, what has to be escaped in a URL or in
/// XML, and a pair whose order differs between UTF-8 and UTF-16.
pub(super) const KEYS: [&str; 18] = [
    "a",
    "a/",
    "a/b",
    "a/b/c",
    "a.",
    "a-b",
    "b//c",
    "/",
    "//x",
    "a/../b",
    "a b+c",
    "%41",
    "<&>\"'",
    "é",
    "z/\u{FFFD}/1",
    "z/\u{1F600}/1",
    "\u{FFFD}",
    "\u{1F600}",
];
const PREFIXES: [&str; 8] = ["", "", "a", "a/", "b/", "z/", "\u{1F600}", "/"];
const DELIMITERS: [&str; 6] = ["", "", "/", "b", "//", "\u{FFFD}"];

/// Which version of a key a request names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Current,
    /// One of those that are there, counted round and round.
    Nth(usize),
    Null,
    /// An id that was never given.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    None,
    IfAbsent,
    IfMatchRight,
    IfMatchWrong,
}

/// Which parts a CompleteMultipartUpload names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    One(usize),
    All,
    Reversed,
    WrongTag,
    Missing,
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listing {
    V1,
    V2,
    Versions,
    Uploads,
}

/// One step. It holds no ids, so that any of the steps before can be left out.
#[derive(Debug, Clone)]
pub(super) enum Op {
    Put {
        bucket: usize,
        key: usize,
        body: u64,
        size: usize,
        note: bool,
        tags: usize,
        condition: Condition,
    },
    Get {
        bucket: usize,
        key: usize,
        which: Which,
        range: bool,
        head: bool,
    },
    Delete {
        bucket: usize,
        key: usize,
        which: Which,
    },
    DeleteMany {
        bucket: usize,
        keys: Vec<(usize, Which)>,
        quiet: bool,
    },
    Copy {
        from: (usize, usize, Which),
        to: (usize, usize),
        replace: bool,
    },
    Create {
        bucket: usize,
        key: usize,
        note: bool,
        tags: usize,
    },
    Part {
        bucket: usize,
        upload: usize,
        number: u16,
        body: u64,
        size: usize,
    },
    Complete {
        bucket: usize,
        upload: usize,
        choice: Choice,
        if_absent: bool,
    },
    Abort {
        bucket: usize,
        upload: usize,
    },
    Parts {
        bucket: usize,
        upload: usize,
        page: usize,
    },
    Tag {
        bucket: usize,
        key: usize,
        which: Which,
        tags: usize,
    },
    Tags {
        bucket: usize,
        key: usize,
        which: Which,
    },
    Version {
        bucket: usize,
        enabled: bool,
    },
    List {
        bucket: usize,
        listing: Listing,
        prefix: &'static str,
        delimiter: &'static str,
        after: Option<usize>,
        page: usize,
        url: bool,
    },
    /// Removes everything page by page while listing, then the bucket, and makes it anew.
    Renew {
        bucket: usize,
    },
    /// The bucket goes only when it is empty.
    Remove {
        bucket: usize,
    },
    /// The process is killed between two steps.
    Crash,
    /// The process is killed this many microseconds after a step was sent.
    CrashDuring(Box<Op>, u64),
}

fn which(dice: &mut Dice) -> Which {
    match dice.below(10) {
        0..4 => Which::Current,
        4..8 => Which::Nth(dice.below(6)),
        8 => Which::Null,
        _ => Which::Unknown,
    }
}

fn named(dice: &mut Dice) -> Which {
    match which(dice) {
        Which::Current => Which::Nth(dice.below(6)),
        named => named,
    }
}

fn size(dice: &mut Dice) -> usize {
    match dice.below(40) {
        0 => 300_000,
        1..6 => 0,
        _ => dice.below(60),
    }
}

/// The steps of a seed.
pub(super) fn plan(seed: u64, steps: usize, crash_every: usize) -> Vec<Op> {
    let mut dice = Dice(seed);
    (0..steps)
        .map(|_| match dice.below(crash_every) {
            0 => Op::Crash,
            1 => {
                let write = loop {
                    let op = op(&mut dice);
                    if op.writes() {
                        break op;
                    }
                };
                Op::CrashDuring(Box::new(write), dice.next() % 12_000)
            }
            _ => op(&mut dice),
        })
        .collect()
}

fn op(dice: &mut Dice) -> Op {
    let bucket = dice.below(BUCKETS.len());
    let key = dice.below(KEYS.len());
    match dice.below(100) {
        0..24 => {
            let condition = dice.pick(&[
                Condition::None,
                Condition::None,
                Condition::None,
                Condition::IfAbsent,
                Condition::IfMatchRight,
                Condition::IfMatchWrong,
            ]);
            let most = if condition == Condition::None { usize::MAX } else { 60 };
            Op::Put {
                bucket,
                key,
                body: dice.next(),
                size: size(dice).min(most),
                note: dice.once_in(3),
                tags: if dice.once_in(4) { dice.below(3) } else { 0 },
                condition,
            }
        }
        24..38 => Op::Get { bucket, key, which: which(dice), range: dice.once_in(4), head: dice.once_in(3) },
        38..46 => Op::Delete { bucket, key, which: Which::Current },
        46..51 => Op::Delete { bucket, key, which: named(dice) },
        51..54 => {
            let keys = (0..1 + dice.below(4)).map(|_| (dice.below(KEYS.len()), which(dice))).collect();
            Op::DeleteMany { bucket, keys, quiet: dice.once_in(3) }
        }
        54..62 => {
            let to = (dice.below(BUCKETS.len()), dice.below(KEYS.len()));
            Op::Copy { from: (bucket, key, which(dice)), to, replace: dice.once_in(2) }
        }
        62..65 => Op::Create { bucket, key, note: dice.once_in(2), tags: dice.below(3) },
        65..71 => {
            let number = if dice.once_in(30) { 10_000 } else { 1 + u16::try_from(dice.below(3)).unwrap() };
            // Of the size that a part before the last must have, now and then.
            let size = if dice.once_in(40) { 5 << 20 } else { size(dice) };
            Op::Part { bucket, upload: dice.below(8), number, body: dice.next(), size }
        }
        71..74 => {
            let choice = match dice.below(10) {
                0..5 => Choice::One(dice.below(4)),
                5..7 => Choice::All,
                7 => Choice::Reversed,
                8 => dice.pick(&[Choice::WrongTag, Choice::Missing]),
                _ => Choice::Nothing,
            };
            Op::Complete { bucket, upload: dice.below(8), choice, if_absent: dice.once_in(4) }
        }
        74 => Op::Abort { bucket, upload: dice.below(8) },
        75 => Op::Parts { bucket, upload: dice.below(8), page: 1 + dice.below(3) },
        76..79 => Op::Tag { bucket, key, which: which(dice), tags: dice.below(3) },
        79..82 => Op::Tags { bucket, key, which: which(dice) },
        82 => Op::Version { bucket, enabled: dice.below(3) > 0 },
        83..99 => Op::List {
            bucket,
            listing: dice.pick(&[
                Listing::V1,
                Listing::V2,
                Listing::V2,
                Listing::Versions,
                Listing::Versions,
                Listing::Uploads,
            ]),
            prefix: dice.pick(&PREFIXES),
            delimiter: dice.pick(&DELIMITERS),
            after: dice.once_in(3).then(|| dice.below(KEYS.len())),
            page: match dice.below(8) {
                0 => 0,
                1..3 => 1000,
                _ => 1 + dice.below(6),
            },
            url: dice.once_in(2),
        },
        _ => {
            if dice.once_in(3) {
                Op::Renew { bucket }
            } else {
                Op::Remove { bucket }
            }
        }
    }
}

impl Op {
    /// True when one request can change something, so that a crash in it has a before and an after.
    fn writes(&self) -> bool {
        matches!(
            self,
            Self::Put { .. }
                | Self::Delete { .. }
                | Self::DeleteMany { .. }
                | Self::Copy { .. }
                | Self::Create { .. }
                | Self::Part { .. }
                | Self::Complete { .. }
                | Self::Abort { .. }
                | Self::Tag { .. }
                | Self::Version { .. }
        )
    }
}
