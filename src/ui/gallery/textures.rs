//! Small pictures on the graphics card: kept while there is room, the least recently seen let go first.

use std::collections::HashSet;

use egui::{ColorImage, TextureHandle, TextureOptions, Ui, Vec2};

use crate::images::lru::ByteLru;
use crate::images::pipeline::{ThumbKey, ThumbResult};
use crate::images::{Format, Problem};

/// What the graphics card may hold for the grid: at least this, so that scrolling back finds what was there …
const LEAST_BYTES: usize = 48_000_000;
/// … and at most this, however large the window is.
const MOST_BYTES: usize = 160_000_000;
/// The sizes that small pictures are made in: few, so that sliding the size does not fetch everything again each time.
const EDGES: [u32; 3] = [128, 256, 512];
/// What a remembered problem counts, so that a bucket full of them cannot grow without end.
const PROBLEM_BYTES: usize = 512;

/// What is known of one small picture.
#[derive(Clone)]
pub(super) enum Small {
    /// It can be painted.
    Shown(Shown),
    /// The bytes are no picture to show.
    Problem(Problem),
    /// The sign-in may not read it.
    NotAllowed(String),
    /// It could not be fetched.
    Failed(String),
}

/// A small picture on the graphics card.
#[derive(Clone)]
pub(super) struct Shown {
    /// The texture; freed when the last copy of this goes.
    pub(super) texture: TextureHandle,
    /// Its size in pixels.
    pub(super) size: Vec2,
    /// Width and height of the original.
    pub(super) source: (u32, u32),
    /// What the bytes are.
    pub(super) format: Format,
    /// Whether anything shines through.
    pub(super) alpha: bool,
    /// Whether there is more than one frame.
    pub(super) animated: bool,
    /// Whether the file tells where it was taken.
    pub(super) has_location: bool,
}

/// The longest side to ask small pictures in, for cells so many pixels wide and so many of them in sight. Where a huge
/// window is full of large cells, they are a little soft rather than more than the memory holds.
pub(super) fn edge_for(pixels: f32, in_sight: usize) -> u32 {
    let fits = |edge: u32| in_sight * bytes_of(edge) <= MOST_BYTES;
    if pixels > 256.0 && fits(512) {
        512
    } else if fits(256) {
        256
    } else {
        128
    }
}

/// What a square picture with this edge takes.
fn bytes_of(edge: u32) -> usize {
    edge as usize * edge as usize * 4
}

/// The small pictures that are at hand.
pub(super) struct Textures {
    small: ByteLru<ThumbKey, Small>,
    most_bytes: usize,
    /// Those that could not be fetched: asked for again when the list is read again.
    failed: HashSet<ThumbKey>,
}

impl Default for Textures {
    fn default() -> Self {
        Self { small: ByteLru::new(LEAST_BYTES), most_bytes: LEAST_BYTES, failed: HashSet::new() }
    }
}

impl Textures {
    /// Takes in what has come.
    pub(super) fn take_in(&mut self, ui: &Ui, arrived: &mut Vec<(ThumbKey, ThumbResult)>) {
        for (key, result) in arrived.drain(..) {
            let (small, bytes) = match result {
                ThumbResult::Shown(thumb) => {
                    let size = [thumb.width as usize, thumb.height as usize];
                    let image = ColorImage::from_rgba_unmultiplied(size, &thumb.rgba);
                    let texture = ui.ctx().load_texture(&key.key, image, TextureOptions::LINEAR);
                    let shown = Shown {
                        texture,
                        size: Vec2::new(thumb.width as f32, thumb.height as f32),
                        source: (thumb.source_width, thumb.source_height),
                        format: thumb.format,
                        alpha: thumb.has_alpha,
                        animated: thumb.animated,
                        has_location: thumb.has_location,
                    };
                    (Small::Shown(shown), thumb.rgba.len())
                }
                ThumbResult::Problem(problem) => (Small::Problem(problem), PROBLEM_BYTES),
                ThumbResult::NotAllowed(why) => {
                    self.failed.insert(key.clone());
                    (Small::NotAllowed(why), PROBLEM_BYTES)
                }
                ThumbResult::FetchFailed(why) => {
                    self.failed.insert(key.clone());
                    (Small::Failed(why), PROBLEM_BYTES)
                }
            };
            self.small.put(key, small, bytes);
        }
    }

    /// What is known of a picture in just this size.
    pub(super) fn get(&mut self, key: &ThumbKey) -> Option<&Small> {
        self.small.get(key)
    }

    /// What is known of a picture in this size, or else in another.
    pub(super) fn best(&mut self, key: &ThumbKey) -> Option<Small> {
        if let Some(found) = self.small.get(key) {
            return Some(found.clone());
        }
        let mut other = key.clone();
        EDGES.iter().rev().find_map(|&edge| {
            other.max_edge = edge;
            self.small.get(&other).cloned()
        })
    }

    /// Makes room for so many pictures of this edge at once, with some beyond what is in sight; says for how many there is.
    pub(super) fn make_room(&mut self, pictures: usize, edge: u32) -> usize {
        let wanted = (pictures * bytes_of(edge) * 2).clamp(LEAST_BYTES, MOST_BYTES);
        if wanted != self.most_bytes {
            self.most_bytes = wanted;
            self.small.set_most_bytes(wanted);
        }
        // A tenth is left for the inspector and the like.
        wanted / bytes_of(edge) * 9 / 10
    }

    /// Forgets failures, so that they are asked for again.
    pub(super) fn forget_failures(&mut self) {
        for key in self.failed.drain() {
            self.small.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(171.0, 20, 256; "a usual window")]
    #[test_case(320.0, 9, 512; "large cells")]
    #[test_case(260.0, 126, 512; "a whole 4K screen of large cells")]
    #[test_case(260.0, 400, 256; "more of them than the memory holds")]
    #[test_case(96.0, 900, 128; "a wall of small ones")]
    fn edges(pixels: f32, in_sight: usize, edge: u32) {
        assert_eq!(edge_for(pixels, in_sight), edge);
    }

    #[test]
    fn what_is_in_sight_always_fits() {
        let mut textures = Textures::default();
        for (pixels, in_sight) in [(171.0, 20), (320.0, 9), (260.0, 126), (260.0, 400), (96.0, 900)] {
            let edge = edge_for(pixels, in_sight);
            let room = textures.make_room(in_sight, edge);
            assert!(room * 10 / 9 + 1 >= in_sight, "{in_sight} of {edge}: room for {room}");
        }
    }
}
