//! What must come of it: a list of rows, and nothing that takes time.

use brimful::transfer::RowState;

/// What becomes of a file when it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Good,
    Refused,
    Taken,
    Slow,
}

/// What a person, the store or the computer does.
#[derive(Debug, Clone)]
pub(super) enum Op {
    Add(Vec<Fate>),
    PauseAll,
    ResumeAll,
    Pause(String),
    Resume(String),
    Cancel(String),
    CancelAll,
    Retry(String),
    RetryFailed,
    Skip(String),
    Overwrite(String),
    KeepBoth(String),
    /// The store holds the answers to slow ones, or lets them go.
    Hold(bool),
    /// The store refuses what it may refuse, or no longer does.
    Refuse(bool),
    ClearEnded,
    /// The process ends at once and is started again.
    Restart,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum State {
    Waiting,
    Running,
    Paused,
    Done,
    Failed,
    Conflict,
    Cancelled,
    Skipped,
}

impl From<&RowState> for State {
    fn from(state: &RowState) -> Self {
        match state {
            RowState::Waiting => Self::Waiting,
            RowState::Running => Self::Running,
            RowState::Paused => Self::Paused,
            RowState::Done { .. } => Self::Done,
            RowState::Failed { .. } => Self::Failed,
            RowState::Conflict => Self::Conflict,
            RowState::Cancelled => Self::Cancelled,
            RowState::Skipped => Self::Skipped,
        }
    }
}

impl State {
    fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Running | Self::Paused)
    }

    /// Whether a row may go from here to there by this.
    pub(super) fn may_become(self, next: Self, op: &Op) -> bool {
        let again = matches!(op, Op::Retry(_) | Op::RetryFailed);
        let decided = matches!(op, Op::Skip(_) | Op::Overwrite(_) | Op::KeepBoth(_));
        match self {
            _ if self == next => true,
            Self::Waiting | Self::Running | Self::Paused => true,
            Self::Done | Self::Skipped => false,
            Self::Failed => again || (next == Self::Cancelled && matches!(op, Op::Cancel(_))),
            Self::Cancelled => matches!(op, Op::Retry(_)),
            Self::Conflict => decided || (next == Self::Cancelled && matches!(op, Op::Cancel(_))),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) key: String,
    pub(super) fate: Fate,
    pub(super) state: State,
    batch: usize,
}

#[derive(Debug, Default)]
pub(super) struct Reference {
    pub(super) rows: Vec<Row>,
    /// Keys that have arrived, also of rows that left the list.
    pub(super) arrived: Vec<String>,
    batches: usize,
    added: usize,
    paused: bool,
    holds: bool,
    refuses: bool,
}

/// The key of the file that is added as that one.
pub(super) fn key_of(number: usize, fate: Fate) -> String {
    format!("{fate:?}-{number:04}").to_lowercase()
}

/// The key beside that one.
pub(super) fn beside(key: &str) -> String {
    format!("{key} (2)")
}

impl Reference {
    pub(super) fn keys(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.key.clone()).collect()
    }

    pub(super) fn slow(&self) -> usize {
        self.rows.iter().filter(|row| row.fate == Fate::Slow && row.state != State::Done).count()
    }

    pub(super) fn conflict(&self) -> Option<String> {
        self.rows.iter().find(|row| row.state == State::Conflict).map(|row| row.key.clone())
    }

    pub(super) fn holds(&self) -> bool {
        self.holds
    }

    pub(super) fn refuses(&self) -> bool {
        self.refuses
    }

    pub(super) fn act(&mut self, op: &Op) {
        match op {
            Op::Add(fates) => {
                for fate in fates {
                    let key = key_of(self.added, *fate);
                    self.added += 1;
                    self.rows.push(Row { key, fate: *fate, state: State::Waiting, batch: self.batches });
                }
                self.batches += 1;
            }
            Op::PauseAll => self.paused = true,
            Op::ResumeAll => {
                self.paused = false;
                self.each(|row| row.state == State::Paused, State::Waiting);
            }
            Op::Pause(key) => self.each(|row| row.key == *key && row.state == State::Waiting, State::Paused),
            Op::Resume(key) => self.each(|row| row.key == *key && row.state == State::Paused, State::Waiting),
            Op::Cancel(key) => {
                let given_up = |state| matches!(state, State::Failed | State::Conflict);
                self.each(|row| row.key == *key && (row.state.is_open() || given_up(row.state)), State::Cancelled);
            }
            Op::CancelAll => self.each(|row| row.state.is_open(), State::Cancelled),
            Op::Retry(key) => {
                let ended = |state| matches!(state, State::Failed | State::Cancelled);
                self.each(|row| row.key == *key && ended(row.state), State::Waiting);
            }
            Op::RetryFailed => self.each(|row| row.state == State::Failed, State::Waiting),
            Op::Skip(key) => self.each(|row| row.key == *key && row.state == State::Conflict, State::Skipped),
            Op::Overwrite(key) => self.decide(key, key.clone()),
            Op::KeepBoth(key) => self.decide(key, beside(key)),
            Op::Hold(holds) => self.holds = *holds,
            Op::Refuse(refuses) => self.refuses = *refuses,
            Op::ClearEnded => {
                let ended = |state| matches!(state, State::Done | State::Cancelled | State::Skipped);
                self.rows.retain(|row| !ended(row.state));
            }
            Op::Restart => self.restart(),
        }
        self.come_to_rest();
    }

    fn each(&mut self, which: impl Fn(&Row) -> bool, state: State) {
        self.rows.iter_mut().filter(|row| which(row)).for_each(|row| row.state = state);
    }

    fn decide(&mut self, key: &str, new: String) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.key == key && row.state == State::Conflict) {
            (row.key, row.fate, row.state) = (new, Fate::Good, State::Waiting);
        }
    }

    fn restart(&mut self) {
        self.paused = false;
        let ended = |state| matches!(state, State::Done | State::Cancelled | State::Skipped);
        let left = |batch| self.rows.iter().any(|row| row.batch == batch && !ended(row.state));
        let gone: Vec<usize> = (0..self.batches).filter(|batch| !left(*batch)).collect();
        self.rows.retain(|row| !gone.contains(&row.batch));
        self.each(|row| row.state == State::Running, State::Waiting);
        // What failed is not sent again without being asked to.
        self.each(|row| row.state == State::Failed, State::Paused);
    }

    /// What happens by itself.
    fn come_to_rest(&mut self) {
        for row in &mut self.rows {
            let begins = row.state == State::Waiting && !self.paused;
            row.state = match row.fate {
                Fate::Slow if self.holds && begins => State::Running,
                Fate::Slow if !self.holds && (begins || row.state == State::Running) => State::Done,
                Fate::Good if begins => State::Done,
                Fate::Refused if begins && self.refuses => State::Failed,
                Fate::Refused if begins => State::Done,
                Fate::Taken if begins => State::Conflict,
                _ => row.state,
            };
            if row.state == State::Done && !self.arrived.contains(&row.key) {
                self.arrived.push(row.key.clone());
            }
        }
    }
}
