use egui::Ui;

use super::{rule, setting_ui};
use crate::model::command::FrameCommand;
use crate::theme::{Tokens, Type};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, CodeBlock, paint};

/// Texts of the licences of what is inside: Brimful itself, and the fonts.
const LICENCES: [(&str, &str); 4] = [
    ("Brimful: MIT", include_str!("../../../LICENSE-MIT")),
    ("Brimful: Apache 2.0", include_str!("../../../LICENSE-APACHE")),
    ("IBM Plex Sans and Mono: SIL Open Font Licence 1.1", include_str!("../../../assets/fonts/OFL-IBM-Plex-Sans.txt")),
    ("Phosphor icons: MIT", include_str!("../../../assets/fonts/MIT-Phosphor.txt")),
];

/// Logs, reports, version and licences.
pub(super) fn about_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, licences: &mut bool) {
    let t = Tokens::of(ui);
    let folders = [
        ("Log files", "What Brimful did, without keys and without signed addresses", cx.model.about.logs_dir.clone()),
        ("Reports of defects", "Written when something goes wrong inside Brimful", cx.model.about.reports_dir.clone()),
    ];
    for (title, body, path) in folders {
        setting_ui(ui, title, body, |ui| {
            let name = format!("Show the folder of {}", title.to_lowercase());
            if Button::secondary("Show").name(name).tooltip(path.display().to_string()).show(ui).clicked() {
                cx.push(FrameCommand::RevealPath(path));
            }
        });
        rule(ui);
    }
    let version = format!("Brimful {}", env!("CARGO_PKG_VERSION"));
    setting_ui(ui, &version, "Free software under the MIT or the Apache 2.0 licence, as you choose", |ui| {
        let label = if *licences { "Hide the licences" } else { "Show the licences" };
        if Button::secondary(label).show(ui).clicked() {
            *licences = !*licences;
        }
    });
    if !*licences {
        return;
    }
    for (title, text) in LICENCES {
        ui.add_space(12.0);
        paint::label(ui, Type::SmallStrong.rich(title), t.text);
        ui.add_space(4.0);
        egui::ScrollArea::vertical().id_salt(title).max_height(160.0).auto_shrink([false, true]).show(ui, |ui| {
            CodeBlock::new(ui, text).show(ui);
        });
    }
}
