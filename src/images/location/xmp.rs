//! GPS properties in a packet of XMP (ISO 16684-1): attributes `exif:GPSLatitude="…"` or elements of the same names.

use std::ops::Range;

const NAME: &[u8] = b"exif:GPS";

/// Where the text begins in an `iTXt` chunk of PNG that holds XMP without compression.
pub(super) fn text_of_itxt(chunk: &[u8]) -> Option<usize> {
    const KEYWORD: &[u8] = b"XML:com.adobe.xmp\0";
    // After the keyword: compression flag and method, then language and translated keyword, each ended by a zero.
    let rest = chunk.strip_prefix(KEYWORD)?;
    let fields = rest.strip_prefix(&[0, 0])?;
    let language = fields.iter().position(|byte| *byte == 0)? + 1;
    let translated = fields.get(language..)?.iter().position(|byte| *byte == 0)? + 1;
    Some(KEYWORD.len() + 2 + language + translated)
}

/// The stretches to blank, each a whole attribute or element, so that what is left is well-formed.
pub(super) fn places(packet: &[u8]) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(found) = position(packet, at, NAME) {
        let range = match found.checked_sub(1).and_then(|before| packet.get(before)) {
            Some(b'<') => element(packet, found),
            Some(before) if before.is_ascii_whitespace() => attribute(packet, found),
            _ => None,
        };
        at = range.as_ref().map_or(found + NAME.len(), |range| range.end);
        places.extend(range);
    }
    places
}

fn position(bytes: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    Some(from + bytes.get(from..)?.windows(wanted.len()).position(|window| window == wanted)?)
}

fn name_end(packet: &[u8], name: usize) -> Option<usize> {
    let rest = packet.get(name..)?;
    Some(name + rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b':'))?)
}

fn attribute(packet: &[u8], name: usize) -> Option<Range<usize>> {
    let mut at = name_end(packet, name)?;
    let skip_space = |at: usize| Some(at + packet.get(at..)?.iter().position(|byte| !byte.is_ascii_whitespace())?);
    at = skip_space(at)?;
    if packet.get(at) != Some(&b'=') {
        return None;
    }
    at = skip_space(at + 1)?;
    let quote = packet.get(at).filter(|byte| matches!(byte, b'"' | b'\''))?;
    let end = at + 1 + packet.get(at + 1..)?.iter().position(|byte| byte == quote)?;
    Some(name..end + 1)
}

fn element(packet: &[u8], name: usize) -> Option<Range<usize>> {
    let head_end = name + packet.get(name..)?.iter().position(|byte| *byte == b'>')?;
    if packet.get(head_end - 1) == Some(&b'/') {
        return Some(name - 1..head_end + 1);
    }
    let closing = [b"</".as_slice(), packet.get(name..name_end(packet, name)?)?, b">"].concat();
    let end = position(packet, head_end, &closing)?;
    Some(name - 1..end + closing.len())
}
