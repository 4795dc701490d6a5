//! A large picture on the graphics card: cut into tiles that any card takes, only those in sight, a few in each frame,
//! and from the version whose pixels are nearest to those of the screen.

use std::collections::HashMap;
use std::sync::Arc;

use egui::{Color32, ColorImage, Pos2, Rect, TextureFilter, TextureHandle, TextureOptions, Ui, pos2, vec2};

use crate::images::Frames;
use crate::model::gallery::FullImage;

/// The side of a tile in pixels. Every card takes this, and one of them is quickly carried over.
const TILE: u32 = 1024;
/// So many tiles are carried over in one frame, to keep frames short.
const TILES_PER_FRAME: usize = 3;

/// Pixels stay pixels when one zooms in.
const OPTIONS: TextureOptions = TextureOptions {
    magnification: TextureFilter::Nearest,
    minification: TextureFilter::Linear,
    ..TextureOptions::LINEAR
};

/// One tile: of which version, which column, which row.
type TileKey = (usize, u32, u32);

/// The tiles of the opened picture.
#[derive(Default)]
pub(super) struct Tiles {
    /// The picture they are of.
    of: Option<Arc<Frames>>,
    frame: usize,
    tiles: HashMap<TileKey, TextureHandle>,
}

/// One version of a picture.
#[derive(Clone, Copy)]
struct Layer<'a> {
    width: u32,
    height: u32,
    rgba: &'a [u8],
}

impl<'a> Layer<'a> {
    fn of(image: &'a FullImage, level: usize, frame: usize) -> Option<Self> {
        match level.checked_sub(1) {
            None => {
                let rgba = &image.frames.frames.get(frame)?.rgba;
                Some(Self { width: image.frames.width, height: image.frames.height, rgba })
            }
            Some(at) => image.smaller.get(at).map(|smaller| Self {
                width: smaller.width,
                height: smaller.height,
                rgba: &smaller.rgba,
            }),
        }
    }

    /// How many columns and rows of tiles.
    fn tiles(&self) -> (u32, u32) {
        (self.width.div_ceil(TILE), self.height.div_ceil(TILE))
    }

    /// Cuts one tile out.
    fn cut(&self, column: u32, row: u32) -> ColorImage {
        let (left, top) = (column * TILE, row * TILE);
        let size = [TILE.min(self.width - left) as usize, TILE.min(self.height - top) as usize];
        let stride = self.width as usize * 4;
        let mut bytes = Vec::with_capacity(size[0] * size[1] * 4);
        for y in 0..size[1] {
            let from = (top as usize + y) * stride + left as usize * 4;
            bytes.extend_from_slice(self.rgba.get(from..from + size[0] * 4).unwrap_or_default());
        }
        bytes.resize(size[0] * size[1] * 4, 0);
        ColorImage::from_rgba_unmultiplied(size, &bytes)
    }

    /// Where a tile lies when the whole picture lies in `rect`.
    fn place(&self, rect: Rect, column: u32, row: u32) -> Rect {
        let at = |x: u32, y: u32| -> Pos2 {
            let part =
                vec2(x.min(self.width) as f32 / self.width as f32, y.min(self.height) as f32 / self.height as f32);
            pos2(rect.left() + rect.width() * part.x, rect.top() + rect.height() * part.y)
        };
        Rect::from_min_max(at(column * TILE, row * TILE), at((column + 1) * TILE, (row + 1) * TILE))
    }
}

/// The version that has at least as many pixels as it takes up on the screen, and no more than twice as many.
fn level_for(widths: &[u32], wanted_pixels: f32) -> usize {
    widths.iter().rposition(|&width| width as f32 >= wanted_pixels).unwrap_or(0)
}

impl Tiles {
    /// Lets go of everything.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Paints the part of a picture that is in sight; `rect` is where the whole of it lies. Says whether it is complete:
    /// else some tiles are still being carried over, and another frame is asked for.
    pub(super) fn paint(&mut self, ui: &Ui, image: &FullImage, frame: usize, rect: Rect, canvas: Rect) -> bool {
        if !self.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, &image.frames)) {
            self.clear();
            self.of = Some(Arc::clone(&image.frames));
        }
        let mut widths = vec![image.frames.width];
        widths.extend(image.smaller.iter().map(|smaller| smaller.width));
        let level = level_for(&widths, rect.width() * ui.pixels_per_point());
        let coarsest = widths.len() - 1;
        let is_new_frame = std::mem::replace(&mut self.frame, frame) != frame;
        let Some(layer) = Layer::of(image, level, frame) else { return true };
        let in_sight: Vec<(TileKey, Rect)> =
            tiles_in_sight(layer, rect, canvas).map(|(at, place)| ((level, at.0, at.1), place)).collect();
        self.tiles.retain(|key, _| key.0 == coarsest || in_sight.iter().any(|(seen, _)| seen == key));

        let mut carried = 0;
        let mut missing = false;
        // The smallest version first: from then on there is something to see wherever one looks.
        if let Some(small) = Layer::of(image, coarsest, frame)
            && small.tiles() == (1, 1)
            && !self.tiles.contains_key(&(coarsest, 0, 0))
        {
            self.carry(ui, small, (coarsest, 0, 0));
            carried += 1;
        }
        for (key, _) in &in_sight {
            if self.tiles.contains_key(key) && !is_new_frame {
                continue;
            }
            // The tiles of a new frame have to change together.
            if carried < TILES_PER_FRAME || is_new_frame {
                self.carry(ui, layer, *key);
                carried += 1;
            } else {
                missing = true;
            }
        }
        let painter = ui.painter().with_clip_rect(canvas);
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        if missing && let Some(small) = self.tiles.get(&(coarsest, 0, 0)) {
            painter.image(small.id(), rect, whole, Color32::WHITE);
        }
        for (key, place) in &in_sight {
            if let Some(tile) = self.tiles.get(key) {
                painter.image(tile.id(), *place, whole, Color32::WHITE);
            }
        }
        if missing {
            ui.ctx().request_repaint();
        }
        !missing
    }

    fn carry(&mut self, ui: &Ui, layer: Layer<'_>, key: TileKey) {
        let image = layer.cut(key.1, key.2);
        match self.tiles.get_mut(&key) {
            Some(tile) => tile.set(image, OPTIONS),
            None => {
                let tile = ui.ctx().load_texture("tile of the opened image", image, OPTIONS);
                self.tiles.insert(key, tile);
            }
        }
    }
}

/// The tiles that touch the canvas, with where they lie.
fn tiles_in_sight(layer: Layer<'_>, rect: Rect, canvas: Rect) -> impl Iterator<Item = ((u32, u32), Rect)> + '_ {
    let (columns, rows) = layer.tiles();
    let span = |from: f32, to: f32, start: f32, length: f32, pixels: u32, count: u32| {
        let tile =
            |at: f32| ((at - start) / length.max(f32::EPSILON) * pixels as f32 / TILE as f32).floor().max(0.0) as u32;
        tile(from).min(count)..tile(to).saturating_add(1).min(count)
    };
    let across = span(canvas.left(), canvas.right(), rect.left(), rect.width(), layer.width, columns);
    let down = span(canvas.top(), canvas.bottom(), rect.top(), rect.height(), layer.height, rows);
    down.flat_map(move |row| across.clone().map(move |column| ((column, row), layer.place(rect, column, row))))
        .filter(move |(_, place)| place.intersects(canvas))
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::vec2;
    use test_case::test_case;

    #[test_case(872.0, 2; "smaller than the smallest")]
    #[test_case(1000.0, 1; "between two, the larger")]
    #[test_case(3800.0, 0; "nearly whole")]
    #[test_case(90_000.0, 0; "zoomed in")]
    fn levels(wanted: f32, level: usize) {
        assert_eq!(level_for(&[3800, 1900, 950], wanted), level);
    }

    fn layer(width: u32, height: u32, rgba: &[u8]) -> Layer<'_> {
        Layer { width, height, rgba }
    }

    #[test]
    fn only_what_is_in_sight_is_carried_over() {
        let layer = layer(5000, 3000, &[]);
        assert_eq!(layer.tiles(), (5, 3));
        let canvas = Rect::from_min_size(pos2(0.0, 0.0), vec2(1000.0, 600.0));
        let whole = Rect::from_min_size(pos2(-1100.0, -1100.0), vec2(5000.0, 3000.0));
        let seen: Vec<_> = tiles_in_sight(layer, whole, canvas).map(|(at, _)| at).collect();
        assert_eq!(seen, [(1, 1), (2, 1)]);
        let fitted = Rect::from_min_size(pos2(0.0, 0.0), vec2(1000.0, 600.0));
        assert_eq!(tiles_in_sight(layer, fitted, canvas).count(), 15);
        let away = Rect::from_min_size(pos2(9000.0, 0.0), vec2(10.0, 10.0));
        assert_eq!(tiles_in_sight(layer, away, canvas).count(), 0);
    }

    #[test]
    fn tiles_meet_without_a_gap_and_the_last_ones_are_smaller() {
        let rgba: Vec<u8> = (0..1500 * 2).flat_map(|at: u32| [(at % 251) as u8, 0, 0, 255]).collect();
        let layer = layer(1500, 2, &rgba);
        let rect = Rect::from_min_size(pos2(10.0, 10.0), vec2(750.0, 1.0));
        assert_eq!(layer.place(rect, 0, 0).right(), layer.place(rect, 1, 0).left());
        assert_eq!(layer.place(rect, 1, 0).right(), rect.right());
        let last = layer.cut(1, 0);
        assert_eq!(last.size, [476, 2]);
        assert_eq!(last.pixels[0].r(), (1024 % 251) as u8);
        assert_eq!(last.pixels[476].r(), ((1500 + 1024) % 251) as u8);
    }
}
