use super::*;
use crate::domain::check::evidence::Asked;
use test_case::test_case;

fn answer(headers: &[(&str, &str)], head: &[u8]) -> Answered {
    let asked = Asked {
        operation: "GET",
        status: Some(200),
        code: None,
        at: jiff::Timestamp::UNIX_EPOCH,
        took: std::time::Duration::ZERO,
    };
    Answered {
        asked,
        url: String::new(),
        hops: Vec::new(),
        status: 200,
        code: None,
        message: None,
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        head: head.to_vec(),
        tail: Vec::new(),
        size_bytes: Some(head.len() as u64),
    }
}

const JPEG: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 0, 0x10, b'J', b'F', b'I', b'F', 0, 0xff, 0xd9];
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\0\0\0\0\0\0\0\0IEND\xaeB`\x82";

#[test_case("a.jpg", &[("content-type", "image/jpeg")], JPEG, &[]; "as it should be")]
#[test_case("a.jpg", &[("content-type", "image/jpg; x=y")], JPEG, &[]; "a spelling of old")]
#[test_case("a.jpg", &[("content-type", "image/png")], JPEG, &[(ContentKind::OtherPicture, false)]; "another picture")]
#[test_case("a.jpg", &[], JPEG, &[(ContentKind::DownloadsByType, true)]; "no type")]
#[test_case("a.jpg", &[("content-type", "text/plain")], JPEG, &[(ContentKind::WrongType, true)]; "as text")]
#[test_case("a.jpg", &[("content-type", "image/jpeg")], &JPEG[..11], &[(ContentKind::Truncated, true)]; "without its end")]
#[test_case("a.png", &[("content-type", "image/png"), ("content-disposition", "Attachment; filename=a.png")], PNG, &[(ContentKind::DownloadsByDisposition, true)]; "an attachment")]
#[test_case("a.png", &[("content-type", "image/png"), ("content-disposition", "inline")], PNG, &[]; "inline")]
#[test_case("a.png", &[("content-type", "image/png"), ("cross-origin-resource-policy", "same-origin")], PNG, &[(ContentKind::OtherSitesForbidden, true)]; "for its own site")]
#[test_case("a.png", &[("content-type", "image/png"), ("content-encoding", "aws-chunked")], PNG, &[(ContentKind::NotCompressed, true)]; "aws chunked, and not framed")]
#[test_case("a.png", &[("content-type", "image/png"), ("content-encoding", "br")], &[0x1b, 0x03], &[]; "brotli, which cannot be told")]
#[test_case("a.heic", &[("content-type", "image/heic")], b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", &[(ContentKind::UnknownToBrowsers, true)]; "heic")]
#[test_case("notes.txt", &[("content-type", "text/plain")], b"hello", &[]; "no picture at all")]
#[test_case("data.bin", &[("content-type", "application/octet-stream")], b"\x01\x02hello", &[]; "bytes that nobody shows")]
#[test_case("style.css", &[("content-type", "binary/octet-stream")], b"a{}", &[(ContentKind::DownloadsByType, true)]; "a stylesheet as bytes")]
fn answers_are_judged(key: &str, headers: &[(&str, &str)], head: &[u8], expected: &[(ContentKind, bool)]) {
    let content = judge(key, &Received::from(&answer(headers, head)));
    let found: Vec<_> = content.findings.iter().map(|finding| (finding.kind, finding.hampers)).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_end_is_looked_for_where_it_is() {
    let mut long = answer(&[("content-type", "image/jpeg")], &JPEG[..11]);
    long.size_bytes = Some(1 << 20);
    long.tail = vec![0, 0xff, 0xd9, 0, 0];
    assert!(judge("a.jpg", &Received::from(&long)).findings.is_empty(), "some programs append a little");
    long.tail = vec![0; 64];
    assert_eq!(judge("a.jpg", &Received::from(&long)).trouble().unwrap().kind, ContentKind::Truncated);
}

#[test]
fn what_is_lost_is_not_mended_by_headers() {
    let page = answer(&[("content-disposition", "attachment")], b"<!DOCTYPE html><html></html>");
    assert_eq!(judge("a.jpg", &Received::from(&page)).rewrite, None);
}

#[test]
fn what_is_stored_is_judged_without_its_end() {
    let details = ObjectDetails {
        size_bytes: 1 << 20,
        content_type: Some("binary/octet-stream".to_owned()),
        ..ObjectDetails::default()
    };
    let content = judge("a.jpg", &Received::stored(&details, &JPEG[..11]));
    let found: Vec<_> = content.findings.iter().map(|finding| finding.kind).collect();
    assert_eq!(found, [ContentKind::DownloadsByType]);
    assert_eq!(content.rewrite.unwrap().content_type.as_deref(), Some("image/jpeg"));
}
