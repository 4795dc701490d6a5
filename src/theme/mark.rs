//! The product mark, rasterised from its drawing.

use egui::{ColorImage, Context, IconData, Image, Rect, TextureHandle, TextureOptions, Vec2};
use resvg::{tiny_skia, usvg};

/// The drawing: a bucket full to the brim, on a square of 24.
const DRAWING: &[u8] = include_bytes!("../../assets/icon/brimful.svg");

/// Pixels along the side of the texture that the window paints from: sharp up to 64 points on a
/// screen of two pixels a point.
const TEXTURE_SIDE: u32 = 128;

/// Paints the mark inside `rect`. The drawing is rasterised once and kept for the context.
pub fn paint(ui: &egui::Ui, rect: Rect) {
    if let Some(texture) = texture(ui) {
        Image::new(&texture).paint_at(ui, rect);
    }
}

/// The mark as a widget with a side of `side` points.
pub fn ui(ui: &mut egui::Ui, side: f32) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), egui::Sense::hover());
    paint(ui, rect);
    response
}

/// The mark as icon of the window, 256 pixels square; `None` if it cannot be rasterised.
pub fn icon_data() -> Option<IconData> {
    const SIDE: u32 = 256;
    let pixels = rasterise(SIDE)?;
    let rgba = pixels
        .pixels()
        .iter()
        .flat_map(|pixel| {
            let color = pixel.demultiply();
            [color.red(), color.green(), color.blue(), color.alpha()]
        })
        .collect();
    Some(IconData { rgba, width: SIDE, height: SIDE })
}

fn texture(ctx: &Context) -> Option<TextureHandle> {
    let id = egui::Id::unique("brimful_mark");
    if let Some(kept) = ctx.data(|data| data.get_temp::<TextureHandle>(id)) {
        return Some(kept);
    }
    let pixels = rasterise(TEXTURE_SIDE)?;
    let side = TEXTURE_SIDE as usize;
    let image = ColorImage::from_rgba_premultiplied([side, side], pixels.data());
    let options = TextureOptions::LINEAR.with_mipmap_mode(Some(egui::TextureFilter::Linear));
    let texture = ctx.load_texture("brimful_mark", image, options);
    ctx.data_mut(|data| data.insert_temp(id, texture.clone()));
    Some(texture)
}

fn rasterise(side: u32) -> Option<tiny_skia::Pixmap> {
    let tree = usvg::Tree::from_data(DRAWING, &usvg::Options::default()).ok()?;
    let mut pixels = tiny_skia::Pixmap::new(side, side)?;
    let scale = side as f32 / tree.size().width();
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut pixels.as_mut());
    Some(pixels)
}
