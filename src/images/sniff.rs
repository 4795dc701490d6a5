//! What the bytes are, whatever the name says.

use super::{Format, Problem};
use crate::domain::media_type::{self, HEAD_BYTES};

/// Tells the kind of picture, or what the file is instead.
///
/// # Errors
/// [`Problem::Empty`], [`Problem::NotAnImage`] or [`Problem::NotShownHere`].
pub fn sniff(bytes: &[u8]) -> Result<Format, Problem> {
    if bytes.is_empty() {
        return Err(Problem::Empty);
    }
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let Some(kind) = media_type::sniff(head) else {
        return Err(Problem::NotAnImage { what: looks_like_text(head).then(|| "text".to_owned()) });
    };
    Ok(match kind.mime {
        "image/png" | "image/apng" => Format::Png,
        "image/jpeg" => Format::Jpeg,
        "image/gif" => Format::Gif,
        "image/webp" => Format::WebP,
        "image/bmp" => Format::Bmp,
        "image/x-icon" => Format::Ico,
        "image/tiff" => Format::Tiff,
        "image/svg+xml" => Format::Svg,
        "image/heic" => return Err(Problem::NotShownHere { format: "HEIC".to_owned() }),
        "image/jxl" => return Err(Problem::NotShownHere { format: "JPEG XL".to_owned() }),
        "image/vnd.adobe.photoshop" => return Err(Problem::NotShownHere { format: "Photoshop".to_owned() }),
        mime if mime.starts_with("image/") => {
            return Err(Problem::NotShownHere { format: kind.extension.to_uppercase() });
        }
        mime => {
            let what = match mime {
                "application/gzip" => "a gzip archive".to_owned(),
                mime if mime.starts_with("video/") => "a video".to_owned(),
                mime if mime.starts_with("audio/") => "sound".to_owned(),
                _ => lower_first(&kind.phrase()),
            };
            return Err(Problem::NotAnImage { what: Some(what) });
        }
    })
}

fn lower_first(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn looks_like_text(head: &[u8]) -> bool {
    let whole = match std::str::from_utf8(head) {
        Ok(_) => head.len(),
        // The head may end within a character.
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        Err(_) => return false,
    };
    head[..whole].iter().all(|byte| *byte >= 0x20 || matches!(byte, b'\n' | b'\r' | b'\t'))
}

/// Whether a picture has more than one frame, told from its blocks without unpacking any.
pub(super) fn is_animated(format: Format, bytes: &[u8]) -> bool {
    frame_count(format, bytes) > 1
}

/// How many frames there are, at least; 1 for a still.
pub(super) fn frame_count(format: Format, bytes: &[u8]) -> usize {
    match format {
        Format::Gif => gif_frames(bytes).unwrap_or(1),
        Format::WebP => webp_frames(bytes),
        Format::Png => apng_frames(bytes).unwrap_or(1),
        _ => 1,
    }
}

/// GIF89a: counts image descriptors. `None` when the blocks end too early.
fn gif_frames(bytes: &[u8]) -> Option<usize> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + table(*bytes.get(10)?);
    let mut frames = 0;
    loop {
        let Some(block) = bytes.get(at) else { return Some(frames.max(1)) };
        match block {
            0x21 => at += 2,
            0x2c => {
                frames += 1;
                at += 11 + bytes.get(at + 9).map_or(0, |flags| table(*flags));
            }
            _ => return Some(frames.max(1)),
        }
        while let Some(length) = bytes.get(at).copied().filter(|length| *length != 0) {
            at += 1 + usize::from(length);
        }
        at += 1;
    }
}

/// WebP container: counts `ANMF` chunks.
fn webp_frames(bytes: &[u8]) -> usize {
    let mut at = 12;
    let mut frames = 0;
    while let Some(header) = bytes.get(at..at + 8) {
        frames += usize::from(&header[..4] == b"ANMF");
        let length = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
        at = at.saturating_add(8).saturating_add(length).saturating_add(length & 1);
    }
    frames.max(1)
}

/// PNG: the frame count of `acTL`, which stands before the first `IDAT`.
fn apng_frames(bytes: &[u8]) -> Option<usize> {
    let mut at = 8_usize;
    loop {
        let header = bytes.get(at..at.checked_add(8)?)?;
        match &header[4..] {
            b"acTL" => return Some(u32::from_be_bytes(bytes.get(at + 8..at + 12)?.try_into().ok()?) as usize),
            b"IDAT" => return None,
            _ => {}
        }
        at = at.checked_add(u32::from_be_bytes(header[..4].try_into().ok()?) as usize)?.checked_add(12)?;
    }
}

/// Whether a JPEG lacks its end marker (ITU-T T.81, B.1.1.2). The decoder fills what is missing with grey and says
/// nothing, so this is asked before.
pub(super) fn jpeg_is_cut_off(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(marker) = bytes.get(at..at + 2) {
        match (marker[0], marker[1]) {
            (0xff, 0xd9) => return false,
            (0xff, 0xff) => at += 1,
            (0xff, 0x01 | 0xd0..=0xd8) => at += 2,
            (0xff, code) => {
                let Some(length) = bytes.get(at + 2..at + 4) else { return true };
                at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
                if code == 0xda {
                    // Coded data runs up to a marker that is neither a stuffed zero nor a restart.
                    let Some(rest) = bytes.get(at..) else { return true };
                    let next = rest.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7));
                    let Some(next) = next else { return true };
                    at += next;
                }
            }
            // Bytes between segments: decoders skip them.
            _ => at += 1,
        }
    }
    true
}
