//! The two dialogs: a confirmation, and a plan.

use egui::Context;

use super::super::*;
use super::Specimen;
use crate::theme::text::Spans;
use crate::theme::{Tokens, Type, icons};

impl Specimen {
    /// A confirmation that wants the name typed.
    pub fn confirm_ui(&mut self, ctx: &Context) -> DialogResponse<()> {
        let t = Tokens::of(ctx);
        let sentence = Spans::new()
            .push(Type::Body, t.text, "This deletes ")
            .push(Type::BodyMedium, t.text, "1,204 files and 312 old versions")
            .push(
                Type::Body,
                t.text,
                " (2.3 GB) for good. Pages that show these images will break, and the name becomes free for anyone.",
            )
            .job();
        let left = "acme-site-images-2026".len().saturating_sub(self.typed.len());
        let wrong = (left > 0).then_some("Type the whole name first");
        Dialog::new("delete bucket", "Delete the bucket acme-site-images-2026?").sentence(sentence).show(
            ctx,
            |ui| {
                let warning = Type::Small.job("photos/ is open to anyone, so other sites may link to it", t.text_2);
                fact(ui, icons::LINK_BREAK, t.warn, warning);
                ui.add_space(4.0);
                let field = TextField::new("Type the name of the bucket", &mut self.typed)
                    .mono()
                    .large()
                    .note(FieldNote::Help(format!("{left} characters to go").into()))
                    .show(ui);
                if !ui.memory(|memory| memory.has_focus(field.response.id)) {
                    field.response.request_focus();
                }
            },
            |ui| {
                Button::danger("Delete bucket").large().disabled_because(wrong).show(ui);
                Button::secondary("Cancel").large().show(ui);
                dialog_foot_left(ui, |ui| {
                    Button::quiet("Download everything first…").icon(icons::DOWNLOAD_SIMPLE).flush_left().show(ui);
                });
            },
        )
    }

    /// A plan of what would be sent.
    pub fn plan_ui(&mut self, ctx: &Context) -> DialogResponse<()> {
        let t = Tokens::of(ctx);
        let sentence = Type::Body.job("Nothing has been sent yet. Look through the plan, then start.", t.text_2);
        Dialog::new("upload plan", "Upload 14 files to acme-site-images-2026")
            .sentence(sentence)
            .width(DialogWidth::Plan)
            .close_button()
            .show(
                ctx,
                |ui| {
                    let columns = vec![
                        Column::exact("", 36.0),
                        Column::share("File", 1.0, 120.0),
                        Column::share("Becomes", 1.4, 160.0),
                        Column::exact("Size", 90.0).right(),
                        Column::exact("", 120.0).right(),
                    ];
                    Table::new("plan", "Files to upload", columns).row_height(44.0).show(ui, 14, |row, index| {
                        let name = format!("IMG_{}.JPG", 2041 + index);
                        row.state(&name, RowSelection::None, index == 1);
                        row.ui(0, |ui| check_box(ui, Some(index != 3), &format!("Send {name}")));
                        row.two_lines(1, &name, "JPEG image · 2400 × 1600");
                        row.key(2, t.text, &format!("photos/2026/summer-in-the-mountains/img-{}.jpg", 2041 + index));
                        row.text(3, Type::Body, t.text_2, "3.1 MB");
                        row.ui(4, |ui| {
                            if index % 4 == 0 {
                                let remove = Button::secondary("Remove it").small();
                                remove.name(format!("Remove the location from {name}")).show(ui);
                            }
                        });
                    });
                },
                |ui| {
                    Button::primary("Upload 14 files").large().icon(icons::UPLOAD_SIMPLE).show(ui);
                    Button::secondary("Cancel").large().show(ui);
                    dialog_foot_left(ui, |ui| {
                        Badge::new(Tone::Public, "Will be open to anyone").icon(icons::GLOBE_SIMPLE).show(ui);
                        ui.label(Type::Small.rich("14 files · 38.4 MB").color(t.text_2));
                    });
                },
            )
    }
}
