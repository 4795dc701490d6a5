use egui::{Align2, CornerRadius, Popup, PopupCloseBehavior, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::domain::region;
use crate::theme::measure::{height, radius};
use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::paint::{self, focus_ring, icon_at};
use crate::ui::widgets::{FieldNote, SearchField, popup_frame};

/// One line of the list.
struct Choice<'a> {
    code: &'a str,
    name: &'a str,
}

/// A field that shows the chosen region and opens a list to search in. `empty` is what no choice means; it can be
/// chosen again where the region is `optional`. A code that is not in the list can be typed.
pub(super) fn region_field(
    ui: &mut Ui,
    label: &str,
    value: &mut String,
    empty: &str,
    optional: bool,
    filter: &mut String,
    note: &FieldNote<'_>,
) {
    let mut choices: Vec<Choice<'_>> =
        region::search(filter).into_iter().map(|region| Choice { code: region.code, name: region.name }).collect();
    let typed = filter.trim().to_owned();
    if region::is_plausible(&typed) && !choices.iter().any(|choice| choice.code == typed) {
        choices.push(Choice { code: &typed, name: "As typed" });
    }
    let shown = if value.is_empty() { None } else { Some((value.clone(), region::name(value).to_owned())) };
    let picked = list_field(ui, label, shown.as_ref(), empty, optional, &choices, filter, note);
    if let Some(code) = picked {
        *value = code;
        filter.clear();
    }
}

/// The same for the regions of another provider, which have codes only.
pub(super) fn code_field(
    ui: &mut Ui,
    label: &str,
    value: &mut String,
    codes: &[&str],
    filter: &mut String,
    note: &FieldNote<'_>,
) {
    let typed = filter.trim().to_lowercase();
    let mut choices: Vec<Choice<'_>> =
        codes.iter().filter(|code| code.contains(&typed)).map(|code| Choice { code, name: "" }).collect();
    let can_be_one = !typed.is_empty() && typed.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if can_be_one && !codes.contains(&typed.as_str()) {
        choices.push(Choice { code: &typed, name: "As typed" });
    }
    let shown = (!value.is_empty()).then(|| (value.clone(), String::new()));
    if let Some(code) = list_field(ui, label, shown.as_ref(), "Choose a region", false, &choices, filter, note) {
        *value = code;
        filter.clear();
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one field, used by the two above only")]
fn list_field(
    ui: &mut Ui,
    label: &str,
    shown: Option<&(String, String)>,
    empty: &str,
    optional: bool,
    choices: &[Choice<'_>],
    filter: &mut String,
    note: &FieldNote<'_>,
) -> Option<String> {
    let t = Tokens::of(ui);
    paint::label(ui, Type::SmallMedium.rich(label), t.text_2);
    ui.add_space(4.0);
    let width = ui.available_width();
    let response = paint::allocate(ui, vec2(width, height::REGULAR), Sense::click(), true);
    let rect = response.rect;
    let failed = matches!(note, FieldNote::Error { .. });
    let edge = if failed { t.danger } else { t.stroke_control };
    ui.painter().rect(rect, CornerRadius::same(radius::CONTROL), t.field(), Stroke::new(1.0, edge), StrokeKind::Inside);
    if response.has_focus() {
        focus_ring(ui.painter(), rect, radius::CONTROL, t);
    }
    let y = rect.center().y;
    icon_at(ui.painter(), pos2(rect.right() - 16.0, y), icons::CARET_DOWN, 16.0, t.text_3);
    let mut x = rect.left() + 8.0;
    let said = match shown {
        Some((code, name)) => {
            let code_text = paint::line(ui, Type::Mono, t.text, code);
            x = paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(x, y), code_text).right() + 10.0;
            let name_text = paint::line_within(ui, Type::Body, t.text_2, name, rect.right() - 32.0 - x);
            paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(x, y), name_text);
            format!("{code} {name}")
        }
        None => {
            let text = paint::line_within(ui, Type::Body, t.text_3, empty, width - 40.0);
            paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(x, y), text);
            empty.to_owned()
        }
    };
    response.widget_info(|| egui::WidgetInfo {
        current_text_value: Some(said.clone()),
        ..egui::WidgetInfo::labeled(egui::Role::ComboBox, true, label)
    });
    note_ui(ui, note);
    let mut picked = None;
    let popup = Popup::menu(&response)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .frame(popup_frame(t))
        .width(width)
        .gap(4.0);
    popup.show(|ui| {
        ui.set_width(width - 8.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        let search = SearchField::new("Find a region", filter).show(ui);
        let focused = ui.memory(|memory| memory.focused());
        if focused.is_none() || focused == Some(response.id) {
            search.request_focus();
        }
        let entered = search.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        ui.add_space(4.0);
        ScrollArea::vertical().id_salt("regions").max_height(height::ROW_TREE * 8.0).auto_shrink(false).show(
            ui,
            |ui| {
                if optional && filter.trim().is_empty() && row_ui(ui, "", empty) {
                    picked = Some(String::new());
                }
                for choice in choices {
                    if row_ui(ui, choice.code, choice.name) {
                        picked = Some(choice.code.to_owned());
                    }
                }
                if choices.is_empty() {
                    ui.add_space(4.0);
                    ui.label(Type::Body.rich("  No region by that name").color(t.text_3));
                    ui.add_space(4.0);
                }
            },
        );
        if let (true, Some(first)) = (entered, choices.first()) {
            picked = Some(first.code.to_owned());
        }
        if picked.is_some() {
            ui.close();
        }
    });
    picked
}

fn row_ui(ui: &mut Ui, code: &str, name: &str) -> bool {
    let t = Tokens::of(ui);
    let response = paint::allocate(ui, vec2(ui.available_width(), height::ROW_TREE), Sense::click(), true);
    let rect = response.rect;
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, CornerRadius::same(radius::SMALL), t.selected);
    }
    let y = rect.center().y;
    let mut x = rect.left() + 8.0;
    if !code.is_empty() {
        let text = paint::line(ui, Type::Mono, t.text, code);
        let drawn = paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(x, y), text);
        x = (drawn.right() + 12.0).max(x + 128.0);
    }
    let color = if code.is_empty() { t.text } else { t.text_2 };
    let text = paint::line_within(ui, Type::Body, color, name, rect.right() - 8.0 - x);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(x, y), text);
    let said = format!("{code} {name}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::MenuItem, true, said.trim()));
    response.clicked()
}

fn note_ui(ui: &mut Ui, note: &FieldNote<'_>) {
    let t = Tokens::of(ui);
    let (text, color) = match note {
        FieldNote::None => return,
        FieldNote::Help(text) | FieldNote::Good(text) => (text, t.text_3),
        FieldNote::Error { sentence, .. } => (sentence, t.danger_text),
    };
    ui.add_space(4.0);
    paint::label(ui, Type::Small.rich(text.as_ref()), color);
}
