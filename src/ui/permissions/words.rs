//! A policy in plain words: one sentence under the other, each with its sign.

use egui::text::LayoutJob;
use egui::{Color32, Label, Response, Sense, Ui, vec2};

use crate::domain::policy::{Sentence, Style, Tone, Words};
use crate::model::permissions::meaning::Meaning;
use crate::theme::{Tokens, Type, icons, text::Spans};
use crate::ui::widgets::paint;

/// Words as a paragraph: keys in mono, verbs that are read first in bold.
fn job(words: &Words, kind: Type, color: Color32) -> LayoutJob {
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

/// The sentences of a policy.
pub(super) fn words_ui(ui: &mut Ui, meaning: &Meaning) {
    let t = Tokens::of(ui);
    if meaning.sentences.is_empty() {
        let words = match (meaning.is_policy, meaning.text.trim().is_empty()) {
            (true, true) => "Nobody is let in or kept out by a policy",
            _ => "The text is no policy yet, so nothing can be said about it",
        };
        paint::label(ui, Type::Small.rich(words), t.text_3);
        return;
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 12.0;
        for sentence in &meaning.sentences {
            sentence_ui(ui, sentence);
        }
    });
}

fn sentence_ui(ui: &mut Ui, sentence: &Sentence) {
    let t = Tokens::of(ui);
    let (icon, color) = match sentence.tone {
        Tone::Public => (icons::GLOBE_SIMPLE, t.public_icon()),
        Tone::Grant => (icons::CHECK_CIRCLE, t.ok),
        Tone::Denial => (icons::PROHIBIT, t.text_3),
        Tone::Limit => (icons::INFO, t.text_3),
        Tone::Broken => (icons::WARNING_CIRCLE, t.danger),
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 20.0), Sense::hover());
        paint::icon_at(ui.painter(), rect.center(), icon, 16.0, color);
        label(ui, &sentence.words, Type::Body, t.text);
    });
}
