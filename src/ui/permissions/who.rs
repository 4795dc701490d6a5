//! Who can do what, as a table of signs. Each sign says in its tooltip why.

use egui::{Align2, Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::domain::policy::form::Deed;
use crate::domain::policy::{Asker, CellState, Principal, RowKind, WhoCell, WhoRow, WhoTable};
use crate::theme::{Icon, Tokens, Type, icons};
use crate::ui::widgets::paint;

/// Widths of the four columns, in a wide and in a narrow window.
const COLUMNS: [f32; 4] = [46.0, 46.0, 54.0, 52.0];
const COLUMN_NARROW: f32 = 43.0;
const HEAD: f32 = 28.0;
const ROW: f32 = 30.0;

/// The table over the width left.
pub(super) fn who_ui(ui: &mut Ui, table: &WhoTable, narrow: bool) {
    let t = Tokens::of(ui);
    let widths = if narrow { [COLUMN_NARROW; 4] } else { COLUMNS };
    let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
    let title = paint::line(ui, Type::SmallMedium, t.text_3, "Who");
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, head.left_center(), title);
    for (cell, deed) in cells(head, widths).zip(Deed::SINGLE) {
        let title = paint::line(ui, Type::SmallMedium, t.text_3, deed.label());
        paint::galley_at(ui.painter(), Align2::CENTER_CENTER, cell.center(), title);
    }
    paint_line(ui, head);
    let anyone = table.rows.iter().find(|row| row.kind == RowKind::Asker(Asker::Anyone));
    for row in &table.rows {
        row_ui(ui, row, anyone, widths);
    }
    let partly = |cell: &WhoCell| matches!(cell.state, CellState::Partly | CellState::PartlyPublic);
    ui.add_space(8.0);
    if table.rows.iter().flat_map(|row| &row.cells).any(partly) {
        legend_ui(ui, icons::CHECK, "Some files, or on some terms");
    }
    if table.has_unknown() {
        legend_ui(ui, icons::QUESTION, "Depends on rules of the account that this connection cannot read");
    }
}

fn legend_ui(ui: &mut Ui, icon: Icon, words: &str) {
    let t = Tokens::of(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (rect, _) = ui.allocate_exact_size(vec2(14.0, 18.0), Sense::hover());
        paint::icon_at(ui.painter(), rect.center(), icon, 14.0, t.text_3);
        paint::label(ui, Type::Small.rich(words), t.text_3);
    });
}

/// The four cells at the right of a row.
fn cells(row: Rect, widths: [f32; 4]) -> impl Iterator<Item = Rect> {
    let mut left = row.right() - widths.iter().sum::<f32>();
    widths.into_iter().map(move |width| {
        let cell = Rect::from_min_size(pos2(left, row.top()), vec2(width, row.height()));
        left += width;
        cell
    })
}

fn paint_line(ui: &Ui, row: Rect) {
    let t = Tokens::of(ui);
    ui.painter().hline(row.x_range(), row.bottom() - 0.5, egui::Stroke::new(1.0, t.stroke));
}

fn row_ui(ui: &mut Ui, row: &WhoRow, anyone: Option<&WhoRow>, widths: [f32; 4]) {
    let t = Tokens::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let (icon, color) = sign(t, &row.kind);
    paint::icon_at(ui.painter(), pos2(rect.left() + 8.0, rect.center().y), icon, 16.0, color);
    let room = rect.width() - widths.iter().sum::<f32>() - 26.0;
    let name = paint::line_within(ui, Type::Body, t.text, row.name.as_str(), room);
    let place = paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(rect.left() + 22.0, rect.center().y), name);
    let named = ui.interact(place, ui.scope_id().with(("who", &row.name, &row.kind_key())), Sense::hover());
    let whole = row.who.to_string();
    named.widget_info(|| WidgetInfo::labeled(Role::Label, true, &whole));
    paint::tooltip(named, &whole);
    for (index, ((place, cell), deed)) in cells(rect, widths).zip(&row.cells).zip(Deed::SINGLE).enumerate() {
        // Whoever is let in only because anyone is, is shown so.
        let public = |row: &WhoRow| row.cells.get(index).is_some_and(|cell| is_public(cell.state));
        let as_anyone = row.kind == RowKind::Asker(Asker::OtherAccount) && anyone.is_some_and(public);
        cell_ui(ui, row, cell, as_anyone, deed, place);
    }
    paint_line(ui, rect);
}

impl WhoRow {
    /// Tells rows of the same short name apart.
    fn kind_key(&self) -> String {
        self.who.to_string()
    }
}

fn sign(t: &Tokens, kind: &RowKind) -> (Icon, Color32) {
    match kind {
        RowKind::Asker(Asker::Anyone) => (icons::GLOBE_SIMPLE, t.public_icon()),
        RowKind::Asker(Asker::Owner) => (icons::USER_CIRCLE, t.text_3),
        RowKind::Asker(Asker::OtherAccount) => (icons::BUILDINGS, t.text_3),
        RowKind::Asker(Asker::Named(Principal::Service(_))) => (icons::CLOUD, t.text_3),
        RowKind::Asker(Asker::Named(_)) => (icons::IDENTIFICATION_BADGE, t.text_3),
        RowKind::OverHttp => (icons::LOCK_SIMPLE_OPEN, t.text_3),
    }
}

const fn is_public(state: CellState) -> bool {
    matches!(state, CellState::Public | CellState::PartlyPublic)
}

fn cell_ui(ui: &Ui, row: &WhoRow, cell: &WhoCell, as_anyone: bool, deed: Deed, place: Rect) {
    let t = Tokens::of(ui);
    let (icon, color, said) = match cell.state {
        CellState::Yes if as_anyone => (Some(icons::CHECK_CIRCLE), t.public_icon(), "yes"),
        CellState::Yes => (Some(icons::CHECK_CIRCLE), t.ok, "yes"),
        CellState::Public => (Some(icons::CHECK_CIRCLE), t.public_icon(), "yes, anyone on the internet"),
        CellState::Partly if as_anyone => (Some(icons::CHECK), t.public_icon(), "partly"),
        CellState::Partly => (Some(icons::CHECK), t.ok, "partly"),
        CellState::PartlyPublic => (Some(icons::CHECK), t.public_icon(), "partly, anyone on the internet"),
        CellState::Depends => (Some(icons::QUESTION), t.text_3, "depends on rules of the account"),
        CellState::Broken => (Some(icons::WARNING_CIRCLE), t.danger, "meant, but nothing matches"),
        CellState::No => (None, t.text_3, "no"),
    };
    match icon {
        Some(icon) => paint::icon_at(ui.painter(), place.center(), icon, 16.0, color),
        None => {
            let dash = paint::line(ui, Type::Body, color, "–");
            paint::galley_at(ui.painter(), Align2::CENTER_CENTER, place.center(), dash);
        }
    }
    let id = ui.scope_id().with(("who", row.kind_key(), deed.label()));
    let response = ui.interact(place, id, Sense::hover());
    let name = format!("{}, {}: {said}", row.name, deed.label().to_lowercase());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
    let why = if cell.reason.is_empty() { capital(said) } else { format!("{}. {}", capital(said), cell.reason) };
    paint::tooltip(response, &why);
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
