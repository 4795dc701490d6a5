//! Many files held against expectations: what is to be checked, how far it is, and the part of the results on screen.

mod expected;
mod form;
mod wanted;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

pub use expected::{Expected, Pair};
pub use form::{AskedAs, Field, Form, Problem, What};
pub use wanted::{EXPECTATIONS_FILE, Wanted, WantedAsked, WantedWhat};

use crate::domain::verify::{Expectations, Group, Row, Totals};
use crate::images::Thumb;
use crate::model::Trouble;
use crate::model::permissions::BucketKey;

/// The page, and what was checked in which bucket in this session.
#[derive(Debug, Default)]
pub struct ManyModel {
    /// Whether the page of many files is shown, and not that of one.
    pub open: bool,
    /// By bucket.
    pub all: HashMap<BucketKey, Many>,
}

/// The check of many files of one bucket.
#[derive(Debug, Default)]
pub struct Many {
    /// What of it is shown.
    pub side: Side,
    /// What is filled in.
    pub form: Form,
    /// Another number whenever [`Self::form`] was changed elsewhere than in its fields.
    pub number: u64,
    /// Whether somebody wanted to begin with the form as it is: from then on it says what is missing.
    pub tried: bool,
    /// The files that were chosen in the gallery.
    pub chosen: Vec<String>,
    /// Expectations from a file that the form cannot show.
    pub loaded: Option<Loaded>,
    /// Where expectations were saved last, or come from.
    pub expectations_file: Option<PathBuf>,
    /// The run under way, or the last one.
    pub run: Option<Run>,
    /// The results on screen.
    pub view: View,
    /// When it is checked again.
    pub schedule: Option<Schedule>,
}

/// What of the page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    /// What is to be checked, and what is expected.
    #[default]
    SetUp,
    /// What was found.
    Results,
}

/// Expectations from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The name of the file.
    pub name: String,
    /// What is expected.
    pub expectations: Expectations,
}

/// A run.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its number in this session.
    pub number: u64,
    /// What it was asked to do.
    pub wanted: Wanted,
    /// Whether it began by itself, by the schedule.
    pub scheduled: bool,
    /// Whether it is compared with an earlier one.
    pub has_earlier: bool,
    /// How far it is.
    pub state: RunState,
    /// Files with a result.
    pub done: u64,
    /// Files a second, since it began or went on.
    pub rate: f64,
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq)]
pub enum RunState {
    /// It is being prepared.
    Starting,
    /// Files are asked for.
    Going,
    /// It is coming to a stop: held by the person, or ended.
    Halting {
        /// Only held.
        pauses: bool,
    },
    /// Held by the person.
    Paused,
    /// Ended by the person, or left behind by an earlier session: it can go on.
    Stopped,
    /// It came to its end.
    Ended {
        /// When.
        at: Timestamp,
        /// How long it took.
        took: Duration,
    },
    /// It broke off: it can go on from there.
    Failed(Box<Trouble>),
}

impl RunState {
    /// Whether something is being done.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Starting | Self::Going | Self::Halting { .. })
    }

    /// Whether it is not at its end, and nothing is being done about it.
    #[must_use]
    pub fn can_go_on(&self) -> bool {
        matches!(self, Self::Paused | Self::Stopped | Self::Failed(_))
    }
}

/// Which results are looked at, and those that were read.
#[derive(Debug, Default)]
pub struct View {
    /// The kind that is looked at.
    pub group: Group,
    /// What names must hold.
    pub search: String,
    /// What was read of it last.
    pub page: Page,
}

/// A part of the results, as it was read.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// All of the run.
    pub totals: Totals,
    /// What was looked for.
    pub group: Group,
    /// What names had to hold.
    pub search: String,
    /// Those whose names hold it.
    pub found: Totals,
    /// The place of the first row among those that were looked for.
    pub first: u64,
    /// The rows.
    pub rows: Vec<Line>,
}

impl Page {
    /// The row at a place among those that were looked for, where it was read.
    #[must_use]
    pub fn row(&self, at: u64) -> Option<&Line> {
        self.rows.get(usize::try_from(at.checked_sub(self.first)?).ok()?)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.found.of(self.group)
    }

    /// Nothing fits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A row of the table.
#[derive(Debug, Clone)]
pub struct Line {
    /// What it was named as: a key or an address.
    pub name: String,
    /// What was found.
    pub row: Row,
    /// A small picture.
    pub thumb: Option<Arc<Thumb>>,
}

/// Checking again by itself, while the application runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// How often.
    pub every: Every,
    /// When next.
    pub next: Timestamp,
    /// Whether the last one failed, which was told then.
    pub is_failing: bool,
}

/// How often it is checked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// 15 minutes.
    Quarter,
    /// An hour.
    Hour,
    /// A day.
    Day,
}

impl Every {
    /// The choices.
    pub const ALL: [Self; 3] = [Self::Quarter, Self::Hour, Self::Day];

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Quarter => "Every 15 minutes",
            Self::Hour => "Every hour",
            Self::Day => "Every day",
        }
    }

    /// In time.
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::from_secs(match self {
            Self::Quarter => 15 * 60,
            Self::Hour => 60 * 60,
            Self::Day => 24 * 60 * 60,
        })
    }
}

/// What can be done on the page.
#[derive(Debug, Clone)]
pub enum ManyCommand {
    /// Show the page.
    Open,
    /// Show the page of a bucket, with its results.
    ShowResults(BucketKey),
    /// Go back to the page of one file.
    Close,
    /// Show the page for these files of the bucket one is in.
    Files(Vec<String>),
    /// Show the page for a folder of the bucket one is in.
    Folder(String),
    /// Show the other side of it.
    Turn(Side),
    /// Something was typed or ticked.
    Edit(Box<Form>),
    /// Choose the file that names what is to be checked.
    PickList,
    /// Choose a sitemap of this computer.
    PickSitemap,
    /// Choose the report to compare with.
    PickBaseline,
    /// Choose a file of expectations.
    LoadExpectations,
    /// Go back from the file's expectations to those of the form.
    DropLoaded,
    /// Save the expectations to a file.
    SaveExpectations,
    /// Copy what would do the same in a terminal.
    CopyCommand,
    /// Begin with what is filled in.
    Begin,
    /// Check the same once more.
    Again,
    /// Hold the run.
    Pause,
    /// End the run.
    Stop,
    /// Go on with it.
    GoOn,
    /// Check again by itself from now on, or no more.
    Every(Option<Every>),
    /// Look at one kind of results.
    Show(Group),
    /// Look at results whose names hold this.
    Search(String),
    /// These rows are on screen: so many after the first.
    Look {
        /// The place of the first one.
        first: u64,
        /// How many.
        most: u32,
    },
    /// Check one file by itself, as it was named.
    CheckOne(String),
    /// Save the report into a folder.
    SaveReport,
}
