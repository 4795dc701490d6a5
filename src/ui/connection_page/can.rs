//! What the connection can do, in one bucket after the other.

use egui::{Frame, Key, Margin, ScrollArea, Ui};

use super::finding::Rows;
use super::trouble_ui;
use crate::domain::checkup::{Checkup, Counts, Group};
use crate::model::connection_page::ConnectionPageCommand;
use crate::theme::{Tokens, Type, icons, measure};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Banner, BannerTone, Button, ButtonKind, FieldNote, IconButton, Level, MenuRow, TextField, fact, level_icon, menu,
    paint, row,
};
use crate::worker::Status;

/// The side, and what is being typed on it.
#[derive(Debug, Default)]
pub(super) struct Can {
    place: String,
    /// Which place of the model was taken over last.
    number: u64,
    rows: Rows,
}

impl Can {
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let page = &cx.model.connection_page;
        if self.number != page.number {
            self.number = page.number;
            self.place.clone_from(&page.place);
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.add_space(14.0);
        self.place_ui(ui, cx);
        ui.add_space(12.0);
        let page = &cx.model.connection_page;
        match page.checkup.status() {
            Status::Idle | Status::Pending(None) => coming_ui(ui),
            Status::Pending(Some(checkup)) => {
                ui.multiply_opacity(0.6);
                self.found_ui(ui, cx, checkup);
            }
            Status::Ready(checkup) => self.found_ui(ui, cx, checkup),
            Status::Failed(trouble, _) => {
                Frame::NONE.inner_margin(Margin { right: 24, ..Margin::ZERO }).show(ui, |ui| {
                    let title = "It could not be found out what this connection can do";
                    trouble_ui(ui, cx, title, trouble, ConnectionPageCommand::Again);
                });
            }
        }
    }

    /// Where it is looked: a bucket of the list, or one that is typed.
    fn place_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let page = &cx.model.connection_page;
        let busy = page.checkup.is_pending();
        let same = self.place == page.place;
        let mut go = None;
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            let note = match page.problem.as_deref().filter(|_| same) {
                Some(problem) => FieldNote::Error { sentence: problem.into(), mend: None },
                None => FieldNote::None,
            };
            let field = TextField::new("Bucket to look at", &mut self.place)
                .label_hidden()
                .placeholder("A bucket, or a folder in one: acme-images/photos/")
                .icon(icons::STACK)
                .mono()
                .note(note)
                .width(ui.available_width() - 170.0);
            let response = field.show(ui).response;
            if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
                go = Some(self.place.clone());
            }
            let names = cx.model.session.as_ref().map(|session| session.bucket_names().collect::<Vec<_>>());
            let names = names.unwrap_or_default();
            let none = names.is_empty().then_some("No bucket is known by name: type one");
            let choose = IconButton::new(icons::CARET_DOWN, "Choose a bucket").edge().disabled_because(none).show(ui);
            menu(&choose, 280.0, |ui| {
                let most = (ui.ctx().content_rect().bottom() - choose.rect.bottom() - 40.0).max(112.0);
                let height = measure::height::ROW_TREE;
                let scroll = ScrollArea::vertical().max_height(most).auto_shrink([false, true]);
                scroll.show_rows(ui, height, names.len(), |ui, rows| {
                    for name in names.get(rows).unwrap_or_default() {
                        if MenuRow::new(*name).icon(icons::STACK).chosen(*name == page.place).show(ui).clicked() {
                            go = Some((*name).to_owned());
                        }
                    }
                });
            });
            let kind = if same { ButtonKind::Secondary } else { ButtonKind::Primary };
            let label = if same { "Look again" } else { "Look" };
            let button = Button::new(kind, label).min_width(96.0).busy(busy.then_some(Level::Unknown));
            if button.show(ui).clicked() {
                go = Some(self.place.clone());
            }
        });
        if let Some(place) = go {
            cx.push(ConnectionPageCommand::Look(place));
        }
    }

    fn found_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, checkup: &Checkup) {
        let t = Tokens::of(ui);
        let bucket = checkup.buckets.first();
        let findings = bucket.and_then(|bucket| bucket.findings.as_ref().ok());
        let counts = Counts::of(checkup.account.iter().chain(findings.into_iter().flatten()));
        row(ui, 28.0, |ui| {
            let title = format!("{} of {} can be done", counts.can, counts.all());
            paint::label(ui, Type::Title.rich(title), t.text);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.add_space(24.0);
                if Button::quiet_accent("Copy report").icon(icons::COPY).show(ui).clicked() {
                    cx.push(ConnectionPageCommand::CopyReport);
                }
            });
        });
        let signed = match (&checkup.who, &checkup.key) {
            (Some(who), Some(key)) => format!("Signed in as {who}, with the access key {key}"),
            (Some(who), None) => format!("Signed in as {who}"),
            (None, Some(key)) => format!("Signed in with the access key {key}"),
            (None, None) => "Without a sign-in".to_owned(),
        };
        let rest = Counts { can: 0, ..counts }.words();
        let words = if rest.is_empty() { signed } else { format!("{rest}   ·   {signed}") };
        ui.add(egui::Label::new(Type::Small.rich(words).color(t.text_3)).truncate());
        ui.add_space(10.0);
        ScrollArea::vertical().id_salt("findings").auto_shrink(false).show(ui, |ui| {
            ui.set_width(ui.available_width() - 24.0);
            ui.spacing_mut().item_spacing.y = 0.0;
            for group in Group::ALL {
                self.rows.group_ui(ui, group, checkup.account.iter().chain(findings.into_iter().flatten()));
            }
            match bucket.map(|bucket| &bucket.findings) {
                Some(Err(why)) => {
                    ui.add_space(12.0);
                    Banner::new(BannerTone::Warn, why.as_str(), "").show(ui);
                }
                Some(Ok(_)) => {}
                None => {
                    ui.add_space(12.0);
                    let words = "Type a bucket’s name above to see what can be done in it";
                    fact(ui, icons::INFO, t.text_3, Type::Small.job(words, t.text_2));
                }
            }
            ui.add_space(16.0);
        });
    }
}

fn coming_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        level_icon(ui, Level::Unknown, 16.0, "Being looked at");
        paint::label(ui, Type::Body.rich("Asking what changes nothing: reads, and short listings"), t.text_2);
    });
}
