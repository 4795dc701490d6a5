//! What the bytes of a file say. This takes time: not for the threads of the runtime, where more than a header is read.

use sha2::{Digest as _, Sha256};

use crate::domain::media_type;
use crate::domain::verify::Content;
use crate::images::{self, Problem};

/// The longer side of small pictures in reports, in pixels: twice what a browser shows, for dense screens.
const THUMB_EDGE: u32 = 128;

/// Bytes, and a small picture where one was asked for and there is one.
#[derive(Debug, Default)]
pub(super) struct Looked {
    pub(super) content: Content,
    pub(super) thumb: Option<Vec<u8>>,
}

/// Reads kind and size from the beginning of a file, or from all of it.
pub(super) fn measure(bytes: &[u8]) -> Content {
    let mut content = kind(bytes);
    match images::probe_upright(bytes) {
        Ok(probe) => content.size = Some((probe.width, probe.height)),
        Err(problem) => refuse(&mut content, &problem),
    }
    content
}

/// Decodes a whole file to its end.
pub(super) fn decode(bytes: &[u8]) -> Looked {
    let mut looked = Looked { content: kind(bytes), thumb: None };
    match images::decode_thumbnail(bytes, THUMB_EDGE) {
        Ok(thumb) => {
            looked.content.size = Some((thumb.source_width, thumb.source_height));
            looked.thumb = thumb.to_file().map(|(_, file)| file);
        }
        Err(problem) => {
            refuse(&mut looked.content, &problem);
            // Its size may be known all the same.
            looked.content.size = images::probe_upright(bytes).ok().map(|probe| (probe.width, probe.height));
        }
    }
    looked
}

/// What can be said of a file that was stored in another form, such as compressed with gzip: browsers undo that.
pub(super) fn encoded(encoding: &str) -> Looked {
    let problem = Some(format!("It is stored compressed ({encoding}), so its bytes were not looked into"));
    Looked { content: Content { problem, is_undecided: true, ..Content::default() }, thumb: None }
}

/// SHA-256 of a whole file.
pub(super) fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Whether more of the file may tell more.
pub(super) fn is_cut_short(content: &Content) -> bool {
    content.size.is_none() && content.kind.is_some_and(|kind| kind.is_image()) && !content.is_undecided
}

fn kind(bytes: &[u8]) -> Content {
    let head = &bytes[..bytes.len().min(media_type::HEAD_BYTES)];
    Content { kind: media_type::sniff(head), ..Content::default() }
}

fn refuse(content: &mut Content, problem: &Problem) {
    content.problem = Some(problem.sentence());
    content.is_undecided =
        matches!(problem, Problem::TooLarge { .. } | Problem::TooHeavy { .. } | Problem::NotShownHere { .. });
}
