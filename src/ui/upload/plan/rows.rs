//! The table of the plan: what each file becomes, and the words a careful colleague would have for it.

use std::ops::Range;

use egui::{Rect, Ui, UiBuilder, Vec2, pos2, vec2};

use crate::domain::format;
use crate::domain::upload_plan::{Action, LeftOut, LocationFate, Note, OnConflict, PlanItem, Source, Tone};
use crate::model::upload::PlanCommand;
use crate::model::upload::plan::PlanModel;
use crate::theme::{Icon, Tokens, Type, icons};
use crate::ui::pictures::Pictures;
use crate::ui::upload::file_icon;
use crate::ui::widgets::{Button, Column, MenuRow, RowSelection, Table, TableRow, check_box, menu, paint};

const ROW: f32 = 44.0;

/// Shows the rows in sight and says which they are.
pub(super) fn rows_ui(
    ui: &mut Ui,
    plan: &PlanModel,
    pictures: &mut Pictures,
    wishes: &mut Vec<PlanCommand>,
) -> Range<usize> {
    let top = ui.cursor().min;
    let columns = vec![
        Column::exact("", 34.0),
        Column::exact("", 48.0),
        Column::share("File", 1.0, 140.0),
        Column::share("Becomes", 1.4, 190.0),
        Column::exact("Size", 88.0).right(),
        Column::share("Note", 1.65, 250.0),
    ];
    let items = &plan.plan.items;
    let mut seen: Option<Range<usize>> = None;
    let table = Table::new(("upload_plan", plan.id), "Files of the plan", columns).row_height(ROW);
    table.show(ui, items.len(), |row, index| {
        seen = Some(seen.as_ref().map_or(index..index + 1, |seen| seen.start.min(index)..index + 1));
        let Some(item) = items.get(index) else { return };
        let Some(source) = plan.found.sources.get(item.source) else { return };
        row_ui(row, plan, item, source, pictures, wishes);
    });
    // The head of the first column is a box for all of them.
    let place = Rect::from_min_size(top + vec2(8.0, 6.0), Vec2::splat(16.0));
    let mut head = ui.new_child(UiBuilder::new().max_rect(place).id_salt("all"));
    let ticked = plan.ticked();
    if check_box(&mut head, ticked, "Upload all").clicked() {
        wishes.push(PlanCommand::IncludeAll(ticked != Some(true)));
    }
    seen.unwrap_or_default()
}

fn row_ui(
    row: &mut TableRow<'_>,
    plan: &PlanModel,
    item: &PlanItem,
    source: &Source,
    pictures: &mut Pictures,
    wishes: &mut Vec<PlanCommand>,
) {
    let name = source.name.as_str();
    let included = item.included();
    let state = if included { format!("becomes {}", item.key) } else { "left out".to_owned() };
    row.state(&format!("{name}, {state}"), RowSelection::None, false);
    row.ui(0, |ui| {
        ui.add_enabled_ui(item.can_include(), |ui| {
            if check_box(ui, Some(included), &format!("Upload {name}")).clicked() {
                wishes.push(PlanCommand::Include(item.source, !included));
            }
        });
    });
    let thumb = plan.thumbs.get(&item.source).and_then(Option::as_deref);
    row.ui(1, |ui| pictures.ui(ui, item.source as u64, thumb, file_icon(name)));
    let t = *row.ui(2, |ui| Tokens::of(ui));
    let color = if included { t.text } else { t.text_3 };
    row.text(2, Type::Body, color, name);
    match item.action {
        Action::LeftOut(reason) => {
            let words = if reason == LeftOut::Impossible { "Cannot be sent" } else { "Left out" };
            row.text(3, Type::Small, t.text_3, words);
        }
        Action::Send | Action::KeepBoth { .. } | Action::Overwrite => row.key(3, t.text, &item.key),
    }
    let size = format::size(item.size_bytes);
    row.text(4, Type::Body, if included { t.text_2 } else { t.text_3 }, &size);
    row.ui(5, |ui| note_cell(ui, item, name, wishes));
}

/// Note at the left, what can be done about it at the right.
fn note_cell(ui: &mut Ui, item: &PlanItem, name: &str, wishes: &mut Vec<PlanCommand>) {
    let t = Tokens::of(ui);
    let cell = ui.max_rect();
    let right = UiBuilder::new().max_rect(cell).layout(egui::Layout::right_to_left(egui::Align::Center));
    let mut aside = ui.new_child(right.id_salt("aside"));
    action_ui(&mut aside, item, name, wishes);
    let taken = aside.min_rect().width();
    let Some(note) = item.notes.first() else { return };
    let color = match note.tone() {
        Tone::Quiet => t.text_2,
        Tone::Warn => t.warn_text,
        Tone::Stop => t.danger_text,
    };
    paint::icon_at(ui.painter(), pos2(cell.left() + 7.0, cell.center().y), icon_of(note), 14.0, color);
    let more = item.notes.len() - 1;
    let words = if more > 0 { format!("{}, and {more} more", note.words()) } else { note.words() };
    let room = (cell.width() - taken - 20.0 - 8.0).max(20.0);
    let galley = paint::line_within(ui, Type::Small, color, words.as_str(), room);
    let cut = galley.elided;
    let at = pos2(cell.left() + 20.0, cell.center().y);
    let rect = paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, at, galley);
    let response = ui.interact(rect, ui.scope_id().with("note"), egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &words));
    if cut || more > 0 {
        let all: Vec<String> = item.notes.iter().map(Note::words).collect();
        paint::tooltip(response, &all.join("\n"));
    }
}

fn icon_of(note: &Note) -> Icon {
    match note {
        Note::Unreadable(_) | Note::TooLargeForStore => icons::WARNING_CIRCLE,
        Note::OverLimit { .. } | Note::Mislabelled { .. } | Note::Key(_) => icons::WARNING,
        Note::NameTaken | Note::TakenInDrop { .. } => icons::COPY_SIMPLE,
        Note::SameBytes => icons::EQUALS,
        Note::NotAnImage | Note::Empty => icons::FILE,
        Note::HoldsLocation(_) => icons::MAP_PIN,
        Note::ByRule(_) => icons::LIST_DASHES,
        Note::Cleaned => icons::TEXT_AA,
    }
}

fn action_ui(ui: &mut Ui, item: &PlanItem, name: &str, wishes: &mut Vec<PlanCommand>) {
    let t = Tokens::of(ui);
    let by_hand =
        matches!(item.action, Action::LeftOut(reason) if !matches!(reason, LeftOut::Skipped | LeftOut::Impossible));
    if by_hand {
        let include = Button::quiet_accent("Include").small().name(format!("Include {name}"));
        if include.show(ui).clicked() {
            wishes.push(PlanCommand::Include(item.source, true));
        }
    } else if let Some(conflict) = item.conflict {
        let label = conflict.choice.label();
        let button =
            Button::secondary(label).small().trailing_icon(icons::CARET_DOWN).name(format!("{label}: {name}")).show(ui);
        menu(&button, 150.0, |ui| {
            for choice in OnConflict::ALL {
                // Two files of one drop cannot replace each other.
                let offered = !(conflict.in_drop && choice == OnConflict::Overwrite);
                if offered && MenuRow::new(choice.label()).chosen(choice == conflict.choice).show(ui).clicked() {
                    wishes.push(PlanCommand::Resolve(item.source, choice));
                }
            }
        });
    } else if item.location() == Some(LocationFate::Kept) {
        if Button::secondary("Remove it").small().name(format!("Remove the location: {name}")).show(ui).clicked() {
            wishes.push(PlanCommand::RemoveLocation(item.source, true));
        }
    } else if item.location() == Some(LocationFate::Removed) {
        if Button::quiet_accent("Keep it").small().name(format!("Keep the location: {name}")).show(ui).clicked() {
            wishes.push(PlanCommand::RemoveLocation(item.source, false));
        }
    } else if let Some(aside) = item.notes.first().and_then(Note::aside) {
        paint::label(ui, Type::Small.rich(aside), t.text_3);
    }
}
