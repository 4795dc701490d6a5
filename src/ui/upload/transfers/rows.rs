use egui::{Rect, Sense, Ui, pos2, vec2};

use super::chosen::Chosen;
use crate::domain::format;
use crate::images::Thumb;
use crate::model::command::FrameCommand;
use crate::model::upload::transfers::{Direction, OFFLINE, Row, RowState, Transfers};
use crate::model::upload::{RESOLUTIONS, TransferCommand};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::pictures::Pictures;
use crate::ui::upload::file_icon;
use crate::ui::widgets::{
    Button, Column, IconButton, Level, MenuRow, RowSelection, Table, TableRow, check_box, level_icon, link, menu,
    paint, progress_bar,
};

const ROW: f32 = 42.0;

/// Shows the rows in sight and says which they are, by number.
pub(super) fn rows_ui(
    ui: &mut Ui,
    cx: &mut UiCtx<'_>,
    transfers: &Transfers,
    shown: &[usize],
    pictures: &mut Pictures,
    chosen: &mut Chosen,
) -> Vec<u64> {
    let wide = super::is_wide(ui);
    let columns = vec![
        Column::exact("", 40.0),
        Column::exact("", 46.0),
        Column::share("File", 1.0, 160.0),
        Column::exact("Size", 84.0).right(),
        Column::exact("Progress", if wide { 330.0 } else { 250.0 }),
        Column::exact("Speed", 92.0).right(),
        Column::exact("", 148.0).right(),
    ];
    let table = Table::new("transfers", "Transfers", columns).row_height(ROW);
    let mut seen = Vec::new();
    let mut clicked = None;
    table.show(ui, shown.len(), |place, index| {
        let row = shown.get(index).and_then(|index| transfers.rows.get(*index));
        if let Some(row) = row {
            seen.push(row.id);
            let thumb = transfers.thumbs.get(&row.id).and_then(Option::as_deref);
            row_ui(place, cx, row, thumb, pictures, chosen);
            if place.response().clicked() {
                clicked = Some((row.id, place.response().ctx.input(|input| input.modifiers)));
            }
        }
    });
    if let Some((id, modifiers)) = clicked {
        let ids: Vec<u64> = shown.iter().filter_map(|index| transfers.rows.get(*index)).map(|row| row.id).collect();
        chosen.click(id, modifiers, &ids);
    }
    seen
}

fn row_ui(
    place: &mut TableRow<'_>,
    cx: &mut UiCtx<'_>,
    row: &Row,
    thumb: Option<&Thumb>,
    pictures: &mut Pictures,
    chosen: &mut Chosen,
) {
    let name = row.name();
    let on = chosen.contains(row.id);
    place.state(&format!("{name}, {}", words(row)), RowSelection::from_bool(on), false);
    // The box takes the place of the vessel where somebody may want it.
    let ticking = on || !chosen.is_empty() || place.hovered();
    let ticked = place.ui(0, |ui| {
        ui.add_space(8.0);
        if !ticking {
            level_icon(ui, level(row), 16.0, name);
            return false;
        }
        check_box(ui, Some(on), &format!("Choose {name}")).clicked()
    });
    if ticked {
        chosen.toggle(row.id);
    }
    place.ui(1, |ui| pictures.ui(ui, row.id, thumb, file_icon(name)));
    let mut place_words = match row.direction {
        Direction::Up if row.folder().is_empty() => "The bucket itself".to_owned(),
        Direction::Up => row.folder().to_owned(),
        Direction::Down => "To this computer".to_owned(),
    };
    if let Some((there, all)) = row.parts.filter(|_| row.state.is_open()) {
        place_words.push_str(&format!(" · {} parts, {} sent", format::count(all.into()), format::count(there.into())));
    }
    place.two_lines(2, name, &place_words);
    let t = *place.ui(3, |ui| Tokens::of(ui));
    place.text(3, Type::Body, t.text_2, &format::size(row.size_bytes));
    place.ui(4, |ui| progress_ui(ui, cx, row));
    if let Some(rate) = row.rate {
        place.text(5, Type::Body, t.text_2, &format::rate(rate));
    }
    place.ui(6, |ui| actions_ui(ui, cx, row));
}

fn level(row: &Row) -> Level {
    match row.state {
        RowState::Waiting => Level::Waiting,
        RowState::Running => Level::Fraction(row.part()),
        RowState::Paused => Level::Paused,
        RowState::Done => Level::Done,
        RowState::Failed(_) | RowState::NameTaken => Level::Failed,
        RowState::Cancelled | RowState::Skipped => Level::Skipped,
    }
}

/// The state in words.
fn words(row: &Row) -> String {
    let percent = format!("{:.0} %", (row.part() * 100.0).floor());
    match &row.state {
        RowState::Waiting if row.goes_first => "Goes first".to_owned(),
        RowState::Waiting => "Waiting".to_owned(),
        RowState::Running if row.stopping => format!("Stops at {percent}"),
        RowState::Running if row.offline => format!("{OFFLINE} at {percent}"),
        RowState::Running => percent,
        RowState::Paused if row.moved_bytes == 0 => "Paused".to_owned(),
        RowState::Paused => format!("Paused at {percent}"),
        RowState::Done => "Done".to_owned(),
        RowState::Failed(trouble) => trouble.sentence.clone(),
        RowState::NameTaken => "This name is taken".to_owned(),
        RowState::Cancelled => "Cancelled".to_owned(),
        RowState::Skipped => "Skipped".to_owned(),
    }
}

fn progress_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, row: &Row) {
    let t = Tokens::of(ui);
    let words = words(row);
    match &row.state {
        RowState::Running if row.offline => {
            paint::label(ui, Type::Small.rich(words), t.text_2);
        }
        RowState::Running => {
            let cell = ui.max_rect();
            let bar = Rect::from_min_size(pos2(cell.left(), cell.center().y - 2.0), vec2(cell.width() * 0.63, 4.0));
            let builder = egui::UiBuilder::new().max_rect(bar);
            let mut inner = ui.new_child(builder);
            progress_bar(&mut inner, row.part(), false, 4.0, &format!("Progress of {}", row.name()));
            let sent = if row.size_bytes > 10_000_000 {
                format!("{words} · {}", format::size(row.moved_bytes))
            } else {
                words
            };
            let room = cell.right() - bar.right() - 12.0;
            let galley = paint::line_within(ui, Type::Small, t.text_2, sent, room);
            let at = pos2(bar.right() + 12.0, cell.center().y);
            paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, at, galley);
        }
        RowState::Failed(trouble) => {
            let why = "Why?";
            let room = ui.available_width() - 44.0;
            failed_words(ui, &words, room);
            let response = link(ui, Type::SmallMedium, why);
            if paint::tooltip(response, &trouble.to_text()).clicked() {
                cx.push(match &trouble.refused {
                    Some(request) => FrameCommand::WhyRefused(request.clone()),
                    None => FrameCommand::CopyText { text: trouble.to_text(), said: "Details copied".into() },
                });
            }
        }
        RowState::NameTaken => {
            let room = ui.available_width();
            failed_words(ui, &words, room);
        }
        RowState::Waiting | RowState::Paused | RowState::Done | RowState::Cancelled | RowState::Skipped => {
            paint::label(ui, Type::Small.rich(words), t.text_2);
        }
    }
}

fn failed_words(ui: &mut Ui, words: &str, room: f32) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.x = 6.0;
    let galley = paint::line_within(ui, Type::Small, t.danger_text, words, room);
    let cut = galley.elided;
    let response = paint::allocate(ui, vec2(galley.size().x, 18.0), Sense::hover(), true);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, words));
    paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, response.rect.left_center(), galley);
    if cut {
        paint::tooltip(response, words);
    }
}

/// From the right: what ends it, then what helps it.
fn actions_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, row: &Row) {
    let name = row.name();
    ui.spacing_mut().item_spacing.x = 4.0;
    ui.add_space(6.0);
    match &row.state {
        RowState::Waiting | RowState::Running | RowState::Paused => {
            if IconButton::new(icons::X, format!("Cancel {name}")).small().show(ui).clicked() {
                cx.push(TransferCommand::Cancel(vec![row.id]));
            }
            let held = row.state == RowState::Paused;
            // While the whole queue is held, going on with one file alone would not be what it says.
            if held && !cx.model.upload.transfers.paused {
                if IconButton::new(icons::PLAY, format!("Go on with {name}")).small().show(ui).clicked() {
                    cx.push(TransferCommand::Resume(vec![row.id]));
                }
            } else if row.state == RowState::Running
                && !row.stopping
                && IconButton::new(icons::PAUSE, format!("Pause {name}")).small().show(ui).clicked()
            {
                cx.push(TransferCommand::Pause(vec![row.id]));
            } else if row.state == RowState::Waiting
                && !row.goes_first
                && IconButton::new(icons::ARROW_UP, format!("Let {name} go first")).small().show(ui).clicked()
            {
                cx.push(TransferCommand::PutFirst(vec![row.id]));
            }
        }
        RowState::Failed(_) => {
            if IconButton::new(icons::X, format!("Give up {name}")).small().show(ui).clicked() {
                cx.push(TransferCommand::Cancel(vec![row.id]));
            }
            let retry = Button::secondary("Retry").small().icon(icons::ARROW_CLOCKWISE).name(format!("Retry {name}"));
            if retry.show(ui).clicked() {
                cx.push(TransferCommand::Retry(vec![row.id]));
            }
        }
        RowState::NameTaken => {
            let button = Button::secondary("Decide")
                .small()
                .trailing_icon(icons::CARET_DOWN)
                .name(format!("Decide about {name}"))
                .show(ui);
            menu(&button, 150.0, |ui| {
                for choice in RESOLUTIONS {
                    if MenuRow::new(choice.label()).show(ui).clicked() {
                        cx.push(TransferCommand::Resolve(row.id, choice));
                    }
                }
            });
        }
        RowState::Done if row.direction == Direction::Up => {
            let copy = Button::secondary("Copy URL").small().icon(icons::COPY).name(format!("Copy URL of {name}"));
            if copy.show(ui).clicked() {
                cx.push(TransferCommand::CopyUrl(row.id));
            }
        }
        RowState::Done | RowState::Cancelled | RowState::Skipped => {}
    }
}
