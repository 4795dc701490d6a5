use egui::{Key, Modifiers, Ui};

use crate::model::connect::ConnectCommand;
use crate::theme::icons;
use crate::ui::UiCtx;
use crate::ui::widgets::{FieldNote, TextField};

/// A field that opens whatever names a bucket.
#[derive(Debug, Default)]
pub(super) struct AddressField {
    text: String,
}

impl AddressField {
    /// Shows it `width` points wide; Enter opens. Ctrl+L leads into it. Says whether something is typed.
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, label: &str, width: f32) -> bool {
        let wanted = !cx.model.has_dialog() && ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::L));
        let problem = cx.model.connect.no_way.as_ref().filter(|no_way| no_way.text == self.text);
        let note = match problem {
            Some(no_way) => FieldNote::Error { sentence: no_way.sentence.as_str().into(), mend: None },
            None => FieldNote::None,
        };
        let field = TextField::new(label, &mut self.text)
            .label_hidden()
            .placeholder(label)
            .icon(icons::LINK_SIMPLE)
            .key_cap("Ctrl L")
            .width(width)
            .note(note)
            .id_salt("address")
            .show(ui);
        if wanted {
            field.response.request_focus();
        }
        if field.response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            self.open(cx);
            field.response.request_focus();
        }
        !self.text.trim().is_empty()
    }

    /// Asks to open what is typed.
    pub(super) fn open(&self, cx: &mut UiCtx<'_>) {
        cx.push(ConnectCommand::OpenLocation(self.text.clone()));
    }
}
