//! What commands that change something say: a line for each object, and a sentence at the end.

use std::fmt::Display;
use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write as _};

use serde::Serialize;

use super::common::Doing;
use super::end::{Stopped, Whole};
use super::plain::{one_line, plain};
use crate::domain::format::{count, counted, size};

/// What is counted, in words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nouns {
    one: &'static str,
    many: &'static str,
}

impl Nouns {
    pub(super) const OBJECTS: Self = Self { one: "object", many: "objects" };
    pub(super) const FILES: Self = Self { one: "file", many: "files" };
    pub(super) const VERSIONS: Self = Self { one: "version", many: "versions" };
}

/// So many objects, and how large they are together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) objects: u64,
    pub(super) bytes: u64,
}

impl Tally {
    pub(super) fn add(&mut self, bytes: u64) {
        self.objects += 1;
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// `2,500 objects (1.2 GB)`.
    pub(super) fn words(self, nouns: Nouns) -> String {
        format!("{} ({})", counted(self.objects, nouns.one, nouns.many), size(self.bytes))
    }
}

/// Writes to the standard output what was done, to the standard error what was not. Nobody has to listen: the work goes on
/// when the output is closed.
pub(super) struct Report {
    out: BufWriter<io::Stdout>,
    is_terminal: bool,
    doing: Doing,
    nouns: Nouns,
    unwritten: Option<io::Error>,
    done: Tally,
    skipped: u64,
    failed: u64,
}

impl Report {
    pub(super) fn new(doing: Doing, nouns: Nouns) -> Self {
        let stdout = io::stdout();
        let is_terminal = stdout.is_terminal();
        let out = BufWriter::with_capacity(1 << 16, stdout);
        Self { out, is_terminal, doing, nouns, unwritten: None, done: Tally::default(), skipped: 0, failed: 0 }
    }

    /// Something was done, or would be.
    pub(super) fn done(&mut self, bytes: u64, text: &dyn Display, row: &impl Serialize) {
        self.done.add(bytes);
        self.line(text, row);
    }

    /// So many were done, of which nothing more is said.
    pub(super) fn counted(&mut self, objects: u64, bytes: u64) {
        self.done.objects += objects;
        self.done.bytes = self.done.bytes.saturating_add(bytes);
    }

    /// Something was left as it is, as was asked.
    pub(super) fn skipped(&mut self, text: &dyn Display, row: &impl Serialize) {
        self.skipped += 1;
        self.line(text, row);
    }

    /// Something could not be done. It is named on the standard error too, also where all else is to be quiet.
    pub(super) fn failed(&mut self, what: &str, why: &str, row: &impl Serialize) {
        self.failed += 1;
        if self.doing.json {
            self.line(&"", row);
        }
        let _ = writeln!(io::stderr(), "{}: {}", one_line(what), plain(why));
    }

    /// Something to know beside what is done.
    pub(super) fn note(&self, text: &str) {
        if !self.doing.quiet {
            let _ = writeln!(io::stderr(), "{}", one_line(text));
        }
    }

    fn line(&mut self, text: &dyn Display, row: &impl Serialize) {
        if self.doing.quiet || self.unwritten.is_some() {
            return;
        }
        let written = match self.doing.json {
            true => {
                serde_json::to_writer(&mut self.out, row).map_err(io::Error::from).and_then(|()| writeln!(self.out))
            }
            false => writeln!(self.out, "{text}"),
        };
        self.unwritten = written.err();
    }

    /// Shows what was said so far to somebody who looks on.
    pub(super) fn show(&mut self) {
        if self.is_terminal {
            self.flush();
        }
    }

    /// Whether there was nothing to say.
    pub(super) fn is_empty(&self) -> bool {
        self.done.objects + self.skipped + self.failed == 0
    }

    /// The sentence at the end (`verb` is what was done, such as "deleted"), and how the command ends.
    ///
    /// # Errors
    /// What was said could not be written.
    pub(super) fn end(mut self, verb: &str, interrupted: bool) -> Result<Whole, Stopped> {
        self.flush();
        if interrupted || !self.doing.quiet {
            let _ = writeln!(io::stderr(), "{}", self.sentence(verb, interrupted));
        }
        self.ended(interrupted)
    }

    /// As [`Self::end`] where one object was named: its line says it all.
    ///
    /// # Errors
    /// What was said could not be written.
    pub(super) fn finish(mut self, interrupted: bool) -> Result<Whole, Stopped> {
        self.flush();
        self.ended(interrupted)
    }

    fn flush(&mut self) {
        if self.unwritten.is_none() {
            self.unwritten = self.out.flush().err();
        }
    }

    fn ended(&mut self, interrupted: bool) -> Result<Whole, Stopped> {
        match self.unwritten.take() {
            Some(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
            _ if interrupted => Ok(Whole::Interrupted),
            _ if self.failed > 0 => Ok(Whole::No),
            _ => Ok(Whole::Yes),
        }
    }

    fn sentence(&self, verb: &str, interrupted: bool) -> String {
        let mut sentence = format!("{} {verb}", self.done.words(self.nouns));
        for (number, what) in [(self.skipped, "skipped"), (self.failed, "failed")] {
            if number > 0 {
                sentence.push_str(&format!(", {} {what}", count(number)));
            }
        }
        if interrupted { format!("Interrupted: {sentence}") } else { sentence }
    }
}
