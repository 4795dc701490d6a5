use egui::Ui;

use crate::domain::format;
use crate::model::upload::TransferCommand;
use crate::theme::icons;
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, MenuRow, menu, menu_rule};

/// So many batches are offered one by one, the newest first.
const BATCHES_SHOWN: usize = 8;

/// Offers to write down what came of everything that ended, or of one batch where there are several.
pub(super) fn receipt_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let transfers = &cx.model.upload.transfers;
    let several = transfers.batches.len() > 1;
    let label = if several { "Save receipt" } else { "Save receipt…" };
    let mut button = Button::quiet(label).icon(icons::EXPORT);
    if several {
        button = button.trailing_icon(icons::CARET_DOWN);
    }
    let button = button.show(ui);
    if !several {
        if button.clicked() {
            cx.push(TransferCommand::SaveReceipt(None));
        }
        return;
    }
    menu(&button, 320.0, |ui| {
        if MenuRow::new("Everything that ended…").show(ui).clicked() {
            cx.push(TransferCommand::SaveReceipt(None));
        }
        menu_rule(ui);
        let batches =
            transfers.batches.iter().rev().map(|(number, batch)| (number, batch, transfers.counts_of(*number)));
        for (number, batch, counts) in batches.filter(|(_, _, counts)| counts.open() < counts.all).take(BATCHES_SHOWN) {
            let place = if batch.folder.is_empty() { &batch.bucket } else { &batch.folder };
            let files = format::counted(counts.all - counts.open(), "file", "files");
            if MenuRow::new(format!("{files} to {place}…")).show(ui).clicked() {
                cx.push(TransferCommand::SaveReceipt(Some(*number)));
            }
        }
    });
}
