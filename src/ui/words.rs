//! Sentences whose words know how they are to be set.

use egui::text::LayoutJob;
use egui::{Color32, Label, Response, Ui};

use crate::domain::policy::{Style, Words};
use crate::theme::{Type, text::Spans};

/// Words as a paragraph: keys in mono, verbs that are read first in bold.
pub(super) fn job(words: &Words, kind: Type, color: Color32) -> LayoutJob {
    let strong = if kind == Type::Small { Type::SmallMedium } else { Type::BodyMedium };
    words
        .parts()
        .iter()
        .fold(Spans::new(), |spans, part| match part.style {
            Style::Plain => spans.push(kind, color, &part.text),
            Style::Strong => spans.push(strong, color, &part.text),
            Style::Mono => spans.push(Type::Mono, color, &part.text),
        })
        .job()
}

/// Words that wrap over the width left.
pub(super) fn label(ui: &mut Ui, words: &Words, kind: Type, color: Color32) -> Response {
    let job = job(words, kind, color);
    ui.add(Label::new(job).wrap())
}
