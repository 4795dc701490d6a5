//! The way from the address to the picture as a pipe, wet up to the layer that stops the request.

use egui::text::LayoutJob;
use egui::{Align, Layout, Rect, Sense, Stroke, Ui, UiBuilder, pos2, vec2};

use crate::domain::check::{Asked, Detail, Diagnosis, LayerReport, LayerState};
use crate::domain::format;
use crate::model::command::{BrowseCommand, FrameCommand, Tab};
use crate::theme::{Tokens, Type, icons, text::Spans};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, CodeBlock, Level, paint, quiet_box};
use crate::ui::words;

/// From the left edge of the column to the middle of the pipe, and to the titles.
const PIPE: f32 = 9.0;
const TITLE: f32 = 30.0;
/// From the left edge to the sentences.
const SENTENCE: f32 = 184.0;
const SENTENCE_NARROW: f32 = 150.0;
const ROW: f32 = 39.0;
/// Room of the button that leads to the policy.
const STATEMENT: f32 = 124.0;

pub(super) fn way_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, diagnosis: &Diagnosis, narrow: bool) {
    let t = Tokens::of(ui);
    let layers = format::counted(diagnosis.layers.len() as u64, "layer", "layers");
    let remark = match diagnosis.unread() {
        0 => layers,
        unread => format!("{layers}, {unread} could not be read"),
    };
    ui.spacing_mut().item_spacing.y = 0.0;
    super::head_ui(ui, "The way to the file", &remark);
    ui.add_space(2.0);
    let stops = diagnosis.layers.iter().position(|report| report.state == LayerState::Failed);
    // The pipe is painted first, beneath the signs, and so after the rows are laid out.
    let pipe = ui.painter().add(egui::Shape::Noop);
    let mut signs = Vec::new();
    for (at, report) in diagnosis.layers.iter().enumerate() {
        let sign = row_ui(ui, report, narrow);
        if let Some(detail) = &report.detail
            && matches!(report.state, LayerState::Failed | LayerState::WouldFail)
        {
            detail_ui(ui, cx, detail);
        }
        signs.push(sign);
        if at + 1 < diagnosis.layers.len() {
            let y = ui.cursor().top() - 0.5;
            ui.painter().hline(ui.max_rect().left() + TITLE..=ui.max_rect().right(), y, Stroke::new(1.0, t.stroke));
        }
    }
    let wet = |at: usize| stops.is_none_or(|stops| at < stops);
    let segments = signs.windows(2).enumerate().map(|(at, pair)| {
        let [from, to] = pair else { return egui::Shape::Noop };
        let color = if wet(at) { t.water } else { t.stroke };
        egui::Shape::line_segment([pos2(from.x, from.y + 11.0), pos2(to.x, to.y - 11.0)], Stroke::new(2.0, color))
    });
    ui.painter().set(pipe, egui::Shape::Vec(segments.collect()));
    remarks_ui(ui, diagnosis);
}

/// One layer; where its sign was painted.
fn row_ui(ui: &mut Ui, report: &LayerReport, narrow: bool) -> egui::Pos2 {
    let t = Tokens::of(ui);
    let from = if narrow { SENTENCE_NARROW } else { SENTENCE };
    let evidence = report.evidence.as_ref().map(Asked::words).unwrap_or_default();
    let width = ui.available_width();
    let call = paint::line(ui, Type::Mono, t.text_3, evidence.as_str());
    let call_room = if narrow || evidence.is_empty() { 0.0 } else { call.size().x + 16.0 };
    let color = match report.state {
        LayerState::NotApplicable => t.text_3,
        LayerState::Unknown | LayerState::WouldPass => t.text_2,
        LayerState::Passed | LayerState::Failed | LayerState::WouldFail => t.text,
    };
    let job = words::job(&report.sentence, sentence_type(report.state), color);
    let galley = paint::wrapped_job(ui, job, width - from - call_room);
    let height = ROW.max(galley.size().y + 19.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let said = format!("{}: {}. {}", report.layer.title(), state_words(report.state), report.sentence);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
    let first = rect.top() + ROW / 2.0;
    let sign = pos2(rect.left() + PIPE, first);
    sign_at(ui, sign, report.state);
    let title = paint::line(ui, Type::BodyMedium, t.text, report.layer.title());
    paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, pos2(rect.left() + TITLE, first), title);
    let top = if galley.rows.len() > 1 { rect.top() + 9.5 } else { first - galley.size().y / 2.0 };
    ui.painter().galley(pos2(rect.left() + from, top), galley, color);
    if call_room > 0.0 {
        paint::galley_at(ui.painter(), egui::Align2::RIGHT_CENTER, pos2(rect.right(), first), call);
    }
    if let Some(asked) = &report.evidence {
        paint::tooltip(response, &format!("{}, in {}", asked.words(), format::duration(asked.took)));
    }
    sign
}

const fn sentence_type(state: LayerState) -> Type {
    match state {
        LayerState::Failed => Type::BodyMedium,
        _ => Type::Body,
    }
}

fn sign_at(ui: &Ui, at: egui::Pos2, state: LayerState) {
    let t = Tokens::of(ui);
    match state {
        LayerState::Passed => Level::Done.paint(ui, at, 18.0),
        LayerState::Failed => Level::Failed.paint(ui, at, 18.0),
        LayerState::Unknown => paint::icon_at(ui.painter(), at, icons::QUESTION, 18.0, t.text_2),
        LayerState::NotApplicable => paint::icon_at(ui.painter(), at, icons::MINUS_CIRCLE, 18.0, t.text_3),
        LayerState::WouldPass => Level::Waiting.paint(ui, at, 18.0),
        LayerState::WouldFail => paint::icon_at(ui.painter(), at, icons::WARNING_CIRCLE, 18.0, t.danger),
    }
}

const fn state_words(state: LayerState) -> &'static str {
    match state {
        LayerState::Passed => "passed",
        LayerState::Failed => "stops here",
        LayerState::Unknown => "unknown",
        LayerState::NotApplicable => "has no say",
        LayerState::WouldPass => "would pass",
        LayerState::WouldFail => "would stop too",
    }
}

/// What is behind a layer that stops the request.
fn detail_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, detail: &Detail) {
    let width = ui.available_width() - TITLE;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(TITLE);
        ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
            ui.set_width(width);
            quiet_box(ui, 12, |ui| inside_ui(ui, cx, detail));
        });
    });
    ui.add_space(10.0);
}

fn inside_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, detail: &Detail) {
    let t = Tokens::of(ui);
    match detail {
        Detail::Beside { opens, key, shared, .. } => {
            let [same, other, rest] = by_difference(key, *shared);
            let opened = Spans::new().push(Type::Mono, t.ok_text, opens);
            let there = Spans::new().push(Type::Mono, t.text, same).push(Type::Mono, t.danger_text, other);
            let there = there.push(Type::Mono, t.text, rest);
            let sides = [("The policy opens", opened.job()), ("The file is at", there.job())];
            ui.horizontal_top(|ui| {
                let room = ui.available_width() - STATEMENT;
                ui.allocate_ui_with_layout(vec2(room, 0.0), Layout::top_down(Align::Min), |ui| {
                    ui.set_width(room);
                    sides_ui(ui, sides);
                });
                ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                    statement_button(ui, cx);
                });
            });
        }
        Detail::Statement { index, json } => {
            paint::label(ui, Type::Caption.rich(format!("Statement {} of the policy", index + 1)), t.text_3);
            ui.add_space(4.0);
            CodeBlock::new(ui, json).show(ui);
            ui.add_space(8.0);
            statement_button(ui, cx);
        }
        Detail::Differs { labels, values } => {
            let mono = |text: &str| Spans::new().push(Type::Mono, t.text, text).job();
            sides_ui(ui, [(labels.0, mono(&values.0)), (labels.1, mono(&values.1))]);
        }
        Detail::Lines(lines) => {
            ui.spacing_mut().item_spacing.y = 2.0;
            for (name, value) in lines {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 8.0;
                    paint::label(ui, Type::Small.rich(name.as_str()), t.text_3);
                    paint::label(ui, Type::Mono.rich(value.as_str()), t.text);
                    if super::copy_button(&format!("Copy {name}")).show(ui).clicked() {
                        cx.push(FrameCommand::CopyText { text: value.clone(), said: format!("{name} copied") });
                    }
                });
            }
        }
    }
}

/// A key in three: up to the folder or name in which it is another than the pattern, that one, and what follows.
fn by_difference(key: &str, shared: usize) -> [&str; 3] {
    let at = (0..=shared.min(key.len())).rev().find(|at| key.is_char_boundary(*at)).unwrap_or(0);
    let from = key[..at].rfind('/').map_or(0, |slash| slash + 1);
    let to = key[at..].find('/').map_or(key.len(), |slash| at + slash + 1);
    [&key[..from], &key[from..to], &key[to..]]
}

fn statement_button(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    if Button::secondary("Show the policy").small().show(ui).clicked() {
        cx.push(BrowseCommand::ShowTab(Tab::Permissions));
    }
}

/// Two values side by side, each under its label.
fn sides_ui(ui: &mut Ui, sides: [(&str, LayoutJob); 2]) {
    let t = Tokens::of(ui);
    let rect = ui.available_rect_before_wrap();
    let half = (rect.width() - 16.0) / 2.0;
    let mut bottom = rect.top();
    for (at, (label, job)) in sides.into_iter().enumerate() {
        let left = rect.left() + (half + 16.0) * at as f32;
        let place = Rect::from_min_size(pos2(left, rect.top()), vec2(half, rect.height()));
        let builder = UiBuilder::new().id_salt(label).max_rect(place).layout(Layout::top_down(Align::Min));
        let shown = ui.scope_builder(builder, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            paint::label(ui, Type::Caption.rich(label), t.text_3);
            ui.add(egui::Label::new(job).wrap());
        });
        bottom = bottom.max(shown.response.rect.bottom());
    }
    ui.advance_cursor_after_rect(Rect::from_min_max(rect.min, pos2(rect.right(), bottom)));
}

/// What was noticed about the address, below the way.
fn remarks_ui(ui: &mut Ui, diagnosis: &Diagnosis) {
    if diagnosis.remarks.is_empty() {
        return;
    }
    let t = Tokens::of(ui);
    ui.add_space(16.0);
    super::head_ui(ui, "Noticed", "");
    ui.spacing_mut().item_spacing.y = 6.0;
    for remark in &diagnosis.remarks {
        crate::ui::widgets::fact(ui, icons::INFO, t.text_3, Type::Small.job(remark.sentence(), t.text_2));
    }
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::by_difference;

    #[test_case("image/lake.jpg", 5 => ["", "image/", "lake.jpg"]; "a folder")]
    #[test_case("a/image/lake.jpg", 7 => ["a/", "image/", "lake.jpg"]; "a folder further down")]
    #[test_case("images/lake.jpg", 7 => ["images/", "lake.jpg", ""]; "the name")]
    #[test_case("x.jpg", 0 => ["", "x.jpg", ""]; "all of it")]
    #[test_case("é/x.jpg", 1 => ["", "é/", "x.jpg"]; "not inside of a letter")]
    #[test_case("x", 9 => ["", "x", ""]; "no further than the key")]
    fn splits(key: &str, shared: usize) -> [&str; 3] {
        by_difference(key, shared)
    }
}
