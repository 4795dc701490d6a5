//! The page of all transfers of this session.

mod chosen;
mod graph;
mod left;
mod receipt;
mod rows;

use egui::{Align, Frame, Layout, Panel, Rect, Sense, Ui, UiBuilder, pos2, vec2};

use self::chosen::Chosen;
use crate::domain::format;
use crate::model::command::{FrameCommand, Screen};
use crate::model::upload::transfers::{Counts, OFFLINE, Row, RowState, Transfers};
use crate::model::upload::{TransferCommand, UploadCommand};
use crate::theme::measure::{height, width};
use crate::theme::text::Spans;
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::pictures::Pictures;
use crate::ui::widgets::{
    Button, ControlSize, EmptyState, IconButton, SearchField, Segment, paint, progress_bar, segmented,
};

/// Which rows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Filter {
    #[default]
    All,
    Running,
    Waiting,
    Failed,
    Done,
}

impl Filter {
    fn shows(self, row: &Row) -> bool {
        match self {
            Self::All => true,
            Self::Running => row.state == RowState::Running,
            Self::Waiting => matches!(row.state, RowState::Waiting | RowState::Paused),
            Self::Failed => row.state.is_failed(),
            Self::Done => row.state == RowState::Done,
        }
    }
}

/// What is chosen on the page, and the order that follows from it.
#[derive(Default)]
pub(super) struct TransfersPanel {
    filter: Filter,
    search: String,
    /// Indices of rows as shown.
    shown: Vec<usize>,
    /// What [`Self::shown`] was made for.
    made_for: (u64, Filter, String),
    pictures: Pictures,
    chosen: Chosen,
    /// The rows whose pictures were asked for last.
    looked_at: Vec<u64>,
}

impl TransfersPanel {
    /// Shows the page.
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let transfers = &cx.model.upload.transfers;
        let counts = transfers.counts();
        let bar = |name: &'static str, size: f32| {
            Panel::top(name).exact_size(size).resizable(false).show_separator_line(false).frame(Frame::NONE)
        };
        bar("transfers_top", height::TOP_BAR).show(ui, |ui| top_ui(ui, cx, counts));
        left::left_ui(ui, cx, &transfers.left);
        if counts.all == 0 && !transfers.left.is_empty() {
            return;
        }
        if counts.all == 0 {
            let sentence = "Drop files on a bucket, or choose Upload there. What is on its way shows here.";
            EmptyState::new("Nothing is on its way", sentence).bucket().show(ui, |_| {}, |_| {});
            return;
        }
        bar("transfers_totals", 117.0).show(ui, |ui| totals_ui(ui, cx, transfers));
        bar("transfers_filter", height::TOOLBAR).show(ui, |ui| self.filter_ui(ui, cx, counts));
        self.order(transfers);
        if self.shown.is_empty() {
            let t = Tokens::of(ui);
            ui.vertical_centered(|ui| {
                ui.add_space(48.0);
                paint::label(ui, Type::Lead.rich("No transfer fits"), t.text_3);
            });
            return;
        }
        self.pictures.belong_to(1);
        let seen = rows::rows_ui(ui, cx, transfers, &self.shown, &mut self.pictures, &mut self.chosen);
        if seen != self.looked_at {
            self.looked_at.clone_from(&seen);
            cx.push(UploadCommand::LookAtTransfers(seen));
        }
    }

    fn filter_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, counts: Counts) {
        let rect = ui.max_rect().shrink2(vec2(0.0, 8.0));
        let inner = Rect::from_min_max(rect.min + vec2(24.0, 0.0), rect.max - vec2(16.0, 0.0));
        let mut left = ui.new_child(UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)));
        let label = |word: &str, n: u64| if n == 0 { word.to_owned() } else { format!("{word} {}", format::count(n)) };
        let words = [
            (Filter::All, "All".to_owned()),
            (Filter::Running, label("Running", counts.running)),
            (Filter::Waiting, label("Waiting", counts.waiting + counts.paused)),
            (Filter::Failed, label("Failed", counts.failed)),
            (Filter::Done, label("Done", counts.done)),
        ];
        let segments: Vec<_> = words.iter().map(|(filter, word)| Segment::new(*filter, word.as_str())).collect();
        segmented(&mut left, &segments, &mut self.filter, ControlSize::Regular);
        let right = UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center)).id_salt("right");
        let mut right = ui.new_child(right);
        right.spacing_mut().item_spacing.x = 8.0;
        if !self.chosen.is_empty() {
            self.chosen.bar_ui(&mut right, cx);
            return;
        }
        let again = cx.model.upload.transfers.failed().filter(|row| row.state != RowState::NameTaken).count() as u64;
        if again > 0 {
            let label = format!("Retry {} failed", format::count(again));
            if Button::secondary(label).icon(icons::ARROW_CLOCKWISE).show(&mut right).clicked() {
                cx.push(TransferCommand::RetryFailed);
            }
        }
        SearchField::new("Filter by name", &mut self.search).width(180.0).id_salt("transfers").show(&mut right);
    }

    /// What needs a person first, then what moves, what waits, and what is done with; each in the order it was asked.
    fn order(&mut self, transfers: &Transfers) {
        let wanted = (transfers.revision, self.filter, self.search.trim().to_lowercase());
        if self.made_for == wanted {
            return;
        }
        let fits = |row: &Row| wanted.2.is_empty() || row.key.to_lowercase().contains(&wanted.2);
        self.chosen.keep_known(transfers);
        let rows = transfers.rows.iter().enumerate();
        let mut shown: Vec<(u8, usize)> = rows
            .filter(|(_, row)| self.filter.shows(row) && fits(row))
            .map(|(index, row)| (rank(row), index))
            .collect();
        shown.sort_unstable();
        self.shown = shown.into_iter().map(|(_, index)| index).collect();
        self.made_for = wanted;
    }
}

fn rank(row: &Row) -> u8 {
    match &row.state {
        RowState::NameTaken | RowState::Failed(_) => 0,
        RowState::Running => 1,
        RowState::Paused => 2,
        RowState::Waiting if row.goes_first => 3,
        RowState::Waiting => 4,
        RowState::Done => 5,
        RowState::Cancelled | RowState::Skipped => 6,
    }
}

fn top_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, counts: Counts) {
    let t = Tokens::of(ui);
    let rect = ui.max_rect();
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, egui::Stroke::new(1.0, t.stroke));
    let inner = Rect::from_min_max(rect.min + vec2(24.0, 0.0), rect.max - vec2(16.0, 1.0));
    let mut left = ui.new_child(UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)));
    if cx.model.session.is_none() {
        let back = IconButton::new(icons::ARROW_LEFT, "All connections");
        if back.show(&mut left).clicked() {
            cx.push(FrameCommand::Show(Screen::Start));
        }
        left.add_space(8.0);
    }
    paint::label(&mut left, Type::Heading.rich("Transfers"), t.text);
    let right = UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center)).id_salt("right");
    let mut right = ui.new_child(right);
    right.spacing_mut().item_spacing.x = 8.0;
    if counts.open() > 0 {
        if Button::danger_quiet("Cancel all…").show(&mut right).clicked() {
            cx.push(TransferCommand::AskCancelAll);
        }
        if cx.model.upload.transfers.paused {
            if Button::secondary("Go on").icon(icons::PLAY).show(&mut right).clicked() {
                cx.push(TransferCommand::ResumeAll);
            }
        } else if Button::secondary("Pause all").icon(icons::PAUSE).show(&mut right).clicked() {
            cx.push(TransferCommand::PauseAll);
        }
    }
    let now = cx.now.to_zoned_datetime(cx.zone.clone());
    let limit = Button::quiet(cx.model.settings.transfers.speed.at(&now).words()).icon(icons::GAUGE);
    if limit.tooltip("Change it in the settings").show(&mut right).clicked() {
        cx.push(FrameCommand::Show(Screen::Settings));
    }
    if counts.open() < counts.all {
        receipt::receipt_ui(&mut right, cx);
    }
}

fn totals_ui(ui: &mut Ui, cx: &UiCtx<'_>, transfers: &Transfers) {
    let t = Tokens::of(ui);
    let rect = ui.max_rect();
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, egui::Stroke::new(1.0, t.stroke));
    let split = rect.left() + 372.0_f32.min(rect.width() / 2.0);
    ui.painter().vline(split + 0.5, rect.y_range(), egui::Stroke::new(1.0, t.stroke));
    let left = Rect::from_min_max(rect.min, pos2(split, rect.bottom())).shrink2(vec2(24.0, 16.0));
    let mut left_ui = ui.new_child(UiBuilder::new().max_rect(left).layout(Layout::top_down(Align::LEFT)));
    sums_ui(&mut left_ui, cx, transfers);
    let right = Rect::from_min_max(pos2(split + 1.0, rect.top()), rect.max - vec2(0.0, 1.0));
    graph::graph_ui(ui, right, transfers);
}

/// Percent, time left and totals of what was asked since nothing was on its way.
fn sums_ui(ui: &mut Ui, cx: &UiCtx<'_>, transfers: &Transfers) {
    let t = Tokens::of(ui);
    let shown = if transfers.recent().all == 0 { transfers.counts() } else { transfers.recent() };
    ui.spacing_mut().item_spacing.y = 0.0;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::hover());
    let percent = format!("{:.0} %", (shown.part() * 100.0).floor());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &percent));
    let galley = paint::line(ui, Type::Display, t.text, percent.as_str());
    paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, rect.left_center(), galley);
    let (upper, lower) = match (transfers.paused && shown.open() > 0, transfers.pace().left) {
        (true, _) => ("Paused".to_owned(), String::new()),
        (false, _) if transfers.offline => (OFFLINE.to_owned(), "goes on by itself".to_owned()),
        (false, Some(left)) => {
            let ends = cx.now.checked_add(left).unwrap_or(cx.now).to_zoned_datetime(cx.zone.clone());
            (format::time_left(left), format!("ends near {:02}:{:02}", ends.hour(), ends.minute()))
        }
        (false, None) if shown.open() == 0 => ("All done".to_owned(), String::new()),
        (false, None) => (String::new(), String::new()),
    };
    let upper = if shown.open() == 0 && shown.failed > 0 { "Ended".to_owned() } else { upper };
    let galley = paint::line(ui, Type::BodyMedium, t.text, upper);
    paint::galley_at(ui.painter(), egui::Align2::RIGHT_TOP, rect.right_top() + vec2(0.0, 2.0), galley);
    let galley = paint::line(ui, Type::Small, t.text_3, lower);
    paint::galley_at(ui.painter(), egui::Align2::RIGHT_BOTTOM, rect.right_bottom(), galley);
    ui.add_space(8.0);
    progress_bar(ui, shown.part(), false, 6.0, "All transfers");
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        let pair = |strong: String, rest: String| {
            Spans::new().push(Type::SmallStrong, t.text, strong).push(Type::Small, t.text_2, rest).job()
        };
        let files = format!(" of {}", format::counted(shown.wanted(), "file", "files"));
        ui.add(egui::Label::new(pair(format::count(shown.done), files)).selectable(false));
        let bytes = format!(" of {}", format::size(shown.total_bytes));
        ui.add(egui::Label::new(pair(format::size(shown.moved_bytes), bytes)).selectable(false));
        if shown.failed > 0 {
            let job = Spans::new()
                .push(Type::SmallStrong, t.danger_text, format::count(shown.failed))
                .push(Type::Small, t.danger_text, " failed")
                .job();
            ui.add(egui::Label::new(job).selectable(false));
        }
    });
}

/// Whether the last columns have room.
fn is_wide(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() >= width::NARROW_BELOW
}

impl std::fmt::Debug for TransfersPanel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TransfersPanel").field("filter", &self.filter).finish_non_exhaustive()
    }
}
