//! Small pictures in rows.

use std::collections::HashMap;

use egui::epaint::RectShape;
use egui::{Color32, ColorImage, CornerRadius, Rect, TextureHandle, TextureOptions, Ui, Vec2, pos2, vec2};

use crate::images::Thumb;
use crate::theme::{Icon, Tokens, measure::radius};
use crate::ui::widgets::{checkerboard, paint};

/// More textures than this are not kept.
const KEPT: usize = 800;

/// The textures of small pictures in a list, by row.
#[derive(Default)]
pub(super) struct Pictures {
    of: u64,
    textures: HashMap<u64, TextureHandle>,
}

impl Pictures {
    /// What is kept belongs to that list; what belonged to another goes.
    pub(super) fn belong_to(&mut self, list: u64) {
        if self.of != list || self.textures.len() > KEPT {
            self.of = list;
            self.textures.clear();
        }
    }

    /// A picture of 36 by 28 points that fills its place, or the icon of its type.
    pub(super) fn ui(&mut self, ui: &mut Ui, row: u64, thumb: Option<&Thumb>, icon: Icon) {
        let t = Tokens::of(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(36.0, 28.0), egui::Sense::hover());
        let corner = CornerRadius::same(radius::SMALL);
        let Some(thumb) = thumb else {
            ui.painter().rect_filled(rect, corner, t.hover);
            paint::icon_at(ui.painter(), rect.center(), icon, 18.0, t.text_3);
            return;
        };
        let size = [thumb.width as usize, thumb.height as usize];
        let texture = self.textures.entry(row).or_insert_with(|| {
            let image = ColorImage::from_rgba_unmultiplied(size, &thumb.rgba);
            ui.load_texture("upload_thumb", image, TextureOptions::LINEAR)
        });
        if thumb.has_alpha {
            checkerboard(ui, rect, corner);
        }
        let uv = cover(vec2(size[0] as f32, size[1] as f32), rect.size());
        ui.painter().add(RectShape::filled(rect, corner, Color32::WHITE).with_texture(texture.id(), uv));
    }
}

/// The part of a picture that fills `room` without being stretched, from its middle.
fn cover(picture: Vec2, room: Vec2) -> Rect {
    let (wide, high) = (picture.x.max(1.0), picture.y.max(1.0));
    let wanted = room.x / room.y.max(1.0);
    let (x, y) = if wide / high > wanted { (high * wanted / wide, 1.0) } else { (1.0, wide / wanted / high) };
    Rect::from_center_size(pos2(0.5, 0.5), vec2(x, y))
}
