//! What lifecycle rules would do: rule by rule, when and how much, and what to bear in mind.

use egui::{Align2, Rect, Sense, Ui, pos2, vec2};

use crate::domain::format;
use crate::domain::lifecycle::dry_run::{Amount, Example, Report, Row, rule_name};
use crate::domain::lifecycle::{self, LifecycleRule};
use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::{Banner, BannerTone, Card, fact, paint};

use super::day;

/// Width of a column of amounts, and of the only one there is in a run.
const COLUMN: f32 = 184.0;
const ROW_HEIGHT: f32 = 44.0;
/// The padding of a card.
const PADDING: i8 = 12;

/// A column: its title, how much, and the days.
struct Cell<'a> {
    title: &'a str,
    amount: Amount,
    days: Option<String>,
}

/// In a run only what is due counts.
fn cells(row: &Row, runs: bool) -> Vec<Cell<'static>> {
    let [soon, later] = row.days();
    let mut cells = vec![Cell { title: "already due", amount: row.due, days: None }];
    if !runs {
        cells.push(Cell { title: "within 30 days", amount: row.soon, days: soon });
        cells.push(Cell { title: "later", amount: row.later, days: later });
    }
    cells
}

pub(super) fn report_ui(ui: &mut Ui, report: &Report, rules: &[LifecycleRule], runs: bool) {
    let t = Tokens::of(ui);
    if !report.whole {
        let rest = "What comes after that in the listing is not counted.";
        Banner::new(BannerTone::Warn, "This is only a part of the bucket.", rest).show(ui);
    }
    if report.rows.is_empty() {
        let words = match runs {
            true => format!("Nothing is due by {}", day(report.now)),
            false => "These rules find nothing to do".to_owned(),
        };
        paint::label(ui, Type::LeadMedium.rich(words), t.text);
    } else {
        head_ui(ui, report, runs);
    }
    for of_rule in report.rows.chunk_by(|one, other| one.rule == other.rule) {
        Card::new().padding(PADDING).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            rule_ui(ui, rules, of_rule[0].rule);
            for row in of_rule {
                row_ui(ui, row, runs);
            }
        });
    }
    if !runs {
        idle_ui(ui, report, rules);
    }
    for trap in &report.traps {
        fact(ui, icons::WARNING, t.warn, Type::Small.job(trap.sentence(rules), t.text));
    }
}

/// The titles of the columns.
fn head_ui(ui: &mut Ui, report: &Report, runs: bool) {
    let t = Tokens::of(ui);
    let titles = if runs {
        vec![format!("Due by {}", day(report.now))]
    } else {
        vec!["Already due".to_owned(), format!("By {}", report.soon_ends()), "Later".to_owned()]
    };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    let inner = rect.shrink2(vec2(f32::from(PADDING), 0.0));
    for (at, title) in titles.iter().enumerate() {
        let right = column(inner, titles.len(), at).right();
        let galley = paint::line_within(ui, Type::SmallMedium, t.text_2, title.as_str(), COLUMN);
        paint::galley_at(ui.painter(), Align2::RIGHT_CENTER, pos2(right, rect.center().y), galley);
    }
}

/// The columns stand at the right.
fn column(rect: Rect, columns: usize, at: usize) -> Rect {
    let right = rect.right() - COLUMN * (columns - 1 - at) as f32;
    Rect::from_min_max(pos2(right - COLUMN, rect.top()), pos2(right, rect.bottom()))
}

/// The name of a rule and what it is about.
fn rule_ui(ui: &mut Ui, rules: &[LifecycleRule], at: usize) {
    let t = Tokens::of(ui);
    let name = rule_name(rules, at);
    let scope = rules.get(at).map(lifecycle::scope).unwrap_or_default();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
    let galley = paint::line_within(ui, Type::BodyMedium, t.text, name.as_str(), rect.width() * 0.5);
    let after = galley.size().x + 10.0;
    let scope_galley = paint::line_within(ui, Type::Small, t.text_3, scope.as_str(), rect.width() - after);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, rect.left_center(), galley);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, rect.left_center() + vec2(after, 0.0), scope_galley);
    let said = format!("{name}, {scope}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
}

/// One outcome: what, with examples below, and how much when.
fn row_ui(ui: &mut Ui, row: &Row, runs: bool) {
    let t = Tokens::of(ui);
    let (one, many) = row.outcome.nouns();
    let cells = cells(row, runs);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::hover());
    let (first, second) = (rect.top() + 13.0, rect.top() + 32.0);
    let room = rect.width() - COLUMN * cells.len() as f32 - 12.0;
    let color = if row.outcome.is_final() { t.danger_text } else { t.text };
    let heading = row.heading();
    let galley = paint::line_within(ui, Type::Body, color, heading.as_str(), room);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(rect.left(), first), galley);
    let examples = examples(row);
    let galley = paint::line_within(ui, Type::Small, t.text_3, examples.as_str(), room);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(rect.left(), second), galley);
    for (at, cell) in cells.iter().enumerate() {
        let right = column(rect, cells.len(), at).right();
        let (words, color) = match cell.amount.count {
            0 => ("none".to_owned(), t.text_3),
            _ => (cell.amount.words(one, many), t.text),
        };
        let galley = paint::line_within(ui, Type::Body, color, words.as_str(), COLUMN - 8.0);
        paint::galley_at(ui.painter(), Align2::RIGHT_CENTER, pos2(right, first), galley);
        let days = cell.days.as_deref().unwrap_or_default();
        let galley = paint::line_within(ui, Type::Small, t.text_3, days, COLUMN - 8.0);
        paint::galley_at(ui.painter(), Align2::RIGHT_CENTER, pos2(right, second), galley);
    }
    let told = |cell: &Cell<'_>| {
        let days = cell.days.as_ref().map_or_else(String::new, |days| format!(" ({days})"));
        format!("{} {}{days}", cell.amount.words(one, many), cell.title)
    };
    let told: Vec<String> = cells.iter().filter(|cell| cell.amount.count > 0).map(told).collect();
    let said = format!("{heading}: {}. {examples}", told.join("; "));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
    let hover = row.examples.iter().map(|it| format!("{}, due {}", it.key, day(it.due))).collect::<Vec<_>>().join("\n");
    paint::tooltip(response, &hover);
}

/// The first keys.
fn examples(row: &Row) -> String {
    let keys: Vec<&str> = row.examples.iter().map(|Example { key, .. }| key.as_str()).collect();
    let more = row.all().count.saturating_sub(keys.len() as u64);
    let listed = keys.join(", ");
    if more == 0 { listed } else { format!("{listed} and {} more", format::count(more)) }
}

/// The rules that find nothing.
fn idle_ui(ui: &mut Ui, report: &Report, rules: &[LifecycleRule]) {
    const NAMED: usize = 8;
    let t = Tokens::of(ui);
    let idle: Vec<usize> = (0..rules.len()).filter(|at| report.rows.iter().all(|row| row.rule != *at)).collect();
    if idle.is_empty() || idle.len() == rules.len() && rules.iter().all(|rule| rule.enabled) {
        return;
    }
    let named = idle.iter().take(NAMED).map(|at| {
        let off = rules.get(*at).is_some_and(|rule| !rule.enabled);
        format!("{}{}", rule_name(rules, *at), if off { " (off)" } else { "" })
    });
    let mut words = format!("Nothing to do for {}", named.collect::<Vec<_>>().join(", "));
    if idle.len() > NAMED {
        words.push_str(&format!(" and {} more", idle.len() - NAMED));
    }
    paint::label(ui, Type::Small.rich(words), t.text_2);
}
