//! What was found: how far the run is, its counts as filters, and the table.

use egui::{Align, Frame, Layout, Margin, Panel, Rect, Ui, UiBuilder, vec2};

use super::set_up::every_ui;
use super::{ManyPanel, top_ui};
use crate::domain::format;
use crate::domain::verify::Group;
use crate::model::Trouble;
use crate::model::check::many::{Many, ManyCommand, Run, RunState, Side, WantedWhat};
use crate::model::command::FrameCommand;
use crate::theme::measure::{height, width};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Banner, BannerTone, Button, ControlSize, EmptyState, ErrorPage, Level, SearchField, Segment, level_icon, paint,
    segmented, select,
};

const SUMS: f32 = 60.0;
const SCHEDULE_WIDTH: f32 = 220.0;

impl ManyPanel {
    pub(super) fn results_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, many: &Many) {
        let Some(run) = &many.run else {
            top_ui(ui, cx, "Check many files", |_, _| {});
            let empty =
                EmptyState::new("Nothing was checked yet", "Say what is to be checked, and what is expected of it.");
            empty.icon(icons::STETHOSCOPE).show(ui, |ui| change_ui(ui, cx), |_| {});
            return;
        };
        top_ui(ui, cx, "Check many files", |ui, cx| actions_ui(ui, cx, run));
        let bar = |name: &'static str, size: f32| {
            Panel::top(name).exact_size(size).resizable(false).show_separator_line(false).frame(Frame::NONE)
        };
        bar("many_sums", SUMS).show(ui, |ui| sums_ui(ui, cx, many, run));
        let page = &many.view.page;
        if let RunState::Failed(trouble) = &run.state {
            if page.totals.files == 0 {
                failed_ui(ui, cx, trouble);
                return;
            }
            let frame = Frame::NONE.inner_margin(Margin { left: 24, right: 24, top: 12, bottom: 4 });
            Panel::top("many_failed").resizable(false).show_separator_line(false).frame(frame).show(ui, |ui| {
                let banner = Banner::new(BannerTone::Danger, "It could not be checked to the end.", &trouble.sentence);
                if banner.link("Try again").show(ui).is_some_and(|link| link.clicked()) {
                    cx.push(ManyCommand::GoOn);
                }
            });
        }
        if page.totals.files == 0 {
            self.nothing_ui(ui, cx, run);
            return;
        }
        bar("many_filter", height::TOOLBAR).show(ui, |ui| self.filter_ui(ui, cx, many));
        if page.is_empty() {
            ui.vertical_centered(|ui| {
                ui.add_space(48.0);
                paint::label(ui, Type::Lead.rich("No file fits"), Tokens::of(ui).text_3);
            });
            return;
        }
        self.pictures.belong_to(run.number);
        let looked = super::rows::rows_ui(ui, cx, many, &mut self.pictures);
        if looked != self.looked {
            self.looked = looked;
            cx.push(ManyCommand::Look { first: looked.0, most: looked.1 });
        }
    }

    /// What takes the place of the table while there is no row.
    fn nothing_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, run: &Run) {
        if matches!(run.state, RunState::Ended { .. }) && run.done == 0 {
            let sentence = "No file was named. Another folder or file may name some.";
            let empty = EmptyState::new("There was nothing to check", sentence).bucket();
            empty.show(ui, |ui| change_ui(ui, cx), |_| {});
        }
    }

    fn filter_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, many: &Many) {
        let rect = ui.max_rect().shrink2(vec2(0.0, 8.0));
        let inner = Rect::from_min_max(rect.min + vec2(24.0, 0.0), rect.max - vec2(16.0, 0.0));
        let mut left = ui.new_child(UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)));
        let view = &many.view;
        let kinds = [
            (Group::All, "All"),
            (Group::Errors, "Not as expected"),
            (Group::Warnings, "Warnings"),
            (Group::Unknown, "Could not be told"),
            (Group::AsExpected, "As expected"),
            (Group::Known, "Known before"),
        ];
        let shown = |group| match group {
            Group::Warnings | Group::Known => view.page.totals.of(group) > 0 || view.group == group,
            _ => true,
        };
        let words: Vec<(Group, String)> = kinds
            .into_iter()
            .filter(|(group, _)| shown(*group))
            .map(|(group, word)| match view.page.found.of(group) {
                0 => (group, word.to_owned()),
                number => (group, format!("{word} {}", format::count(number))),
            })
            .collect();
        let segments: Vec<_> = words.iter().map(|(group, word)| Segment::new(*group, word.as_str())).collect();
        let mut group = view.group;
        if segmented(&mut left, &segments, &mut group, ControlSize::Regular).changed() {
            cx.push(ManyCommand::Show(group));
        }
        let used = left.min_rect().right();
        let room = inner.right() - used - 12.0;
        let right = UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center)).id_salt("right");
        let mut right = ui.new_child(right);
        let field = SearchField::new("Filter by name", &mut self.search).width(room.clamp(80.0, 200.0));
        if field.id_salt("many").show(&mut right).changed() {
            cx.push(ManyCommand::Search(self.search.clone()));
        }
    }
}

/// Nothing was found, and why.
fn failed_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, trouble: &Trouble) {
    let t = Tokens::of(ui);
    let bucket = cx.model.check.here.as_ref().map_or("", |key| key.bucket.as_str());
    let mut page =
        ErrorPage::new(icons::WARNING, "Nothing could be checked", Type::Body.job(&trouble.sentence, t.text_2));
    if let Some(permission) = &trouble.permission {
        page = page.permission(permission.as_str(), format!("arn:aws:s3:::{bucket}"));
    }
    for line in &trouble.details {
        let (label, value) = line.split_once(": ").unwrap_or(("", line));
        page = page.detail(label, value);
    }
    Frame::NONE.inner_margin(Margin::same(24)).show(ui, |ui| {
        let copied = page.show(ui, |ui| {
            if Button::primary("Try again").icon(icons::ARROW_CLOCKWISE).show(ui).clicked() {
                cx.push(ManyCommand::GoOn);
            }
            if let Some(request) = &trouble.refused
                && Button::quiet_accent("Why was I refused?").show(ui).clicked()
            {
                cx.push(FrameCommand::WhyRefused(request.clone()));
            }
        });
        if copied {
            cx.push(FrameCommand::CopyText { text: trouble.to_text(), said: "Details copied".to_owned() });
        }
    });
}

fn change_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    if Button::secondary("Change…").icon(icons::SLIDERS_HORIZONTAL).show(ui).clicked() {
        cx.push(ManyCommand::Turn(Side::SetUp));
    }
}

/// From the right: what is done next, then the rest.
fn actions_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, run: &Run) {
    let mut push = |response: egui::Response, command: ManyCommand| {
        if response.clicked() {
            cx.push(command);
        }
    };
    let save = |kind: fn(&'static str) -> Button<'static>| {
        let why = (run.done == 0).then_some("Nothing was found yet");
        kind("Save report…").icon(icons::EXPORT).disabled_because(why)
    };
    let again = || Button::secondary("Check again").icon(icons::ARROW_CLOCKWISE);
    match &run.state {
        RunState::Starting | RunState::Going => {
            push(Button::secondary("Stop").show(ui), ManyCommand::Stop);
            push(Button::secondary("Pause").icon(icons::PAUSE).show(ui), ManyCommand::Pause);
        }
        RunState::Halting { .. } => {
            let why = Some("It is coming to a stop");
            Button::secondary("Stop").disabled_because(why).show(ui);
        }
        RunState::Paused => {
            push(Button::primary("Go on").icon(icons::PLAY).show(ui), ManyCommand::GoOn);
            push(Button::secondary("Stop").show(ui), ManyCommand::Stop);
        }
        RunState::Stopped => {
            push(Button::primary("Go on").icon(icons::PLAY).show(ui), ManyCommand::GoOn);
            push(again().show(ui), ManyCommand::Again);
            push(save(Button::secondary).show(ui), ManyCommand::SaveReport);
        }
        // The page itself offers to try again.
        RunState::Failed(_) if run.done == 0 => {}
        RunState::Failed(_) => {
            push(again().show(ui), ManyCommand::Again);
            push(save(Button::secondary).show(ui), ManyCommand::SaveReport);
        }
        RunState::Ended { .. } => {
            push(save(Button::primary).show(ui), ManyCommand::SaveReport);
            push(again().show(ui), ManyCommand::Again);
        }
    }
    push(Button::quiet("Change…").icon(icons::SLIDERS_HORIZONTAL).show(ui), ManyCommand::Turn(Side::SetUp));
}

/// What is checked, how far it is, and when it is checked again.
fn sums_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, many: &Many, run: &Run) {
    let t = Tokens::of(ui);
    let rect = ui.max_rect();
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, egui::Stroke::new(1.0, t.stroke));
    let inner = Rect::from_min_max(rect.min + vec2(24.0, 0.0), rect.max - vec2(16.0, 1.0));
    let right = UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center)).id_salt("right");
    let mut ui = ui.new_child(right);
    ui.spacing_mut().item_spacing.x = 8.0;
    again_ui(&mut ui, cx, many);
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        let found = &many.view.page.totals;
        let level = match &run.state {
            RunState::Starting | RunState::Going | RunState::Halting { .. } => match total(run) {
                Some(total) => Level::Fraction(run.done as f32 / total.max(1) as f32),
                None => Level::Unknown,
            },
            RunState::Paused => Level::Paused,
            RunState::Stopped => Level::Skipped,
            // What is not as it should be weighs more than that the check came to its end.
            RunState::Ended { .. } if found.of(Group::Errors) > 0 => Level::Failed,
            RunState::Ended { .. } => Level::Done,
            RunState::Failed(_) => Level::Failed,
        };
        level_icon(ui, level, 20.0, "The check");
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(9.0);
            let bucket = cx.model.check.here.as_ref().map_or("", |key| key.bucket.as_str());
            let words = run.wanted.words(bucket);
            ui.add(egui::Label::new(Type::BodyMedium.rich(words).color(t.text)).truncate());
            ui.add(egui::Label::new(Type::Small.rich(state_words(cx, many, run)).color(t.text_2)).truncate());
        });
    });
}

/// How many files there are in all, where that is known before they are listed.
fn total(run: &Run) -> Option<u64> {
    match &run.wanted.what {
        WantedWhat::Chosen(keys) => Some(keys.len() as u64),
        WantedWhat::Prefix(_) | WantedWhat::List(_) | WantedWhat::Sitemap { .. } => None,
    }
}

fn state_words(cx: &UiCtx<'_>, many: &Many, run: &Run) -> String {
    let files = match total(run) {
        Some(total) => format!("{} of {}", format::count(run.done), format::counted(total, "file", "files")),
        None => format::counted(run.done, "file", "files"),
    };
    let rate = run.rate.round().max(0.0);
    match &run.state {
        RunState::Starting => "Getting ready".to_owned(),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shown rounded")]
        RunState::Going => format!("{files} checked, {} a second", format::count(rate as u64)),
        RunState::Halting { .. } => format!("{files} checked. Coming to a stop"),
        RunState::Paused => format!("Paused after {files}"),
        RunState::Stopped => format!("Stopped after {files}. What else there is was not checked"),
        RunState::Ended { at, took } => {
            let (at, took) = (format::date_time(*at, cx.now, cx.zone), format::duration(*took));
            format!("{}. {at}, took {took}", many.view.page.totals.sentence())
        }
        RunState::Failed(_) => format!("Broken off after {files}"),
    }
}

/// How often it is checked again.
fn again_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, many: &Many) {
    let mut every = many.schedule.map(|schedule| schedule.every);
    let shown = match many.schedule {
        None => "Not again by itself".to_owned(),
        Some(schedule) => {
            let next = schedule.next.to_zoned_datetime(cx.zone.clone());
            format!("{}, next {:02}:{:02}", schedule.every.words(), next.hour(), next.minute())
        }
    };
    let room = if ui.ctx().content_rect().width() < width::NARROW_BELOW { 0.9 } else { 1.0 };
    let before = every;
    let field = select(ui, "Check again by itself", &shown, SCHEDULE_WIDTH * room, |ui| every_ui(ui, &mut every));
    paint::tooltip(field, "While Brimful runs: it ends when Brimful is closed");
    if every != before {
        cx.push(ManyCommand::Every(every));
    }
}
