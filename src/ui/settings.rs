//! The application's own settings.

mod about;
mod practice;
mod transfers;
mod user_dialog;
mod users;

use egui::{Ui, vec2};

use crate::domain::format;
use crate::model::command::{FrameCommand, Screen};
use crate::model::connect::SecretsKept;
use crate::model::settings::{PracticeUser, SettingsCommand, Theme};
use crate::theme::{Icon, Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::start::{back_ui, page_ui, title_ui};
use crate::ui::widgets::{Card, ControlSize, IconButton, Segment, card_header, paint, segmented, switch};

/// Sizes of everything on screen that can be chosen, in percent.
const SCALES: [u16; 8] = [75, 90, 100, 110, 125, 150, 175, 200];
/// Sizes above which an image gets a warning, in bytes.
const WARN_ABOVE: [u64; 7] = [500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000];

/// The page and what is typed in it.
#[derive(Debug, Default)]
pub struct SettingsPanel {
    licences: bool,
    user: user_dialog::UserDialog,
    transfers: transfers::TransfersForm,
}

impl SettingsPanel {
    /// The dialog that asks what a user of practice storage is to be.
    pub fn user_ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>, user: Option<&PracticeUser>) {
        self.user.ui(ui, cx, user);
    }

    /// Paints it.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let head = cx.model.session.is_none();
        page_ui(ui, cx, "settings", head, |ui, cx| {
            ui.add_space(20.0);
            let (label, to) = match &cx.model.session {
                Some(session) => (format!("Back to {}", session.connection.name), Screen::Browse),
                None => ("All connections".to_owned(), Screen::Start),
            };
            let escaped = !cx.model.has_dialog()
                && ui.memory(|memory| memory.focused().is_none())
                && ui.input(|input| input.key_pressed(egui::Key::Escape));
            if back_ui(ui, &label, "Esc") || escaped {
                cx.push(FrameCommand::Show(to));
            }
            ui.add_space(8.0);
            title_ui(ui, "Settings", "Everything here takes effect at once and is remembered on this computer");
            ui.add_space(24.0);
            card_ui(ui, icons::EYE, "Appearance", |ui| appearance_ui(ui, cx));
            card_ui(ui, icons::PLAY_CIRCLE, "Start", |ui| start_ui(ui, cx));
            card_ui(ui, icons::UPLOAD_SIMPLE, "Uploads", |ui| uploads_ui(ui, cx));
            card_ui(ui, icons::ARROWS_DOWN_UP, "Transfers", |ui| self.transfers.ui(ui, cx));
            card_ui(ui, icons::DESKTOP, "Practice storage", |ui| practice::practice_ui(ui, cx));
            card_ui(ui, icons::LOCK_KEY, "Secret keys", |ui| secrets_ui(ui, cx));
            card_ui(ui, icons::INFO, "About Brimful", |ui| about::about_ui(ui, cx, &mut self.licences));
        });
    }
}

fn card_ui(ui: &mut Ui, icon: Icon, title: &str, contents: impl FnOnce(&mut Ui)) {
    Card::new().show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        card_header(ui, icon, title, |_| {}, |_| {});
        ui.add_space(8.0);
        contents(ui);
    });
    ui.add_space(12.0);
}

/// A setting: what it is and what it means at the left, the control at the right.
pub(super) fn setting_ui(ui: &mut Ui, title: &str, body: &str, control: impl FnOnce(&mut Ui)) {
    const CONTROL: f32 = 300.0;
    let t = Tokens::of(ui);
    let width = ui.available_width();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing = vec2(16.0, 0.0);
        let words = (width - CONTROL - 16.0).max(160.0);
        ui.allocate_ui_with_layout(vec2(words, 0.0), egui::Layout::top_down(egui::Align::LEFT), |ui| {
            ui.set_width(words);
            paint::label(ui, Type::BodyMedium.rich(title), t.text);
            if !body.is_empty() {
                paint::label(ui, Type::Small.rich(body), t.text_3);
            }
        });
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        ui.allocate_ui_with_layout(vec2(ui.available_width(), 38.0), layout, |ui| {
            ui.set_min_height(38.0);
            ui.spacing_mut().item_spacing.x = 8.0;
            control(ui);
        });
    });
}

fn appearance_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    setting_ui(ui, "Colours", "“System” follows light and dark of your desktop", |ui| {
        let words = [
            Segment::new(Theme::System, "System"),
            Segment::new(Theme::Light, "Light"),
            Segment::new(Theme::Dark, "Dark"),
        ];
        let mut theme = cx.model.settings.theme;
        if segmented(ui, &words, &mut theme, ControlSize::Regular).changed() {
            cx.push(SettingsCommand::Theme(theme));
        }
    });
    rule(ui);
    setting_ui(ui, "Size of everything", "On top of what your screen is set to", |ui| {
        let now = (cx.model.settings.ui_scale * 100.0).round() as u16;
        let (smaller, larger) = neighbours(&SCALES, now);
        if let Some(scale) = stepper_ui(
            ui,
            &format!("{now} %"),
            ("Make everything larger", larger),
            ("Make everything smaller", smaller),
        ) {
            cx.push(SettingsCommand::UiScale(f32::from(scale) / 100.0));
        }
    });
}

fn start_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let body = "Otherwise Brimful begins with the three doors and the list of connections";
    setting_ui(ui, "Open the connection used last", body, |ui| {
        let mut on = cx.model.settings.open_last_connection;
        if switch(ui, &mut on, "Open the connection used last").changed() {
            cx.push(SettingsCommand::OpenLastConnection(on));
        }
    });
}

fn uploads_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let above = cx.model.settings.warn_above_bytes;
    setting_ui(ui, "Warn of large images", "In the plan of an upload, before anything is sent", |ui| {
        let mut on = above.is_some();
        if switch(ui, &mut on, "Warn of large images").changed() {
            let usual = crate::model::settings::usual_warn_above();
            cx.push(SettingsCommand::WarnAbove(if on { usual } else { None }));
        }
        if let Some(bytes) = above {
            let (smaller, larger) = neighbours(&WARN_ABOVE, bytes);
            let shown = format!("Above {}", format::size(bytes));
            if let Some(bytes) =
                stepper_ui(ui, &shown, ("Warn above a larger size", larger), ("Warn above a smaller size", smaller))
            {
                cx.push(SettingsCommand::WarnAbove(Some(bytes)));
            }
        }
    });
}

fn secrets_ui(ui: &mut Ui, cx: &UiCtx<'_>) {
    let (title, body) = match &cx.model.connect.kept {
        SecretsKept::Keychain => (
            "In your system’s keychain",
            "Secret keys that you type are kept there and nowhere else. Removing a connection removes its key."
                .to_owned(),
        ),
        SecretsKept::Memory(reason) => {
            ("In memory, until Brimful closes", format!("{reason}. Brimful never writes keys into a file."))
        }
    };
    let t = Tokens::of(ui);
    paint::label(ui, Type::BodyMedium.rich(title), t.text);
    paint::label(ui, Type::Small.rich(body), t.text_3);
}

/// A hairline between two settings.
pub(super) fn rule(ui: &mut Ui) {
    ui.add_space(8.0);
    paint::hairline(ui);
    ui.add_space(8.0);
}

fn lower_first(label: &str) -> String {
    let mut chars = label.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// The next smaller and the next larger step.
fn neighbours<T: Copy + PartialOrd>(steps: &[T], now: T) -> (Option<T>, Option<T>) {
    let smaller = steps.iter().rev().copied().find(|step| *step < now);
    let larger = steps.iter().copied().find(|step| *step > now);
    (smaller, larger)
}

/// A value between a minus and a plus, laid out from the right. Says which value was asked for.
fn stepper_ui<T: Copy>(ui: &mut Ui, shown: &str, larger: (&str, Option<T>), smaller: (&str, Option<T>)) -> Option<T> {
    let t = Tokens::of(ui);
    let mut asked = None;
    let mut step = |ui: &mut Ui, icon, (name, value): (&str, Option<T>)| {
        let off = value.is_none().then_some("This is as far as it goes");
        if IconButton::new(icon, name).edge().tooltip(name).disabled_because(off).show(ui).clicked() {
            asked = value;
        }
    };
    step(ui, icons::PLUS, larger);
    let text = paint::line(ui, Type::Body, t.text, shown);
    let (rect, response) = ui.allocate_exact_size(vec2(text.size().x.max(52.0), 30.0), egui::Sense::hover());
    paint::galley_at(ui.painter(), egui::Align2::CENTER_CENTER, rect.center(), text);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, shown));
    step(ui, icons::MINUS, smaller);
    asked
}

#[cfg(test)]
mod tests {
    use super::{SCALES, neighbours};
    use test_case::test_case;

    #[test_case(100, Some(90), Some(110); "in the middle")]
    #[test_case(105, Some(100), Some(110); "between two steps")]
    #[test_case(75, None, Some(90); "at the lower end")]
    #[test_case(250, Some(200), None; "beyond the upper end")]
    fn steps_from_anywhere(now: u16, smaller: Option<u16>, larger: Option<u16>) {
        assert_eq!(neighbours(&SCALES, now), (smaller, larger));
    }
}
