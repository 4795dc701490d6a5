//! Running the plan: one call after the other, tried again where that may help, held and gone on with at will.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::{SetupEvent, order, proof, store};
use crate::app::core::Core;
use crate::app::event::Event;
use crate::domain::setup::{Changes, Step, StepAction, StepId};
use crate::model::Trouble;
use crate::model::command::{BrowseCommand, Command};
use crate::model::modal::{Confirm, Modal};
use crate::model::notices::Tone;
use crate::model::setup::SetupCommand;
use crate::model::setup::proof::{ImageOrigin, Proof, ProofState};
use crate::model::setup::run::{CallState, Next, Phase, TRIES, wait_before};
use crate::s3;
use crate::s3::bucket::NewBucket;
use crate::s3::error::{Kind, S3Error};
use crate::s3::store::{Family, Store};

/// How long a new bucket may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a call came to its end.
#[derive(Debug)]
pub enum Outcome {
    /// It did what it was for.
    Done,
    /// It found it so already.
    AlreadySo,
    /// The store has no such thing.
    NotOffered,
    /// The look from outside.
    Proved(Box<Proof>),
    /// It failed.
    Failed {
        /// What to show.
        trouble: Trouble,
        /// Whether trying again may help.
        again: Again,
        /// The name turned out to be somebody else's.
        name_taken: bool,
    },
}

/// Whether trying again by itself may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// A person has to say.
    No,
    /// What stood in the way passes.
    Yes,
    /// Only if a block was lifted a moment ago, which takes time to reach every server.
    WhenBlockWasLifted,
}

/// Begins the plan, or goes on with it.
pub(super) fn start(core: &mut Core) {
    let Some(run) = &core.model.setup.run else { return };
    // A bucket is never deleted without its name.
    let deletes = run.plan.step(StepId::Delete).is_some();
    if deletes && run.phase == Phase::Ready && run.plan.can_run() {
        return ask_for_name(core);
    }
    start_asked(core);
}

fn ask_for_name(core: &mut Core) {
    let Some(bucket) = core.model.setup.run.as_ref().map(|run| run.bucket.clone()) else { return };
    let confirm = Confirm {
        title: format!("Delete the bucket {bucket}?"),
        body: "Brimful has made it in this set-up. Its name is free for anyone afterwards.".to_owned(),
        notes: vec!["It is deleted only if it is empty but for the test image".to_owned()],
        names: Vec::new(),
        button: "Delete the bucket".to_owned(),
        type_name: Some(bucket),
        then: Box::new(SetupCommand::RunUndo.into()),
    };
    core.model.modal = Some(Modal::Confirm(confirm));
}

/// Begins it; what has to be asked was asked.
pub(super) fn start_asked(core: &mut Core) {
    let Some(run) = &mut core.model.setup.run else { return };
    if run.plan.can_run() && matches!(run.phase, Phase::Ready | Phase::Paused | Phase::Halted) {
        run.phase = Phase::Running;
        advance(core);
    }
}

/// Holds the plan; a call under way is brought to its end.
pub(super) fn pause(core: &mut Core) {
    if let Some(run) = &mut core.model.setup.run
        && run.phase == Phase::Running
    {
        run.phase = Phase::Paused;
    }
}

/// Makes a call that failed once more.
pub(super) fn retry(core: &mut Core, index: usize) {
    change(core, index, |call| {
        if call.trouble().is_some() {
            *call = CallState::Waiting;
        }
    });
}

/// Leaves a call out.
pub(super) fn skip(core: &mut Core, index: usize) {
    change(core, index, |call| {
        if call.trouble().is_some() {
            *call = CallState::Skipped;
        }
    });
}

fn change(core: &mut Core, index: usize, change: impl FnOnce(&mut CallState)) {
    let Some(run) = &mut core.model.setup.run else { return };
    let Some(call) = run.calls.get_mut(index) else { return };
    change(&mut call.state);
    call.tries = 0;
    if matches!(run.phase, Phase::Halted | Phase::Paused) {
        run.phase = Phase::Running;
    }
    advance(core);
}

/// Does what is to be done next, if anything.
pub(super) fn advance(core: &mut Core) {
    let now = (core.deps.now)();
    let Some(run) = core.model.setup.run.as_mut().filter(|run| run.phase == Phase::Running) else { return };
    match run.next(now) {
        Next::Busy | Next::WaitUntil(_) => {}
        Next::Halt => run.phase = Phase::Halted,
        Next::Finish => {
            run.phase = Phase::Finished;
            finished(core);
        }
        Next::Start(index) => begin_call(core, index),
    }
}

fn begin_call(core: &mut Core, index: usize) {
    let (store, order) = (store(core), order(core));
    let Some(run) = &mut core.model.setup.run else { return };
    let Some(store) = store else {
        // Another connection was opened meanwhile: nothing is sent to the wrong store.
        run.phase = Phase::Paused;
        return;
    };
    let generation = run.generation;
    let Some(call) = run.calls.get_mut(index) else { return };
    call.state = CallState::Running;
    call.tries += 1;
    let step = call.step.clone();
    let region = order.as_ref().and_then(|order| order.region.clone()).unwrap_or_default();
    let begun = Instant::now();
    let event = move |outcome, took| Event::Setup(SetupEvent::CallEnded { generation, index, outcome, took });
    core.worker.job(
        async move {
            let outcome = match (&step.action, order) {
                (StepAction::Prove { .. }, Some(order)) => proved(proof::prove(order).await),
                _ => ended_with(&step, perform(&store, &step, &region).await),
            };
            event(outcome, begun.elapsed())
        },
        move |text| {
            let trouble = <Trouble as crate::worker::Crashed>::crashed(text);
            event(Outcome::Failed { trouble, again: Again::No, name_taken: false }, begun.elapsed())
        },
    );
}

/// A call came to its end.
pub(super) fn ended(core: &mut Core, index: usize, outcome: Outcome, took: Duration) {
    let now = (core.deps.now)();
    let practice = store(core).is_some_and(|store| store.info().family == Family::Practice);
    let setup = &mut core.model.setup;
    let Some(run) = &mut setup.run else { return };
    let lifted = run.call(StepId::PublicAccessBlock).is_some_and(|call| matches!(call.state, CallState::Done(_)));
    let generation = run.generation;
    let Some(call) = run.calls.get_mut(index) else { return };
    let id = call.step.id;
    call.state = match outcome {
        Outcome::Done => CallState::Done(took),
        Outcome::AlreadySo => CallState::AlreadySo,
        Outcome::NotOffered => CallState::NotOffered,
        Outcome::Proved(proof) => {
            note_image(&mut setup.changes, &proof);
            setup.proof = ProofState::Ready(proof);
            CallState::Done(took)
        }
        Outcome::Failed { trouble, again, name_taken } => {
            if name_taken {
                setup.taken.insert(run.bucket.clone());
            }
            // Practice storage knows of a change at once; there a refusal is final.
            failed_with(trouble, again, call.tries, lifted && !practice, now)
        }
    };
    if matches!(call.state, CallState::Done(_)) {
        let (action, takes_back) = (call.step.action.clone(), run.plan.takes_back);
        note_change(&mut setup.changes, &action, takes_back);
    }
    let is_so = call.state.is_so();
    let failed = call.state.trouble().is_some();
    if let CallState::TriesAgain { wait, .. } = call.state {
        core.worker.job(
            async move {
                tokio::time::sleep(wait + Duration::from_millis(20)).await;
                Event::Setup(SetupEvent::WaitIsOver { generation })
            },
            move |_| Event::Setup(SetupEvent::WaitIsOver { generation }),
        );
    }
    if id == StepId::Wait && is_so {
        core.dispatch(Command::Browse(BrowseCommand::RefreshBuckets));
    }
    tracing::info!(call = ?id, is_so, failed, "set-up call ended");
}

/// A call has changed something, or taken a change back.
fn note_change(changes: &mut Option<Changes>, action: &StepAction, takes_back: bool) {
    let Some(known) = changes else { return };
    if !takes_back {
        return known.note(action);
    }
    match action {
        StepAction::DeleteBucket => *changes = None,
        action => known.forget(action),
    }
}

/// A test image lies in the bucket that was not there before.
pub(super) fn note_image(changes: &mut Option<Changes>, proof: &Proof) {
    if let Some(changes) = changes
        && proof.image != ImageOrigin::FoundAgain
    {
        changes.test_image = Some(proof.key.clone());
    }
}

/// A failure is tried again while that may help, and not for ever.
fn failed_with(trouble: Trouble, again: Again, tries: u32, lifted_just_now: bool, now: Timestamp) -> CallState {
    let may_pass = match again {
        Again::No => false,
        Again::Yes => true,
        Again::WhenBlockWasLifted => lifted_just_now,
    };
    if !may_pass || tries >= TRIES {
        return CallState::Failed(trouble);
    }
    let wait = wait_before(tries);
    CallState::TriesAgain { at: now.checked_add(wait).unwrap_or(now), wait, trouble }
}

/// Everything is done, left out or not offered.
fn finished(core: &mut Core) {
    let Some(bucket) = core.model.setup.run.as_ref().map(|run| run.bucket.clone()) else { return };
    core.dispatch(Command::Browse(BrowseCommand::RefreshBuckets));
    let back = core.model.setup.run.as_ref().is_some_and(|run| run.plan.takes_back);
    if !(back && core.model.setup.changes.is_none()) {
        crate::app::dispatch::browse::ask_exposure(core, &bucket);
    }
    if back {
        core.say(Tone::Done, format!("The changes to {bucket} are taken back"));
        return;
    }
    if core.model.screen != crate::model::command::Screen::Setup {
        core.say(Tone::Done, format!("{bucket} is set up"));
    }
}

fn proved(proof: Result<Proof, Trouble>) -> Outcome {
    match proof {
        Ok(proof) => Outcome::Proved(Box::new(proof)),
        Err(trouble) => Outcome::Failed { trouble, again: Again::No, name_taken: false },
    }
}

/// What an answer means for the call.
fn ended_with(step: &Step, answer: Result<(), S3Error>) -> Outcome {
    let Err(error) = answer else { return Outcome::Done };
    let again = match &error.kind {
        Kind::Refused(_) if step.id == StepId::Policy => Again::WhenBlockWasLifted,
        _ if error.is_worth_retrying() => Again::Yes,
        _ => Again::No,
    };
    match error.kind {
        Kind::AlreadyYours if step.id == StepId::Create => Outcome::AlreadySo,
        // A setting that the store does not know is left out; a bucket that cannot be made is a failure.
        Kind::NotOffered if !matches!(step.id, StepId::Create | StepId::Wait) => Outcome::NotOffered,
        // A store that may lack a setting, and takes the request for another one that it does not understand, lacks
        // it. A policy that is refused for what it says is told, though: it decides who sees what.
        Kind::BadRequest | Kind::BadDocument if step.may_lack && step.id != StepId::Policy => Outcome::NotOffered,
        _ => {
            let name_taken = error.kind == Kind::NameTaken;
            Outcome::Failed { trouble: Trouble::from(error), again, name_taken }
        }
    }
}

/// Makes one call. Every kind of step has its call; a new one does not compile until it has.
async fn perform(store: &Store, step: &Step, region: &str) -> Result<(), S3Error> {
    let bucket = step.bucket();
    match &step.action {
        StepAction::CreateBucket { location, ownership, account_regional: _ } => {
            let region = location.as_deref().unwrap_or(if region.is_empty() { "us-east-1" } else { region });
            let new = NewBucket {
                name: bucket.to_owned(),
                region: region.to_owned(),
                ownership: *ownership,
                object_lock: false,
            };
            s3::bucket::create_bucket(store, &new).await
        }
        StepAction::WaitForBucket => wait_for(store, bucket).await,
        StepAction::PutPublicAccessBlock(block) => s3::settings::put_public_access_block(store, bucket, *block).await,
        StepAction::PutOwnershipControls(to) => s3::settings::put_bucket_ownership_controls(store, bucket, *to).await,
        StepAction::EnableVersioning => s3::settings::put_bucket_versioning(store, bucket, true).await,
        StepAction::PutEncryption(encryption) => {
            s3::settings::put_bucket_encryption(store, bucket, &encryption.into()).await
        }
        StepAction::PutPolicy(policy) => s3::policy::put_bucket_policy(store, bucket, &policy.to_json_pretty()).await,
        StepAction::PutCors(rules) => s3::settings::put_bucket_cors(store, bucket, rules).await,
        StepAction::PutLifecycle(rules) => s3::settings::put_bucket_lifecycle_configuration(store, bucket, rules).await,
        StepAction::PutWebsite(website) => s3::settings::put_bucket_website(store, bucket, website).await,
        StepAction::PutTags(tags) => s3::settings::put_bucket_tagging(store, bucket, tags).await,
        StepAction::DeleteOwnershipControls => s3::settings::delete_bucket_ownership_controls(store, bucket).await,
        StepAction::SuspendVersioning => s3::settings::put_bucket_versioning(store, bucket, false).await,
        StepAction::DeleteEncryption => s3::settings::delete_bucket_encryption(store, bucket).await,
        StepAction::DeletePolicy => s3::policy::delete_bucket_policy(store, bucket).await,
        StepAction::DeleteWebsite => s3::settings::delete_bucket_website(store, bucket).await,
        StepAction::DeleteTestImage { key } => s3::delete::delete_object(store, bucket, key).await,
        StepAction::DeleteBucket => s3::bucket::delete_bucket(store, bucket).await,
        // The proof is no call of its own; it is made by whoever knows the addresses.
        StepAction::Prove { .. } => Err(S3Error::new("Prove", Kind::Cancelled)),
    }
}

/// Asks until the bucket answers.
async fn wait_for(store: &Store, bucket: &str) -> Result<(), S3Error> {
    let begun = Instant::now();
    let mut pause = Duration::from_millis(200);
    loop {
        match s3::bucket::head_bucket(store, bucket).await {
            Ok(_) => return Ok(()),
            // It is there, only this sign-in may not look into it.
            Err(error) if matches!(error.kind, Kind::Refused(_)) => return Ok(()),
            Err(error) if matches!(error.kind, Kind::NotThere(_)) && begun.elapsed() < PATIENCE => {}
            Err(error) => return Err(error),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(4));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::connection::Target;
    use crate::domain::setup::{Found, Purpose, StoreAbilities, Wanted, plan};
    use crate::model::trouble::WayOut;
    use crate::s3::error::Refusal;
    use test_case::test_case;

    fn step(id: StepId) -> Step {
        let wanted = Wanted { acknowledged: true, ..Wanted::new(Purpose::PublicImages, "acme-images", "us-east-1") };
        plan(&wanted, &Found::nothing(), &StoreAbilities::of(&Target::Practice, None)).step(id).unwrap().clone()
    }

    /// The same of a store of which nothing is known.
    fn step_of_unknown_store(id: StepId) -> Step {
        let wanted = Wanted { acknowledged: true, ..Wanted::new(Purpose::PublicImages, "acme-images", "us-east-1") };
        let unknown = StoreAbilities {
            abilities: crate::domain::preset::Abilities::UNKNOWN,
            like_amazon: false,
            ..StoreAbilities::of(&Target::Practice, None)
        };
        plan(&wanted, &Found::nothing(), &unknown).step(id).unwrap().clone()
    }

    #[test_case(StepId::Ownership, "not offered"; "a setting that it may lack")]
    #[test_case(StepId::Policy, "failed"; "a policy is never passed over")]
    #[test_case(StepId::Create, "failed"; "a bucket is never passed over")]
    fn a_request_that_is_not_understood_means(id: StepId, meaning: &str) {
        let outcome = ended_with(&step_of_unknown_store(id), Err(S3Error::new("Test", Kind::BadRequest)));
        assert_eq!(words(&outcome), meaning);
    }

    fn words(outcome: &Outcome) -> &'static str {
        match outcome {
            Outcome::Done => "done",
            Outcome::AlreadySo => "already so",
            Outcome::NotOffered => "not offered",
            Outcome::Proved(_) => "proved",
            Outcome::Failed { name_taken: true, .. } => "name taken",
            Outcome::Failed { again: Again::No, .. } => "failed",
            Outcome::Failed { again: Again::Yes, .. } => "failed for now",
            Outcome::Failed { again: Again::WhenBlockWasLifted, .. } => "refused, maybe for now",
        }
    }

    #[test_case(StepId::Create, Kind::AlreadyYours, "already so"; "a bucket made meanwhile is adopted")]
    #[test_case(StepId::Create, Kind::NameTaken, "name taken"; "a name of somebody else")]
    #[test_case(StepId::Create, Kind::NotOffered, "failed"; "without a bucket nothing goes on")]
    #[test_case(StepId::PublicAccessBlock, Kind::NotOffered, "not offered"; "a store without the setting")]
    #[test_case(StepId::Policy, Kind::Refused(Refusal::default()), "refused, maybe for now"; "a policy after a block")]
    #[test_case(StepId::Lifecycle, Kind::Refused(Refusal::default()), "failed"; "another refusal")]
    #[test_case(StepId::Policy, Kind::Conflict, "failed for now"; "two changes at once")]
    #[test_case(StepId::Wait, Kind::Busy, "failed for now"; "a busy store")]
    fn an_answer_means(id: StepId, kind: Kind, meaning: &str) {
        let outcome = ended_with(&step(id), Err(S3Error::new("Test", kind)));
        assert_eq!(words(&outcome), meaning);
    }

    #[test_case(Again::No, 1, true, None; "no use")]
    #[test_case(Again::Yes, 1, false, Some(1); "at once")]
    #[test_case(Again::Yes, 3, false, Some(8); "later and later")]
    #[test_case(Again::Yes, TRIES, false, None; "not for ever")]
    #[test_case(Again::WhenBlockWasLifted, 1, true, Some(1); "a block was lifted")]
    #[test_case(Again::WhenBlockWasLifted, 1, false, None; "no block was lifted")]
    fn tries_again(again: Again, tries: u32, lifted: bool, wait_secs: Option<u64>) {
        let now = Timestamp::UNIX_EPOCH;
        let state = failed_with(Trouble::new("Refused", WayOut::Retry), again, tries, lifted, now);
        let wait = match state {
            CallState::TriesAgain { at, wait, .. } => {
                assert_eq!(at, now.checked_add(wait).unwrap());
                Some(wait.as_secs())
            }
            _ => None,
        };
        assert_eq!(wait, wait_secs);
    }
}
