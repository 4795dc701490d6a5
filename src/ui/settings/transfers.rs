//! How fast files may go, when, and how many requests there are at once.

use std::borrow::Cow;

use egui::Ui;
use jiff::civil::Time;

use super::{lower_first, neighbours, rule, setting_ui, stepper_ui};
use crate::domain::bandwidth::{self, Limits, RateProblem};
use crate::domain::format;
use crate::model::settings::{SettingsCommand, TransferSettings};
use crate::theme::{Tokens, Type};
use crate::ui::UiCtx;
use crate::ui::widgets::{FieldNote, TextField, checkbox, paint, switch};

/// Numbers of requests that can be chosen.
const REQUESTS: [u16; 8] = [1, 2, 4, 8, 16, 32, 64, 128];

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Width of a field with a rate, and of one with a time.
const RATE: f32 = 300.0;
const TIME: f32 = 146.0;

/// What is typed. What makes no sense stays in its field and changes nothing.
#[derive(Debug, Default)]
pub(super) struct TransfersForm {
    /// The settings that the texts were made from, or that were made from the texts.
    of: Option<TransferSettings>,
    upload: String,
    download: String,
    from: String,
    to: String,
    then_upload: String,
    then_download: String,
}

impl TransfersForm {
    /// Shows the settings.
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let mut wanted = cx.model.settings.transfers.clone();
        self.follow(&wanted);
        let before = wanted.clone();
        let TransferSettings { speed, most_requests } = &mut wanted;
        let body = "For all files together. Holds at once, also for what is under way";
        setting_ui(ui, "Upload limit", body, |ui| {
            rate_ui(ui, "Upload limit", &mut self.upload, &mut speed.limits.upload);
        });
        rule(ui);
        setting_ui(ui, "Download limit", body, |ui| {
            rate_ui(ui, "Download limit", &mut self.download, &mut speed.limits.download);
        });
        rule(ui);
        let body = "In place of the limits above, by the clock of this computer";
        setting_ui(ui, "Other limits at certain hours", body, |ui| {
            switch(ui, &mut speed.schedule.on, "Other limits at certain hours");
        });
        if speed.schedule.on {
            ui.add_space(8.0);
            self.hours_ui(ui, &mut speed.schedule);
            let t = Tokens::of(ui);
            let now = cx.now.to_zoned_datetime(cx.zone.clone());
            let until = speed.next_change(&now).map_or_else(String::new, |next| {
                format!(", until {} {}", next.strftime("%a"), bandwidth::hour_written(next.time()))
            });
            let words = format!("Now: {}{until}", lower_first(&speed.at(&now).words()));
            paint::label(ui, Type::Small.rich(words), t.text_2);
        }
        rule(ui);
        let body = "More is faster with many small files, and harder on a slow line. Holds from the next start";
        setting_ui(ui, "Requests at once", body, |ui| {
            let (fewer, more) = neighbours(&REQUESTS, *most_requests);
            let shown = format!("At most {}", format::count(u64::from(*most_requests)));
            let asked = stepper_ui(ui, &shown, ("More requests at once", more), ("Fewer requests at once", fewer));
            *most_requests = asked.unwrap_or(*most_requests);
        });
        if wanted != before {
            self.of = Some(wanted.clone());
            cx.push(SettingsCommand::Transfers(wanted));
        }
    }

    /// Takes over what was changed elsewhere than in these fields.
    fn follow(&mut self, settings: &TransferSettings) {
        if self.of.as_ref() == Some(settings) {
            return;
        }
        let rate = |limit: Option<u64>| limit.map(bandwidth::written).unwrap_or_default();
        let Limits { upload, download } = settings.speed.limits;
        (self.upload, self.download) = (rate(upload), rate(download));
        let schedule = &settings.speed.schedule;
        (self.then_upload, self.then_download) = (rate(schedule.limits.upload), rate(schedule.limits.download));
        (self.from, self.to) = (bandwidth::hour_written(schedule.from), bandwidth::hour_written(schedule.to));
        self.of = Some(settings.clone());
    }

    fn hours_ui(&mut self, ui: &mut Ui, schedule: &mut bandwidth::Schedule) {
        setting_ui(ui, "Hours", "Over midnight as well", |ui| {
            let next_day = (schedule.to <= schedule.from).then_some("On the next day");
            time_ui(ui, "Until", &mut self.to, &mut schedule.to, next_day);
            time_ui(ui, "From", &mut self.from, &mut schedule.from, next_day.map(|_| ""));
        });
        ui.add_space(8.0);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(16.0, 4.0);
            for (name, day) in DAYS.iter().zip(&mut schedule.days) {
                checkbox(ui, day, name);
            }
        });
        ui.add_space(8.0);
        setting_ui(ui, "Upload limit then", "", |ui| {
            rate_ui(ui, "Upload limit then", &mut self.then_upload, &mut schedule.limits.upload);
        });
        ui.add_space(8.0);
        setting_ui(ui, "Download limit then", "", |ui| {
            rate_ui(ui, "Download limit then", &mut self.then_download, &mut schedule.limits.download);
        });
        ui.add_space(8.0);
    }
}

/// A field for a rate. What it says holds as soon as it makes sense.
fn rate_ui(ui: &mut Ui, name: &str, text: &mut String, limit: &mut Option<u64>) {
    let read = bandwidth::parse(text);
    let note = match &read {
        Ok(None) => FieldNote::Help("As fast as it goes".into()),
        Ok(Some(bytes)) => {
            let said = format!("{} are {}", bandwidth::written(*bytes), bandwidth::in_bits(*bytes));
            FieldNote::Help(said.into())
        }
        Err(problem) => FieldNote::Error { sentence: problem.to_string().into(), mend: mend(problem) },
    };
    let field = TextField::new(name, text).label_hidden().placeholder("No limit").note(note).width(RATE);
    let shown = field.show(ui);
    if shown.mended
        && let Err(RateProblem::NoUnit { perhaps }) = read
    {
        *text = perhaps;
    }
    if (shown.response.changed() || shown.mended)
        && let Ok(read) = bandwidth::parse(text)
    {
        *limit = read;
    }
}

fn mend(problem: &RateProblem) -> Option<Cow<'static, str>> {
    match problem {
        RateProblem::NoUnit { perhaps } => Some(format!("Use {perhaps}").into()),
        RateProblem::NotARate | RateProblem::Comma | RateProblem::TooSlow => None,
    }
}

fn time_ui(ui: &mut Ui, name: &str, text: &mut String, time: &mut Time, help: Option<&'static str>) {
    let note = match (bandwidth::hour(text), help) {
        (Err(problem), _) => FieldNote::Error { sentence: problem.to_string().into(), mend: None },
        (Ok(_), Some(help)) => FieldNote::Help(help.into()),
        (Ok(_), None) => FieldNote::None,
    };
    let shown = TextField::new(name, text).note(note).width(TIME).show(ui);
    if shown.response.changed()
        && let Ok(read) = bandwidth::hour(text)
    {
        *time = read;
    }
}
