//! The strip at the bottom: what is on its way, how far, and what came of it.

use egui::{Align, Layout, Rangef, Sense, Ui, UiBuilder, vec2};

use crate::domain::format;
use crate::model::closing::Closing;
use crate::model::command::{FrameCommand, Screen};
use crate::model::upload::transfers::{Strip, StripMark};
use crate::model::upload::{TransferCommand, URL_TEXTS};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, IconButton, Level, MenuRow, brim_line, level_icon, link, menu, paint};

pub(super) fn strip_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let Some(strip) = cx.model.upload.transfers.strip() else { return };
    let t = Tokens::of(ui);
    let rect = ui.max_rect();
    ui.painter().rect_filled(rect, 0, t.window);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, egui::Stroke::new(1.0, t.stroke));
    if matches!(strip.mark, StripMark::Running | StripMark::Paused | StripMark::Before) {
        let along = Rangef::new(rect.left(), rect.left() + rect.width() * strip.part);
        brim_line(ui.painter(), along, rect.top() + 1.0, t);
    }
    let inner = egui::Rect::from_min_max(rect.min + vec2(16.0, 1.0), rect.max - vec2(12.0, 0.0));
    let right = UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center)).id_salt("right");
    let mut right = ui.new_child(right);
    right.spacing_mut().item_spacing.x = 6.0;
    right_ui(&mut right, cx, &strip);
    let mut left_rect = inner;
    left_rect.max.x = right.min_rect().left() - 12.0;
    let left = UiBuilder::new().max_rect(left_rect).layout(Layout::left_to_right(Align::Center)).id_salt("left");
    let mut left = ui.new_child(left);
    left.set_clip_rect(left_rect.intersect(ui.clip_rect()));
    left.spacing_mut().item_spacing.x = 10.0;
    left_ui(&mut left, cx, &strip);
}

fn left_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, strip: &Strip) {
    let t = Tokens::of(ui);
    let level = match strip.mark {
        StripMark::Running => Level::Fraction(strip.part),
        StripMark::Paused | StripMark::Before => Level::Paused,
        StripMark::Done => Level::Done,
        StripMark::Failed => Level::Failed,
    };
    level_icon(ui, level, 16.0, "Transfers");
    for (kind, color, words) in [(Type::SmallMedium, t.text, &strip.title), (Type::Small, t.text_2, &strip.detail)] {
        if words.is_empty() {
            continue;
        }
        let galley = paint::line_within(ui, kind, color, words.as_str(), ui.available_width().max(10.0));
        let response = paint::allocate(ui, vec2(galley.size().x, 18.0), Sense::hover(), true);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, words));
        paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, response.rect.left_center(), galley);
    }
    if strip.failed > 0 {
        let words = format!("{} failed", format::count(strip.failed));
        if Button::quiet(words.as_str()).small().icon(icons::WARNING_CIRCLE).show(ui).clicked() {
            cx.push(FrameCommand::Show(Screen::Transfers));
        }
    }
}

fn right_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, strip: &Strip) {
    let t = Tokens::of(ui);
    let on_page = cx.model.screen == Screen::Transfers;
    match strip.mark {
        StripMark::Running | StripMark::Paused => {
            page_button(ui, cx, on_page);
            let paused = strip.mark == StripMark::Paused;
            let (icon, name, wish) = if paused {
                (icons::PLAY, "Go on with all transfers", TransferCommand::ResumeAll)
            } else {
                (icons::PAUSE, "Pause all transfers", TransferCommand::PauseAll)
            };
            if IconButton::new(icon, name).small().show(ui).clicked() {
                cx.push(wish);
            }
            if matches!(cx.model.closing, Closing::WhenDone { .. }) {
                if link(ui, Type::SmallMedium, "Keep open").clicked() {
                    cx.push(FrameCommand::StayOpen);
                }
                paint::label(ui, Type::Small.rich("Brimful closes when done"), t.text);
                ui.add_space(10.0);
            }
            paint::label(ui, Type::Small.rich(strip.pace.as_str()), t.text_2);
        }
        StripMark::Before => {
            page_button(ui, cx, on_page);
            if Button::primary("Resume").small().icon(icons::PLAY).show(ui).clicked() {
                cx.push(TransferCommand::ResumeAll);
            }
            if Button::quiet("Discard…").small().show(ui).clicked() {
                cx.push(TransferCommand::AskDiscardBefore);
            }
        }
        StripMark::Done | StripMark::Failed => {
            if IconButton::new(icons::X, "Close the transfer strip").small().tooltip("Close").show(ui).clicked() {
                cx.push(TransferCommand::CloseStrip);
            }
            page_button(ui, cx, on_page);
            if let Some((batch, count)) = strip.copy {
                let caret = IconButton::new(icons::CARET_DOWN, "Copy the URLs in another form").small().show(ui);
                menu(&caret, 180.0, |ui| {
                    for (text, label) in URL_TEXTS {
                        if MenuRow::new(format!("Copy as {label}")).icon(icons::COPY).show(ui).clicked() {
                            cx.push(TransferCommand::CopyUrls(batch, text));
                        }
                    }
                });
                let words = format!("Copy {}", format::counted(count, "URL", "URLs"));
                if link(ui, Type::SmallMedium, &words).clicked() {
                    cx.push(TransferCommand::CopyUrls(batch, URL_TEXTS[0].0));
                }
            }
        }
    }
}

/// To the page, or back from it.
fn page_button(ui: &mut Ui, cx: &mut UiCtx<'_>, on_page: bool) {
    let (icon, name, screen) = if on_page && cx.model.session.is_none() {
        (icons::CARET_DOWN, "Back to the start", Screen::Start)
    } else if on_page {
        (icons::CARET_DOWN, "Back to the bucket", Screen::Browse)
    } else {
        (icons::CARET_UP, "Show all transfers", Screen::Transfers)
    };
    if IconButton::new(icon, name).small().show(ui).clicked() {
        cx.push(FrameCommand::Show(screen));
    }
}
