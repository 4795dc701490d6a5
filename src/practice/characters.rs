//! Characters of keys that XML 1.0 does not have.
//!
//! A key may hold any character, an XML 1.0 document may not. Where a client lists without `encoding-type=url`, S3 writes
//! a numeric reference such as `&#x1;` all the same (seen by the writers of Riak CS, pull request 1255, and in issue 169
//! of the AWS SDK for PHP): strict parsers refuse the document, but a person can read which key it is. The protocol crate
//! writes the bare byte. A carriage return is a character of XML, but a parser may make a line feed of a bare one.

use bytes::Bytes;
use http::{Response, header};
use http_body_util::BodyExt as _;
use s3s::Body;

/// Where the next character to be spelled stands, and how many bytes it has.
fn foreign(text: &[u8]) -> Option<(usize, usize)> {
    text.iter().enumerate().find_map(|(at, byte)| match byte {
        b'\t' | b'\n' => None,
        ..=0x1F => Some((at, 1)),
        // U+FFFE and U+FFFF.
        0xEF => matches!(text.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])).then_some((at, 3)),
        _ => None,
    })
}

/// The same text with every character that XML lacks as a reference.
fn spell(text: Bytes) -> Bytes {
    let mut spelled = Vec::new();
    let mut rest = &text[..];
    while let Some((at, length)) = foreign(rest) {
        let (before, from) = rest.split_at(at);
        let (character, after) = from.split_at(length);
        let number = if let [control] = character { u32::from(*control) } else { 0xFF40 | u32::from(character[2]) };
        spelled.extend_from_slice(before);
        spelled.extend_from_slice(format!("&#x{number:x};").as_bytes());
        rest = after;
    }
    if spelled.is_empty() {
        return text;
    }
    spelled.extend_from_slice(rest);
    spelled.into()
}

/// Spells the characters of a document that the protocol crate has written.
pub(super) fn spelled(response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let body = match body.bytes() {
        Some(bytes) => {
            let spelled = spell(bytes.clone());
            if spelled.len() != bytes.len() {
                parts.headers.remove(header::CONTENT_LENGTH);
            }
            Body::from(spelled)
        }
        // Long work: the document comes in one frame after some blanks.
        None => Body::http_body_unsync(body.map_frame(|frame| frame.map_data(spell))),
    };
    Response::from_parts(parts, body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("", ""; "nothing")]
    #[test_case("a\tb\nc \u{7f}\u{85}é\u{fffd}", "a\tb\nc \u{7f}\u{85}é\u{fffd}"; "characters of XML")]
    #[test_case("\0a\u{1}\u{1b}", "&#x0;a&#x1;&#x1b;"; "controls")]
    #[test_case("\r\n", "&#xd;\n"; "a carriage return is kept from parsers")]
    #[test_case("a\u{fffe}\u{ffff}b", "a&#xfffe;&#xffff;b"; "not characters at all")]
    fn spellings(text: &str, wanted: &str) {
        assert_eq!(spell(Bytes::copy_from_slice(text.as_bytes())), wanted);
    }
}
