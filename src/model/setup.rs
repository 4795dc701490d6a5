//! The wizard that sets a bucket up: what was chosen, what was found, and how far the plan is.

pub mod proof;
pub mod run;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::domain::connection::{ConnectionId, Target};
use crate::domain::format;
use crate::domain::setup::{
    BucketState, Changes, Encryption, Field, Found, Problem, Purpose, StepId, StoreAbilities, Visibility, Wanted, check,
};
use crate::worker::Request;

use super::Trouble;
use proof::ProofState;
use run::{CallState, Phase, Run};

/// The steps of the wizard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum WizardStep {
    /// What is it for?
    #[default]
    Purpose,
    /// Name, region and ownership.
    Name,
    /// Who may see the files?
    Visibility,
    /// Versions, encryption and the like.
    SafetyNet,
    /// Every call, and how far it is.
    Plan,
    /// Seen from outside.
    Proof,
}

impl WizardStep {
    /// All of them in order.
    pub const ALL: [Self; 6] = [Self::Purpose, Self::Name, Self::Visibility, Self::SafetyNet, Self::Plan, Self::Proof];

    /// The question, or the heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Purpose => "What is it for?",
            Self::Name => "Name and place",
            Self::Visibility => "Who may see the files?",
            Self::SafetyNet => "Safety net",
            Self::Plan => "Plan",
            Self::Proof => "Proof",
        }
    }

    /// `Step 3 of 6`.
    #[must_use]
    pub fn counted(self) -> String {
        format!("Step {} of {}", self as usize + 1, Self::ALL.len())
    }

    /// The next one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }

    /// The one before.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        (self as usize).checked_sub(1).map(|at| Self::ALL[at])
    }

    /// Where problems with a field are shown.
    #[must_use]
    pub fn of(field: Field) -> Self {
        match field {
            Field::Name | Field::Region | Field::Ownership => Self::Name,
            Field::Visibility | Field::Acknowledgement => Self::Visibility,
            Field::Encryption | Field::Tags | Field::Cors | Field::Lifecycle | Field::Website => Self::SafetyNet,
        }
    }
}

/// How far a step is, for its icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepLevel {
    /// Not reached.
    ToDo,
    /// On screen.
    Here,
    /// Answered.
    Done,
    /// Seen from outside.
    Proved,
    /// Something failed there.
    Failed,
}

/// What is being chosen, with what only the screen needs to know.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The choices.
    pub wanted: Wanted,
    /// Only names that begin with a prefix are opened; it may still be empty while it is typed.
    pub by_prefix: bool,
    /// For suggesting names.
    pub project: String,
}

impl Draft {
    /// The defaults of a purpose.
    #[must_use]
    pub fn new(purpose: Purpose, region: &str, project: &str) -> Self {
        Self { wanted: Wanted::new(purpose, "", region), by_prefix: false, project: project.to_owned() }
    }

    /// The same names and places, with the defaults of another purpose.
    #[must_use]
    pub fn for_purpose(&self, purpose: Purpose) -> Self {
        let mut wanted = Wanted::new(purpose, &self.wanted.name, &self.wanted.region);
        wanted.account_namespace.clone_from(&self.wanted.account_namespace);
        wanted.tags.clone_from(&self.wanted.tags);
        Self { wanted, by_prefix: false, project: self.project.clone() }
    }
}

/// What was found, and about what.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The bucket that was asked about.
    pub name: String,
    /// What is there.
    pub found: Found,
    /// When it was asked.
    pub at: Timestamp,
}

/// The wizard's state. It is kept when the wizard is left, until another connection is opened or it begins anew.
#[derive(Debug, Default)]
pub struct SetupModel {
    /// For which connection it is; `None` before it was opened for the first time.
    pub connection: Option<ConnectionId>,
    /// What the store can do.
    pub store: Option<StoreAbilities>,
    /// What is being chosen; `None` before it was opened.
    pub draft: Option<Draft>,
    /// Changes when the draft is set by others than the fields, so that they take its values over.
    pub generation: u64,
    /// The step on screen.
    pub step: WizardStep,
    /// The last step that was reached.
    pub furthest: WizardStep,
    /// What is there already.
    pub finding: Request<Finding, Trouble>,
    /// The step that opens when it has been found out.
    pub then: Option<WizardStep>,
    /// Names that turned out to be somebody else's.
    pub taken: BTreeSet<String>,
    /// The plan, and how far it is.
    pub run: Option<Run>,
    /// What it looks like from outside.
    pub proof: ProofState,
    /// What was changed so far, and what was there before.
    pub changes: Option<Changes>,
}

/// What can be asked of the wizard.
#[derive(Debug, Clone)]
pub enum SetupCommand {
    /// Begin anew; what was made stays.
    Start,
    /// Something was chosen or typed.
    Change(Box<Draft>),
    /// To the next step, if nothing stands against it.
    Continue,
    /// To the step before.
    Back,
    /// To a step that was reached before.
    GoTo(WizardStep),
    /// Run the plan, or go on with it.
    Run,
    /// Show the calls that take back what was changed.
    Undo,
    /// Take it back, also the bucket; its name was typed.
    RunUndo,
    /// Hold the plan after the call under way.
    Pause,
    /// Make a call that failed once more.
    Retry(usize),
    /// Leave a call out.
    Skip(usize),
    /// Look from outside once more.
    ProveAgain,
    /// Choose an image of one's own for the proof.
    ChooseImage,
    /// Take the test image away.
    RemoveTestImage,
    /// Leave for the bucket's gallery; the wizard begins anew next time.
    OpenGallery,
}

/// One line of "Where things stand".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// How it is shown.
    pub tone: StandingTone,
    /// In words.
    pub words: String,
}

/// How a line of "Where things stand" is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandingTone {
    /// It is so.
    Done,
    /// Closed to strangers.
    Private,
    /// Open to strangers.
    Public,
    /// Still to come.
    NotYet,
    /// The person has to say what to do.
    NeedsYou,
}

impl SetupModel {
    /// Begins anew for a connection.
    pub fn begin(&mut self, connection: ConnectionId, target: &Target, practice: Option<&str>, project: &str) {
        *self = Self {
            connection: Some(connection),
            store: Some(StoreAbilities::of(target, practice)),
            draft: Some(Draft::new(Purpose::PublicImages, target.region(), project)),
            generation: self.generation + 1,
            ..Self::default()
        };
    }

    /// What was found out about the bucket that is named now.
    #[must_use]
    pub fn finding_of_name(&self) -> Option<&Finding> {
        let name = &self.draft.as_ref()?.wanted.name;
        self.finding.known().filter(|finding| finding.name == *name)
    }

    /// Whether the bucket is there already and is one's own. `own` are the names of one's own buckets.
    #[must_use]
    pub fn is_adopting<'a>(&self, mut own: impl Iterator<Item = &'a str>) -> bool {
        let Some(draft) = &self.draft else { return false };
        match self.finding_of_name().map(|finding| &finding.found.bucket) {
            Some(BucketState::Mine { .. }) => true,
            Some(BucketState::Missing | BucketState::Taken) => false,
            Some(BucketState::Unknown) | None => own.any(|name| name == draft.wanted.name),
        }
    }

    /// What stands against the choices, those of one step first to last.
    #[must_use]
    pub fn problems(&self, step: WizardStep, adopting: bool) -> Vec<Problem> {
        let (Some(draft), Some(store)) = (&self.draft, &self.store) else { return Vec::new() };
        let wanted = &draft.wanted;
        let mut problems = check(wanted, store, adopting);
        if self.taken.contains(&wanted.name) && !adopting {
            let sentence = "This name belongs to someone else; names are shared by all accounts".to_owned();
            problems.insert(0, Problem { field: Field::Name, sentence, mend: None });
        }
        let typing = draft.by_prefix && wanted.public_prefix() == Some("");
        if typing {
            let sentence = "Type how the names begin, such as photos/".to_owned();
            problems.insert(0, Problem { field: Field::Visibility, sentence, mend: Some("photos/".to_owned()) });
        }
        problems.retain(|problem| WizardStep::of(problem.field) == step);
        problems
    }

    /// Why one cannot go on from the step on screen.
    #[must_use]
    pub fn obstacle(&self, adopting: bool) -> Option<String> {
        if self.finding.is_pending() {
            return Some("Looking at what is there".to_owned());
        }
        if self.step == WizardStep::Plan && self.run.is_none() {
            return Some("There is no plan yet".to_owned());
        }
        self.problems(self.step, adopting).into_iter().next().map(|problem| problem.sentence)
    }

    /// How far a step is.
    #[must_use]
    pub fn level(&self, step: WizardStep) -> StepLevel {
        let failed = self.run.as_ref().is_some_and(|run| run.phase == Phase::Halted);
        let proved = self.proof.ready().is_some_and(proof::Proof::is_as_asked);
        match step {
            WizardStep::Proof if proved && self.furthest == step => StepLevel::Proved,
            WizardStep::Plan if failed && self.furthest >= step => StepLevel::Failed,
            _ if step == self.step => StepLevel::Here,
            _ if step <= self.furthest => StepLevel::Done,
            _ => StepLevel::ToDo,
        }
    }

    /// What was chosen in a step, or what it is about while it is to come.
    #[must_use]
    pub fn detail(&self, step: WizardStep) -> String {
        let Some(draft) = &self.draft else { return String::new() };
        let wanted = &draft.wanted;
        let reached = step <= self.furthest && step != self.step;
        match step {
            WizardStep::Purpose if reached => wanted.purpose.label().to_owned(),
            WizardStep::Name if reached => wanted.name.clone(),
            WizardStep::Visibility if reached => match &wanted.visibility {
                Visibility::Anyone { prefix } if prefix.is_empty() => "Anyone, every file".to_owned(),
                Visibility::Anyone { prefix } => format!("Anyone, under {prefix}"),
                Visibility::Nobody => "Only people who sign in".to_owned(),
                Visibility::OwnPolicy => "A policy of your own".to_owned(),
            },
            WizardStep::SafetyNet if reached => {
                let versions = if wanted.versioning { "Versions on" } else { "No old versions" };
                let encryption = match wanted.encryption {
                    Encryption::SseS3 => "SSE-S3",
                    Encryption::SseKms { .. } => "SSE-KMS",
                };
                format!("{versions}, {encryption}")
            }
            WizardStep::Purpose | WizardStep::Name | WizardStep::Visibility => String::new(),
            WizardStep::SafetyNet if step != self.step => "Versions, encryption".to_owned(),
            WizardStep::SafetyNet => String::new(),
            WizardStep::Plan => match self.run.as_ref().filter(|run| run.has_begun()) {
                Some(run) => {
                    let (done, all) = run.progress();
                    format!("{done} of {all} calls done")
                }
                None => "Every call, before it runs".to_owned(),
            },
            WizardStep::Proof => "Seen from outside".to_owned(),
        }
    }

    /// Whether there is anything to take back now.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        let quiet = self.run.as_ref().is_none_or(|run| !run.plan.takes_back && run.phase != Phase::Running);
        quiet && self.changes.as_ref().is_some_and(|changes| !changes.is_empty())
    }

    /// Where things stand while the plan runs.
    #[must_use]
    pub fn standings(&self, run: &Run) -> Vec<Standing> {
        let say = |tone, words: &str| Standing { tone, words: words.to_owned() };
        if run.plan.takes_back {
            return standings_of_the_way_back(run);
        }
        let so = |id| run.call(id).is_some_and(|call| call.state.is_so());
        let there = !run.makes_bucket || so(StepId::Create);
        let mut lines = vec![match (run.makes_bucket, there) {
            (true, true) => say(StandingTone::Done, "The bucket exists"),
            (true, false) => say(StandingTone::NotYet, "The bucket does not exist yet"),
            (false, _) => say(StandingTone::Done, "The bucket is yours, and keeps what is in it"),
        }];
        let prefix = self.draft.as_ref().and_then(|draft| draft.wanted.public_prefix());
        lines.extend(match (prefix, so(StepId::Policy)) {
            (Some(""), true) => Some(say(StandingTone::Public, "Anyone can view every file in it")),
            (Some(prefix), true) => {
                Some(Standing { tone: StandingTone::Public, words: format!("Anyone can view files under {prefix}") })
            }
            (Some(_) | None, false) if run.makes_bucket && there => {
                Some(say(StandingTone::Private, "Nobody outside your account can open anything"))
            }
            _ => None,
        });
        let failed: Vec<_> = run.failed().collect();
        match failed.as_slice() {
            [] => {}
            [(_, call, _)] => {
                let words = format!("One step needs you: {} did not work", call.step.api);
                lines.push(Standing { tone: StandingTone::NeedsYou, words });
            }
            more => {
                let words = format!("{} need you", format::counted(more.len() as u64, "step", "steps"));
                lines.push(Standing { tone: StandingTone::NeedsYou, words });
            }
        }
        let lacking = run.calls.iter().filter(|call| call.state == CallState::NotOffered).count();
        if lacking > 0 {
            let words =
                format!("{} not offered by this store", format::counted(lacking as u64, "step is", "steps are"));
            lines.push(Standing { tone: StandingTone::NotYet, words });
        }
        lines
    }

    /// What becomes of things when the person stops here.
    #[must_use]
    pub fn if_you_stop(&self, run: &Run) -> String {
        let made = run.call(StepId::Create).is_some_and(|call| call.state.is_so());
        let open = run.call(StepId::Policy).is_some_and(|call| call.state.is_so());
        if run.plan.takes_back {
            return "What is taken back stays so; the rest stays as the set-up left it.".to_owned();
        }
        let again = "Opening set-up again goes on from this step; what is done is not done twice.";
        match (run.phase, run.makes_bucket, made, open) {
            (Phase::Ready, true, ..) => {
                "Nothing has been created. Your choices stay here until you come back.".to_owned()
            }
            (Phase::Ready, false, ..) => {
                "Nothing has been changed. Your choices stay here until you come back.".to_owned()
            }
            (_, true, false, _) => format!("Nothing has been created yet. {again}"),
            (_, true, true, false) => format!("The bucket stays, private and empty. {again}"),
            (_, true, true, true) => format!("The bucket stays, open as you asked. {again}"),
            (_, false, ..) => format!("The bucket stays with the settings that are done. {again}"),
        }
    }
}

fn standings_of_the_way_back(run: &Run) -> Vec<Standing> {
    let (done, all) = run.progress();
    let tone = if done == all && run.phase == Phase::Finished { StandingTone::Done } else { StandingTone::NotYet };
    let mut lines = vec![Standing { tone, words: format!("{done} of {all} calls done") }];
    let failed = run.failed().count();
    if failed > 0 {
        let words = format!("{} you", format::counted(failed as u64, "step needs", "steps need"));
        lines.push(Standing { tone: StandingTone::NeedsYou, words });
    }
    lines
}
