//! The dialog that shows what lifecycle rules would do, and in practice storage asks whether they shall.

mod report;

use egui::{Align, Layout, ScrollArea, Ui, vec2};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::bucket_settings::SettingKind;
use crate::domain::connection::Target;
use crate::domain::format;
use crate::domain::lifecycle::LifecycleRule;
use crate::domain::lifecycle::dry_run::Report;
use crate::model::Trouble;
use crate::model::bucket_settings::{BucketSettingsCommand, DryRun, DryRunState, Ran};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Banner, BannerTone, Button, CodeBlock, Dialog, DialogWidth, FieldNote, Level, TextField, dialog_foot_left,
    disclosure, fact, level_icon, paint,
};

/// The dialog and the day that has been typed into it.
#[derive(Debug, Default)]
pub(super) struct DryRunDialog {
    number: u64,
    day: String,
}

impl DryRunDialog {
    /// Shows it.
    pub(super) fn ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>) {
        let model = cx.model;
        let Some(shown) = &model.bucket_settings.dry_run else { return };
        if self.number != shown.number {
            self.number = shown.number;
            self.day = shown.run_at.map(iso_day).unwrap_or_default();
        }
        let t = Tokens::of(ui);
        let bucket = shown.bucket.as_str();
        let (heading, sentence) = match (&shown.state, shown.run_at) {
            (DryRunState::Ran(_), Some(at)) => {
                (format!("The rules of {bucket} have run"), format!("As if it were {}", day(at)))
            }
            (_, Some(_)) => (
                format!("Run the lifecycle rules of {bucket}?"),
                "Only in practice storage, where no day passes by itself. What is deleted for good cannot be brought back.".to_owned(),
            ),
            (_, None) => (
                format!("Dry run of the lifecycle rules of {bucket}"),
                "Predicted from a listing; nothing is changed. Days begin at midnight UTC, and S3 may act some hours later."
                    .to_owned(),
            ),
        };
        let typed = &mut self.day;
        let (mut command, mut pressed) = (None, None);
        let answer = Dialog::new("lifecycle dry run", heading)
            .sentence(Type::Body.job(sentence, t.text_2))
            .width(DialogWidth::Plan)
            .close_button()
            .show(ui.ctx(), |ui| body_ui(ui, shown, typed, &mut command), |ui| foot_ui(ui, shown, &mut pressed));
        if answer.close {
            command = Some(BucketSettingsCommand::CloseDryRun);
        }
        if let Some(command) = command.or(pressed) {
            cx.push(command);
        }
    }
}

fn day(at: Timestamp) -> String {
    format::day(at, &TimeZone::UTC)
}

fn iso_day(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).date().to_string()
}

fn body_ui(ui: &mut Ui, shown: &DryRun, typed: &mut String, command: &mut Option<BucketSettingsCommand>) {
    if let Some(at) = shown.run_at
        && !matches!(shown.state, DryRunState::Ran(_) | DryRunState::RunFailed(_))
    {
        ui.add_enabled_ui(shown.state != DryRunState::Running, |ui| day_ui(ui, at, typed, command));
    }
    ScrollArea::vertical().id_salt("dry run").auto_shrink(false).show(ui, |ui| {
        ui.set_width(ui.available_width() - 8.0);
        ui.spacing_mut().item_spacing.y = 8.0;
        match &shown.state {
            DryRunState::Listing(seen) => busy_ui(
                ui,
                &match seen.count {
                    0 => "Listing the bucket".to_owned(),
                    _ => format!("Listing the bucket: {} so far", seen.words("version", "versions")),
                },
            ),
            DryRunState::Ready(report) => report::report_ui(ui, report, &shown.rules, shown.run_at.is_some()),
            DryRunState::Failed(trouble) => trouble_ui(ui, "The bucket could not be listed.", trouble),
            DryRunState::Running => busy_ui(ui, "The rules are acting"),
            DryRunState::Ran(ran) => ran_ui(ui, ran),
            DryRunState::RunFailed(trouble) => trouble_ui(ui, "The rules did not act to the end.", trouble),
        }
    });
}

/// The day, and looking again when it is another one.
fn day_ui(ui: &mut Ui, at: Timestamp, typed: &mut String, command: &mut Option<BucketSettingsCommand>) {
    let read: Result<Date, _> = typed.trim().parse();
    let note = match &read {
        Ok(_) => FieldNote::None,
        Err(_) => FieldNote::Error { sentence: "Write a day like 2030-01-31".into(), mend: None },
    };
    ui.horizontal_top(|ui| {
        let field = TextField::new("As if it were this day, at 00:00 UTC", typed).width(280.0).note(note).show(ui);
        let entered = field.response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let Ok(day) = read else { return };
        if day.to_string() == iso_day(at) {
            return;
        }
        ui.vertical(|ui| {
            ui.add_space(22.0);
            let pressed = Button::secondary("Show what is due then").show(ui).clicked();
            if pressed || entered {
                *command = Some(BucketSettingsCommand::AskToRunRules(Some(day)));
            }
        });
    });
}

fn busy_ui(ui: &mut Ui, words: &str) {
    let t = Tokens::of(ui);
    let size = vec2(ui.available_width(), 24.0);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        level_icon(ui, Level::Unknown, 16.0, words);
        ui.label(Type::Body.rich(words).color(t.text_2));
    });
}

fn trouble_ui(ui: &mut Ui, first: &str, trouble: &Trouble) {
    Banner::new(BannerTone::Danger, first, trouble.sentence.as_str()).show(ui);
    if !trouble.details.is_empty() && disclosure(ui, "dry run trouble", "Details") {
        CodeBlock::new(ui, &trouble.details.join("\n")).show(ui);
    }
}

fn ran_ui(ui: &mut Ui, ran: &Ran) {
    let t = Tokens::of(ui);
    if ran.total == 0 {
        paint::label(ui, Type::Body.rich("Nothing was due"), t.text);
        return;
    }
    for (outcome, count) in &ran.counts {
        let (one, many) = outcome.nouns();
        let words = format!("{}: {}", outcome.words(), format::counted(*count, one, many));
        fact(ui, icons::CHECK_CIRCLE, t.ok, Type::Body.job(words, t.text));
    }
    ui.add_space(4.0);
    CodeBlock::new(ui, &ran.lines.join("\n")).show(ui);
    if ran.total > ran.lines.len() {
        let more = format::count((ran.total - ran.lines.len()) as u64);
        paint::label(ui, Type::Small.rich(format!("and {more} more")), t.text_3);
    }
}

fn foot_ui(ui: &mut Ui, shown: &DryRun, command: &mut Option<BucketSettingsCommand>) {
    let t = Tokens::of(ui);
    let asks = match (&shown.state, shown.run_at) {
        (DryRunState::Ready(report), Some(at)) => Some((report, at)),
        _ => None,
    };
    if let Some((report, at)) = asks {
        let why = report.rows.is_empty().then_some("Nothing is due then");
        let label = format!("Run as of {}", day(at));
        if Button::danger(label).large().disabled_because(why).show(ui).clicked() {
            *command = Some(BucketSettingsCommand::RunRules);
        }
    }
    let running = shown.state == DryRunState::Running;
    let label = match shown.state {
        DryRunState::Listing(_) => "Stop",
        _ if asks.is_some() => "Cancel",
        _ => "Close",
    };
    let why = running.then_some("The rules are acting");
    if Button::secondary(label).large().disabled_because(why).show(ui).clicked() {
        *command = Some(BucketSettingsCommand::CloseDryRun);
    }
    if let DryRunState::Ready(report) = &shown.state {
        dialog_foot_left(ui, |ui| {
            ui.label(Type::Small.rich(seen(report)).color(t.text_2));
        });
    }
}

/// What was looked at.
fn seen(report: &Report) -> String {
    let words = report.seen.words("version", "versions");
    if report.whole { format!("Looked at {words}") } else { format!("Only the first {words} were looked at") }
}

/// The links under the rules of the card.
pub(super) fn links_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, rules: &[LifecycleRule]) {
    let practises = cx.model.session.as_ref().is_some_and(|session| session.connection.target == Target::Practice);
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let button = Button::quiet_accent("Dry run…").icon(icons::PLAY_CIRCLE).small().flush_left();
        if button.name(format!("Dry run of {}", SettingKind::Lifecycle.title())).show(ui).clicked() {
            cx.push(BucketSettingsCommand::DryRun(rules.to_vec()));
        }
        if practises && Button::quiet_accent("Run now…").icon(icons::CLOCK_COUNTDOWN).small().show(ui).clicked() {
            cx.push(BucketSettingsCommand::AskToRunRules(None));
        }
    });
}
