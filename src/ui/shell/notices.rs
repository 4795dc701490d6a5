//! Toasts at the bottom right, and the history they are kept in.

use egui::{Align, Area, Layout, Order, Rect, Sense, Ui, UiBuilder, Vec2, vec2};
use jiff::Timestamp;

use crate::model::command::{FrameCommand, Screen};
use crate::model::notices::{Notice, TOAST_STAYS, Tone};
use crate::theme::{Icon, Tokens, Type, icons, measure};
use crate::ui::UiCtx;
use crate::ui::start::{back_ui, page_ui, title_ui};
use crate::ui::widgets::paint::{self, hairline, icon_fill_at};
use crate::ui::widgets::{Button, Toast, ToastTone, link};

const COPY_DETAILS: &str = "Copy details";

/// Shows the toasts over everything but dialogs, and lets them go after a while.
pub(super) fn toasts_ui(ui: &Ui, cx: &mut UiCtx<'_>, above: f32) {
    let mut bottom = above + 16.0;
    let toasts: Vec<&Notice> = cx.model.notices.toasts().collect();
    for notice in toasts.into_iter().rev() {
        let area = Area::new(egui::Id::unique("toast").with(notice.id))
            .order(Order::Foreground)
            .anchor(egui::Align2::RIGHT_BOTTOM, Vec2::new(-16.0, -bottom))
            .accessible_name(format!("Notice: {}", notice.title));
        let shown = area.show(ui.ctx(), |ui| {
            ui.set_width(measure::width::TOAST);
            let mut toast = Toast::new(toast_tone(notice.tone), notice.title.as_str()).body(notice.body.as_str());
            for entry in &notice.links {
                toast = toast.action(entry.label.as_str());
            }
            if !notice.details.is_empty() {
                toast = toast.action(COPY_DETAILS);
            }
            toast.show(ui)
        });
        bottom += shown.response.rect.height() + 8.0;
        let toast = shown.inner;
        if let Some(index) = toast.action {
            follow(cx, notice, index);
        }
        if toast.closed || toast.action.is_some() {
            cx.push(FrameCommand::DismissNotice(notice.id));
        }
        let_go(ui, cx, notice, toast.hovered);
    }
}

fn toast_tone(tone: Tone) -> ToastTone {
    match tone {
        Tone::Done => ToastTone::Ok,
        Tone::Info => ToastTone::Plain(icons::INFO),
        Tone::Warning => ToastTone::Warn,
        Tone::Failed => ToastTone::Danger,
    }
}

/// Carries out a link of a notice; behind its own links comes the copy of its details.
fn follow(cx: &mut UiCtx<'_>, notice: &Notice, index: usize) {
    match notice.links.get(index) {
        Some(entry) => cx.commands.push(entry.command.clone()),
        None => {
            let text = format!("{}\n{}\n{}", notice.title, notice.body, notice.details.join("\n"));
            cx.push(FrameCommand::CopyText { text, said: "Details copied".into() });
        }
    }
}

/// Failures stay until closed; the others go after some seconds, but not from under the pointer.
fn let_go(ui: &Ui, cx: &mut UiCtx<'_>, notice: &Notice, under_pointer: bool) {
    if notice.tone == Tone::Failed || under_pointer {
        return;
    }
    let age = cx.now.duration_since(notice.at).unsigned_abs();
    match TOAST_STAYS.checked_sub(age) {
        Some(left) if !left.is_zero() => ui.ctx().request_repaint_after(left),
        _ => cx.push(FrameCommand::DismissNotice(notice.id)),
    }
}

fn face(tone: Tone, t: &Tokens) -> (Icon, egui::Color32, &'static str) {
    match tone {
        Tone::Done => (icons::CHECK_CIRCLE, t.ok, "done"),
        Tone::Info => (icons::INFO, t.text_3, "note"),
        Tone::Warning => (icons::WARNING, t.warn, "warning"),
        Tone::Failed => (icons::X_CIRCLE, t.danger_icon(), "failed"),
    }
}

/// The page with all notices of this session, newest first.
pub(super) fn history_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, when: impl Fn(Timestamp) -> String) {
    let head = cx.model.session.is_none();
    let history: Vec<&Notice> = cx.model.notices.history().collect();
    page_ui(ui, cx, "notices", head, |ui, cx| {
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
        title_ui(ui, "Notices", "What Brimful has told you since it was started");
        if history.is_empty() {
            ui.add_space(24.0);
            let sentence = "Nothing yet. What ends, fails or needs you is told here.";
            paint::label(ui, Type::Body.rich(sentence), Tokens::of(ui).text_3);
            return;
        }
        let corner = Rect::from_min_size(ui.min_rect().right_bottom() - vec2(160.0, 32.0), vec2(160.0, 30.0));
        let layout = Layout::right_to_left(Align::Center);
        let mut corner = ui.new_child(UiBuilder::new().id_salt("copy_all").max_rect(corner).layout(layout));
        if Button::quiet_accent("Copy all").icon(icons::COPY).show(&mut corner).clicked() {
            let lines = history.iter().map(|notice| {
                format!("{} {}. {} {}", when(notice.at), notice.title, notice.body, notice.details.join(" · "))
            });
            let text = lines.collect::<Vec<_>>().join("\n");
            cx.push(FrameCommand::CopyText { text, said: "Notices copied".into() });
        }
        ui.add_space(14.0);
        for notice in history {
            ui.add_space(10.0);
            entry_ui(ui, cx, notice, &when(notice.at));
            ui.add_space(10.0);
            hairline(ui);
        }
    });
}

fn entry_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, notice: &Notice, when: &str) {
    let t = Tokens::of(ui);
    let (icon, color, said) = face(notice.tone, t);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 10.0;
        let (rect, response) = ui.allocate_exact_size(vec2(18.0, 20.0), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, said));
        icon_fill_at(ui.painter(), rect.center(), icon, 18.0, color);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.horizontal(|ui| {
                ui.label(Type::BodyMedium.rich(&notice.title).color(t.text));
                ui.label(Type::Caption.rich(when).color(t.text_3));
            });
            if !notice.body.is_empty() {
                ui.label(Type::Small.rich(&notice.body).color(t.text_2));
            }
            for line in &notice.details {
                ui.label(Type::Mono.rich(line).color(t.text_3));
            }
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 12.0;
                for (index, entry) in notice.links.iter().enumerate() {
                    if link(ui, Type::SmallMedium, &entry.label).clicked() {
                        follow(cx, notice, index);
                    }
                }
                if !notice.details.is_empty() && link(ui, Type::SmallMedium, COPY_DETAILS).clicked() {
                    follow(cx, notice, notice.links.len());
                }
            });
        });
    });
}
