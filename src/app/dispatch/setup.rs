//! The wizard: from what was chosen to calls, one after the other, and to the proof at the end.
//!
//! The wizard itself makes nothing and changes nothing before the plan is run; until then it only reads.

mod find;
mod picture;
mod proof;
mod run;

use std::path::PathBuf;
use std::time::Duration;

use crate::app::core::Core;
use crate::app::deps::Pick;
use crate::app::event::Event;
use crate::domain::connection::Target;
use crate::domain::setup::{BucketState, Changes, StepId, plan, undo};
use crate::model::Trouble;
use crate::model::browse::Place;
use crate::model::command::{BrowseCommand, Command, Screen};
use crate::model::setup::proof::{Proof, ProofState, TestImage};
use crate::model::setup::run::{CallState, Phase, Run};
use crate::model::setup::{Draft, SetupCommand, WizardStep};
use crate::s3::store::{Family, Store};
use crate::worker::Request;

/// What this part keeps for itself.
#[derive(Default)]
pub struct SetupPart {
    /// Counts plans, so that late reports are known as such.
    generation: u64,
    /// What the plan on screen was made of.
    planned: Option<crate::domain::setup::Wanted>,
    /// The file dialog for an image of one's own.
    picking: Request<Vec<PathBuf>, Trouble>,
    /// The choices changed while a call was under way: the plan is made anew when it has ended.
    plan_again: bool,
    /// The plan to be made next takes back what was changed.
    way_back: bool,
    /// The image to prove with, instead of the drawn one.
    image: Option<PathBuf>,
}

/// What the background reports to this part.
#[derive(Debug)]
pub enum SetupEvent {
    /// A call came to its end.
    CallEnded {
        /// Of which plan.
        generation: u64,
        /// Which call.
        index: usize,
        /// How.
        outcome: run::Outcome,
        /// How long it took.
        took: Duration,
    },
    /// A wait is over.
    WaitIsOver {
        /// Of which plan.
        generation: u64,
    },
    /// A look from outside that was asked for apart from the plan.
    Looked {
        /// Of which plan.
        generation: u64,
        /// What was seen.
        seen: Result<Box<Proof>, Trouble>,
    },
    /// The test image was taken away, or not.
    Removed {
        /// Of which plan.
        generation: u64,
        /// How it went.
        outcome: Result<(), Trouble>,
    },
}

/// Carries a wish out.
pub fn dispatch(core: &mut Core, command: SetupCommand) {
    match command {
        SetupCommand::Start => begin(core),
        SetupCommand::Change(draft) => change(core, *draft),
        SetupCommand::Continue => go_on(core),
        SetupCommand::Back => {
            if let Some(step) = core.model.setup.step.before() {
                go_to(core, step);
            }
        }
        SetupCommand::GoTo(step) => go_to(core, step),
        SetupCommand::Run => run::start(core),
        SetupCommand::Undo => show_way_back(core),
        SetupCommand::RunUndo => run::start_asked(core),
        SetupCommand::Pause => run::pause(core),
        SetupCommand::Retry(index) => run::retry(core, index),
        SetupCommand::Skip(index) => run::skip(core, index),
        SetupCommand::ProveAgain => look_again(core),
        SetupCommand::ChooseImage => {
            let chosen = (core.deps.pick)(Pick::Files, "Choose an image to test with", "");
            core.parts.setup.picking = core.worker.ask(async move { Ok(chosen.await) });
        }
        SetupCommand::RemoveTestImage => remove_image(core),
        SetupCommand::OpenGallery => open_gallery(core),
    }
}

/// Takes a report in.
pub fn apply(core: &mut Core, event: SetupEvent) {
    let ours = |generation: u64| core.parts.setup.generation == generation;
    match event {
        SetupEvent::CallEnded { generation, index, outcome, took } => {
            if ours(generation) {
                run::ended(core, index, outcome, took);
                if core.parts.setup.plan_again {
                    plan_anew(core);
                }
            }
        }
        // The next look at the plan, in this very frame, sees that the moment has come.
        SetupEvent::WaitIsOver { .. } => {}
        SetupEvent::Looked { generation, seen } => {
            if ours(generation) {
                core.model.setup.proof = match seen {
                    Ok(proof) => {
                        run::note_image(&mut core.model.setup.changes, &proof);
                        ProofState::Ready(proof)
                    }
                    Err(trouble) => ProofState::Failed(trouble),
                };
            }
        }
        SetupEvent::Removed { generation, outcome } => {
            if !ours(generation) {
                return;
            }
            if outcome.is_ok()
                && let Some(changes) = &mut core.model.setup.changes
            {
                changes.test_image = None;
            }
            if let ProofState::Ready(proof) = &mut core.model.setup.proof {
                proof.image_now = match outcome {
                    Ok(()) => TestImage::Gone,
                    Err(trouble) => TestImage::Stuck(trouble),
                };
            }
        }
    }
}

/// Looks for answers, once a frame.
pub fn tick(core: &mut Core) {
    let session = core.model.session.as_ref().map(|session| session.connection.id);
    let shown = core.model.screen == Screen::Setup;
    // Another connection means another wizard; the same one finds it as it was left.
    if shown && session.is_some() && core.store.is_some() && core.model.setup.connection != session {
        begin(core);
    }
    if core.model.setup.finding.poll() {
        found_out(core);
    }
    if core.parts.setup.picking.poll()
        && let Some(path) = core.parts.setup.picking.known().and_then(|paths| paths.first().cloned())
    {
        core.parts.setup.image = Some(path);
        look_again(core);
    }
    run::advance(core);
}

/// The store, while it is that of the wizard's connection.
fn store(core: &Core) -> Option<Store> {
    let wizard = core.model.setup.connection?;
    core.store.clone().filter(|store| store.info().connection == wizard)
}

/// Begins anew for the open connection.
fn begin(core: &mut Core) {
    let Some(session) = &core.model.session else { return };
    let (id, target) = (session.connection.id, session.connection.target.clone());
    let endpoint = core.store.as_ref().filter(|store| store.info().family == Family::Practice);
    let endpoint = endpoint.and_then(|store| store.info().endpoint.clone());
    let project = core.deps.user_name.clone();
    core.parts.setup.generation += 1;
    core.parts.setup.planned = None;
    core.parts.setup.plan_again = false;
    core.parts.setup.way_back = false;
    core.parts.setup.image = None;
    core.model.setup.begin(id, &target, endpoint.as_deref(), &project);
}

fn is_adopting(core: &Core) -> bool {
    core.model.session.as_ref().is_some_and(|session| core.model.setup.is_adopting(session.bucket_names()))
}

/// Takes over what was chosen. Whatever changes what becomes public takes the tick back.
fn change(core: &mut Core, mut draft: Draft) {
    let setup = &mut core.model.setup;
    let Some(before) = &setup.draft else { return };
    let (old, new) = (&before.wanted, &mut draft.wanted);
    let exposes_otherwise = old.name != new.name || old.visibility != new.visibility;
    if exposes_otherwise && old.acknowledged {
        new.acknowledged = false;
    }
    if old.purpose != new.purpose {
        setup.generation += 1;
    }
    if old.name != new.name && !setup.finding.is_pending() {
        setup.finding = Request::Idle;
    }
    setup.draft = Some(draft);
}

fn go_on(core: &mut Core) {
    let setup = &core.model.setup;
    if setup.obstacle(is_adopting(core)).is_some() {
        return;
    }
    match setup.step {
        WizardStep::Purpose => arrive(core, WizardStep::Name),
        WizardStep::Name => find::ask(core, WizardStep::Visibility),
        WizardStep::Visibility => arrive(core, WizardStep::SafetyNet),
        WizardStep::SafetyNet => enter_plan(core),
        WizardStep::Plan => go_to(core, WizardStep::Proof),
        WizardStep::Proof => {}
    }
}

fn go_to(core: &mut Core, step: WizardStep) {
    let setup = &mut core.model.setup;
    let finished = setup.run.as_ref().is_some_and(|run| run.phase == Phase::Finished);
    match step {
        WizardStep::Proof if finished => {
            arrive(core, WizardStep::Proof);
            if matches!(core.model.setup.proof, ProofState::None) {
                look_again(core);
            }
        }
        WizardStep::Proof => {}
        WizardStep::Plan if setup.furthest >= WizardStep::Plan => enter_plan(core),
        step if step <= setup.furthest => {
            // What is changed now has to be planned again, so nothing goes on behind one's back.
            run::pause(core);
            core.model.setup.step = step;
        }
        _ => {}
    }
}

fn arrive(core: &mut Core, step: WizardStep) {
    let setup = &mut core.model.setup;
    setup.step = step;
    setup.furthest = setup.furthest.max(step);
}

/// Shows the plan. It is made anew unless it is that of these very choices and has begun.
fn enter_plan(core: &mut Core) {
    let adopting = is_adopting(core);
    let setup = &core.model.setup;
    let open = WizardStep::ALL.into_iter().find(|step| !setup.problems(*step, adopting).is_empty());
    if let Some(step) = open {
        core.model.setup.step = step;
        return;
    }
    let wanted = setup.draft.as_ref().map(|draft| &draft.wanted);
    let begun = setup.run.as_ref().is_some_and(Run::has_begun);
    arrive_or_find(core, begun && core.parts.setup.planned.as_ref() == wanted);
}

fn arrive_or_find(core: &mut Core, keep: bool) {
    arrive(core, WizardStep::Plan);
    let busy = |run: &Run| run.calls.iter().any(|call| call.state == CallState::Running);
    if keep {
        core.parts.setup.plan_again = false;
    } else if core.model.setup.run.as_ref().is_some_and(busy) {
        core.parts.setup.plan_again = true;
    } else {
        plan_anew(core);
    }
}

/// Looks at what is there, and makes the plan from that.
fn plan_anew(core: &mut Core) {
    core.parts.setup.plan_again = false;
    core.model.setup.run = None;
    core.model.setup.proof = ProofState::None;
    find::ask(core, WizardStep::Plan);
}

/// What was asked about the bucket has been answered.
fn found_out(core: &mut Core) {
    let setup = &mut core.model.setup;
    let Some(then) = setup.then.take() else { return };
    let Request::Ready(finding) = &setup.finding else { return };
    let Some(draft) = &mut setup.draft else { return };
    if finding.name != draft.wanted.name {
        return;
    }
    match &finding.found.bucket {
        BucketState::Taken => {
            setup.taken.insert(finding.name.clone());
            setup.step = WizardStep::Name;
            return;
        }
        BucketState::Mine { region: Some(region) } => draft.wanted.region.clone_from(region),
        BucketState::Mine { region: None } | BucketState::Missing | BucketState::Unknown => {}
    }
    if then != WizardStep::Plan {
        arrive(core, then);
        return;
    }
    let Some(store) = &setup.store else { return };
    core.parts.setup.generation += 1;
    if std::mem::take(&mut core.parts.setup.way_back) {
        let Some(changes) = &setup.changes else { return };
        let plan = undo(changes, &finding.found, store);
        core.parts.setup.planned = None;
        setup.run = Some(Run::new(&changes.bucket, plan, core.parts.setup.generation));
        return;
    }
    let plan = plan(&draft.wanted, &finding.found, store);
    // What was changed stays known while it is about the same bucket, also when it is planned anew.
    if setup.changes.as_ref().is_none_or(|changes| changes.bucket != draft.wanted.name || changes.is_empty()) {
        setup.changes = Some(Changes::new(&draft.wanted.name, &draft.wanted.region, finding.found.clone()));
    }
    core.parts.setup.planned = Some(draft.wanted.clone());
    setup.run = Some(Run::new(&draft.wanted.name, plan, core.parts.setup.generation));
}

/// Looks at what is there, and makes the plan that takes the changes back.
fn show_way_back(core: &mut Core) {
    if !core.model.setup.can_undo() {
        return;
    }
    run::pause(core);
    plan_anew(core);
    arrive(core, WizardStep::Plan);
    core.parts.setup.way_back = true;
}

/// What is to be proved, as things stand.
fn order(core: &Core) -> Option<proof::Order> {
    let store = store(core)?;
    let session = core.model.session.as_ref()?;
    let setup = &core.model.setup;
    let wanted = core.parts.setup.planned.as_ref()?;
    let target: &Target = &session.connection.target;
    Some(proof::Order {
        store,
        target: target.clone(),
        bucket: wanted.name.clone(),
        region: Some(wanted.region.clone()),
        website: setup.run.as_ref().is_some_and(|run| run.call(StepId::Website).is_some_and(|call| call.state.is_so())),
        public: wanted.public_prefix().map(str::to_owned),
        why_shut: why_shut(setup.run.as_ref()),
        image: core.parts.setup.image.clone(),
    })
}

/// Why the plan has opened nothing, where it has not.
fn why_shut(run: Option<&Run>) -> Option<&'static str> {
    match run?.call(StepId::Policy).map(|call| &call.state) {
        None | Some(CallState::NotOffered) => {
            Some("This store has no bucket policies that open files. Its own console may have a switch for it.")
        }
        Some(CallState::LeftAlone) => Some("The policy that is there may not be read, so it was left as it is."),
        Some(CallState::Skipped | CallState::Failed(_) | CallState::TriesAgain { .. } | CallState::Waiting) => {
            Some("The policy was left out of the plan, so nothing is open.")
        }
        Some(CallState::Running | CallState::Done(_) | CallState::AlreadySo) => None,
    }
}

/// Looks from outside once more.
fn look_again(core: &mut Core) {
    let Some(order) = order(core) else { return };
    core.model.setup.proof = ProofState::Looking;
    let generation = core.parts.setup.generation;
    let event = move |seen| Event::Setup(SetupEvent::Looked { generation, seen });
    core.worker.job(async move { event(proof::prove(order).await.map(Box::new)) }, move |text| {
        event(Err(<Trouble as crate::worker::Crashed>::crashed(text)))
    });
}

fn remove_image(core: &mut Core) {
    let Some(store) = store(core) else { return };
    let Some(bucket) = core.parts.setup.planned.as_ref().map(|wanted| wanted.name.clone()) else { return };
    let ProofState::Ready(proof) = &mut core.model.setup.proof else { return };
    proof.image_now = TestImage::Going;
    let key = proof.key.clone();
    let generation = core.parts.setup.generation;
    let event = move |outcome| Event::Setup(SetupEvent::Removed { generation, outcome });
    core.worker.job(async move { event(proof::remove(&store, &bucket, &key).await) }, move |text| {
        event(Err(<Trouble as crate::worker::Crashed>::crashed(text)))
    });
}

/// Leaves for the bucket; next time the wizard begins anew.
fn open_gallery(core: &mut Core) {
    let Some(wanted) = core.parts.setup.planned.clone() else { return };
    let folder = wanted.public_prefix().filter(|prefix| prefix.ends_with('/')).unwrap_or_default();
    let place = Place { bucket: wanted.name.clone(), prefix: folder.to_owned() };
    begin(core);
    core.dispatch(Command::Browse(BrowseCommand::RefreshBuckets));
    core.dispatch(Command::Browse(BrowseCommand::Go(place)));
}
