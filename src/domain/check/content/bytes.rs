//! What types and bytes are by themselves.

use crate::domain::media_type;

/// Without parameters, in small letters.
pub(super) fn bare(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or(content_type).trim().to_ascii_lowercase()
}

pub(super) fn unusable(claimed: &str) -> bool {
    matches!(
        claimed,
        "" | "application/octet-stream"
            | "binary/octet-stream"
            | "application/x-www-form-urlencoded"
            | "application/unknown"
    )
}

/// Whether browsers show such bytes by themselves.
pub(super) fn is_shown(mime: &str) -> bool {
    mime.starts_with("image/") || mime.starts_with("video/") || mime.starts_with("audio/") || mime == "application/pdf"
}

/// Whether pictures of that type can be told by their first bytes.
pub(super) fn has_signature(mime: &str) -> bool {
    matches!(
        mime,
        "image/jpeg"
            | "image/png"
            | "image/gif"
            | "image/webp"
            | "image/avif"
            | "image/bmp"
            | "image/x-icon"
            | "image/tiff"
            | "image/heic"
    )
}

pub(super) fn same(bytes: &str, claimed: &str) -> bool {
    let plain = |mime: &str| match mime {
        "image/jpg" | "image/pjpeg" => "image/jpeg".to_owned(),
        "image/vnd.microsoft.icon" => "image/x-icon".to_owned(),
        "image/apng" | "image/x-png" => "image/png".to_owned(),
        "image/heif" => "image/heic".to_owned(),
        "image/x-ms-bmp" => "image/bmp".to_owned(),
        other => other.to_owned(),
    };
    plain(bytes) == plain(claimed)
}

pub(super) fn is_archive_name(name: &str) -> bool {
    media_type::extension_of(name).is_some_and(|it| matches!(it.as_str(), "gz" | "tgz" | "svgz" | "gzip"))
}

/// `5;chunk-signature=…`: the framing of AWS Signature Version 4 for uploads in chunks.
pub(super) fn is_framed(head: &[u8]) -> bool {
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let text = std::str::from_utf8(line).unwrap_or_default();
    let (length, rest) = text.split_once(';').unwrap_or((text, ""));
    rest.starts_with("chunk-signature=") && !length.is_empty() && length.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether the end that the format has to have is missing. Bytes after it are borne, as browsers do.
pub(super) fn is_truncated(mime: &str, head: &[u8], tail: &[u8], size: u64) -> bool {
    let holds = |end: &[u8]| tail.windows(end.len()).any(|window| window == end);
    match mime {
        // EOI (ITU-T T.81, B.1.1.3).
        "image/jpeg" => !holds(&[0xff, 0xd9]),
        // The IEND chunk (PNG specification, 11.2.5).
        "image/png" => !holds(b"IEND"),
        // The trailer (GIF89a specification, 27).
        "image/gif" => !tail.contains(&0x3b),
        // The RIFF header counts all bytes behind it (WebP container specification).
        "image/webp" => head
            .get(4..8)
            .and_then(|it| it.try_into().ok())
            .is_some_and(|length: [u8; 4]| size < u64::from(u32::from_le_bytes(length)) + 8),
        // The header counts all bytes (BITMAPFILEHEADER); a few writers leave it zero.
        "image/bmp" => head
            .get(2..6)
            .and_then(|it| it.try_into().ok())
            .is_some_and(|length: [u8; 4]| size < u64::from(u32::from_le_bytes(length))),
        _ => false,
    }
}
