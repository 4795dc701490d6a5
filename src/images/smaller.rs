//! A still at a half, a quarter, an eighth of its size: what a window shows that is much smaller than the picture,
//! without the flicker that skipping pixels makes.

use super::Frames;

/// Nothing is made smaller than this: one texture of it is cheap.
const SMALL_ENOUGH: u32 = 1024;

/// A version of a still at half the size of the one before.
#[derive(Clone, PartialEq, Eq)]
pub struct Smaller {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Four bytes a pixel, rows from the top, alpha not multiplied in.
    pub rgba: Vec<u8>,
}

impl std::fmt::Debug for Smaller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Smaller({} × {})", self.width, self.height)
    }
}

/// Halves a still until its longer side is at most 1024 pixels. Animations are left as they are.
#[must_use]
pub fn smaller(frames: &Frames) -> Vec<Smaller> {
    let mut made: Vec<Smaller> = Vec::new();
    let [still] = frames.frames.as_slice() else { return made };
    let (mut width, mut height) = (frames.width, frames.height);
    while width.max(height) > SMALL_ENOUGH {
        let next = halved(made.last().map_or(&still.rgba, |before| &before.rgba), width, height);
        (width, height) = (next.width, next.height);
        made.push(next);
    }
    made
}

/// Whether anything shines through in any frame.
#[must_use]
pub fn has_alpha(frames: &Frames) -> bool {
    frames.frames.iter().any(|frame| frame.rgba.chunks_exact(4).any(|pixel| pixel[3] < 255))
}

/// Each pixel is the mean of up to four; what cannot be seen has no say in the colour.
fn halved(rgba: &[u8], width: u32, height: u32) -> Smaller {
    let (wide, high) = (width.div_ceil(2), height.div_ceil(2));
    let stride = width as usize * 4;
    let mut out = Vec::with_capacity(wide as usize * high as usize * 4);
    for y in 0..high as usize {
        let above = &rgba[2 * y * stride..][..stride];
        let below = rgba.get((2 * y + 1) * stride..).and_then(|rest| rest.get(..stride)).unwrap_or(above);
        for (one, other) in above.chunks(8).zip(below.chunks(8)) {
            // An odd row or column counts twice instead of falling off.
            let right = |pair: &[u8]| -> [u8; 4] { four(pair.get(4..8).unwrap_or(pair)) };
            let pixels = [four(one), right(one), four(other), right(other)];
            let alpha: u32 = pixels.iter().map(|pixel| u32::from(pixel[3])).sum();
            for channel in 0..3 {
                let sum: u32 = pixels.iter().map(|pixel| u32::from(pixel[channel]) * u32::from(pixel[3])).sum();
                out.push(((sum + alpha / 2).checked_div(alpha).unwrap_or(0)) as u8);
            }
            out.push(((alpha + 2) / 4) as u8);
        }
    }
    Smaller { width: wide, height: high, rgba: out }
}

fn four(bytes: &[u8]) -> [u8; 4] {
    match bytes {
        [r, g, b, a, ..] => [*r, *g, *b, *a],
        _ => [0; 4],
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::images::Format;
    use crate::images::full::Frame;

    fn still(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Frames {
        let rgba = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).flat_map(|(x, y)| pixel(x, y)).collect();
        let frames = vec![Frame { rgba, delay: Duration::ZERO }];
        let format = Format::Png;
        Frames { frames, width, height, source_width: width, source_height: height, format, cut_short: false }
    }

    #[test]
    fn a_large_still_is_halved_until_it_is_small() {
        let made = smaller(&still(3001, 5, |_, _| [10, 20, 30, 255]));
        let sizes: Vec<_> = made.iter().map(|level| (level.width, level.height)).collect();
        assert_eq!(sizes, [(1501, 3), (751, 2)]);
        assert!(made.iter().all(|level| level.rgba.len() as u32 == level.width * level.height * 4));
        assert!(made.iter().all(|level| level.rgba.chunks(4).all(|pixel| pixel == [10, 20, 30, 255])));
    }

    #[test]
    fn what_cannot_be_seen_does_not_colour_its_neighbours() {
        let half =
            halved(&still(2, 2, |x, _| if x == 0 { [200, 0, 0, 255] } else { [0, 255, 0, 0] }).frames[0].rgba, 2, 2);
        assert_eq!(half.rgba, [200, 0, 0, 128]);
        assert_eq!(halved(&[9; 16], 2, 2).rgba, [9; 4]);
        assert_eq!(halved(&[0; 16], 2, 2).rgba, [0; 4], "nothing at all is no division by nothing");
    }

    #[test]
    fn small_ones_and_animations_are_left_alone() {
        assert!(smaller(&still(1024, 800, |_, _| [0; 4])).is_empty());
        let mut animation = still(2000, 1, |_, _| [0, 0, 0, 255]);
        assert!(!has_alpha(&animation));
        animation.frames.push(Frame { rgba: vec![0; 8000], delay: Duration::from_millis(40) });
        assert!(smaller(&animation).is_empty() && has_alpha(&animation));
    }
}
