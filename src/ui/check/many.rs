//! The page that checks many files: what is to be checked, and what was found.

mod expected;
mod results;
mod rows;
mod set_up;

use egui::{Align, Frame, Layout, Panel, Rect, Ui, UiBuilder, vec2};

use crate::model::check::many::{Field, Form, Many, ManyCommand, Problem, Side};
use crate::model::permissions::BucketKey;
use crate::theme::measure::height;
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::pictures::Pictures;
use crate::ui::widgets::{FieldNote, IconButton, fact, paint, row};

pub(super) use set_up::FOOT;

/// The page, and what is being edited on it.
#[derive(Default)]
pub(super) struct ManyPanel {
    form: Form,
    search: String,
    pictures: Pictures,
    /// The rows that were asked for last.
    looked: (u64, u32),
    /// Whose form this is, and which one of the model was taken over last.
    of: Option<(BucketKey, u64)>,
}

impl ManyPanel {
    /// Fills the main area.
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let check = &cx.model.check;
        let (Some(many), Some(key)) = (check.many(), &check.here) else { return };
        if self.of.as_ref().is_none_or(|(of, number)| (of, *number) != (key, many.number)) {
            self.form.clone_from(&many.form);
            self.search.clone_from(&many.view.search);
            self.of = Some((key.clone(), many.number));
        }
        match many.side {
            Side::SetUp => self.set_up_ui(ui, cx, many),
            Side::Results => self.results_ui(ui, cx, many),
        }
    }
}

/// The bar above: the way back, what is shown, and at its right what can be done.
fn top_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, title: &str, right: impl FnOnce(&mut Ui, &mut UiCtx<'_>)) {
    let t = Tokens::of(ui);
    let bar = Panel::top("many_top").exact_size(height::TOP_BAR).resizable(false).show_separator_line(false);
    bar.frame(Frame::NONE).show(ui, |ui| {
        let rect = ui.max_rect();
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, egui::Stroke::new(1.0, t.stroke));
        let inner = Rect::from_min_max(rect.min + vec2(16.0, 0.0), rect.max - vec2(16.0, 1.0));
        let mut left = ui.new_child(UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)));
        left.spacing_mut().item_spacing.x = 8.0;
        if IconButton::new(icons::ARROW_LEFT, "Check one file").show(&mut left).clicked() {
            cx.push(ManyCommand::Close);
        }
        paint::label(&mut left, Type::Heading.rich(title), t.text);
        let right_of = UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center)).id_salt("right");
        let mut side = ui.new_child(right_of);
        side.spacing_mut().item_spacing.x = 8.0;
        right(&mut side, cx);
    });
}

/// The head of a group of fields.
fn group_ui(ui: &mut Ui, title: &str) {
    row(ui, 24.0, |ui| paint::label(ui, Type::LeadStrong.rich(title), Tokens::of(ui).text));
}

/// What follows a choice stands under its words.
fn indented<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let margin = egui::Margin { left: 24, right: 0, top: 0, bottom: 4 };
    Frame::NONE.inner_margin(margin).show(ui, contents).inner
}

/// What a field has to say.
fn note<'a>(problems: &'a [Problem], field: Field, help: &'a str) -> FieldNote<'a> {
    match problem(problems, field) {
        Some(sentence) => FieldNote::Error { sentence: sentence.into(), mend: None },
        None if help.is_empty() => FieldNote::None,
        None => FieldNote::Help(help.into()),
    }
}

fn problem(problems: &[Problem], field: Field) -> Option<&str> {
    problems.iter().find(|problem| problem.field == field).map(|problem| problem.sentence.as_str())
}

/// A sentence in red below what is no text field.
fn problem_ui(ui: &mut Ui, problems: &[Problem], field: Field) {
    let t = Tokens::of(ui);
    if let Some(sentence) = problem(problems, field) {
        let job = Type::Small.job(sentence, t.danger_text);
        fact(ui, icons::WARNING_CIRCLE, t.danger_text, job);
    }
}

/// What is wrong with the form, once somebody wanted to begin with it.
fn problems(many: &Many, form: &Form) -> Vec<Problem> {
    let read = if many.tried { form.read(&many.chosen, many.loaded.as_ref()).err() } else { None };
    read.unwrap_or_default()
}
