//! The calls of a plan, and how far each is.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::setup::{self, SetupPlan, Step, StepId, StepState};
use crate::model::Trouble;

/// So often a call is tried by itself before a person has to say what to do.
pub const TRIES: u32 = 5;

/// A plan, and how far it is.
#[derive(Debug, Clone)]
pub struct Run {
    /// The bucket it is about.
    pub bucket: String,
    /// Whether this plan makes the bucket; it is adopted otherwise.
    pub makes_bucket: bool,
    /// The plan as it was shown.
    pub plan: SetupPlan,
    /// In the order in which they are made.
    pub calls: Vec<Call>,
    /// Whether it runs.
    pub phase: Phase,
    /// Tells late reports of an earlier plan from those of this one.
    pub generation: u64,
}

/// Whether a plan runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// Shown only; nothing has been done.
    #[default]
    Ready,
    /// One call after the other.
    Running,
    /// Held by the person; a call under way is brought to its end.
    Paused,
    /// Nothing can go on without the person.
    Halted,
    /// All done, skipped or not offered.
    Finished,
}

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    /// What is done.
    pub step: Step,
    /// How far it is.
    pub state: CallState,
    /// How often it was tried.
    pub tries: u32,
    /// It takes back what an earlier one has changed.
    pub is_way_back: bool,
}

/// How far a call is.
#[derive(Debug, Clone, PartialEq)]
pub enum CallState {
    /// Not begun.
    Waiting,
    /// Under way.
    Running,
    /// Done, in this time.
    Done(Duration),
    /// It was so already; nothing was sent.
    AlreadySo,
    /// The store has no such thing.
    NotOffered,
    /// What is there may not be read, so it is not written over.
    LeftAlone,
    /// It failed in a way that passes, and is tried again by itself.
    TriesAgain {
        /// When.
        at: Timestamp,
        /// How long the wait is in all.
        wait: Duration,
        /// Why it failed.
        trouble: Trouble,
    },
    /// It failed, and a person has to say what to do.
    Failed(Trouble),
    /// The person left it out.
    Skipped,
}

impl CallState {
    /// Whether there is nothing left to do here.
    #[must_use]
    pub fn is_over(&self) -> bool {
        match self {
            Self::Done(_) | Self::AlreadySo | Self::NotOffered | Self::LeftAlone | Self::Skipped => true,
            Self::Waiting | Self::Running | Self::TriesAgain { .. } | Self::Failed(_) => false,
        }
    }

    /// Whether what it was for is so now.
    #[must_use]
    pub fn is_so(&self) -> bool {
        matches!(self, Self::Done(_) | Self::AlreadySo)
    }

    /// Why it failed, if it did.
    #[must_use]
    pub fn trouble(&self) -> Option<&Trouble> {
        match self {
            Self::Failed(trouble) | Self::TriesAgain { trouble, .. } => Some(trouble),
            Self::Waiting
            | Self::Running
            | Self::Done(_)
            | Self::AlreadySo
            | Self::NotOffered
            | Self::LeftAlone
            | Self::Skipped => None,
        }
    }
}

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Begin this call.
    Start(usize),
    /// One is under way.
    Busy,
    /// Nothing before this moment.
    WaitUntil(Timestamp),
    /// A person has to say what to do.
    Halt,
    /// Nothing is left.
    Finish,
}

impl Run {
    /// A plan of which nothing has been done yet.
    #[must_use]
    pub fn new(bucket: &str, plan: SetupPlan, generation: u64) -> Self {
        let state = |step: &Step| match step.state {
            StepState::AlreadySo => CallState::AlreadySo,
            StepState::ToDo => CallState::Waiting,
            StepState::Held => CallState::LeftAlone,
        };
        let calls = plan
            .steps
            .iter()
            .map(|step| Call { step: step.clone(), state: state(step), tries: 0, is_way_back: plan.takes_back })
            .collect();
        let makes_bucket = plan.step(StepId::Create).is_some();
        Self { bucket: bucket.to_owned(), makes_bucket, plan, calls, phase: Phase::Ready, generation }
    }

    /// One of its calls.
    #[must_use]
    pub fn call(&self, id: StepId) -> Option<&Call> {
        self.calls.iter().find(|call| call.step.id == id)
    }

    /// What is to be done next. Calls that need one that failed wait; those that do not go on.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Next {
        if self.calls.iter().any(|call| call.state == CallState::Running) {
            return Next::Busy;
        }
        let mut soonest: Option<Timestamp> = None;
        for (index, call) in self.calls.iter().enumerate() {
            match &call.state {
                CallState::Waiting if self.is_free(index) => return Next::Start(index),
                CallState::TriesAgain { at, .. } if *at <= now => return Next::Start(index),
                CallState::TriesAgain { at, .. } => {
                    soonest = Some(soonest.map_or(*at, |before| before.min(*at)));
                }
                CallState::Waiting
                | CallState::Running
                | CallState::Done(_)
                | CallState::AlreadySo
                | CallState::NotOffered
                | CallState::LeftAlone
                | CallState::Failed(_)
                | CallState::Skipped => {}
            }
        }
        match soonest {
            Some(at) => Next::WaitUntil(at),
            None if self.calls.iter().all(|call| call.state.is_over()) => Next::Finish,
            None => Next::Halt,
        }
    }

    /// Whether everything that a call needs is over. What was left out or is not offered holds nothing up.
    #[must_use]
    pub fn is_free(&self, index: usize) -> bool {
        self.needed(index).all(|call| call.state.is_over())
    }

    /// The first call that this one waits for, if that one failed.
    #[must_use]
    pub fn held_up_by(&self, index: usize) -> Option<&Call> {
        self.calls.get(index).filter(|call| call.state == CallState::Waiting)?;
        self.needed(index).find(|call| call.state.trouble().is_some())
    }

    fn needed(&self, index: usize) -> impl Iterator<Item = &Call> {
        let needs = self.calls.get(index).map_or(&[][..], |call| &call.step.needs);
        needs.iter().filter_map(|id| self.call(*id))
    }

    /// How many calls are over, and how many there are.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.calls.iter().filter(|call| call.state.is_over()).count(), self.calls.len())
    }

    /// Whether anything was sent that changed something.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.phase != Phase::Ready
    }

    /// The calls that failed and wait for a person.
    pub fn failed(&self) -> impl Iterator<Item = (usize, &Call, &Trouble)> {
        self.calls.iter().enumerate().filter_map(|(index, call)| match &call.state {
            CallState::Failed(trouble) => Some((index, call, trouble)),
            _ => None,
        })
    }

    /// All commands as one script for a shell.
    #[must_use]
    pub fn cli(&self) -> String {
        setup::cli_script(&self.plan)
    }
}

/// How long to wait before a call is tried again: longer each time.
#[must_use]
pub fn wait_before(tries: u32) -> Duration {
    match tries {
        0 | 1 => Duration::from_secs(1),
        2 => Duration::from_secs(3),
        3 => Duration::from_secs(8),
        4 => Duration::from_secs(20),
        _ => Duration::from_secs(45),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::connection::Target;
    use crate::domain::setup::{Found, Purpose, StoreAbilities, Wanted, plan};
    use crate::model::trouble::WayOut;

    /// Create, wait, block, encryption (already so), policy, lifecycle, proof.
    fn run() -> Run {
        let wanted = Wanted { acknowledged: true, ..Wanted::new(Purpose::PublicImages, "acme-images", "us-east-1") };
        let plan = plan(&wanted, &Found::nothing(), &StoreAbilities::of(&Target::Practice, None));
        Run { phase: Phase::Running, ..Run::new("acme-images", plan, 1) }
    }

    fn at(run: &Run, id: StepId) -> usize {
        run.calls.iter().position(|call| call.step.id == id).unwrap()
    }

    fn set(run: &mut Run, id: StepId, state: CallState) {
        let index = at(run, id);
        run.calls[index].state = state;
    }

    fn failed() -> CallState {
        CallState::Failed(Trouble::new("Refused", WayOut::Retry))
    }

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const DONE: CallState = CallState::Done(Duration::ZERO);

    #[test]
    fn calls_go_in_order_one_at_a_time_and_skip_what_is_so() {
        let mut run = run();
        let mut made = Vec::new();
        while let Next::Start(index) = run.next(NOW) {
            run.calls[index].state = CallState::Running;
            assert_eq!(run.next(NOW), Next::Busy);
            run.calls[index].state = DONE;
            made.push(run.calls[index].step.id);
        }
        use StepId::{Create, Lifecycle, Policy, Proof, PublicAccessBlock, Wait};
        assert_eq!(made, [Create, Wait, PublicAccessBlock, Policy, Lifecycle, Proof]);
        assert_eq!(run.call(StepId::Encryption).unwrap().state, CallState::AlreadySo);
        assert_eq!(run.next(NOW), Next::Finish);
        assert_eq!(run.progress(), (7, 7));
    }

    #[test]
    fn what_does_not_need_the_failed_call_goes_on() {
        let mut run = run();
        for id in [StepId::Create, StepId::Wait, StepId::PublicAccessBlock] {
            set(&mut run, id, DONE);
        }
        set(&mut run, StepId::Policy, failed());
        assert_eq!(run.next(NOW), Next::Start(at(&run, StepId::Lifecycle)));
        let proof = at(&run, StepId::Proof);
        assert_eq!(run.held_up_by(proof).map(|call| call.step.id), Some(StepId::Policy));
        set(&mut run, StepId::Lifecycle, CallState::NotOffered);
        assert_eq!(run.next(NOW), Next::Halt);
        set(&mut run, StepId::Policy, CallState::Skipped);
        assert_eq!(run.next(NOW), Next::Start(proof));
    }

    #[test]
    fn without_the_bucket_nothing_goes_on() {
        let mut run = run();
        set(&mut run, StepId::Create, failed());
        assert_eq!(run.next(NOW), Next::Halt);
    }

    #[test]
    fn a_call_that_tries_again_waits_for_its_moment() {
        let mut run = run();
        let later = NOW + jiff::SignedDuration::from_secs(3);
        let trouble = Trouble::new("Refused for now", WayOut::Retry);
        set(&mut run, StepId::Create, CallState::TriesAgain { at: later, wait: Duration::from_secs(3), trouble });
        assert_eq!(run.next(NOW), Next::WaitUntil(later));
        assert_eq!(run.next(later), Next::Start(0));
    }
}
