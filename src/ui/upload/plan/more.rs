//! What few uploads need: cache time, tags, storage class, and the way to the rules.

use egui::{Ui, vec2};

use super::rules::RulesDialog;
use crate::model::upload::PlanCommand;
use crate::model::upload::plan::{CACHE_TIMES, PlanModel, STORAGE_CLASSES};
use crate::theme::{Tokens, Type};
use crate::ui::widgets::{FieldNote, MenuRow, TextField, checkbox, disclosure, paint, row, select};

const SHUT: f32 = 36.0;
const OPEN: f32 = 154.0;

/// How high it is now, with the space above it.
pub(super) fn height(ui: &Ui, plan: &PlanModel) -> f32 {
    let open = ui.data(|data| data.get_temp::<bool>(remembered(plan))).unwrap_or(false);
    if open { OPEN } else { SHUT }
}

fn remembered(plan: &PlanModel) -> egui::Id {
    egui::Id::unique(("upload_more", plan.id))
}

pub(super) fn ui(
    ui: &mut Ui,
    plan: &PlanModel,
    tags: &mut String,
    rules: &mut RulesDialog,
    wishes: &mut Vec<PlanCommand>,
) {
    let label = if plan.offers_classes { "More: cache time, tags, storage class" } else { "More: cache time, tags" };
    let open = row(ui, 24.0, |ui| {
        let open = disclosure(ui, ("upload_more_head", plan.id), label);
        ui.add_space(8.0);
        rules.button_ui(ui, plan);
        open
    });
    let before = ui.data_mut(|data| std::mem::replace(data.get_temp_mut_or_default(remembered(plan)), open));
    if before != open {
        // The table above was laid out for the other height.
        ui.ctx().request_discard("the rest of the plan unfolds");
    }
    if !open {
        return;
    }
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        labelled(ui, "How long browsers keep a file", 210.0, |ui| cache_ui(ui, plan, wishes));
        labelled(ui, "", 300.0, |ui| {
            let note = match plan.tags_error() {
                Some(sentence) => FieldNote::Error { sentence: sentence.into(), mend: None },
                None => FieldNote::Help("For example project=site, year=2026".into()),
            };
            let field = TextField::new("Tags of each file", tags).note(note).id_salt("upload_tags").width(300.0);
            if field.show(ui).response.changed() {
                wishes.push(PlanCommand::SetTags(tags.clone()));
            }
        });
        if plan.offers_classes {
            labelled(ui, "Storage class", 220.0, |ui| class_ui(ui, plan, wishes));
        }
    });
    let mut images_only = plan.images_only;
    if checkbox(ui, &mut images_only, "Leave out what is no image").changed() {
        wishes.push(PlanCommand::SetImagesOnly(images_only));
    }
}

fn labelled(ui: &mut Ui, label: &str, width: f32, contents: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(vec2(width, 52.0), egui::Layout::top_down(egui::Align::LEFT), |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 4.0;
        if !label.is_empty() {
            paint::label(ui, Type::SmallMedium.rich(label), Tokens::of(ui).text_2);
        }
        contents(ui);
    });
}

fn cache_ui(ui: &mut Ui, plan: &PlanModel, wishes: &mut Vec<PlanCommand>) {
    let current = plan.cache_control.as_deref();
    let known = CACHE_TIMES.iter().find(|time| time.header == current);
    let shown = known.map_or(current.unwrap_or_default(), |time| time.label);
    select(ui, "How long browsers keep a file", shown, 210.0, |ui| {
        for time in CACHE_TIMES {
            if MenuRow::new(time.label).chosen(time.header == current).show(ui).clicked() {
                wishes.push(PlanCommand::SetCacheControl(time.header.map(str::to_owned)));
            }
        }
    });
    if let Some(header) = current {
        paint::label(ui, Type::Mono.rich(header), Tokens::of(ui).text_3);
    }
}

fn class_ui(ui: &mut Ui, plan: &PlanModel, wishes: &mut Vec<PlanCommand>) {
    let current = plan.storage_class;
    let shown =
        STORAGE_CLASSES.iter().find(|(class, _)| Some(*class) == current).map_or("As the bucket has it", |it| it.1);
    select(ui, "Storage class", shown, 220.0, |ui| {
        if MenuRow::new("As the bucket has it").chosen(current.is_none()).show(ui).clicked() {
            wishes.push(PlanCommand::SetStorageClass(None));
        }
        for (class, label) in STORAGE_CLASSES {
            if MenuRow::new(label).chosen(current == Some(class)).show(ui).clicked() {
                wishes.push(PlanCommand::SetStorageClass(Some(class)));
            }
        }
    });
}
