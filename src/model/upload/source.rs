//! What a person brings in, and what a clipboard can hold of it.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use percent_encoding::percent_decode_str;

/// One thing that was dropped, chosen or pasted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadSource {
    /// A file or folder of this computer.
    Path(PathBuf),
    /// Something that is no file yet, such as a screenshot.
    Bytes {
        /// The name it is to have, with extension.
        name: String,
        /// All of it.
        bytes: Bytes,
    },
}

/// What was on the clipboard when it was pasted.
#[derive(Clone)]
pub enum Pasted {
    /// Text: perhaps paths or `file://` addresses.
    Text(String),
    /// A picture without a file.
    Image(Pixels),
    /// Neither, so that only copied files are left.
    Other,
}

/// A picture whose bytes are made when they are needed: a screenshot holds tens of megabytes, and making them takes
/// longer than a frame may.
#[derive(Clone)]
pub struct Pixels {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    rgba: Arc<dyn Fn() -> Vec<u8> + Send + Sync>,
}

impl Pixels {
    /// `rgba` gives four bytes a pixel, rows from the top, alpha not multiplied in.
    pub fn new(width: u32, height: u32, rgba: impl Fn() -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self { width, height, rgba: Arc::new(rgba) }
    }

    /// The bytes; takes its time.
    #[must_use]
    pub fn rgba(&self) -> Vec<u8> {
        (self.rgba)()
    }
}

impl std::fmt::Debug for Pasted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never what was typed: it may be anything.
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Image(pixels) => write!(f, "Image({} × {})", pixels.width, pixels.height),
            Self::Other => f.write_str("Other"),
        }
    }
}

/// The paths that a text lists, one a line: absolute paths, `file://` addresses, also between quotation marks and
/// under the first line that file managers of Linux put above them. `None` where any line is something else.
#[must_use]
pub fn paths_in_text(text: &str) -> Option<Vec<PathBuf>> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).peekable();
    if lines.peek().is_some_and(|line| matches!(*line, "copy" | "cut" | "x-special/nautilus-clipboard")) {
        lines.next();
        lines.next_if(|line| matches!(*line, "copy" | "cut"));
    }
    let paths: Option<Vec<PathBuf>> = lines.map(path_in_line).collect();
    paths.filter(|paths| !paths.is_empty())
}

fn path_in_line(line: &str) -> Option<PathBuf> {
    let line = line.strip_prefix('"').and_then(|line| line.strip_suffix('"')).unwrap_or(line);
    let line = line.strip_prefix('\'').and_then(|line| line.strip_suffix('\'')).unwrap_or(line);
    if let Some(rest) = strip_scheme(line) {
        // RFC 8089: the host is empty or localhost, and the path is percent-encoded.
        let path = &rest[rest.find('/')?..];
        let host = &rest[..rest.len() - path.len()];
        if !(host.is_empty() || host.eq_ignore_ascii_case("localhost")) {
            return None;
        }
        let path = percent_decode_str(path).decode_utf8().ok()?;
        let drive = path.strip_prefix('/').filter(|path| is_drive(path));
        return Some(PathBuf::from(drive.unwrap_or(&path)));
    }
    let absolute = line.starts_with('/') && line.len() > 1 || is_drive(line) || line.starts_with(r"\\");
    absolute.then(|| PathBuf::from(line))
}

fn strip_scheme(line: &str) -> Option<&str> {
    let (scheme, rest) = line.split_once("://")?;
    scheme.eq_ignore_ascii_case("file").then_some(rest)
}

/// `C:\` or `C:/`.
fn is_drive(path: &str) -> bool {
    let bytes = path.as_bytes();
    matches!(bytes, [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("/home/ann/a.jpg", &["/home/ann/a.jpg"]; "a path")]
    #[test_case("/a.jpg\n\n /b c.png \r\n", &["/a.jpg", "/b c.png"]; "a list")]
    #[test_case("file:///home/ann/a%20b.jpg", &["/home/ann/a b.jpg"]; "an address")]
    #[test_case("file://localhost/x/%C3%A4.png", &["/x/ä.png"]; "an address with this host")]
    #[test_case("file:///C:/Users/a.jpg", &["C:/Users/a.jpg"]; "an address with a drive")]
    #[test_case("copy\nfile:///a.jpg\nfile:///b.jpg", &["/a.jpg", "/b.jpg"]; "copied in a file manager")]
    #[test_case("x-special/nautilus-clipboard\ncopy\nfile:///a.jpg\n", &["/a.jpg"]; "copied in an older file manager")]
    #[test_case("\"C:\\Users\\a b.jpg\"", &["C:\\Users\\a b.jpg"]; "quoted, as Windows copies paths")]
    #[test_case(r"\\server\share\a.jpg", &[r"\\server\share\a.jpg"]; "a share")]
    #[test_case("# comment\r\nfile:///a.jpg", &["/a.jpg"]; "a list of addresses with a comment")]
    fn reads(text: &str, paths: &[&str]) {
        let expected: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        assert_eq!(paths_in_text(text), Some(expected));
    }

    #[test_case(""; "nothing")]
    #[test_case("hello"; "words")]
    #[test_case("/a.jpg\nhello"; "a path and words")]
    #[test_case("https://example.com/a.jpg"; "an address of the web")]
    #[test_case("file://server/a.jpg"; "an address on another computer")]
    #[test_case("/"; "only a slash")]
    fn leaves_other_text_alone(text: &str) {
        assert_eq!(paths_in_text(text), None);
    }
}
