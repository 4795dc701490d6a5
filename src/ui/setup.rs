//! The wizard that sets a bucket up: one idea a step, what it means beside it, nothing done before the plan is run.

mod choices;
mod frame;
mod place;
mod plan;
mod proof;
mod safety;
mod words;

use egui::{Ui, Vec2};

use crate::domain::connection::{Connection, Target};
use crate::domain::object_url;
use crate::model::command::{FrameCommand, Screen};
use crate::model::setup::run::Phase;
use crate::model::setup::{Draft, SetupCommand, SetupModel, WizardStep};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, EmptyState, Level, level_icon, row};

/// Height of the buttons at the bottom, in points.
pub const FOOT: f32 = frame::FOOT;

/// The wizard and what is typed in it.
#[derive(Default)]
pub struct SetupPanel {
    generation: u64,
    place: place::PlaceView,
    safety: safety::SafetyView,
    plan: plan::PlanView,
    proof: proof::ProofView,
}

impl SetupPanel {
    /// Paints it.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let t = Tokens::of(ui);
        ui.painter().rect_filled(ui.max_rect(), 0, t.surface);
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        let model = cx.model;
        let setup = &model.setup;
        let (Some(session), Some(draft)) = (&model.session, &setup.draft) else {
            nowhere_ui(ui, cx);
            return;
        };
        if self.generation != setup.generation {
            self.generation = setup.generation;
            self.place = place::PlaceView::default();
            self.safety = safety::SafetyView::of(&draft.wanted);
        }
        let adopting = setup.is_adopting(session.bucket_names());
        let step = setup.step;
        let areas = frame::areas(ui, step != WizardStep::Proof);
        let rail = frame::rail_ui(ui, areas.rail, setup, Some(&session.connection), |step| setup.detail(step));
        if let Some(step) = rail {
            cx.push(SetupCommand::GoTo(step));
        }
        let mut edited = draft.clone();
        let top = if matches!(step, WizardStep::Plan | WizardStep::Proof) { 24.0 } else { 32.0 };
        frame::center_ui(ui, areas.center, step, top, |ui| match step {
            WizardStep::Purpose => choices::purpose_ui(ui, &mut edited),
            WizardStep::Name => self.place.ui(ui, cx, session, &mut edited, adopting),
            WizardStep::Visibility => choices::visibility_ui(ui, cx, &mut edited, adopting),
            WizardStep::SafetyNet => self.safety.ui(ui, cx, &mut edited, adopting),
            WizardStep::Plan => match &setup.run {
                Some(run) => self.plan.ui(ui, cx, run),
                None => finding_ui(ui, cx),
            },
            WizardStep::Proof => self.proof.ui(ui, cx, &setup.proof, &draft.wanted.name),
        });
        if step != WizardStep::Proof {
            frame::side_ui(ui, areas.side, |ui| match step {
                WizardStep::Purpose => choices::purpose_side_ui(ui, draft),
                WizardStep::Name => place::side_ui(ui, cx, draft, &session.connection),
                WizardStep::Visibility => {
                    let address = example_address(setup, &session.connection, draft);
                    choices::visibility_side_ui(ui, setup, draft, &address);
                }
                WizardStep::SafetyNet => safety::side_ui(ui, draft),
                WizardStep::Plan => {
                    if let Some(run) = &setup.run {
                        plan::side_ui(ui, cx, setup, run);
                    }
                }
                WizardStep::Proof => {}
            });
        }
        if edited != *draft {
            cx.push(SetupCommand::Change(Box::new(edited)));
        }
        Self::foot_ui(ui, cx, setup, areas.foot, adopting);
    }

    fn foot_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, setup: &SetupModel, rect: egui::Rect, adopting: bool) {
        let step = setup.step;
        frame::foot_ui(
            ui,
            cx,
            rect,
            |ui, cx| {
                if Button::quiet("Leave set-up").large().show(ui).clicked() {
                    cx.push(FrameCommand::Show(Screen::Browse));
                }
                let begun = setup.run.as_ref().is_some_and(|run| run.has_begun() && run.phase != Phase::Running);
                if begun && step == WizardStep::Plan {
                    let anew =
                        Button::quiet("Set up another bucket").large().tooltip("Begin anew; what was made stays");
                    if anew.show(ui).clicked() {
                        cx.push(SetupCommand::Start);
                    }
                }
                if step == WizardStep::Proof {
                    proof::foot_left_ui(ui, cx, &setup.proof);
                }
            },
            |ui, cx| match (step, &setup.run) {
                (WizardStep::Plan, Some(run)) => plan::foot_ui(ui, cx, run),
                (WizardStep::Proof, _) => proof::foot_right_ui(ui, cx),
                _ => choosing_foot_ui(ui, cx, setup, adopting),
            },
        );
    }
}

/// Back, Continue, and why not yet.
fn choosing_foot_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, setup: &SetupModel, adopting: bool) {
    let obstacle = setup.obstacle(adopting);
    let busy = setup.finding.is_pending().then_some(Level::Unknown);
    let go_on = Button::primary("Continue").large();
    let go_on = if busy.is_some() { go_on.busy(busy) } else { go_on.disabled_because(obstacle) };
    if go_on.show(ui).clicked() {
        cx.push(SetupCommand::Continue);
    }
    if setup.step.before().is_some() && Button::secondary("Back").large().show(ui).clicked() {
        cx.push(SetupCommand::Back);
    }
    ui.add_space(8.0);
    let begun = setup.run.as_ref().is_some_and(crate::model::setup::run::Run::has_begun);
    let note = match (begun, adopting) {
        (true, _) => "What is done is not done twice",
        (false, true) => "Nothing has been changed yet",
        (false, false) => "Nothing has been created yet",
    };
    frame::quiet_line(ui, note);
}

/// While it is found out what is there, or when that failed.
fn finding_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let t = Tokens::of(ui);
    let setup = &cx.model.setup;
    frame::heading_ui(
        ui,
        WizardStep::Plan,
        "Making the plan",
        "Brimful looks at what is there, so that nothing is done twice.",
    );
    ui.add_space(24.0);
    match setup.finding.error() {
        None => row(ui, 20.0, |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            level_icon(ui, Level::Unknown, 16.0, "Plan");
            ui.label(Type::Body.rich("Reading the bucket’s settings").color(t.text_2));
        }),
        Some(trouble) => {
            use crate::ui::widgets::{Banner, BannerTone};
            let sentence = trouble.sentence.clone();
            let link =
                Banner::new(BannerTone::Danger, "It could not be found out.", sentence).link("Try again").show(ui);
            if link.is_some_and(|link| link.clicked()) {
                cx.push(SetupCommand::GoTo(WizardStep::Plan));
            }
        }
    }
}

/// Without a connection there is nowhere to set a bucket up.
fn nowhere_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let open = EmptyState::new(
        "Open a connection first",
        "A bucket is set up in a store: practice storage on this computer, Amazon S3, or another one.",
    );
    let mut leave = false;
    open.icon(icons::STACK).show(ui, |ui| leave = Button::primary("Choose a store").large().show(ui).clicked(), |_| {});
    if leave {
        cx.push(FrameCommand::Show(Screen::Start));
    }
}

/// What the address of a file will look like.
fn example_address(setup: &SetupModel, connection: &Connection, draft: &Draft) -> String {
    let wanted = &draft.wanted;
    let endpoint = setup.store.as_ref().and_then(|store| store.endpoint.as_deref());
    let place = object_url::Place {
        target: &connection.target,
        practice_endpoint: endpoint.filter(|_| connection.target == Target::Practice),
        bucket: &wanted.name,
        region: Some(&wanted.region),
        website: false,
    };
    object_url::preferred(&place, &format!("{}lake-morning.jpg", wanted.public_prefix().unwrap_or_default()))
}
