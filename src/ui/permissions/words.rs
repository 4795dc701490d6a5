//! A policy in plain words: one sentence under the other, each with its sign.

use egui::{Sense, Ui, vec2};

use crate::domain::policy::{Sentence, Tone};
use crate::model::permissions::meaning::Meaning;
use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::paint;

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
        crate::ui::words::label(ui, &sentence.words, Type::Body, t.text);
    });
}
