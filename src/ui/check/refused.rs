//! "Why was I refused?": what stands against a request, the smallest statement that would allow it, and a message to
//! whoever can allow it.

use egui::{ScrollArea, Ui};

use crate::domain::check::WhyRefused;
use crate::model::command::FrameCommand;
use crate::model::modal::Modal;
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, CodeBlock, Dialog, KeyValue, fact, key_values, paint};

/// Shows it, while it is asked.
pub fn refused_dialog_ui(ui: &Ui, cx: &mut UiCtx<'_>) {
    let Some(Modal::WhyRefused(why)) = &cx.model.modal else { return };
    let t = Tokens::of(ui);
    let (mut copy, mut message) = (None, false);
    let mut close = false;
    let answer = Dialog::new("why refused", "Why was I refused?")
        .sentence(Type::Body.job(why.sentence.as_str(), t.text_2))
        .close_button()
        .show(
            ui.ctx(),
            |ui| {
                ScrollArea::vertical().id_salt("why refused").max_height(440.0).show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    ui.spacing_mut().item_spacing.y = 8.0;
                    body_ui(ui, why, &mut copy);
                });
            },
            |ui| {
                let button = Button::primary("Copy a message to the administrator").icon(icons::COPY).large();
                message = button.show(ui).clicked();
                close = Button::secondary("Close").large().show(ui).clicked();
            },
        );
    if message {
        copy = Some((why.message.clone(), "Message copied"));
    }
    if let Some((text, said)) = copy {
        cx.push(FrameCommand::CopyText { text, said: said.to_owned() });
    }
    if close || answer.close {
        cx.push(FrameCommand::CloseModal);
    }
}

fn body_ui(ui: &mut Ui, why: &WhyRefused, copy: &mut Option<(String, &'static str)>) {
    let t = Tokens::of(ui);
    let facts = [("Permission", &why.action), ("On", &why.resource)];
    let facts: Vec<_> =
        facts.iter().filter_map(|(name, value)| Some(KeyValue::mono(*name, value.as_deref()?))).collect();
    key_values(ui, &facts);
    let explained = why.symptom.explained();
    fact(ui, icons::INFO, t.text_3, Type::Body.job(explained.fix, t.text));
    let statements = [
        ("The smallest statement for a policy of the user or role", &why.identity_statement),
        ("The smallest statement for the policy of the bucket", &why.bucket_statement),
    ];
    for (title, statement) in statements {
        let Some(statement) = statement else { continue };
        ui.add_space(4.0);
        paint::label(ui, Type::SmallStrong.rich(title), t.text);
        if CodeBlock::new(ui, statement).copy("Copy the statement").show(ui) {
            *copy = Some((statement.clone(), "Statement copied"));
        }
    }
}
