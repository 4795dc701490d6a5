//! The table of what was found, the weightiest first.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use egui::{Color32, Ui};

use crate::domain::format;
use crate::domain::verify::{Row, Standing};
use crate::model::check::many::{Line, Many, ManyCommand};
use crate::model::command::FrameCommand;
use crate::theme::measure::width;
use crate::theme::{Icon, Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::pictures::Pictures;
use crate::ui::upload::file_icon;
use crate::ui::widgets::{
    Column, IconButton, Level, MenuRow, RowSelection, Table, TableRow, context_menu, level_icon, paint,
};

const ROW: f32 = 44.0;
const PICTURE: usize = 0;
const FILE: usize = 1;
const STANDING: usize = 2;
const FOUND: usize = 3;
const STATUS: usize = 4;
const SIZE: usize = 5;
/// Where there is room, type and pixels come before the last one.
const TYPE: usize = 6;
const PIXELS: usize = 7;
/// The sentence of a row has room for so many lines.
const LINES: usize = 2;

/// Shows the rows in sight and says which they are: the first one, and how many.
pub(super) fn rows_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, many: &Many, pictures: &mut Pictures) -> (u64, u32) {
    let wide = ui.ctx().content_rect().width() >= width::NARROW_BELOW;
    let columns = columns(wide);
    let page = &many.view.page;
    let rows = usize::try_from(page.len()).unwrap_or(usize::MAX);
    let (mut first, mut last) = (u64::MAX, 0);
    // Another kind begins at its top.
    let table = Table::new(("many", many.view.group as u8), "What was found", columns).row_height(ROW);
    table.show(ui, rows, |place, index| {
        let at = index as u64;
        (first, last) = (first.min(at), last.max(at + 1));
        match page.row(at) {
            Some(line) => row_ui(place, cx, line, pictures, wide),
            None => {
                place.state("Being read", RowSelection::None, false);
                place.ui(PICTURE, |ui| level_icon(ui, Level::Waiting, 16.0, "Row"));
            }
        }
    });
    (first.min(last), u32::try_from(last.saturating_sub(first)).unwrap_or(u32::MAX))
}

fn columns(wide: bool) -> Vec<Column<'static>> {
    let mut columns = vec![
        Column::exact("", 60.0),
        Column::share("File", 1.0, 150.0),
        Column::exact("Outcome", 144.0),
        Column::share("What was found", 1.5, 200.0),
        Column::exact("Status", 60.0).right(),
        Column::exact("Size", 80.0).right(),
    ];
    if wide {
        columns.push(Column::exact("Type", 96.0));
        columns.push(Column::exact("Pixels", 100.0).right());
    }
    columns.push(Column::exact("", 48.0).right());
    columns
}

fn row_ui(place: &mut TableRow<'_>, cx: &mut UiCtx<'_>, line: &Line, pictures: &mut Pictures, wide: bool) {
    let t = Tokens::of(&place.response().ctx);
    let row = &line.row;
    let (folder, name) = row
        .path
        .rsplit_once('/')
        .map_or(("", row.path.as_str()), |(_, name)| (&row.path[..row.path.len() - name.len()], name));
    let standing = row.standing();
    let found = found(row);
    let spoken = if found.is_empty() { standing.words().to_owned() } else { format!("{}: {found}", standing.words()) };
    place.state(&format!("{name}, {spoken}"), RowSelection::None, false);
    place.ui(PICTURE, |ui| {
        ui.add_space(16.0);
        pictures.ui(ui, id(&line.name), line.thumb.as_deref(), file_icon(name));
    });
    place.two_lines(FILE, name, folder);
    let (icon, color) = mark(standing, t);
    place.ui(STANDING, |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (rect, _) = ui.allocate_exact_size(egui::Vec2::splat(16.0), egui::Sense::hover());
        paint::icon_at(ui.painter(), rect.center(), icon, 16.0, color);
        ui.add(egui::Label::new(Type::Small.rich(standing.words()).color(t.text)).selectable(false));
    });
    place.ui(FOUND, |ui| found_ui(ui, row, &found));
    place.text(STATUS, Type::Small, t.text_2, &row.status.map(|status| status.to_string()).unwrap_or_default());
    place.text(SIZE, Type::Small, t.text_2, &row.size_bytes.map(format::size).unwrap_or_default());
    if wide {
        place.text(TYPE, Type::Small, t.text_2, row.content_type.as_deref().unwrap_or_default());
        let pixels = row.width.zip(row.height).map(|(width, height)| format!("{width} × {height}"));
        place.text(PIXELS, Type::Small, t.text_2, &pixels.unwrap_or_default());
    }
    let copied = place.ui(if wide { PIXELS + 1 } else { SIZE + 1 }, |ui| {
        IconButton::new(icons::COPY, format!("Copy the address of {name}")).small().show(ui).clicked()
    });
    if copied {
        cx.push(copy(row));
    } else if place.response().clicked() {
        cx.push(ManyCommand::CheckOne(line.name.clone()));
    }
    context_menu(place.response(), 240.0, |ui| {
        if MenuRow::new("Check this file by itself").icon(icons::STETHOSCOPE).show(ui).clicked() {
            cx.push(ManyCommand::CheckOne(line.name.clone()));
        }
        if MenuRow::new("Copy the address").icon(icons::COPY).show(ui).clicked() {
            cx.push(copy(row));
        }
        if MenuRow::new("Open in the browser").icon(icons::ARROW_SQUARE_OUT).show(ui).clicked() {
            cx.push(FrameCommand::OpenUrl(row.url.clone()));
        }
    });
}

/// The sentence; all of them in the tooltip where it does not say everything.
fn found_ui(ui: &mut Ui, row: &Row, found: &str) {
    let t = Tokens::of(ui);
    let mut job = Type::Small.job(found, t.text_2);
    job.wrap.max_rows = LINES;
    let galley = paint::wrapped_job(ui, job, ui.available_width());
    let is_cut = galley.elided || row.findings.len() > 1;
    let (rect, response) = ui.allocate_exact_size(galley.size(), egui::Sense::hover());
    paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, rect.left_center(), galley);
    if is_cut {
        let all: Vec<&str> = row.findings.iter().map(|finding| finding.sentence.as_str()).collect();
        paint::tooltip(response, &all.join("\n"));
    }
}

fn copy(row: &Row) -> FrameCommand {
    FrameCommand::CopyText { text: row.url.clone(), said: "Address copied".to_owned() }
}

/// The weightiest finding, and how many more there are.
fn found(row: &Row) -> String {
    let known = row.worst().is_none();
    let findings: Vec<_> = row.findings.iter().filter(|finding| known || !finding.is_known()).collect();
    let Some(first) = findings.iter().rev().max_by_key(|finding| finding.severity) else { return String::new() };
    match findings.len() {
        1 => first.sentence.clone(),
        number => format!("{}, and {} more", first.sentence, number - 1),
    }
}

fn mark(standing: Standing, t: &Tokens) -> (Icon, Color32) {
    match standing {
        Standing::Error => (icons::X_CIRCLE, t.danger_icon()),
        Standing::Warning => (icons::WARNING, t.warn),
        Standing::Unknown => (icons::QUESTION, t.text_2),
        Standing::Known => (icons::CLOCK_COUNTER_CLOCKWISE, t.text_3),
        Standing::AsExpected => (icons::CHECK_CIRCLE, t.ok),
        Standing::WithoutRule => (icons::MINUS_CIRCLE, t.text_3),
    }
}

/// The number that a picture is kept under.
fn id(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::verify::{Change, Check, Finding, Severity};

    fn finding(severity: Severity, sentence: &str, change: Option<Change>) -> Finding {
        Finding { rule: "r".to_owned(), check: Check::Width, severity, sentence: sentence.to_owned(), change }
    }

    #[test]
    fn the_weightiest_news_is_said_first() {
        let row = |findings| Row { checked: true, findings, ..Row::default() };
        let (warning, error) = (finding(Severity::Warning, "w", None), finding(Severity::Error, "e", None));
        let old = finding(Severity::Error, "old", Some(Change::Known));
        assert_eq!(found(&row(vec![warning.clone(), error])), "e, and 1 more");
        assert_eq!(found(&row(vec![old.clone(), warning])), "w");
        assert_eq!(found(&row(vec![old])), "old");
        assert_eq!(found(&row(vec![])), "");
    }
}
