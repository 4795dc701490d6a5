//! The three fields on top: folder, names, and what to do with taken ones.

use egui::{Align2, CornerRadius, Frame, Margin, Response, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, vec2};

use crate::domain::key_template::{DEFAULT, Part, Token};
use crate::domain::upload_plan::OnConflict;
use crate::model::upload::PlanCommand;
use crate::model::upload::plan::PlanModel;
use crate::theme::measure::{height, radius};
use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::{
    Button, ControlSize, FieldNote, IconButton, MenuRow, Segment, TextField, menu, menu_rule, paint, segmented,
};

/// So many folders are offered.
const OFFERED: usize = 12;
/// What can stand between parts.
const BETWEEN: [(&str, &str); 4] = [("/", "/  folder"), ("-", "-"), ("_", "_"), (".", ".")];

/// What is being typed.
#[derive(Default)]
pub(super) struct Fields {
    prefix: String,
    template: String,
    as_text: bool,
}

impl Fields {
    pub(super) fn new(plan: &PlanModel) -> Self {
        Self { prefix: plan.prefix.clone(), template: plan.template.clone(), as_text: false }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, plan: &PlanModel, wishes: &mut Vec<PlanCommand>) {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 16.0;
            // The segments keep their width; the names take what is left.
            let (folder, conflict) = (250.0, 212.0);
            let names = (ui.available_width() - folder - conflict - 32.0).max(160.0);
            ui.allocate_ui_with_layout(vec2(folder, 52.0), egui::Layout::top_down(egui::Align::LEFT), |ui| {
                ui.set_width(folder);
                self.folder_ui(ui, plan, wishes);
            });
            ui.allocate_ui_with_layout(vec2(names, 52.0), egui::Layout::top_down(egui::Align::LEFT), |ui| {
                ui.set_width(names);
                self.names_ui(ui, plan, names, wishes);
            });
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 4.0;
                paint::label(ui, Type::SmallMedium.rich("When a name is taken"), Tokens::of(ui).text_2);
                let mut chosen = plan.on_conflict;
                let segments = OnConflict::ALL.map(|it| Segment::new(it, it.label()));
                if segmented(ui, &segments, &mut chosen, ControlSize::Regular).changed() {
                    wishes.push(PlanCommand::SetOnConflict(chosen));
                }
            });
        });
    }

    fn folder_ui(&mut self, ui: &mut Ui, plan: &PlanModel, wishes: &mut Vec<PlanCommand>) {
        let tidy = plan.target_prefix();
        let note = if tidy != self.prefix.trim_start_matches('/') && !self.prefix.trim_matches('/').is_empty() {
            FieldNote::Help(format!("Goes to {tidy}").into())
        } else {
            FieldNote::None
        };
        let mut chosen = None;
        ui.spacing_mut().item_spacing.y = 4.0;
        paint::label(ui, Type::SmallMedium.rich("Folder in the bucket"), Tokens::of(ui).text_2);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let field = TextField::new("Folder in the bucket", &mut self.prefix)
                .label_hidden()
                .placeholder("The bucket itself")
                .icon(icons::FOLDER_SIMPLE)
                .id_salt("upload_folder")
                .note(note)
                .width(ui.available_width() - 34.0);
            if field.show(ui).response.changed() {
                wishes.push(PlanCommand::SetPrefix(self.prefix.clone()));
            }
            let button = IconButton::new(icons::CARET_DOWN, "Choose a folder of the bucket").edge().show(ui);
            menu(&button, 250.0, |ui| {
                if MenuRow::new("The bucket itself").icon(icons::STACK).show(ui).clicked() {
                    chosen = Some(String::new());
                }
                let folders = plan.folders.iter().filter(|it| !it.is_empty());
                for folder in folders.take(OFFERED) {
                    if MenuRow::new(folder.as_str()).icon(icons::FOLDER_SIMPLE).show(ui).clicked() {
                        chosen = Some(folder.clone());
                    }
                }
            });
        });
        if let Some(folder) = chosen {
            self.prefix.clone_from(&folder);
            wishes.push(PlanCommand::SetPrefix(folder));
        }
    }

    fn names_ui(&mut self, ui: &mut Ui, plan: &PlanModel, width: f32, wishes: &mut Vec<PlanCommand>) {
        let parts = plan.template_parts().filter(|_| !self.as_text);
        let Some(parts) = parts else {
            self.names_as_text_ui(ui, plan, width, wishes);
            return;
        };
        let t = Tokens::of(ui);
        let mut wanted = None;
        ui.spacing_mut().item_spacing.y = 4.0;
        paint::label(ui, Type::SmallMedium.rich("Name of each file"), t.text_2);
        let edge = if plan.template_error.is_some() { t.danger } else { t.stroke_control };
        let frame = Frame::new()
            .fill(paint::field_fill(ui))
            .stroke(Stroke::new(1.0, edge))
            .corner_radius(CornerRadius::same(radius::CONTROL))
            .inner_margin(Margin { left: 7, right: 3, top: 0, bottom: 0 });
        frame.show(ui, |ui| {
            ui.set_width(width - 12.0);
            ui.set_height(height::REGULAR - 2.0);
            ui.horizontal_centered(|ui| {
                ui.spacing_mut().item_spacing.x = 6.0;
                let room = ui.available_width() - 66.0;
                let scroll = ScrollArea::horizontal().max_width(room).auto_shrink([false, true]);
                scroll
                    .id_salt("upload_names")
                    .scroll_bar_visibility(egui::scroll_area::ScrollBarVisibility::AlwaysHidden)
                    .show(ui, |ui| {
                        ui.set_height(height::REGULAR - 2.0);
                        ui.horizontal_centered(|ui| {
                            for index in 0..parts.len() {
                                if let Some(changed) = part_ui(ui, &parts, index) {
                                    wanted = Some(text_of(&changed));
                                }
                            }
                        });
                    });
                let add =
                    Button::quiet("Add").small().trailing_icon(icons::PLUS).name("Add a part to the name").show(ui);
                menu(&add, 200.0, |ui| {
                    if let Some(changed) = self.add_menu(ui, &parts) {
                        wanted = Some(changed);
                    }
                });
            });
        });
        error_ui(ui, plan);
        if let Some(template) = wanted {
            self.template.clone_from(&template);
            wishes.push(PlanCommand::SetTemplate(template));
        }
    }

    fn add_menu(&mut self, ui: &mut Ui, parts: &[Part]) -> Option<String> {
        let mut wanted = None;
        let used = |token: Token| parts.iter().any(|part| matches!(part, Part::Token(it) if it.id() == token.id()));
        for token in Token::ALL {
            if !used(token) && MenuRow::new(token.label()).show(ui).clicked() {
                wanted = Some(format!("{}{token}", text_of(parts)));
            }
        }
        menu_rule(ui);
        for (text, label) in BETWEEN {
            if MenuRow::new(label).show(ui).clicked() {
                wanted = Some(format!("{}{text}", text_of(parts)));
            }
        }
        menu_rule(ui);
        if MenuRow::new("Write it as text").show(ui).clicked() {
            self.template = text_of(parts);
            self.as_text = true;
        }
        if MenuRow::new("Cleaned name, as at first").show(ui).clicked() {
            wanted = Some(DEFAULT.to_owned());
        }
        wanted
    }

    fn names_as_text_ui(&mut self, ui: &mut Ui, plan: &PlanModel, width: f32, wishes: &mut Vec<PlanCommand>) {
        let note = match &plan.template_error {
            Some(error) => {
                FieldNote::Error { sentence: error.to_string().into(), mend: Some(format!("Use {DEFAULT}").into()) }
            }
            None => FieldNote::Help("Parts stand in braces, as in {year}/{clean}.{type}".into()),
        };
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let field =
                TextField::new("Name of each file", &mut self.template).mono().note(note).id_salt("upload_template");
            let shown = field.width(width - 64.0).show(ui);
            if shown.mended {
                self.template = DEFAULT.to_owned();
                self.as_text = false;
            }
            if shown.response.changed() || shown.mended {
                wishes.push(PlanCommand::SetTemplate(self.template.clone()));
            }
            ui.vertical(|ui| {
                ui.add_space(22.0);
                let why = plan.template_error.as_ref().map(|_| "Mend the text first");
                if Button::secondary("Done").disabled_because(why).show(ui).clicked() {
                    self.as_text = false;
                }
            });
        });
    }
}

fn error_ui(ui: &mut Ui, plan: &PlanModel) {
    let t = Tokens::of(ui);
    if let Some(error) = &plan.template_error {
        paint::label(ui, Type::Small.rich(error.to_string()), t.danger_text);
    }
}

fn text_of(parts: &[Part]) -> String {
    parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Token(token) => token.to_string(),
        })
        .collect()
}

/// One part; its menu moves it or takes it away.
fn part_ui(ui: &mut Ui, parts: &[Part], index: usize) -> Option<Vec<Part>> {
    let label = match parts.get(index)? {
        Part::Text(text) => text.clone(),
        Part::Token(token) => token.label().to_owned(),
    };
    let is_token = matches!(parts.get(index), Some(Part::Token(_)));
    let chip = chip(ui, &label, is_token);
    let mut wanted = None;
    menu(&chip, 160.0, |ui| {
        let mut changed = parts.to_vec();
        let last = parts.len() - 1;
        let first = (index == 0).then_some("It is the first");
        if MenuRow::new("Move left").icon(icons::ARROW_LEFT).disabled_because(first).show(ui).clicked() {
            changed.swap(index, index - 1);
            wanted = Some(changed.clone());
        }
        let at_end = (index == last).then_some("It is the last");
        if MenuRow::new("Move right").icon(icons::ARROW_RIGHT).disabled_because(at_end).show(ui).clicked() {
            changed.swap(index, index + 1);
            wanted = Some(changed.clone());
        }
        if MenuRow::new(format!("Remove {label}")).icon(icons::X).show(ui).clicked() {
            changed.remove(index);
            wanted = Some(changed);
        }
    });
    wanted
}

fn chip(ui: &mut Ui, label: &str, is_token: bool) -> Response {
    let t = Tokens::of(ui);
    let color = if is_token { t.accent_text } else { t.text };
    let galley = paint::line(ui, Type::Mono, color, label);
    let side = if is_token { 10.0 } else { 4.0 };
    let size = vec2((galley.size().x + side).ceil(), height::BADGE);
    let response = paint::allocate(ui, size, Sense::click(), ui.is_enabled());
    let corner = CornerRadius::same(radius::SMALL);
    if is_token {
        ui.painter().rect_filled(response.rect, corner, t.accent_soft);
    } else if response.hovered() {
        ui.painter().rect_filled(response.rect, corner, t.hover);
    }
    paint::galley_at(ui.painter(), Align2::CENTER_CENTER, response.rect.center(), galley);
    if response.has_focus() {
        paint::focus_ring(ui.painter(), response.rect, radius::SMALL, t);
    }
    let name = format!("Part of the name: {label}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    response
}
