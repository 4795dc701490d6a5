//! Files that anyone can fetch, and whether a browser shows them: types, headers and bytes as they really come, pages of
//! other sites, and links that carry a sign-in.

use brimful::domain::check::{FixKind, Undo, Verdict};
use image::ImageFormat;
use test_case::test_case;

use super::stage::{Yard, picture, practice};
use crate::s3_contract::Server;
use crate::s3_contract::policy::open_bucket;
use crate::s3_contract::public::allow;
use crate::support::pictures;

async fn open_yard(server: &Server) -> Yard<'_> {
    let bucket = open_bucket(server).await;
    allow(server, &bucket, "read").await;
    Yard::at(server, bucket).await
}

/// The bytes of a name.
fn bytes(name: &str) -> Vec<u8> {
    let jpeg = || pictures::file(ImageFormat::Jpeg, 2, 200, 150);
    match name {
        "png" => picture(),
        "jpeg" => jpeg(),
        "large jpeg" => pictures::file(ImageFormat::Jpeg, 2, 900, 700),
        "half a jpeg" => {
            let whole = pictures::file(ImageFormat::Jpeg, 2, 900, 700);
            whole[..whole.len() / 2].to_vec()
        }
        "half a png" => {
            let whole = pictures::file(ImageFormat::Png, 2, 300, 200);
            whole[..whole.len() / 2].to_vec()
        }
        "half a webp" => {
            let whole = pictures::file(ImageFormat::WebP, 2, 300, 200);
            whole[..whole.len() / 2].to_vec()
        }
        "webp" => pictures::file(ImageFormat::WebP, 2, 300, 200),
        "gif" => pictures::gif(&[[1, 2, 3, 255]], 8, 8),
        "tiff" => pictures::file(ImageFormat::Tiff, 2, 20, 20),
        "svg" => pictures::SVG.as_bytes().to_vec(),
        "page" => b"<!DOCTYPE html><html><body>403 Forbidden</body></html>".to_vec(),
        "error" => br#"<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>"#.to_vec(),
        "gzip" => [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[7; 40]].concat(),
        "framed" => {
            let mut framed = format!("{:x};chunk-signature={}\r\n", 4, "0".repeat(64)).into_bytes();
            framed.extend(b"abcd\r\n0;chunk-signature=\r\n\r\n");
            framed
        }
        "noise" => (0..200).map(|at| (at * 37 % 251) as u8).collect(),
        "empty" => Vec::new(),
        other => panic!("no bytes are called {other}"),
    }
}

/// What is stored: key, bytes, and headers (`type`, `disposition`, `encoding`). Then what a check says of it, and what is
/// offered first.
#[test_case("a.png", "png", "type=image/png", Verdict::Visible, "", None; "a picture")]
#[test_case("a.jpg", "large jpeg", "type=image/jpeg", Verdict::Visible, "", None; "a picture whose end lies far behind")]
#[test_case("a.webp", "webp", "type=image/webp", Verdict::Visible, "", None; "a webp")]
#[test_case("a.gif", "gif", "type=image/gif", Verdict::Visible, "", None; "a gif")]
#[test_case("a.svg", "svg", "type=image/svg+xml", Verdict::Visible, "", None; "an svg")]
#[test_case("a.jpg", "jpeg", "type=image/png", Verdict::Visible, "", None; "another picture type, which browsers see through")]
#[test_case("a.png", "png", "", Verdict::Hampered, "so browsers save it instead of showing it", Some(FixKind::RightHeaders); "without a type")]
#[test_case("a.jpg", "jpeg", "type=application/octet-stream", Verdict::Hampered, "so browsers save it instead of showing it", Some(FixKind::RightHeaders); "as bytes")]
#[test_case("a.jpg", "jpeg", "type=binary/octet-stream", Verdict::Hampered, "so browsers save it instead of showing it", Some(FixKind::RightHeaders); "as bytes of old")]
#[test_case("a.jpg", "jpeg", "type=text/html", Verdict::Hampered, "A JPEG, sent as text/html: browsers do not show it", Some(FixKind::RightHeaders); "as a page")]
#[test_case("a.svg", "svg", "type=text/xml", Verdict::Hampered, "browsers show SVG only as image/svg+xml", Some(FixKind::RightHeaders); "an svg as xml")]
#[test_case("a.svg", "svg", "type=binary/octet-stream", Verdict::Hampered, "so browsers save it", Some(FixKind::RightHeaders); "an svg as bytes")]
#[test_case("a.png", "png", "type=image/png disposition=attachment", Verdict::Hampered, "Content-Disposition says attachment", Some(FixKind::RightHeaders); "as an attachment")]
#[test_case("a.png", "png", "type=image/png encoding=gzip", Verdict::Hampered, "Content-Encoding says gzip, and the bytes are not compressed", Some(FixKind::RightHeaders); "said to be compressed")]
#[test_case("a.png", "png", "type=image/png encoding=identity", Verdict::Visible, "", None; "said not to be compressed")]
#[test_case("a.css", "gzip", "type=text/css", Verdict::Hampered, "no Content-Encoding says so", Some(FixKind::RightHeaders); "compressed, and nobody says so")]
#[test_case("a.css", "gzip", "type=text/css encoding=gzip", Verdict::Visible, "", None; "compressed, and said to be")]
#[test_case("a.tar.gz", "gzip", "type=application/gzip", Verdict::Visible, "", None; "an archive")]
#[test_case("a.jpg", "page", "type=image/jpeg", Verdict::Hampered, "named like a picture, and holds a web page", Some(FixKind::Upload); "a saved page")]
#[test_case("a.jpg", "error", "type=image/jpeg", Verdict::Hampered, "an XML document, such as an error of a store", Some(FixKind::Upload); "a saved error")]
#[test_case("a.jpg", "half a jpeg", "type=image/jpeg", Verdict::Hampered, "A JPEG whose end is missing", Some(FixKind::Upload); "half a jpeg")]
#[test_case("a.png", "half a png", "type=image/png", Verdict::Hampered, "A PNG whose end is missing", Some(FixKind::Upload); "half a png")]
#[test_case("a.webp", "half a webp", "type=image/webp", Verdict::Hampered, "A WebP whose end is missing", Some(FixKind::Upload); "half a webp")]
#[test_case("a.tif", "tiff", "type=image/tiff", Verdict::Hampered, "which most browsers do not show", Some(FixKind::Upload); "a format that browsers do not know")]
#[test_case("a.jpg", "framed", "type=image/jpeg", Verdict::Hampered, "The framing of the upload was stored", Some(FixKind::Upload); "framing")]
#[test_case("a.jpg", "noise", "type=image/jpeg", Verdict::Hampered, "the bytes are no picture that is known", Some(FixKind::Upload); "noise")]
#[test_case("a.jpg", "empty", "type=image/jpeg", Verdict::Hampered, "The file is empty", Some(FixKind::Upload); "nothing")]
fn what_comes_is_judged_as_a_browser_does(
    key: &str,
    name: &str,
    headers: &str,
    verdict: Verdict,
    says: &str,
    first: Option<FixKind>,
) {
    practice(async |server| {
        let yard = open_yard(server).await;
        let header = |name: &str| headers.split(' ').find_map(|it| it.strip_prefix(name)).map(str::to_owned);
        let put = server.s3.put_object().bucket(&yard.bucket).key(key).body(bytes(name).into());
        let put = put.set_content_type(header("type=")).set_content_disposition(header("disposition="));
        let put = put.set_content_encoding(header("encoding=")).cache_control("max-age=60").metadata("taken-by", "mo");
        put.send().await.unwrap();
        let url = yard.url(key);
        let (diagnosis, _) = yard.check(&url).await;
        assert_eq!(diagnosis.verdict, verdict, "{diagnosis:#?}");
        let sentence = diagnosis.sentence.to_string();
        assert!(sentence.contains(says), "{sentence}");
        assert_eq!(diagnosis.fixes.first().map(|fix| fix.kind), first, "{diagnosis:#?}");
        let Some(fix) = diagnosis.fixes.first().filter(|fix| fix.undo == Undo::PutBack) else { return };
        let (_, undo) = yard.mend(fix, &url, key).await;
        let (mended, evidence) = yard.check(&url).await;
        assert_eq!(mended.verdict, Verdict::Visible, "{mended:#?}");
        let details = evidence.details().unwrap();
        assert_eq!(details.cache_control.as_deref(), Some("max-age=60"), "what is not named stays");
        assert_eq!(details.metadata, [("taken-by".to_owned(), "mo".to_owned())]);
        yard.take_back(&undo, key).await;
        let (back, evidence) = yard.check(&url).await;
        assert_eq!(back.sentence.to_string(), sentence);
        assert_eq!(evidence.details().unwrap().content_encoding, header("encoding="));
    });
}

#[test]
fn a_page_of_another_site_is_let_in_by_a_rule() {
    practice(async |server| {
        let yard = open_yard(server).await;
        let put = server.s3.put_object().bucket(&yard.bucket).key("a.png").content_type("image/png");
        put.body(picture().into()).send().await.unwrap();
        let url = yard.url("a.png");
        let line = format!(
            "Access to image at '{url}' from origin 'https://shop.example' has been blocked by CORS policy: No \
             'Access-Control-Allow-Origin' header is present on the requested resource."
        );
        let (diagnosis, _) = yard.check(&line).await;
        assert_eq!(diagnosis.verdict, Verdict::Hampered, "{diagnosis:#?}");
        assert_eq!(diagnosis.cause.map(|layer| layer.as_str()), Some("cors"));
        assert_eq!(
            diagnosis.sentence.to_string(),
            "Pages of https://shop.example may show it, not read it: the bucket has no CORS rules"
        );
        let (_, undo) = yard.mend(&diagnosis.fixes[0], &url, "a.png").await;
        let (mended, _) = yard.check(&line).await;
        assert_eq!(mended.verdict, Verdict::Visible, "{mended:#?}");
        let other = line.replace("shop.example", "press.example");
        let (other, _) = yard.check(&other).await;
        assert!(other.sentence.to_string().ends_with("no CORS rule names it"), "{other:#?}");
        yard.take_back(&undo, "a.png").await;
        assert_eq!(yard.check(&line).await.0.verdict, Verdict::Hampered);
    });
}

#[test]
fn a_link_says_who_signed_it_and_when_it_ends() {
    use brimful::s3::presign::{Overrides, presign_get_object};
    practice(async |server| {
        let bucket = server.bucket().await;
        let yard = Yard::at(server, bucket).await;
        server.put(&yard.bucket, "a.png", &picture()).await;
        let hour = std::time::Duration::from_secs(3600);
        let overrides = Overrides { content_type: Some("image/png".to_owned()), ..Overrides::default() };
        let link = presign_get_object(&yard.store, &yard.bucket, "a.png", hour, &overrides).await.unwrap();
        let (good, _) = yard.check(link.url()).await;
        assert_eq!((good.verdict, good.headline.as_str()), (Verdict::Visible, "Whoever has this link can see it"));
        assert!(!format!("{good:?}").contains("Signature="), "what signs is not repeated");

        let mut broken = link.url().to_owned();
        let last = broken.pop().unwrap();
        broken.push(if last == '0' { '1' } else { '0' });
        let (broken, _) = yard.check(&broken).await;
        assert_eq!(broken.cause.map(|layer| layer.as_str()), Some("link"), "{broken:#?}");
        assert_eq!(broken.symptom.map(|symptom| symptom.as_str()), Some("signature-mismatch"));
        assert_eq!(broken.fixes[0].kind, FixKind::MakeLink);

        let second = std::time::Duration::from_secs(1);
        let short = presign_get_object(&yard.store, &yard.bucket, "a.png", second, &overrides).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
        let (over, _) = yard.check(short.url()).await;
        assert_eq!((over.verdict, over.headline.as_str()), (Verdict::NotVisible, "This link does not open"));
        assert!(over.sentence.to_string().starts_with("It ended at "), "{over:#?}");
        assert_eq!(over.symptom.map(|symptom| symptom.as_str()), Some("link-expired"));
    });
}

#[test]
fn practice_storage_is_known_by_all_of_its_names() {
    practice(async |server| {
        let yard = open_yard(server).await;
        server.put(&yard.bucket, "a b.png", &picture()).await;
        let port = server.endpoint.rsplit_once(':').unwrap().1;
        let bucket = yard.bucket.as_str();
        for url in [
            format!("http://{bucket}.localhost:{port}/a%20b.png"),
            format!("http://localhost:{port}/{bucket}/a b.png"),
            format!("{bucket}.localhost:{port}/a%20b.png"),
            format!("s3://{bucket}/a b.png"),
            format!("arn:aws:s3:::{bucket}/a b.png"),
        ] {
            let target = yard.read(&url).await;
            let spot = target.spot.clone().unwrap();
            assert_eq!((spot.bucket.as_str(), spot.key.as_str()), (bucket, "a b.png"), "{url}");
            let (diagnosis, _) = yard.check_target(&target).await;
            assert!(diagnosis.verdict.is_fetched(), "{url}: {diagnosis:#?}");
        }
    });
}

#[test]
fn a_website_answers_with_pages_and_is_understood() {
    practice(async |server| {
        let yard = open_yard(server).await;
        let bucket = yard.bucket.as_str();
        let site = aws_sdk_s3::types::WebsiteConfiguration::builder()
            .index_document(aws_sdk_s3::types::IndexDocument::builder().suffix("index.html").build().unwrap())
            .build();
        server.s3.put_bucket_website().bucket(bucket).website_configuration(site).send().await.unwrap();
        let page = server.s3.put_object().bucket(bucket).key("index.html").content_type("text/html");
        page.body(b"<!DOCTYPE html><title>Acme</title>".to_vec().into()).send().await.unwrap();
        let address = format!("http://{bucket}.s3-website.localhost:{}", server.website_port().unwrap());
        let (open, _) = yard.check(&format!("{address}/index.html")).await;
        assert_eq!(open.verdict, Verdict::Visible, "{open:#?}");
        let (root, _) = yard.check(&format!("{address}/")).await;
        assert_eq!(root.verdict, Verdict::Visible, "{root:#?}");
        let (missing, _) = yard.check(&format!("{address}/Index.html")).await;
        assert_eq!((missing.verdict, missing.cause.map(|layer| layer.as_str())), (Verdict::NotVisible, Some("file")));
        assert_eq!(missing.fixes[0].title, "Use index.html", "{missing:#?}");
    });
}
