//! The answer in one sentence, and what was asked for it.

use egui::{Align, Color32, Frame, Layout, Margin, Rect, Sense, Stroke, Ui, Vec2, vec2};

use crate::domain::check::{Agreement, Diagnosis, Seen, Verdict};
use crate::domain::format;
use crate::model::check::{CheckCommand, Found};
use crate::theme::{Icon, Tokens, Type, icons, measure::radius};
use crate::ui::UiCtx;
use crate::ui::widgets::{Badge, Button, IconButton, Tone, paint};
use crate::ui::words;

pub(super) fn verdict_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, found: &Found) {
    let diagnosis = &found.diagnosis;
    let t = Tokens::of(ui);
    let frame = Frame::NONE.fill(t.sunken).stroke(Stroke::new(1.0, t.stroke)).corner_radius(radius::CARD);
    frame.inner_margin(Margin::same(15)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 16.0;
            tile_ui(ui, diagnosis.verdict);
            let room = ui.available_width() - 184.0;
            ui.allocate_ui_with_layout(vec2(room, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(room);
                words_ui(ui, cx, diagnosis);
            });
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                if Button::secondary("Save report…").icon(icons::FILE_TEXT).show(ui).clicked() {
                    cx.push(CheckCommand::SaveReport);
                }
                if IconButton::new(icons::COPY, "Copy report").edge().show(ui).clicked() {
                    cx.push(CheckCommand::CopyReport);
                }
            });
        });
    });
    if let Agreement::Differs(why) = &diagnosis.agreement {
        super::warning_ui(ui, "Not as predicted from the settings.", why);
    }
}

const fn face(verdict: Verdict) -> Icon {
    match verdict {
        Verdict::Visible => icons::EYE,
        Verdict::Hampered => icons::WARNING,
        Verdict::NotVisible => icons::EYE_SLASH,
        Verdict::CannotTell => icons::QUESTION,
    }
}

fn colors(verdict: Verdict, t: &Tokens) -> (Color32, Color32) {
    match verdict {
        Verdict::Visible => (t.ok_soft, t.ok_text),
        Verdict::Hampered => (t.warn_soft, t.warn_text),
        Verdict::NotVisible => (t.danger_soft, t.danger_text),
        Verdict::CannotTell => (t.hover, t.text_2),
    }
}

fn tile_ui(ui: &mut Ui, verdict: Verdict) {
    let t = Tokens::of(ui);
    let (fill, color) = colors(verdict, t);
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(44.0), Sense::hover());
    ui.painter().rect_filled(rect, radius::BOX, fill);
    paint::icon_at(ui.painter(), rect.center(), face(verdict), 24.0, color);
}

fn words_ui(ui: &mut Ui, cx: &UiCtx<'_>, diagnosis: &Diagnosis) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 2.0;
    paint::label(ui, Type::Title.rich(diagnosis.headline.as_str()), t.text);
    words::label(ui, &diagnosis.sentence, Type::Lead, t.text);
    ui.add_space(6.0);
    match &diagnosis.observed {
        Seen::Answer { status, code, asked } => {
            let code = code.as_deref().map_or_else(|| status.to_string(), |code| format!("{status} {code}"));
            let tone = match diagnosis.verdict {
                Verdict::Visible => Tone::Ok,
                Verdict::Hampered => Tone::Warn,
                Verdict::NotVisible => Tone::Danger,
                Verdict::CannotTell => Tone::Neutral,
            };
            let clock = format::clock(asked.at, cx.zone);
            let mut words = format!("Asked without sign-in at {clock}, in {}", format::duration(asked.took));
            match diagnosis.agreement {
                Agreement::Agrees => words.push_str("   ·   As predicted from the settings"),
                Agreement::Differs(_) => words.push_str("   ·   Not as predicted"),
                Agreement::NotCompared => {}
            }
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                Badge::new(tone, code).show(ui);
                line_ui(ui, &words, t.text_3);
            });
        }
        // Most often the sentence has said it.
        Seen::Nothing(why) if why.trim_end_matches('.') != diagnosis.sentence.to_string().trim_end_matches('.') => {
            line_ui(ui, why, t.text_3);
        }
        Seen::Nothing(_) => {}
    }
}

fn line_ui(ui: &mut Ui, words: &str, color: Color32) {
    let room = ui.available_width();
    let galley = paint::line_within(ui, Type::Small, color, words, room);
    let (cut, size) = (galley.elided, galley.size());
    let response = paint::allocate(ui, size, Sense::hover(), true);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, words));
    let rect: Rect = response.rect;
    paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, rect.left_center(), galley);
    if cut {
        paint::tooltip(response, words);
    }
}
