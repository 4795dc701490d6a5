//! The text in colours, laid out once for each state of it.

use std::sync::Arc;

use egui::text::{ByteIndex, LayoutJob, LayoutSection, TextFormat};
use egui::{Galley, Ui};

use crate::domain::policy::{Token, TokenKind, tokens};
use crate::theme::{Tokens, Type};

/// The laid out text, made anew only when text or theme change.
#[derive(Default)]
pub(super) struct Highlight {
    text: String,
    dark: bool,
    job: LayoutJob,
    tokens: Vec<Token>,
    /// Where each line begins, in bytes; the first at 0.
    lines: Vec<usize>,
    /// What was laid out in this pass: fonts may change between passes.
    laid_out: Option<(u64, Arc<Galley>)>,
}

impl Highlight {
    /// The text as lines that never wrap.
    pub(super) fn galley(&mut self, ui: &Ui, text: &str) -> Arc<Galley> {
        let dark = Tokens::of(ui).dark;
        if self.lines.is_empty() || self.text != text || self.dark != dark {
            self.tokens = tokens(text);
            self.job = job(text, &self.tokens, Tokens::of(ui));
            self.lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
            text.clone_into(&mut self.text);
            self.dark = dark;
            self.laid_out = None;
        }
        let pass = ui.ctx().cumulative_pass_nr();
        if let Some((of, galley)) = &self.laid_out
            && *of == pass
        {
            return Arc::clone(galley);
        }
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(self.job.clone()));
        self.laid_out = Some((pass, Arc::clone(&galley)));
        galley
    }

    /// The words of the text that was last laid out.
    pub(super) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// How many lines there are, at least one.
    pub(super) fn line_count(&self) -> usize {
        self.lines.len().max(1)
    }

    /// The line that a place is in, counted from 0.
    pub(super) fn line_of(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// Where a line begins and ends, without its line break.
    pub(super) fn line(&self, index: usize) -> std::ops::Range<usize> {
        let start = self.lines.get(index).copied().unwrap_or(self.text.len());
        let end = self.lines.get(index + 1).map_or(self.text.len(), |next| next - 1);
        start..end.max(start)
    }
}

/// The whole text in sections, one for each word and one for what lies between.
fn job(text: &str, tokens: &[Token], t: &Tokens) -> LayoutJob {
    let plain = Type::Mono.format(t.code_punct);
    let mut job = LayoutJob { text: text.to_owned(), ..LayoutJob::default() };
    job.wrap.max_width = f32::INFINITY;
    job.keep_trailing_whitespace = true;
    let mut push = |start: usize, end: usize, format: TextFormat| {
        if start < end {
            let byte_range = ByteIndex(start)..ByteIndex(end);
            job.sections.push(LayoutSection { leading_space: 0.0, byte_range, format });
        }
    };
    let mut at = 0;
    for token in tokens {
        push(at, token.start, plain.clone());
        push(token.start, token.end, format(token.kind, t));
        at = token.end;
    }
    push(at, text.len(), plain);
    job
}

fn format(kind: TokenKind, t: &Tokens) -> TextFormat {
    let (weight, color) = match kind {
        TokenKind::Name => (Type::Mono, t.code_key),
        TokenKind::Text => (Type::Mono, t.code_string),
        TokenKind::Allow => (Type::Mono, t.ok_text),
        TokenKind::Deny => (Type::Mono, t.danger_text),
        TokenKind::Everyone => (Type::MonoMedium, t.public_text),
        TokenKind::Number | TokenKind::Word => (Type::Mono, t.code_number),
        TokenKind::Punctuation => (Type::Mono, t.code_punct),
        TokenKind::Unreadable => (Type::Mono, t.text),
    };
    weight.format(color)
}
