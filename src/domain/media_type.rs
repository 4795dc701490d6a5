//! What a file is: by its first bytes, by its name, and which `Content-Type` it should be sent with.

/// How many bytes from the start of a file are worth handing in.
pub const HEAD_BYTES: usize = 4096;

/// What S3 stores when nothing is said; browsers download it instead of showing it.
pub const UNKNOWN: &str = "application/octet-stream";

/// A kind of file that its bytes give away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Without parameters, e.g. `image/jpeg`.
    pub mime: &'static str,
    /// The usual extension, without dot.
    pub extension: &'static str,
}

impl Kind {
    /// Whether it is a picture.
    #[must_use]
    pub fn is_image(&self) -> bool {
        self.mime.starts_with("image/")
    }

    /// What people call it, with its article: `A JPEG`, `An SVG image`, `A web page`.
    #[must_use]
    pub fn phrase(&self) -> String {
        match self.mime {
            "image/jpeg" => "A JPEG".into(),
            "image/png" => "A PNG".into(),
            "image/gif" => "A GIF".into(),
            "image/webp" => "A WebP".into(),
            "image/svg+xml" => "An SVG".into(),
            "image/avif" => "An AVIF".into(),
            "image/heic" | "image/heif" => "A HEIC".into(),
            "image/tiff" => "A TIFF".into(),
            "image/bmp" => "A BMP".into(),
            "image/x-icon" => "An icon".into(),
            "application/pdf" => "A PDF".into(),
            "text/html" => "A web page".into(),
            "text/xml" => "An XML file".into(),
            "application/zip" => "A ZIP archive".into(),
            _ => format!("A {} file", self.extension.to_uppercase()),
        }
    }
}

/// Name and bytes tell different stories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// The bytes are known to be something else, e.g. a JPEG named `.png`.
    Other {
        /// What the bytes are.
        found: Kind,
        /// The extension it is named with, without dot, lower case.
        named: String,
    },
    /// Named like an image, but the bytes are no image that is known.
    NotAnImage {
        /// The extension it is named with, without dot, lower case.
        named: String,
    },
}

impl Mismatch {
    /// e.g. `A JPEG, named .png`.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Other { found, named } => format!("{}, named .{named}", found.phrase()),
            Self::NotAnImage { named } => format!("Named .{named}, but no image that is known"),
        }
    }

    /// The extension it should go with, without dot.
    #[must_use]
    pub fn goes_as(&self) -> Option<&'static str> {
        match self {
            Self::Other { found, .. } => Some(found.extension),
            Self::NotAnImage { .. } => None,
        }
    }
}

/// All that matters about a file's type before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaVerdict {
    /// Ready for the header; text carries `charset=utf-8`.
    pub content_type: String,
    /// The extension that its target name should have, without dot; empty when there is none.
    pub extension: String,
    /// Where name and bytes differ.
    pub mismatch: Option<Mismatch>,
    /// Whether a browser would take it for a picture.
    pub is_image: bool,
}

/// What the first bytes give away.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<Kind> {
    if let Some(kind) = sniff_markup(head).or_else(|| sniff_iso_media(head)) {
        return Some(kind);
    }
    let found = infer::get(head)?;
    Some(match found.mime_type() {
        "image/vnd.microsoft.icon" => Kind { mime: "image/x-icon", extension: "ico" },
        "image/heif" => Kind { mime: "image/heic", extension: "heic" },
        mime => Kind { mime, extension: found.extension() },
    })
}

/// What the name says: a media type without parameters.
#[must_use]
pub fn by_extension(name: &str) -> Option<String> {
    let extension = extension_of(name)?;
    Some(match extension.as_str() {
        // Where the common table is silent, or names something that browsers do not know.
        "ico" => "image/x-icon".into(),
        "webp" => "image/webp".into(),
        "avif" => "image/avif".into(),
        "jxl" => "image/jxl".into(),
        "heic" | "heif" => "image/heic".into(),
        "js" | "mjs" => "text/javascript".into(),
        "md" | "markdown" => "text/markdown".into(),
        "ts" => "video/mp2t".into(),
        "webmanifest" => "application/manifest+json".into(),
        "yaml" | "yml" => "application/yaml".into(),
        "toml" => "application/toml".into(),
        _ => mime_guess::from_ext(&extension).first_raw()?.to_owned(),
    })
}

/// Weighs bytes and name. `head` are the first bytes of the file (see [`HEAD_BYTES`]); it may be empty when they
/// could not be read, then the name alone decides.
#[must_use]
pub fn content_type_for(name: &str, head: &[u8]) -> MediaVerdict {
    let named = extension_of(name);
    let guessed = by_extension(name);
    let sniffed = sniff(head);
    let named_image = guessed.as_deref().is_some_and(|m| m.starts_with("image/"));
    // Containers (ZIP, XML, MP4 …) hide the true type, so the name knows better; pictures, PDFs and web pages do not.
    let telling = sniffed.filter(|k| {
        k.is_image()
            || k.mime == "application/pdf"
            || (named_image && k.mime != "text/xml" && k.mime != "application/gzip")
    });
    let mismatch = match (telling, &guessed, &named) {
        (Some(found), Some(mime), Some(named)) if !same_type(found.mime, mime) => {
            Some(Mismatch::Other { found, named: named.clone() })
        }
        (None, Some(mime), Some(named)) if named_image && !head.is_empty() && has_known_bytes(mime) => {
            Some(Mismatch::NotAnImage { named: named.clone() })
        }
        _ => None,
    };
    let mime = match (&mismatch, telling, guessed) {
        (Some(Mismatch::Other { found, .. }), ..) => found.mime.to_owned(),
        (Some(Mismatch::NotAnImage { .. }), ..) => UNKNOWN.to_owned(),
        (None, _, Some(mime)) => mime,
        (None, Some(found), None) => found.mime.to_owned(),
        (None, None, None) if is_plain_text(head) => "text/plain".to_owned(),
        (None, None, None) => sniffed.map_or(UNKNOWN, |k| k.mime).to_owned(),
    };
    let extension = match (&mismatch, named) {
        (Some(mismatch), Some(named)) => mismatch.goes_as().map_or(named, str::to_owned),
        (None, Some(named)) => named,
        (_, None) => sniffed.filter(Kind::is_image).map_or_else(String::new, |k| k.extension.to_owned()),
    };
    let is_image = mime.starts_with("image/");
    MediaVerdict { content_type: with_charset(&mime), extension, mismatch, is_image }
}

/// The lower-case extension of a file name, without dot. None for `.hidden`, `name.` and names without a dot.
#[must_use]
pub fn extension_of(name: &str) -> Option<String> {
    let name = name.rsplit('/').next().unwrap_or(name);
    let (stem, extension) = name.rsplit_once('.')?;
    let plausible =
        !stem.is_empty() && (1..=16).contains(&extension.len()) && extension.chars().all(char::is_alphanumeric);
    plausible.then(|| extension.to_lowercase())
}

fn with_charset(mime: &str) -> String {
    let textual = mime.starts_with("text/") || matches!(mime, "application/javascript");
    if textual { format!("{mime}; charset=utf-8") } else { mime.to_owned() }
}

/// Whether two names mean the same type.
pub(super) fn same_type(found: &str, named: &str) -> bool {
    let family = |mime: &str| match mime {
        "image/vnd.microsoft.icon" => "image/x-icon".to_owned(),
        "image/heif" => "image/heic".to_owned(),
        "image/x-ms-bmp" => "image/bmp".to_owned(),
        "image/apng" => "image/png".to_owned(),
        other => other.to_owned(),
    };
    // Raw pictures of cameras are TIFF files by their bytes.
    let raw = found == "image/tiff" && named.starts_with("image/x-");
    raw || family(found) == family(named)
}

/// Whether every file of this type begins with bytes that [`sniff`] knows.
pub(super) fn has_known_bytes(mime: &str) -> bool {
    matches!(
        mime,
        "image/jpeg"
            | "image/png"
            | "image/apng"
            | "image/gif"
            | "image/webp"
            | "image/bmp"
            | "image/tiff"
            | "image/x-icon"
            | "image/avif"
            | "image/heic"
    )
}

fn is_plain_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The head may end inside a character.
        Err(error) if error.error_len().is_none() => match std::str::from_utf8(&head[..error.valid_up_to()]) {
            Ok(text) => text,
            Err(_) => return false,
        },
        Err(_) => return false,
    };
    !text.is_empty() && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}

/// SVG and HTML, past byte order mark, XML declaration, doctype and comments.
fn sniff_markup(head: &[u8]) -> Option<Kind> {
    const SVG: Kind = Kind { mime: "image/svg+xml", extension: "svg" };
    const HTML: Kind = Kind { mime: "text/html", extension: "html" };
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if head.iter().find(|b| !b.is_ascii_whitespace()) != Some(&b'<') {
        return None;
    }
    let text = String::from_utf8_lossy(&head[..head.len().min(HEAD_BYTES)]);
    let mut rest = text.trim_start();
    loop {
        let lower = rest.get(..rest.len().min(16)).map(str::to_ascii_lowercase)?;
        let end = if lower.starts_with("<?") {
            rest.find("?>").map(|at| at + 2)
        } else if lower.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
            return Some(HTML);
        } else if lower.starts_with("<!doctype svg") || begins_element(&lower, "svg") {
            return Some(SVG);
        } else if lower.starts_with("<!") {
            rest.find('>').map(|at| at + 1)
        } else {
            return ["head", "body", "title", "script"].iter().any(|e| begins_element(&lower, e)).then_some(HTML);
        };
        rest = rest.get(end?..)?.trim_start();
    }
}

fn begins_element(text: &str, name: &str) -> bool {
    text.strip_prefix('<')
        .and_then(|t| t.strip_prefix(name))
        .is_some_and(|t| t.starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/' | ':')))
}

/// AVIF and HEIC by the brands of their first box (ISO/IEC 14496-12).
fn sniff_iso_media(head: &[u8]) -> Option<Kind> {
    let length = usize::try_from(u32::from_be_bytes(head.get(..4)?.try_into().ok()?)).ok()?;
    if head.get(4..8)? != b"ftyp" {
        return None;
    }
    let brands = head.get(8..length.min(head.len()))?;
    let has = |wanted: &[&[u8; 4]]| brands.chunks_exact(4).any(|b| wanted.iter().any(|w| b == *w));
    if has(&[b"avif", b"avis"]) {
        Some(Kind { mime: "image/avif", extension: "avif" })
    } else if has(&[b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        Some(Kind { mime: "image/heic", extension: "heic" })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
    const GIF: &[u8] = b"GIF89a\x01\0\x01\0";
    const WEBP: &[u8] = b"RIFF\x24\0\0\0WEBPVP8 ";
    const AVIF: &[u8] = b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf";
    const HEIC: &[u8] = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    const TIFF: &[u8] = b"II*\0\x08\0\0\0\0\0\0\0";
    const ICO: &[u8] = b"\0\0\x01\0\x01\0\x10\x10";
    const PDF: &[u8] = b"%PDF-1.7\n";
    const ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0\x08\0";

    #[test_case(PNG, Some("image/png"); "png")]
    #[test_case(JPEG, Some("image/jpeg"); "jpeg")]
    #[test_case(GIF, Some("image/gif"); "gif")]
    #[test_case(WEBP, Some("image/webp"); "webp")]
    #[test_case(AVIF, Some("image/avif"); "avif behind a general brand")]
    #[test_case(HEIC, Some("image/heic"); "heic")]
    #[test_case(TIFF, Some("image/tiff"); "tiff")]
    #[test_case(ICO, Some("image/x-icon"); "ico")]
    #[test_case(PDF, Some("application/pdf"); "pdf")]
    #[test_case(b"<svg xmlns='x'>", Some("image/svg+xml"); "svg")]
    #[test_case(b"\xef\xbb\xbf <?xml version='1.0'?>\n<!-- by hand -->\n<!DOCTYPE svg PUBLIC 'x'>", Some("image/svg+xml"); "svg behind declarations")]
    #[test_case(b"<?xml version='1.0'?><svg:svg>", Some("image/svg+xml"); "svg with a prefix")]
    #[test_case(b"<!-- svg --><!doctype HTML>", Some("text/html"); "html behind a comment")]
    #[test_case(b"\n<html lang=en>", Some("text/html"); "html")]
    #[test_case(b"<svgx>", None; "another element")]
    #[test_case(b"plain text", None; "text")]
    #[test_case(b"", None; "nothing")]
    fn sniffs(head: &[u8], mime: Option<&str>) {
        assert_eq!(sniff(head).map(|k| k.mime), mime);
    }

    #[test_case("a.JPG", JPEG, "image/jpeg", "jpg"; "as named, in capitals")]
    #[test_case("a.jpeg", JPEG, "image/jpeg", "jpeg"; "its own extension stays")]
    #[test_case("a.svg", b"<svg>", "image/svg+xml", "svg"; "svg")]
    #[test_case("a.html", b"<html>", "text/html; charset=utf-8", "html"; "html says its charset")]
    #[test_case("a.css", b"body {}", "text/css; charset=utf-8", "css"; "css")]
    #[test_case("a.js", b"let a", "text/javascript; charset=utf-8", "js"; "javascript")]
    #[test_case("a.json", b"{}", "application/json", "json"; "json")]
    #[test_case("a.docx", ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"; "the name knows what is in a container")]
    #[test_case("a.nef", TIFF, "image/x-nikon-nef", "nef"; "raw picture")]
    #[test_case("a.png", b"", "image/png", "png"; "unread bytes")]
    #[test_case("photo", PNG, "image/png", "png"; "no extension, known bytes")]
    #[test_case("LICENSE", b"MIT\n", "text/plain; charset=utf-8", ""; "no extension, text")]
    #[test_case("data", b"\x01\x02\0", "application/octet-stream", ""; "nothing known")]
    #[test_case(".hidden", b"\0", "application/octet-stream", ""; "a hidden file has no extension")]
    fn agreed(name: &str, head: &[u8], content_type: &str, extension: &str) {
        let verdict = content_type_for(name, head);
        assert_eq!(verdict.mismatch, None);
        assert_eq!((verdict.content_type.as_str(), verdict.extension.as_str()), (content_type, extension));
        assert_eq!(verdict.is_image, content_type.starts_with("image/"));
    }

    #[test_case("team-header.png", JPEG, "A JPEG, named .png", "image/jpeg", "jpg"; "jpeg named png")]
    #[test_case("banner.png", b"<!doctype html><html>", "A web page, named .png", "text/html; charset=utf-8", "html"; "web page named png")]
    #[test_case("doc.txt", PDF, "A PDF, named .txt", "application/pdf", "pdf"; "pdf named txt")]
    #[test_case("a.jpg", ZIP, "A ZIP archive, named .jpg", "application/zip", "zip"; "archive named jpg")]
    #[test_case("a.jpg", b"hello", "Named .jpg, but no image that is known", "application/octet-stream", "jpg"; "text named jpg")]
    fn at_odds(name: &str, head: &[u8], words: &str, content_type: &str, extension: &str) {
        let verdict = content_type_for(name, head);
        assert_eq!(verdict.mismatch.map(|m| m.sentence()).as_deref(), Some(words));
        assert_eq!((verdict.content_type.as_str(), verdict.extension.as_str()), (content_type, extension));
    }

    #[test_case("a/b.tar.GZ", Some("gz"); "last one")]
    #[test_case("a.d/b", None; "dot in a folder")]
    #[test_case("v1.2 final", None; "a sentence is no extension")]
    #[test_case("a.", None; "trailing dot")]
    fn extensions(name: &str, extension: Option<&str>) {
        assert_eq!(extension_of(name).as_deref(), extension);
    }
}
