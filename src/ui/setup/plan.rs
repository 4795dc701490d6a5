//! The plan: every call before it is made, then how far each is.

use std::collections::BTreeMap;

use egui::{Align, Align2, Frame, Layout, Margin, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::frame;
use super::words::meaning;
use crate::domain::format;
use crate::domain::setup::{RemarkKind, StepId};
use crate::model::Trouble;
use crate::model::command::{FrameCommand, Screen};
use crate::model::setup::run::{Call, CallState, Phase, Run};
use crate::model::setup::{SetupCommand, SetupModel, WizardStep};
use crate::model::trouble::WayOut;
use crate::theme::text::Spans;
use crate::theme::{Tokens, Type, icons, measure};
use crate::ui::widgets::paint::{self, focus_ring, icon_at};
use crate::ui::widgets::{
    Banner, BannerTone, Button, CodeBlock, ControlSize, Level, Segment, disclosure, fact, progress_bar, row, segmented,
};
use crate::ui::{UiCtx, refusal};

/// How a call is shown when it is unfolded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum CodeForm {
    #[default]
    Words,
    Request,
    Cli,
}

/// What is unfolded.
#[derive(Debug, Default)]
pub(super) struct PlanView {
    form: CodeForm,
    /// Calls that were folded or unfolded by hand; failures unfold by themselves.
    by_hand: BTreeMap<usize, bool>,
    generation: u64,
}

impl PlanView {
    /// The calls, over the width left.
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, run: &Run) {
        if self.generation != run.generation {
            *self = Self { form: self.form, generation: run.generation, ..Self::default() };
        }
        heading_ui(ui, cx, run);
        ui.add_space(12.0);
        let (done, all) = run.progress();
        let part = if all == 0 { 0.0 } else { done as f32 / all as f32 };
        if run.phase == Phase::Ready {
            paint::hairline(ui);
        } else {
            progress_bar(ui, part, false, 4.0, &format!("{done} of {all} calls done"));
        }
        ui.add_space(8.0);
        remarks_ui(ui, run);
        for (index, call) in run.calls.iter().enumerate() {
            self.call_ui(ui, cx, run, index, call);
        }
    }

    fn call_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, run: &Run, index: usize, call: &Call) {
        let by_itself = matches!(call.state, CallState::Failed(_) | CallState::TriesAgain { .. });
        let open = self.by_hand.get(&index).copied().unwrap_or(by_itself);
        let clicked = if open {
            let t = Tokens::of(ui);
            ui.add_space(8.0);
            let frame = Frame::new()
                .stroke(Stroke::new(1.0, t.stroke_strong))
                .corner_radius(measure::radius::CARD)
                .outer_margin(Margin::symmetric(-4, 0))
                .inner_margin(Margin { left: 11, right: 11, top: 5, bottom: 11 });
            let clicked = frame
                .show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    let head = head_ui(ui, cx, run, index, call, true);
                    self.unfolded_ui(ui, cx, index, call);
                    head.clicked()
                })
                .inner;
            ui.add_space(8.0);
            clicked
        } else {
            head_ui(ui, cx, run, index, call, false).clicked()
        };
        if clicked {
            self.by_hand.insert(index, !open);
        }
    }

    fn unfolded_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, index: usize, call: &Call) {
        let inner = Rect::from_min_max(ui.cursor().min + vec2(28.0, 0.0), pos2(ui.max_rect().right(), f32::INFINITY));
        let mut child = ui.new_child(egui::UiBuilder::new().id_salt(index).max_rect(inner));
        child.spacing_mut().item_spacing.y = 0.0;
        let ui_in = &mut child;
        if let Some(trouble) = call.state.trouble() {
            trouble_ui(ui_in, cx, index, call, trouble);
            ui_in.add_space(10.0);
        }
        row(ui_in, 24.0, |ui| {
            let forms = [
                Segment::new(CodeForm::Words, "In words"),
                Segment::new(CodeForm::Request, "Request"),
                Segment::new(CodeForm::Cli, "AWS CLI"),
            ];
            segmented(ui, &forms, &mut self.form, ControlSize::Small);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let (text, said) = self.text_of(call);
                let copy =
                    Button::quiet_accent("Copy").small().icon(icons::COPY).name(format!("Copy: {}", call.step.words));
                if copy.show(ui).clicked() {
                    cx.push(FrameCommand::CopyText { text, said: said.to_owned() });
                }
            });
        });
        ui_in.add_space(6.0);
        match self.form {
            CodeForm::Words => {
                let t = Tokens::of(ui_in);
                ui_in.add(egui::Label::new(Type::Body.rich(meaning(call)).color(t.text_2)).wrap());
            }
            CodeForm::Request => {
                CodeBlock::new(ui_in, &call.step.request_text()).show(ui_in);
            }
            CodeForm::Cli => {
                CodeBlock::new(ui_in, &call.step.cli()).show(ui_in);
            }
        }
        let used = child.min_rect();
        ui.advance_cursor_after_rect(used);
    }

    fn text_of(&self, call: &Call) -> (String, &'static str) {
        match self.form {
            CodeForm::Words => (format!("{} ({}). {}", call.step.words, call.step.api, meaning(call)), "Words copied"),
            CodeForm::Request => (call.step.request_text(), "Request copied"),
            CodeForm::Cli => (call.step.cli(), "Command copied"),
        }
    }
}

/// What to know before it runs; once it runs, the calls speak for themselves.
fn remarks_ui(ui: &mut Ui, run: &Run) {
    let t = Tokens::of(ui);
    for remark in &run.plan.remarks {
        match remark.kind {
            RemarkKind::Stop => {
                Banner::new(BannerTone::Danger, "This cannot be run.", remark.sentence.as_str()).show(ui);
            }
            RemarkKind::Warning => {
                Banner::new(BannerTone::Warn, "Look at this.", remark.sentence.as_str()).show(ui);
            }
            RemarkKind::Note if run.phase == Phase::Ready => {
                fact(ui, icons::INFO, t.text_3, Type::Body.job(&remark.sentence, t.text_2));
            }
            RemarkKind::Note => continue,
        }
        ui.add_space(8.0);
    }
}

fn heading_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, run: &Run) {
    let title = match (run.phase, run.makes_bucket) {
        (Phase::Ready, _) if run.plan.takes_back => format!("This takes back the changes to {}", run.bucket),
        (Phase::Finished, _) if run.plan.takes_back => format!("The changes to {} are taken back", run.bucket),
        _ if run.plan.takes_back => format!("Taking back the changes to {}", run.bucket),
        (Phase::Ready, true) => format!("This makes {}", run.bucket),
        (Phase::Ready, false) => format!("This changes {}", run.bucket),
        (Phase::Finished, _) => format!("{} is set up", run.bucket),
        (Phase::Running | Phase::Paused | Phase::Halted, _) => format!("Setting up {}", run.bucket),
    };
    let sentence = match run.phase {
        Phase::Ready => "Every call that will be made, in this order. Nothing has been sent.",
        Phase::Running | Phase::Paused | Phase::Halted | Phase::Finished => "",
    };
    let top = ui.cursor().min;
    let width = ui.available_width();
    let button = Rect::from_min_size(pos2(top.x + width - 190.0, top.y), vec2(190.0, 30.0));
    let mut corner = ui.new_child(
        egui::UiBuilder::new().id_salt("copy all").max_rect(button).layout(Layout::right_to_left(Align::Center)),
    );
    if Button::quiet_accent("Copy all as AWS CLI").icon(icons::COPY).show(&mut corner).clicked() {
        cx.push(FrameCommand::CopyText { text: run.cli(), said: "All commands copied".to_owned() });
    }
    ui.scope(|ui| {
        ui.set_max_width(width - 200.0);
        frame::heading_ui(ui, WizardStep::Plan, &title, sentence);
    });
}

/// One line: how far, what in words, what it is called, when.
fn head_ui(ui: &mut Ui, cx: &UiCtx<'_>, run: &Run, index: usize, call: &Call, open: bool) -> Response {
    let t = Tokens::of(ui);
    let height = if open { 32.0 } else { measure::height::ROW_CALL };
    let response = paint::allocate(ui, vec2(ui.available_width(), height), Sense::click(), true);
    let rect = response.rect;
    let (level, when) = face(run, index, call, cx);
    if response.hovered() && !open {
        ui.painter().rect_filled(rect.shrink2(vec2(0.0, 0.5)), measure::radius::CONTROL, t.hover);
    }
    let left = rect.left() + if open { 0.0 } else { 8.0 };
    let right = rect.right() - if open { 0.0 } else { 8.0 };
    let y = rect.center().y;
    level.paint(ui, pos2(left + 8.0, y), 16.0);
    let caret = if open { icons::CARET_DOWN } else { icons::CARET_RIGHT };
    icon_at(ui.painter(), pos2(right - 7.0, y), caret, 14.0, t.text_3);
    let state = paint::line(ui, Type::Small, t.text_3, when.as_str());
    let state_left = right - 22.0 - state.size().x;
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(state_left, y), state);
    let x = left + 28.0;
    let words = paint::line_within(ui, Type::BodyMedium, t.text, call.step.words.as_str(), state_left - 12.0 - x);
    let words = paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(x, y), words);
    let room = state_left - 12.0 - words.right() - 8.0;
    if room > 24.0 {
        let api = paint::line_within(ui, Type::Mono, t.text_3, call.step.api, room);
        paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(words.right() + 8.0, y), api);
    }
    if !open {
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.stroke));
    }
    if response.has_focus() {
        focus_ring(ui.painter(), rect, measure::radius::CONTROL, t);
    }
    let name = format!("{}, {}, {}, {}", call.step.words, call.step.api, level.words(), when);
    response.widget_info(|| WidgetInfo::selected(Role::DisclosureTriangle, true, open, &name));
    response
}

/// The icon, and what stands at the right of a call.
fn face(run: &Run, index: usize, call: &Call, cx: &UiCtx<'_>) -> (Level, String) {
    let tries = || format::counted(u64::from(call.tries), "try", "tries");
    match &call.state {
        CallState::Waiting => {
            let held_up = run.held_up_by(index).map(|needed| format!("Needs {}", needed.step.api));
            (Level::Waiting, held_up.unwrap_or_default())
        }
        CallState::Running => (Level::Unknown, "Running".to_owned()),
        CallState::Done(took) => (Level::Done, format::duration(*took)),
        CallState::AlreadySo => (Level::Skipped, "Already so, skipped".to_owned()),
        CallState::NotOffered => (Level::Skipped, "Not offered by this store".to_owned()),
        CallState::LeftAlone => (Level::Skipped, "Left as it is, may not be read".to_owned()),
        CallState::TriesAgain { at, .. } => {
            let secs = at.duration_since(cx.now).as_secs().max(1);
            (Level::Paused, format!("Tries again in {secs} s"))
        }
        CallState::Failed(_) => (Level::Failed, tries()),
        CallState::Skipped => (Level::Skipped, "Left out".to_owned()),
    }
}

fn trouble_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, index: usize, call: &Call, trouble: &Trouble) {
    let t = Tokens::of(ui);
    let waits = matches!(call.state, CallState::TriesAgain { .. });
    let first = match (waits, trouble.way_out) {
        (true, _) => "Not yet. ",
        (false, WayOut::AskForPermission) => "Refused. ",
        (false, _) => "Failed. ",
    };
    let sentence =
        Spans::new().push(Type::BodyStrong, t.danger_text, first).push(Type::Body, t.text, &trouble.sentence);
    ui.add(egui::Label::new(sentence.job()).wrap().selectable(true));
    if let Some(permission) = &trouble.permission {
        let words = Spans::new()
            .push(Type::Small, t.text_2, "The sign-in needs ")
            .push(Type::Mono, t.text, permission)
            .push(Type::Small, t.text_2, " on this bucket");
        ui.add(egui::Label::new(words.job()).wrap().selectable(true));
    }
    ui.add_space(8.0);
    row(ui, 24.0, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let retry = Button::primary("Retry").small().icon(icons::ARROW_CLOCKWISE);
        if retry.name(format!("Retry: {}", call.step.words)).show(ui).clicked() {
            cx.push(SetupCommand::Retry(index));
        }
        // Without the bucket nothing else can be done.
        let may_skip = !matches!(call.step.id, StepId::Create | StepId::Wait);
        if may_skip && Button::secondary("Skip").small().name(format!("Skip: {}", call.step.words)).show(ui).clicked() {
            cx.push(SetupCommand::Skip(index));
        }
        if trouble.way_out == WayOut::ChooseAnother && call.step.id == StepId::Create {
            let other = Button::secondary("Choose another name").small();
            if other.show(ui).clicked() {
                cx.push(SetupCommand::GoTo(WizardStep::Name));
            }
        }
        refusal::why_ui(ui, cx, trouble, ControlSize::Small);
    });
    if !trouble.details.is_empty() {
        ui.add_space(8.0);
        if disclosure(ui, ("details", index), "Details") {
            ui.add_space(4.0);
            let text = trouble.details.join("\n");
            if CodeBlock::new(ui, &text).copy("Copy the details").show(ui) {
                cx.push(FrameCommand::CopyText { text: trouble.to_text(), said: "Details copied".to_owned() });
            }
        }
    }
}

/// Where things stand, what helps, and what happens to whoever stops here.
pub(super) fn side_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, model: &SetupModel, run: &Run) {
    let t = Tokens::of(ui);
    frame::side_head(ui, "Where things stand");
    ui.add_space(10.0);
    ui.spacing_mut().item_spacing.y = 8.0;
    for standing in model.standings(run) {
        let (icon, color) = match standing.tone {
            crate::model::setup::StandingTone::Done => (icons::CHECK_CIRCLE, t.ok),
            crate::model::setup::StandingTone::Private => (icons::LOCK_SIMPLE, t.text_3),
            crate::model::setup::StandingTone::Public => (icons::GLOBE_SIMPLE, t.public_icon()),
            crate::model::setup::StandingTone::NotYet => (icons::CLOCK_COUNTDOWN, t.text_3),
            crate::model::setup::StandingTone::NeedsYou => (icons::WARNING, t.warn),
        };
        fact(ui, icon, color, Type::Body.job(standing.words, t.text));
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    if let Some((help, wait)) = help(cx, run) {
        frame::side_rule(ui);
        frame::side_head(ui, "What usually helps");
        ui.add_space(8.0);
        ui.add(egui::Label::new(Type::Body.rich(help).color(t.text_2)).wrap());
        if let Some((part, secs)) = wait {
            ui.add_space(10.0);
            row(ui, 18.0, |ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                let left = paint::line(ui, Type::Small, t.text_3, format!("{secs} s"));
                ui.scope(|ui| {
                    ui.set_max_width(ui.available_width() - left.size().x - 8.0);
                    progress_bar(ui, part, false, 4.0, "Until the next try");
                });
                let (rect, _) = ui.allocate_exact_size(left.size(), Sense::hover());
                paint::galley_at(ui.painter(), Align2::LEFT_TOP, rect.min, left);
            });
            ui.request_repaint_after(std::time::Duration::from_secs(1));
        }
    }
    frame::side_rule(ui);
    frame::side_head(ui, "If you stop here");
    ui.add_space(8.0);
    ui.add(egui::Label::new(Type::Body.rich(model.if_you_stop(run)).color(t.text_2)).wrap());
    if model.can_undo() {
        ui.add_space(12.0);
        let undo = Button::danger_quiet("Undo the changes made…").icon(icons::ARROW_U_UP_LEFT);
        if undo.show(ui).clicked() {
            cx.push(SetupCommand::Undo);
        }
        ui.add_space(4.0);
        let words = "Shows the calls first; nothing is taken back before";
        ui.add(egui::Label::new(Type::Small.rich(words).color(t.text_3)).wrap());
    }
}

/// What helps with the first call that failed, and how far the wait for its next try is.
fn help(cx: &UiCtx<'_>, run: &Run) -> Option<(String, Option<(f32, u64)>)> {
    let waits = run.calls.iter().find_map(|call| match &call.state {
        CallState::TriesAgain { at, wait, .. } => Some((*at, *wait)),
        _ => None,
    });
    if let Some((at, wait)) = waits {
        let left = at.duration_since(cx.now).as_secs_f32().max(0.0);
        let part = 1.0 - left / wait.as_secs_f32().max(0.1);
        let words = format!(
            "Waiting: it may take a while until every server knows of a change. Brimful tries again by itself at {}.",
            format::clock(at, cx.zone)
        );
        return Some((words, Some((part.clamp(0.0, 1.0), left.ceil().max(1.0) as u64))));
    }
    let (_, call, trouble) = run.failed().next()?;
    let words = match trouble.way_out {
        WayOut::Retry => "Wait a minute and press Retry.".to_owned(),
        WayOut::EditConnection => {
            "The connection needs a change: leave set-up, edit it, and come back. Nothing here is lost.".to_owned()
        }
        WayOut::AskForPermission => match &trouble.permission {
            Some(permission) => {
                format!("Ask whoever looks after the account for {permission}, then press Retry. Or skip this call.")
            }
            None => "Ask whoever looks after the account to allow this call, then press Retry. Or skip it.".to_owned(),
        },
        WayOut::NotOffered => format!("This store does not know {}. Skip it.", call.step.api),
        WayOut::ChooseAnother => "Choose something else, then run the plan again. Nothing typed is lost.".to_owned(),
        WayOut::Report => "Press Retry. If it stays so, the details help the makers of Brimful.".to_owned(),
    };
    Some((words, None))
}

/// The buttons of the plan.
pub(super) fn foot_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, run: &Run) {
    match run.phase {
        Phase::Ready => {
            let label = match (run.plan.takes_back, run.makes_bucket) {
                (true, _) if run.plan.step(StepId::Delete).is_some() => "Delete the bucket…",
                (true, _) => "Take the changes back",
                (false, true) => "Set up the bucket",
                (false, false) => "Change the bucket",
            };
            let why_not = (!run.plan.can_run()).then_some("Something stands against this plan");
            if Button::primary(label).large().disabled_because(why_not).show(ui).clicked() {
                cx.push(SetupCommand::Run);
            }
            back_ui(ui, cx, None);
        }
        Phase::Running => {
            continue_ui(ui, cx, Some("The plan is still running"));
            if Button::secondary("Pause").large().show(ui).clicked() {
                cx.push(SetupCommand::Pause);
            }
        }
        Phase::Paused => {
            if Button::primary("Go on").large().show(ui).clicked() {
                cx.push(SetupCommand::Run);
            }
            back_ui(ui, cx, None);
        }
        Phase::Halted => {
            continue_ui(ui, cx, Some("One step needs you: retry or skip it"));
            back_ui(ui, cx, None);
        }
        // Nothing is left to prove; the wizard begins anew.
        Phase::Finished if run.plan.takes_back => {
            if Button::primary("Done").large().show(ui).clicked() {
                cx.push(SetupCommand::Start);
                cx.push(FrameCommand::Show(Screen::Browse));
            }
            return;
        }
        Phase::Finished => {
            continue_ui(ui, cx, None);
            back_ui(ui, cx, None);
        }
    }
    ui.add_space(8.0);
    let note = match run.phase {
        Phase::Ready if run.makes_bucket => "Nothing has been created yet",
        Phase::Ready => "Nothing has been changed yet",
        Phase::Running if run.failed().next().is_some() => "Steps that do not need the failed one go on",
        Phase::Running => "",
        Phase::Paused => "Paused; what is done is not done twice",
        Phase::Halted => "One step needs you",
        Phase::Finished => "",
    };
    frame::quiet_line(ui, note);
}

fn continue_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, why_not: Option<&str>) {
    if Button::primary("Continue").large().disabled_because(why_not).show(ui).clicked() {
        cx.push(SetupCommand::GoTo(WizardStep::Proof));
    }
}

fn back_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, why_not: Option<&str>) {
    if Button::secondary("Back").large().disabled_because(why_not).show(ui).clicked() {
        cx.push(SetupCommand::Back);
    }
}
