//! Sitemaps as in the protocol of sitemaps.org, with the images that Google's extension names.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;

/// How gzip begins (RFC 1952, 2.3.1).
const GZIP: &[u8] = &[0x1f, 0x8b];

/// A sitemap is no larger, also unpacked (sitemaps.org, "Sitemap protocol": 50 MB).
pub(super) const MOST_BYTES: usize = 52_428_800;

/// The text of a sitemap, unpacked where it is packed with gzip, as its beginning tells.
///
/// # Errors
/// In words, where it is none.
pub(super) fn text(bytes: Vec<u8>) -> Result<String, String> {
    let bytes = if bytes.starts_with(GZIP) {
        let mut unpacked = Vec::new();
        let most = MOST_BYTES as u64 + 1;
        let read = MultiGzDecoder::new(bytes.as_slice()).take(most).read_to_end(&mut unpacked);
        read.map_err(|error| format!("it cannot be unpacked: {error}"))?;
        unpacked
    } else {
        bytes
    };
    if bytes.len() > MOST_BYTES {
        return Err("it is larger than a sitemap may be (50 MB)".to_owned());
    }
    String::from_utf8(bytes).map_err(|_| "it is no UTF-8".to_owned())
}

/// What a sitemap names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Sitemap {
    /// Other sitemaps, where it is an index.
    pub(super) sitemaps: Vec<String>,
    /// Pages.
    pub(super) pages: Vec<String>,
    /// Images on them.
    pub(super) images: Vec<String>,
}

/// Why a text is no sitemap.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum SitemapProblem {
    /// It cannot be read as XML.
    #[error("it is no XML: {0}")]
    NoXml(String),
    /// It is XML of another kind.
    #[error("it begins with <{0}>, and a sitemap begins with <urlset> or <sitemapindex>")]
    Another(String),
}

/// Reads one. Whatever names its elements have in front is passed over: many sitemaps get their namespaces wrong.
///
/// # Errors
/// It is none.
pub(super) fn parse(text: &str) -> Result<Sitemap, SitemapProblem> {
    let document = roxmltree::Document::parse(text).map_err(|error| SitemapProblem::NoXml(error.to_string()))?;
    let root = document.root_element();
    let entries = match root.tag_name().name() {
        "urlset" => "url",
        "sitemapindex" => "sitemap",
        other => return Err(SitemapProblem::Another(other.to_owned())),
    };
    let mut found = Sitemap::default();
    for entry in root.children().filter(|node| node.tag_name().name() == entries) {
        let own = entry.children().find(|node| node.tag_name().name() == "loc");
        let to = if entries == "url" { &mut found.pages } else { &mut found.sitemaps };
        to.extend(own.and_then(address));
        let images = entry.children().filter(|node| node.tag_name().name() == "image");
        let images = images.filter_map(|image| image.children().find(|node| node.tag_name().name() == "loc"));
        found.images.extend(images.filter_map(address));
    }
    Ok(found)
}

fn address(node: roxmltree::Node<'_, '_>) -> Option<String> {
    let text = node.text()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use test_case::test_case;

    #[test]
    fn pages_and_images_are_found() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?>
            <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
              <url><loc> https://x/a?b=1&amp;c=2 </loc>
                <image:image><image:loc>https://x/1.jpg</image:loc><image:title>t</image:title></image:image>
                <image:image><image:loc>https://x/2.jpg</image:loc></image:image></url>
              <url><loc>https://x/b</loc><lastmod>2026-01-01</lastmod></url><url><loc/></url>
            </urlset>"#;
        let found = parse(text).unwrap();
        assert_eq!(found.pages, ["https://x/a?b=1&c=2", "https://x/b"]);
        assert_eq!(
            (found.images, found.sitemaps),
            (vec!["https://x/1.jpg".to_owned(), "https://x/2.jpg".to_owned()], vec![])
        );
    }

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(text).unwrap();
        packed.finish().unwrap()
    }

    #[test_case(b"<urlset/>".to_vec() => Ok("<urlset/>".to_owned()); "as it is")]
    #[test_case(packed(b"<urlset/>") => Ok("<urlset/>".to_owned()); "packed")]
    #[test_case([packed(b"<urlset>"), packed(b"</urlset>")].concat() => Ok("<urlset></urlset>".to_owned()); "packed in two members")]
    #[test_case(packed(&vec![b' '; MOST_BYTES + 1]) => Err("it is larger than a sitemap may be (50 MB)".to_owned()); "a bomb")]
    #[test_case(vec![0xff, 0xfe] => Err("it is no UTF-8".to_owned()); "no text")]
    fn texts(bytes: Vec<u8>) -> Result<String, String> {
        text(bytes)
    }

    #[test]
    fn what_is_cut_off_is_not_taken_for_a_sitemap() {
        let packed = packed(b"<urlset><url><loc>https://x/a</loc></url></urlset>");
        assert!(text(packed[..packed.len() - 9].to_vec()).unwrap_err().starts_with("it cannot be unpacked"));
    }

    #[test]
    fn an_index_leads_to_others() {
        let found = parse("<sitemapindex><sitemap><loc>https://x/s1.xml</loc></sitemap></sitemapindex>").unwrap();
        assert_eq!(found.sitemaps, ["https://x/s1.xml"]);
    }

    #[test_case("<html><body/></html>", "it begins with <html>, and a sitemap begins with <urlset> or <sitemapindex>"; "a web page")]
    #[test_case("hello", "it is no XML"; "text")]
    #[test_case("<!DOCTYPE x [<!ENTITY a \"aa\">]><urlset>&a;</urlset>", "it is no XML"; "entities of its own")]
    fn what_is_no_sitemap(text: &str, said: &str) {
        let problem = parse(text).unwrap_err().to_string();
        assert!(problem.starts_with(said), "{problem}");
    }
}
