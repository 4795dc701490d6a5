//! A table of equal rows: only the rows in sight are laid out, so a hundred thousand cost no more
//! than twenty.

use std::borrow::Cow;

use egui::{
    Align, Align2, Color32, IdSalt, Layout, Rect, Response, Role, ScrollArea, Sense, Shape, Ui, UiBuilder, WidgetInfo,
    pos2, vec2,
};

use super::elide::elide_middle;
use super::paint;
use super::rows::RowSelection;
use crate::theme::measure::height;
use crate::theme::{Tokens, Type, icons};

/// Width of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ColumnWidth {
    /// In points.
    Exact(f32),
    /// A share of what the exact columns leave, and the least in points.
    Share(f32, f32),
}

/// Direction of a sorted column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortOrder {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A column with its head.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    title: Cow<'a, str>,
    width: ColumnWidth,
    align: Align,
    sortable: bool,
    sorted: Option<SortOrder>,
}

impl<'a> Column<'a> {
    /// A column of `points`.
    pub fn exact(title: impl Into<Cow<'a, str>>, points: f32) -> Self {
        Self {
            title: title.into(),
            width: ColumnWidth::Exact(points),
            align: Align::Min,
            sortable: false,
            sorted: None,
        }
    }

    /// A column with a share of what is left, and not under `least` points.
    pub fn share(title: impl Into<Cow<'a, str>>, share: f32, least: f32) -> Self {
        Self { width: ColumnWidth::Share(share, least), ..Self::exact(title, 0.0) }
    }

    /// For numbers: head and cells at the right.
    pub fn right(mut self) -> Self {
        self.align = Align::Max;
        self
    }

    /// For marks: head and cells in the middle.
    pub fn center(mut self) -> Self {
        self.align = Align::Center;
        self
    }

    /// Its head is a button; the order is shown beside it where this is the sorted column.
    pub fn sortable(mut self, sorted: Option<SortOrder>) -> Self {
        self.sortable = true;
        self.sorted = sorted;
        self
    }
}

/// A table. Build it each frame.
#[derive(Clone, Debug)]
#[must_use = "show it with `show`"]
pub struct Table<'a> {
    salt: IdSalt,
    name: Cow<'a, str>,
    columns: Vec<Column<'a>>,
    row_height: f32,
    scroll_to: Option<usize>,
    bottom: f32,
    max_height: Option<f32>,
}

/// What came of a table.
#[derive(Debug)]
pub struct TableResponse {
    /// The head that was clicked, by its column.
    pub head_clicked: Option<usize>,
    /// The body as a whole; it takes the focus, the rows do not.
    pub body: Response,
}

const CELL_PADDING: f32 = 8.0;

impl<'a> Table<'a> {
    /// A table with rows of 32 points; `name` says what it lists.
    pub fn new(salt: impl egui::AsIdSalt, name: impl Into<Cow<'a, str>>, columns: Vec<Column<'a>>) -> Self {
        Self {
            salt: IdSalt::new(salt),
            name: name.into(),
            columns,
            row_height: height::ROW_TABLE,
            scroll_to: None,
            bottom: 0.0,
            max_height: None,
        }
    }

    /// Height of every row in points; 44 for two lines.
    pub fn row_height(mut self, points: f32) -> Self {
        self.row_height = points;
        self
    }

    /// Brings a row into view in this frame.
    pub fn scroll_to(mut self, row: Option<usize>) -> Self {
        self.scroll_to = row;
        self
    }

    /// Room below the last row, for a bar that floats over it.
    pub fn bottom(mut self, points: f32) -> Self {
        self.bottom = points;
        self
    }

    /// Takes no more than its rows need, up to this height, instead of all that is left.
    pub fn max_height(mut self, points: f32) -> Self {
        self.max_height = Some(points);
        self
    }

    /// Shows the head and the rows in sight; `row` is called for each of those.
    pub fn show(self, ui: &mut Ui, rows: usize, mut row: impl FnMut(&mut TableRow<'_>, usize)) -> TableResponse {
        let width = ui.available_width();
        // The scroll bar lies beside the cells, not over them.
        let room = self.max_height.unwrap_or_else(|| ui.available_height() - height::ROW_TREE);
        let scrolls = rows as f32 * self.row_height + self.bottom > room;
        let spans = spans(&self.columns, width - if scrolls { 12.0 } else { 0.0 });
        let mut head_clicked = None;
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            head_clicked = self.head_ui(ui, &spans);
            let id = ui.make_persistent_id((self.salt, "body"));
            let shrink = self.max_height.is_some();
            let mut area = ScrollArea::vertical().id_salt(self.salt).auto_shrink([false, shrink]);
            if let Some(most) = self.max_height {
                area = area.max_height(most);
            }
            let output = area.show_viewport(ui, |ui, view| {
                ui.set_width(width);
                let total = rows as f32 * self.row_height + self.bottom;
                ui.set_height(total);
                let origin = ui.min_rect().min;
                if let Some(wanted) = self.scroll_to {
                    let top = origin.y + wanted as f32 * self.row_height;
                    let place = Rect::from_min_size(pos2(origin.x, top), vec2(width, self.row_height + self.bottom));
                    ui.scroll_to_rect(place, None);
                }
                let first = (view.min.y / self.row_height).floor().max(0.0) as usize;
                let last = ((view.max.y / self.row_height).ceil() as usize).min(rows);
                for index in first..last {
                    let top = origin.y + index as f32 * self.row_height;
                    let place = Rect::from_min_size(pos2(origin.x, top), vec2(width, self.row_height));
                    let mut place = TableRow::new(ui, place, &spans, &self.columns, id.with(index));
                    row(&mut place, index);
                    place.finish();
                }
            });
            let body = ui.interact(output.inner_rect, id, Sense::focusable_noninteractive());
            body.widget_info(|| WidgetInfo::labeled(Role::Table, true, &self.name));
            TableResponse { head_clicked, body }
        })
        .inner
    }

    fn head_ui(&self, ui: &mut Ui, spans: &[(f32, f32)]) -> Option<usize> {
        let t = Tokens::of(ui);
        let size = vec2(ui.available_width(), height::ROW_TREE);
        let head = paint::allocate(ui, size, Sense::hover(), true);
        let rect = head.rect;
        let line = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 1.0), rect.max);
        ui.painter().rect_filled(line, 0, t.stroke);
        let mut clicked = None;
        for (index, (column, &(from, to))) in self.columns.iter().zip(spans).enumerate() {
            let cell = Rect::from_min_max(pos2(rect.left() + from, rect.top()), pos2(rect.left() + to, rect.bottom()));
            let inner = cell.shrink2(vec2(CELL_PADDING, 0.0));
            let mut color = t.text_3;
            if column.sortable {
                let response = paint::interact(ui, cell, head.id.with(index), Sense::click(), ui.is_enabled());
                if response.clicked() {
                    clicked = Some(index);
                }
                if response.hovered() || column.sorted.is_some() {
                    color = t.text;
                }
                if response.has_focus() {
                    paint::focus_ring(ui.painter(), cell.shrink(3.0), 4, t);
                }
                let name = format!("Sort by {}", column.title);
                response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
            }
            let arrow = column.sorted.map(|order| match order {
                SortOrder::Ascending => icons::CARET_UP,
                SortOrder::Descending => icons::CARET_DOWN,
            });
            let room = inner.width() - if arrow.is_some() { 16.0 } else { 0.0 };
            let galley = paint::line_within(ui, Type::SmallMedium, color, column.title.as_ref(), room);
            let words = match column.align {
                Align::Min => paint::galley_at(ui.painter(), Align2::LEFT_CENTER, inner.left_center(), galley),
                Align::Center => paint::galley_at(ui.painter(), Align2::CENTER_CENTER, inner.center(), galley),
                Align::Max => paint::galley_at(ui.painter(), Align2::RIGHT_CENTER, inner.right_center(), galley),
            };
            if let Some(arrow) = arrow {
                let x = if column.align == Align::Max { words.left() - 10.0 } else { words.right() + 10.0 };
                paint::icon_at(ui.painter(), pos2(x, rect.center().y), arrow, 12.0, color);
            }
        }
        clicked
    }
}

/// From where to where each column goes, in whole points.
fn spans(columns: &[Column<'_>], width: f32) -> Vec<(f32, f32)> {
    let exact: f32 = columns
        .iter()
        .map(|column| match column.width {
            ColumnWidth::Exact(points) => points,
            ColumnWidth::Share(..) => 0.0,
        })
        .sum();
    let shares: f32 = columns
        .iter()
        .map(|column| match column.width {
            ColumnWidth::Exact(_) => 0.0,
            ColumnWidth::Share(share, _) => share,
        })
        .sum();
    let left = (width - exact).max(0.0);
    let mut x = 0.0;
    columns
        .iter()
        .map(|column| {
            let points = match column.width {
                ColumnWidth::Exact(points) => points,
                ColumnWidth::Share(share, least) => (left * share / shares).floor().max(least),
            };
            let from = x;
            x += points;
            (from, x)
        })
        .collect()
}

/// One row of a table in sight.
pub struct TableRow<'u> {
    ui: &'u mut Ui,
    rect: Rect,
    spans: &'u [(f32, f32)],
    columns: &'u [Column<'u>],
    response: Response,
    bed: egui::layers::ShapeIdx,
    selection: RowSelection,
    keyboard: bool,
    tooltip: Option<String>,
}

impl<'u> TableRow<'u> {
    fn new(ui: &'u mut Ui, rect: Rect, spans: &'u [(f32, f32)], columns: &'u [Column<'u>], id: egui::Id) -> Self {
        // Rows take clicks but no focus: Tab would have to pass through all of them.
        let response = ui.interact(rect, id, Sense::CLICK);
        let bed = ui.painter().add(Shape::Noop);
        Self { ui, rect, spans, columns, response, bed, selection: RowSelection::None, keyboard: false, tooltip: None }
    }

    /// Names the row ("lake.jpg, 1.8 MB, selected") and sets its state; `keyboard` marks the row
    /// the arrow keys move from.
    pub fn state(&mut self, name: &str, selection: RowSelection, keyboard: bool) {
        self.selection = selection;
        self.keyboard = keyboard;
        let selected = selection != RowSelection::None;
        self.response.widget_info(|| WidgetInfo::selected(Role::Row, true, selected, name));
    }

    /// Clicks, double clicks and the context menu of the row.
    pub fn response(&self) -> &Response {
        &self.response
    }

    /// Whether the pointer is over the row, also over a button in it.
    pub fn hovered(&self) -> bool {
        self.response.contains_pointer()
    }

    /// Inside of a cell.
    pub fn cell(&self, column: usize) -> Rect {
        let (from, to) = self.spans.get(column).copied().unwrap_or_default();
        let left = self.rect.left();
        Rect::from_min_max(pos2(left + from, self.rect.top()), pos2(left + to, self.rect.bottom() - 1.0))
            .shrink2(vec2(CELL_PADDING, 0.0))
    }

    /// Text in a cell, cut at its end; the whole is in the tooltip of the row then.
    pub fn text(&mut self, column: usize, kind: Type, color: Color32, text: &str) {
        let cell = self.cell(column);
        let galley = paint::line_within(self.ui, kind, color, text, cell.width());
        if galley.elided {
            self.tooltip = Some(text.to_owned());
        }
        let (anchor, at) = match self.align(column) {
            Align::Min => (Align2::LEFT_CENTER, cell.left_center()),
            Align::Center => (Align2::CENTER_CENTER, cell.center()),
            Align::Max => (Align2::RIGHT_CENTER, cell.right_center()),
        };
        paint::galley_at(self.ui.painter(), anchor, at, galley);
    }

    /// A key in mono, cut in its middle.
    pub fn key(&mut self, column: usize, color: Color32, key: &str) {
        let cell = self.cell(column);
        let shown = elide_middle(self.ui, Type::Mono, key, cell.width());
        if shown != key {
            self.tooltip = Some(key.to_owned());
        }
        let galley = paint::line(self.ui, Type::Mono, color, shown);
        paint::galley_at(self.ui.painter(), Align2::LEFT_CENTER, cell.left_center(), galley);
    }

    /// A name with a line of meta below it, for rows of 44 points.
    pub fn two_lines(&mut self, column: usize, name: &str, meta: &str) {
        let t = Tokens::of(self.ui);
        let cell = self.cell(column);
        let upper = paint::line_within(self.ui, Type::Body, t.text, name, cell.width());
        if upper.elided {
            self.tooltip = Some(name.to_owned());
        }
        if meta.is_empty() {
            paint::galley_at(self.ui.painter(), Align2::LEFT_CENTER, cell.left_center(), upper);
            return;
        }
        let lower = paint::line_within(self.ui, Type::Caption, t.text_3, meta, cell.width());
        let middle = cell.center().y + 2.0;
        paint::galley_at(self.ui.painter(), Align2::LEFT_BOTTOM, pos2(cell.left(), middle), upper);
        paint::galley_at(self.ui.painter(), Align2::LEFT_TOP, pos2(cell.left(), middle), lower);
    }

    /// An icon of 16 points in a cell.
    pub fn icon(&mut self, column: usize, icon: crate::theme::Icon, color: Color32) {
        let cell = self.cell(column);
        let x = match self.align(column) {
            Align::Min => cell.left() + 8.0,
            Align::Center => cell.center().x,
            Align::Max => cell.right() - 8.0,
        };
        paint::icon_at(self.ui.painter(), pos2(x, cell.center().y), icon, 16.0, color);
    }

    /// Widgets in a cell.
    pub fn ui<R>(&mut self, column: usize, contents: impl FnOnce(&mut Ui) -> R) -> R {
        let layout = match self.align(column) {
            Align::Min | Align::Center => Layout::left_to_right(Align::Center),
            Align::Max => Layout::right_to_left(Align::Center),
        };
        let cell = self.cell(column);
        let builder = UiBuilder::new()
            .id_salt((self.response.id, column))
            .max_rect(cell)
            .layout(layout)
            .accessibility_parent(self.response.id);
        let mut child = self.ui.new_child(builder);
        child.shrink_clip_rect(cell.expand2(vec2(CELL_PADDING, 0.0)));
        contents(&mut child)
    }

    fn align(&self, column: usize) -> Align {
        self.columns.get(column).map_or(Align::Min, |column| column.align)
    }

    /// Paints the bed under what was added, and shows the tooltip.
    fn finish(self) {
        let t = Tokens::of(self.ui);
        let over = if self.response.contains_pointer() { 1.0 } else { 0.0 };
        let fill = self.selection.fill(t, over);
        let mut shapes = vec![Shape::rect_filled(self.rect, 0, fill)];
        if self.selection == RowSelection::None {
            let line = Rect::from_min_max(pos2(self.rect.left(), self.rect.bottom() - 1.0), self.rect.max);
            shapes.push(Shape::rect_filled(line, 0, t.stroke));
        }
        if self.keyboard {
            let bar = Rect::from_min_size(self.rect.min, vec2(2.0, self.rect.height()));
            shapes.push(Shape::rect_filled(bar, 0, t.chosen_edge()));
        }
        self.ui.painter().set(self.bed, Shape::Vec(shapes));
        if let Some(text) = self.tooltip {
            paint::tooltip(self.response, &text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, spans};

    #[test]
    fn shares_take_what_exact_columns_leave() {
        let columns = [Column::exact("", 36.0), Column::share("Name", 3.0, 100.0), Column::share("Kind", 1.0, 60.0)];
        assert_eq!(spans(&columns, 436.0), [(0.0, 36.0), (36.0, 336.0), (336.0, 436.0)]);
    }

    #[test]
    fn a_share_never_goes_under_its_least() {
        let columns = [Column::exact("Size", 90.0), Column::share("Name", 1.0, 120.0)];
        assert_eq!(spans(&columns, 100.0), [(0.0, 90.0), (90.0, 210.0)]);
    }
}
