//! Beside the text: what it means, and what decides besides it.

use egui::{Frame, Margin, ScrollArea, Ui};

use crate::domain::public_access::BlockPublicAccess;
use crate::model::permissions::found::{Beside, Known};
use crate::theme::{Tokens, Type, measure};
use crate::ui::UiCtx;
use crate::ui::widgets::{Badge, KeyValue, Tone as BadgeTone, key_values, paint};

/// Width in points, in a wide and in a narrow window.
pub(super) const WIDTH: f32 = 364.0;
pub(super) const WIDTH_NARROW: f32 = 328.0;

/// The side of the page.
#[derive(Debug, Default)]
pub(super) struct Side {
    bench: super::bench::Bench,
}

impl Side {
    /// Fills `ui`.
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let model = cx.model;
        ScrollArea::vertical().id_salt("permissions_side").auto_shrink([false, false]).show(ui, |ui| {
            Frame::NONE.inner_margin(Margin { left: 20, right: 20, top: 14, bottom: 16 }).show(ui, |ui| {
                ui.set_width(ui.available_width());
                if let Some(meaning) = model.permissions.meaning.known() {
                    head_ui(ui, "In plain words", Some("Predicted for this draft"));
                    super::words::words_ui(ui, meaning);
                    ui.add_space(16.0);
                    paint::hairline(ui);
                    ui.add_space(12.0);
                    head_ui(ui, "Who can do what", None);
                    let narrow = ui.ctx().content_rect().width() < measure::width::NARROW_BELOW;
                    super::who::who_ui(ui, &meaning.who, narrow);
                    let reading = model.permissions.reading.known().filter(|_| meaning.is_policy);
                    if let Some((reading, around)) = reading.zip(model.permissions.around.as_ref()) {
                        ui.add_space(14.0);
                        paint::hairline(ui);
                        ui.add_space(12.0);
                        head_ui(ui, "Try a request", None);
                        self.bench.ui(ui, &meaning.who, reading.policy.as_ref(), around, cx.now);
                    }
                }
                if let Some(beside) = model.permissions.beside.known() {
                    beside_ui(ui, beside);
                }
            });
        });
    }
}

/// What decides besides the policy.
fn beside_ui(ui: &mut Ui, beside: &Beside) {
    let t = Tokens::of(ui);
    ui.add_space(16.0);
    paint::hairline(ui);
    ui.add_space(12.0);
    head_ui(ui, "What else decides", None);
    let block = |known: &Known<BlockPublicAccess>| match known {
        Known::Is(block) if block.permits_public_policy() => ("Lets public policies through".to_owned(), t.text),
        Known::Is(_) => ("Stands in the way of public policies".to_owned(), t.text),
        Known::NotSet => ("Off".to_owned(), t.text),
        Known::MayNotRead(trouble) => {
            let needs = trouble.permission.as_deref().unwrap_or("a permission");
            (format!("Cannot be read: needs {needs}"), t.warn_text)
        }
        Known::NotOffered => ("Not offered by this store".to_owned(), t.text_3),
    };
    let (words, color) = block(&beside.block);
    let mut pairs = vec![KeyValue::new("Block, bucket", words).color(color)];
    if let Some(account) = &beside.account_block {
        let (words, color) = block(account);
        pairs.push(KeyValue::new("Block, account", words).color(color));
    }
    let (words, color) = match &beside.ownership {
        Known::Is(ownership) if ownership.as_str() == "BucketOwnerEnforced" => ("ACLs are off".to_owned(), t.text),
        Known::Is(_) | Known::NotSet => ("ACLs count too".to_owned(), t.text),
        Known::MayNotRead(trouble) => {
            let needs = trouble.permission.as_deref().unwrap_or("a permission");
            (format!("Cannot be read: needs {needs}"), t.warn_text)
        }
        Known::NotOffered => ("Not offered by this store".to_owned(), t.text_3),
    };
    pairs.push(KeyValue::new("Ownership", words).color(color));
    key_values(ui, &pairs);
}

fn head_ui(ui: &mut Ui, title: &str, badge: Option<&str>) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.label(Type::SmallStrong.rich(title).color(t.text));
        if let Some(badge) = badge {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                Badge::new(BadgeTone::Line, badge).show(ui);
            });
        }
    });
    ui.add_space(8.0);
}
