//! The page of roles: type, icons and colours.

use egui::{Color32, CornerRadius, Rect, Sense, Stroke, StrokeKind, Ui, vec2};

use super::super::paint;
use super::column;
use crate::theme::{Tokens, Type, icons, mark, text};

/// The type scale with a sample of each.
const SCALE: [(&str, Type, &str); 9] = [
    ("display 28/36 600", Type::Display, "Where should your files live?"),
    ("title 20/28 600", Type::Title, "Who may see the files?"),
    ("heading 16/24 600", Type::Heading, "Delete the bucket acme-invoices?"),
    ("lead 14/22 400", Type::Lead, "Begin on this computer and move to the cloud when you are ready"),
    ("body 13/20 400", Type::Body, "Anyone on the internet can view files under photos/"),
    ("label 13/20 500", Type::BodyMedium, "acme-site-images-2026"),
    ("small 12/18 400", Type::Small, "Fetched without sign-in at 09:44: 200 OK, image/jpeg"),
    ("caption 11/16 500", Type::CaptionMedium, "Recent connections · 2400 × 1600 · 1.8 MB"),
    ("mono 12/18 400", Type::Mono, "arn:aws:s3:::acme-site-images-2026/photos/* Il1 O0"),
];

pub(super) fn roles_ui(ui: &mut Ui, rect: Rect) {
    let t = Tokens::of(ui);
    let (left, top) = (rect.left() + 32.0, rect.top() + 28.0);
    column(ui, left, top, 624.0, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            mark::ui(ui, 40.0);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.label(text::title("Brimful").color(t.text));
                ui.label(text::body("Calm, precise, legible, friendly").color(t.text_2));
            });
        });
        ui.add_space(12.0);
        for (name, kind, sample) in SCALE {
            ui.horizontal(|ui| {
                let (rect, _) = ui.allocate_exact_size(vec2(128.0, kind.line_height()), Sense::hover());
                let galley = paint::line(ui, Type::Mono, t.text_3, name);
                paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, rect.left_center(), galley);
                ui.label(kind.rich(sample).color(t.text));
            });
        }
        ui.add_space(8.0);
        paint::hairline(ui);
        ui.add_space(8.0);
        ui.spacing_mut().item_spacing = vec2(11.0, 10.0);
        for row in icons::ALL.chunks(20) {
            ui.horizontal(|ui| {
                for &(_, icon) in row {
                    let (rect, _) = ui.allocate_exact_size(vec2(20.0, 20.0), Sense::hover());
                    paint::icon_at(ui.painter(), rect.center(), icon, 20.0, t.text);
                }
            });
        }
        ui.horizontal(|ui| {
            for icon in [icons::FOLDER, icons::CHECK_CIRCLE, icons::WARNING, icons::X_CIRCLE, icons::LOCK_SIMPLE] {
                let (rect, _) = ui.allocate_exact_size(vec2(20.0, 20.0), Sense::hover());
                paint::icon_fill_at(ui.painter(), rect.center(), icon, 20.0, t.text);
            }
        });
    });
    for (index, (title, roles)) in palettes(t).into_iter().enumerate() {
        let x = left + 656.0 + 192.0 * (index % 3) as f32;
        let y = rect.top() + if index < 3 { 90.0 } else { 398.0 };
        let mut child = ui.new_child(egui::UiBuilder::new().id_salt(index).max_rect(ui.max_rect()));
        column(&mut child, x, y, 180.0, |ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
            ui.label(text::caption_medium(title).color(t.text_3));
            for (name, color) in roles {
                ui.horizontal(|ui| {
                    let (rect, _) = ui.allocate_exact_size(vec2(34.0, 22.0), Sense::hover());
                    let edge = Stroke::new(1.0, t.stroke_strong);
                    ui.painter().rect(rect, CornerRadius::same(4), color, edge, StrokeKind::Inside);
                    ui.label(text::small(name).color(t.text));
                });
            }
        });
    }
}

type Palette = (&'static str, Vec<(&'static str, Color32)>);

fn palettes(t: &Tokens) -> [Palette; 6] {
    [
        (
            "Areas",
            vec![
                ("window", t.window),
                ("surface", t.surface),
                ("sunken", t.sunken),
                ("raised", t.raised),
                ("canvas", t.canvas),
                ("hover", t.hover),
                ("pressed", t.pressed),
                ("selected", t.selected),
                ("selected-quiet", t.selected_quiet),
            ],
        ),
        (
            "Lines",
            vec![
                ("stroke", t.stroke),
                ("stroke-strong", t.stroke_strong),
                ("stroke-control", t.stroke_control),
                ("focus", t.focus),
            ],
        ),
        (
            "Water",
            vec![
                ("accent", t.accent),
                ("accent-hover", t.accent_hover),
                ("accent-pressed", t.accent_pressed),
                ("accent-text", t.accent_text),
                ("accent-soft", t.accent_soft),
                ("water", t.water),
                ("water-pale", t.water_pale),
            ],
        ),
        ("Public", vec![("public", t.public), ("public-text", t.public_text), ("public-soft", t.public_soft)]),
        (
            "States",
            vec![
                ("ok", t.ok),
                ("ok-text", t.ok_text),
                ("ok-soft", t.ok_soft),
                ("warn", t.warn),
                ("warn-text", t.warn_text),
                ("warn-soft", t.warn_soft),
                ("danger", t.danger),
                ("danger-text", t.danger_text),
                ("danger-soft", t.danger_soft),
            ],
        ),
        (
            "Text",
            vec![
                ("text", t.text),
                ("text-2", t.text_2),
                ("text-3", t.text_3),
                ("text-off", t.text_off),
                ("text-on-accent", t.text_on_accent),
            ],
        ),
    ]
}
