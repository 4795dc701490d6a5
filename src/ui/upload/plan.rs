//! The plan of an upload: where files go, how they are named, and what each becomes. Nothing is sent before its button.

mod fields;
mod more;
mod rows;
mod rules;

use egui::{Ui, UiBuilder, vec2};

use crate::domain::format;
use crate::model::upload::PlanCommand;
use crate::model::upload::plan::{Audience, Locations, Names, PlanModel, Reading};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::pictures::Pictures;
use crate::ui::widgets::{
    Badge, Button, Dialog, DialogWidth, EmptyState, Level, Tone, dialog_foot_left, level_icon, paint,
};

/// What is being edited in the plan.
#[derive(Default)]
pub(super) struct PlanPanel {
    /// Which plan the rest belongs to.
    of: u64,
    fields: fields::Fields,
    tags: String,
    rules: rules::RulesDialog,
    pictures: Pictures,
    looked_at: std::ops::Range<usize>,
    looked_revision: usize,
}

impl PlanPanel {
    /// Shows the dialog.
    pub(super) fn ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>) {
        let model = cx.model;
        let Some(plan) = model.upload.plan.as_deref() else { return };
        if self.of != plan.id {
            let fields = fields::Fields::new(plan);
            *self = Self { of: plan.id, fields, tags: plan.tags.clone(), ..Self::default() };
        }
        self.pictures.belong_to(plan.id);
        let t = Tokens::of(ui);
        let mut wishes = Vec::new();
        let mut foot = Foot::default();
        let heading = if plan.found.sources.is_empty() {
            format!("Upload to {}", plan.bucket)
        } else {
            plan.plan.heading(&plan.bucket)
        };
        let sentence = Type::Body.job("Nothing has been sent yet. Look through the plan, then start.", t.text_2);
        let dialog = Dialog::new("upload_plan", heading).width(DialogWidth::Plan).close_button().sentence(sentence);
        let answer = dialog.show(ui.ctx(), |ui| self.body_ui(ui, plan, &mut wishes), |ui| foot.ui(ui, plan));
        self.rules.ui(ui, plan, &mut wishes);
        if foot.start {
            wishes.push(PlanCommand::Start);
        } else if foot.cancel || answer.close {
            wishes.push(PlanCommand::Cancel);
        }
        for wish in wishes {
            cx.push(wish);
        }
    }

    fn body_ui(&mut self, ui: &mut Ui, plan: &PlanModel, wishes: &mut Vec<PlanCommand>) {
        if plan.found.sources.is_empty() {
            match &plan.reading {
                Some(reading) => reading_ui(ui, reading, wishes),
                None => nothing_ui(ui, plan),
            }
            return;
        }
        self.fields.ui(ui, plan, wishes);
        remarks_ui(ui, plan, wishes);
        let more = more::height(ui, plan);
        let size = vec2(ui.available_width(), (ui.available_height() - more).max(120.0));
        let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
        let mut inner = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("rows"));
        let seen = rows::rows_ui(&mut inner, plan, &mut self.pictures, wishes);
        // Asked for again when files were added, since those rows may be on screen already.
        if seen != self.looked_at || self.looked_revision != plan.found.sources.len() {
            self.looked_at = seen.clone();
            self.looked_revision = plan.found.sources.len();
            wishes.push(PlanCommand::Look(seen));
        }
        more::ui(ui, plan, &mut self.tags, &mut self.rules, wishes);
    }
}

/// What the foot was asked for.
#[derive(Default)]
struct Foot {
    start: bool,
    cancel: bool,
}

impl Foot {
    fn ui(&mut self, ui: &mut Ui, plan: &PlanModel) {
        let t = Tokens::of(ui);
        let label = if plan.found.sources.is_empty() { "Upload".to_owned() } else { plan.plan.button() };
        let start = Button::primary(label).large().icon(icons::UPLOAD_SIMPLE).disabled_because(plan.why_not());
        self.start = start.show(ui).clicked();
        self.cancel = Button::secondary("Cancel").large().show(ui).clicked();
        if plan.found.sources.is_empty() {
            return;
        }
        dialog_foot_left(ui, |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            audience_badge(plan.audience).show(ui);
            paint::label(ui, Type::Small.rich(plan.plan.totals.summary()), t.text_2);
            if plan.planning || plan.names == Names::Checking {
                level_icon(ui, Level::Unknown, 14.0, "Names in the bucket");
                paint::label(ui, Type::Small.rich("Checking names"), t.text_3);
            }
        });
    }
}

fn audience_badge(audience: Audience) -> Badge<'static> {
    match audience {
        Audience::Anyone => Badge::new(Tone::Public, "Will be open to anyone").icon(icons::GLOBE_SIMPLE),
        Audience::Partly => Badge::new(Tone::Public, "Some will be open to anyone").icon(icons::GLOBE_SIMPLE),
        Audience::Private => Badge::new(Tone::Neutral, "Stays private").icon(icons::LOCK_SIMPLE),
        Audience::Unknown => Badge::new(Tone::Neutral, "Who can see it is not known").icon(icons::QUESTION),
    }
}

fn reading_ui(ui: &mut Ui, reading: &Reading, wishes: &mut Vec<PlanCommand>) {
    let t = Tokens::of(ui);
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() / 3.0);
        level_icon(ui, Level::Unknown, 24.0, "Reading files");
        ui.add_space(8.0);
        let found = format!("Reading files: {} found", format::count(reading.found));
        paint::label(ui, Type::Title.rich(found), t.text);
        paint::label(ui, Type::Lead.rich("Only names, sizes and first bytes are read"), t.text_2);
        ui.add_space(12.0);
        let why = reading.stopping.then_some("It stops with the file it is at");
        if Button::secondary("Stop reading").disabled_because(why).show(ui).clicked() {
            wishes.push(PlanCommand::StopReading);
        }
    });
}

fn nothing_ui(ui: &mut Ui, plan: &PlanModel) {
    let remarks = plan.found.remarks();
    let sentence = if remarks.is_empty() {
        "There is no file in what was brought in".to_owned()
    } else {
        format!("There is no file to upload in what was brought in: {}", remarks.join(", "))
    };
    EmptyState::new("Nothing to upload", sentence).icon(icons::FOLDER_SIMPLE).show(ui, |_| {}, |_| {});
}

/// Lines between the fields and the table; most plans have none.
fn remarks_ui(ui: &mut Ui, plan: &PlanModel, wishes: &mut Vec<PlanCommand>) {
    let t = Tokens::of(ui);
    if let Some(reading) = &plan.reading {
        ui.horizontal(|ui| {
            level_icon(ui, Level::Unknown, 14.0, "Reading files");
            let found = format!("Reading more files: {} found", format::count(reading.found));
            paint::label(ui, Type::Small.rich(found), t.text_2);
            if Button::quiet("Stop reading").small().show(ui).clicked() {
                wishes.push(PlanCommand::StopReading);
            }
        });
    }
    let mut lines: Vec<(String, bool)> = Vec::new();
    let remarks = plan.found.remarks();
    if !remarks.is_empty() {
        lines.push((remarks.join(" · "), false));
    }
    match &plan.names {
        Names::Unknown(trouble) => {
            let words = "Taken names show while sending, and nothing is replaced unseen";
            lines.push((format!("{words}. {}", trouble.sentence), true));
        }
        Names::KnownInPart => {
            let words = "The folder holds more names than are read for a plan; the rest shows while sending";
            lines.push((words.to_owned(), true));
        }
        Names::Unasked | Names::Checking | Names::Known => {}
    }
    let overwritten = plan.overwritten();
    if overwritten > 0 {
        let files = format::counted(overwritten as u64, "file that is there is", "files that are there are");
        lines.push((format!("{files} replaced for good, unless the bucket keeps versions"), true));
    }
    if let Some(locations) = plan.locations() {
        locations_ui(ui, plan, locations, wishes);
    }
    for (words, warn) in lines {
        let (icon, color) = if warn { (icons::WARNING, t.warn_text) } else { (icons::INFO, t.text_2) };
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let (rect, _) = ui.allocate_exact_size(vec2(14.0, 18.0), egui::Sense::hover());
            paint::icon_at(ui.painter(), rect.center(), icon, 14.0, color);
            paint::label(ui, Type::Small.rich(words), color);
        });
    }
}

/// Places in pictures: what becomes of them, and the other choice.
fn locations_ui(ui: &mut Ui, plan: &PlanModel, locations: Locations, wishes: &mut Vec<PlanCommand>) {
    let t = Tokens::of(ui);
    let color = if locations.kept + locations.stay > 0 { t.warn_text } else { t.text_2 };
    ui.horizontal(|ui| {
        // As high as the button, so that all of it stands in the middle of one line.
        ui.set_min_height(24.0);
        ui.spacing_mut().item_spacing.x = 6.0;
        let (rect, _) = ui.allocate_exact_size(vec2(14.0, 24.0), egui::Sense::hover());
        paint::icon_at(ui.painter(), rect.center(), icons::MAP_PIN, 14.0, color);
        paint::label(ui, Type::Small.rich(locations.sentence(plan.audience)), color);
        if locations.kept > 0 && Button::quiet_accent("Remove the locations").small().show(ui).clicked() {
            wishes.push(PlanCommand::RemoveLocations(true));
        }
        if locations.removed > 0 && Button::quiet_accent("Keep the locations").small().show(ui).clicked() {
            wishes.push(PlanCommand::RemoveLocations(false));
        }
    });
}
